// A scorer's judgement of one row.

public import EvalJSON

/// The value of a feedback.
public enum FeedbackValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// A label or free text.
    case text(String)
    /// An object or an array.
    case json(JSON)

    /// The value as a number for aggregation: yes and true count as 1, no and false as 0; nil for other text.
    @inlinable public var numeric: Double? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text("yes"): 1
        case .text("no"): 0
        case .text, .json: nil
        }
    }

    /// Whether the value is one of two: true or false, yes or no.
    @inlinable public var isTruth: Bool {
        switch self {
        case .boolean, .text("yes"), .text("no"): true
        default: false
        }
    }

    /// The value as JSON.
    public var json: JSON {
        switch self {
        case .boolean(let value): JSON(value)
        case .integer(let value): JSON(value)
        case .number(let value): JSON(value)
        case .text(let value): JSON(value)
        case .json(let value): value
        }
    }
}

/// A value with its reason.
public struct Feedback: Sendable, Equatable {
    /// Which of the scorer's declared feedbacks this is; nil for its own one.
    public var name: String?
    /// The judgement.
    public var value: FeedbackValue
    /// Why.
    public var rationale: String?
    /// Details: an object.
    public var metadata: JSON?
    /// The span that is judged; nil for the whole trace.
    public var spanID: UInt64?

    /// Makes a feedback.
    @inlinable
    public init(
        _ value: FeedbackValue,
        name: String? = nil,
        rationale: String? = nil,
        metadata: JSON? = nil,
        spanID: UInt64? = nil
    ) {
        self.name = name
        self.value = value
        self.rationale = rationale
        self.metadata = metadata
        self.spanID = spanID
    }
}

/// Why a scorer has no value for a row.
public struct ScorerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable word: `missing_field`, `predict_failed`, `invalid_value` and others.
    public let code: String
    /// What happened, without text of the row.
    public let message: String
    /// Where in the scorer's program it happened, as its language prints it; nil where nobody told.
    public var stackTrace: String?

    /// Makes an error.
    public init(code: String, message: String, stackTrace: String? = nil) {
        self.code = code
        self.message = message
        self.stackTrace = stackTrace
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// A field that the scorer needs is missing or null.
    public static func missingField(_ path: String) -> ScorerError {
        ScorerError(code: "missing_field", message: "the row has no '\(path)'")
    }

    /// A field that the scorer needs has another type.
    public static func fieldType(_ path: String, expected: String, found: JSON.Kind) -> ScorerError {
        ScorerError(code: "field_type", message: "'\(path)' must be \(expected), this is \(found.withArticle)")
    }

    /// The application failed, so that there is nothing to score.
    public static func predictFailed(_ message: String) -> ScorerError {
        ScorerError(code: "predict_failed", message: message)
    }
}

/// What a scorer says of one row: exactly one of scored, skipped or errored, which is what accounts count.
public enum Verdict: Sendable, Equatable {
    /// One value: by far the most frequent case.
    case feedback(Feedback)
    /// Several values.
    case feedbacks([Feedback])
    /// Nothing to say, and why.
    case skipped(String)
    /// No value, and why.
    case errored(ScorerError)

    /// The values, none for a row that was not scored.
    public var values: [Feedback] {
        switch self {
        case .feedback(let feedback): [feedback]
        case .feedbacks(let feedbacks): feedbacks
        case .skipped, .errored: []
        }
    }
}
