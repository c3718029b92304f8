// How a value of feedback lies in a row of assessments: its kind, and one column that keeps integers, doubles and
// texts as they are (the column has no affinity, so that -0.0 and 1.0 stay what they were).

internal import EvalCore
internal import EvalJSON

/// What an assessment's value is.
enum ValueKind: Int {
    case absent = 0
    case boolean = 1
    case integer = 2
    case number = 3
    case text = 4
    case json = 5
}

/// Whether an assessment judges or is ground truth.
enum AssessmentType: Int {
    case feedback = 0
    case expectation = 1
}

extension HotStatement {
    /// Binds the kind and the value.
    func bind(kind: Int32, value column: Int32, _ value: FeedbackValue, _ bytes: inout BoundBytes) {
        switch value {
        case .boolean(let value):
            bind(kind, ValueKind.boolean.rawValue)
            bind(column, value ? 1 : 0)
        case .integer(let value):
            bind(kind, ValueKind.integer.rawValue)
            bind(column, value)
        case .number(let value):
            bind(kind, ValueKind.number.rawValue)
            bind(column, value)
        case .text(let value):
            bind(kind, ValueKind.text.rawValue)
            bind(column, value, &bytes)
        case .json(let value):
            bind(kind, ValueKind.json.rawValue)
            bind(column, value, &bytes)
        }
    }
}

extension QueryRow {
    /// The value of a feedback in two columns; nil if there is none.
    func feedbackValue(kind: Int32, value column: Int32) throws -> FeedbackValue? {
        switch ValueKind(rawValue: int(kind)) {
        case .boolean: .boolean(int64(column) != 0)
        case .integer: .integer(int64(column))
        case .number: .number(isNull(column) ? .nan : double(column))
        case .text: .text(text(column))
        case .json: try json(column).map { .json($0) }
        case .absent, nil: nil
        }
    }
}
