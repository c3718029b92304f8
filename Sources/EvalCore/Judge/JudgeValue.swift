// What a judge may answer: one value of a kind, or several of them by name.

public import EvalJSON

/// A label among which a judge chooses.
public struct JudgeLabel: Sendable, Equatable {
    /// The label: the value of the feedback.
    public var name: String
    /// What it means, for the model.
    public var meaning: String?

    /// Makes a label.
    public init(_ name: String, meaning: String? = nil) {
        self.name = name
        self.meaning = meaning
    }
}

/// What kind of value a judge gives.
public enum JudgeValue: Sendable, Equatable {
    /// True or false.
    case boolean
    /// `yes` or `no`.
    case yesNo
    /// A number in a range.
    case number(ClosedRange<Double>)
    /// A whole number in a range.
    case integer(ClosedRange<Int64>)
    /// One of at least two labels.
    case category([JudgeLabel])

    /// The type that a scorer declares.
    public var type: ValueType {
        switch self {
        case .boolean: .boolean
        case .yesNo: .yesNo
        case .number: .number
        case .integer: .integer
        case .category(let labels): .category(labels.map(\.name))
        }
    }

    /// The value of a feedback that a JSON value stands for; nil where it is none of this kind.
    public func feedback(_ json: JSON) -> FeedbackValue? {
        switch self {
        case .boolean: return json.boolean.map(FeedbackValue.boolean)
        case .yesNo:
            if let boolean = json.boolean { return .text(boolean ? "yes" : "no") }
            guard let word = json.string?.lowercased(), word == "yes" || word == "no" else { return nil }
            return .text(word)
        case .number(let range):
            guard let number = json.number, range.contains(number) else { return nil }
            return .number(number)
        case .integer(let range):
            guard let number = json.number.flatMap(Int64.init(exactly:)), range.contains(number) else { return nil }
            return .integer(number)
        case .category(let labels):
            guard let word = json.string, labels.contains(where: { $0.name == word }) else { return nil }
            return .text(word)
        }
    }
}

/// One of several named values of a judge.
public struct JudgeField: Sendable, Equatable {
    /// The field's name: `[a-z][a-z0-9_]{0,62}`.
    public var name: String
    /// What kind of value it has.
    public var value: JudgeValue
    /// What it says, for the model.
    public var help: String?

    /// Makes a field.
    public init(_ name: String, _ value: JudgeValue, help: String? = nil) {
        self.name = name
        self.value = value
        self.help = help
    }
}

/// What a judge answers.
public enum JudgeResult: Sendable, Equatable {
    /// One value.
    case value(JudgeValue)
    /// Several values: the first is the scorer's own value, and each is a feedback `scorer/field`.
    case fields([JudgeField])

    /// The kind of the scorer's own value.
    public var main: JudgeValue {
        switch self {
        case .value(let value): value
        case .fields(let fields): fields.first?.value ?? .yesNo
        }
    }

    /// Every kind of value in it.
    public var values: [JudgeValue] {
        switch self {
        case .value(let value): [value]
        case .fields(let fields): fields.map(\.value)
        }
    }
}
