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

/// Whether an assessment judges, is ground truth, or names an issue.
enum AssessmentType: Int {
    case feedback = 0
    case expectation = 1
    case issue = 2
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
