// What a scorer answers.

/// A scorer's answer for one row: a value with what stands beside it, or a skip.
///
///     return .number(7.3).because("12 words in 2 sentences").adding("reading_ease", .number(80))
public struct Score: Sendable {
    enum Answer: Sendable {
        case none
        case number(Double)
        case integer(Int64)
        case boolean(Bool)
        case label(String)
        case text(String)
        case object(String)
        case skip(String)
    }

    struct Beside: Sendable {
        var rationale = ""
        var metadata = ""
        var spanID = ""
        var further: [(name: String, score: Score)] = []
    }

    // By reference and mostly nil: a bare value then costs nothing to return.
    private final class Box: Sendable {
        let beside: Beside
        init(_ beside: Beside) { self.beside = beside }
    }

    let answer: Answer
    private var box: Box?

    init(_ answer: Answer) { self.answer = answer }

    /// What stands beside the value; nil for a bare one.
    var beside: Beside? { box?.beside }
    var isBare: Bool { box == nil }

    /// A finite number within the declared range.
    ///
    /// - Parameter value: The number.
    /// - Returns: The answer.
    public static func number(_ value: Double) -> Score { Score(.number(value)) }

    /// An integer within the declared range.
    ///
    /// - Parameter value: The integer.
    /// - Returns: The answer.
    public static func integer(_ value: Int) -> Score { Score(.integer(Int64(value))) }

    /// True or false.
    ///
    /// - Parameter value: The truth.
    /// - Returns: The answer.
    public static func boolean(_ value: Bool) -> Score { Score(.boolean(value)) }

    /// One of the declared labels.
    ///
    /// - Parameter value: The label.
    /// - Returns: The answer.
    public static func label(_ value: String) -> Score { Score(.label(value)) }

    /// A text.
    ///
    /// - Parameter value: The text.
    /// - Returns: The answer.
    public static func text(_ value: String) -> Score { Score(.text(value)) }

    /// A JSON object.
    ///
    /// - Parameter members: The object's members, in order.
    /// - Returns: The answer.
    public static func object(_ members: KeyValuePairs<String, JSONText>) -> Score {
        Score(.object(JSONText.object(members.map { ($0.key, $0.value) }).description))
    }

    /// No value of the scorer's own: only those that are added.
    public static let only = Score(.none)

    /// The scorer doesn't apply to this row: neither a value nor an error.
    ///
    /// - Parameter reason: Why, for people.
    /// - Returns: The answer.
    public static func skip(_ reason: String) -> Score { Score(.skip(reason)) }

    /// The answer with a rationale.
    ///
    /// - Parameter rationale: Why the value is what it is, for people.
    /// - Returns: The answer.
    public func because(_ rationale: String) -> Score { with { $0.rationale = rationale } }

    /// The answer with metadata.
    ///
    /// - Parameter metadata: Anything worth keeping with the value.
    /// - Returns: The answer.
    public func with(metadata: KeyValuePairs<String, JSONText>) -> Score {
        with { $0.metadata = JSONText.object(metadata.map { ($0.key, $0.value) }).description }
    }

    /// The answer about one span instead of the whole row.
    ///
    /// - Parameter spanID: The span's id.
    /// - Returns: The answer.
    public func about(spanID: String) -> Score { with { $0.spanID = spanID } }

    /// The answer with a declared further value.
    ///
    /// - Parameters:
    ///   - name: The name of one of ``About``'s feedbacks.
    ///   - score: Its value.
    /// - Returns: The answer.
    public func adding(_ name: String, _ score: Score) -> Score { with { $0.further.append((name, score)) } }

    private func with(_ change: (inout Beside) -> Void) -> Score {
        var copy = self
        var beside = box?.beside ?? Beside()
        change(&beside)
        copy.box = Box(beside)
        return copy
    }
}
