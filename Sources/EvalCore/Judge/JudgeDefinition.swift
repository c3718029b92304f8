// A judge in plain language: what it is told, what it answers, whom it asks. It is data; whoever runs it is elsewhere.

public import EvalJSON

/// An answer that a judge is shown before it judges.
public struct JudgeExample: Sendable, Equatable {
    /// The judged parts, by the variables' roots (`inputs`, `outputs`, …): an object.
    public var row: JSON
    /// The right answer: a value, or an object with a value of each field.
    public var result: JSON
    /// Why it is right.
    public var rationale: String?

    /// Makes an example.
    public init(row: JSON, result: JSON, rationale: String? = nil) {
        self.row = row
        self.result = result
        self.rationale = rationale
    }
}

/// A judge in plain language.
///
///     let judge = try JudgeDefinition(
///         name: "is_polite",
///         instructions: "Is the answer {{ outputs }} polite to who asked {{ inputs.question }}?"
///     )
public struct JudgeDefinition: Sendable, Equatable {
    /// The judge's name: `[a-z][a-z0-9_]{0,62}`.
    public var name: String
    /// One line about it.
    public var help: String
    /// What it is told, with the variables that say what it judges.
    public var instructions: JudgeTemplate
    /// What it answers.
    public var result: JudgeResult
    /// Answers that it is shown before it judges.
    public var examples: [JudgeExample]
    /// The models that it asks; none for the run's judge model.
    public var models: [String]
    /// How they should answer.
    public var parameters: ModelParameters
    /// Where they are asked, where that differs from the run's: an object or null.
    public var endpoint: JSON
    /// How several answers become one; nil for what is usual for the value.
    public var vote: JudgeVote?
    /// How many independent answers each model gives.
    public var samples: Int
    /// How often a judge of traces may look into its trace.
    public var maxSteps: Int
    /// When a row passes; nil for what is usual for the value.
    public var pass: PassRule?

    /// What ``maxSteps`` is where nothing is said.
    public static let standardSteps = 30

    /// Whether it judges conversations and not rows.
    public var judgesSessions: Bool { instructions.mentions(.conversation) }
    /// Whether it walks the trace.
    public var walksTrace: Bool { instructions.mentions(.trace) }
    /// SHA-256 of the canonical form: two judges with one digest are the same version.
    public var digest: Digest { json.digest }

    /// Makes a judge.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - help: One line about it.
    ///   - instructions: What it is told, with at least one variable.
    ///   - result: What it answers.
    ///   - examples: Answers that it is shown before it judges.
    ///   - models: The models that it asks; none for the run's judge model.
    ///   - parameters: How they should answer.
    ///   - endpoint: Where they are asked: an object or null.
    ///   - vote: How several answers become one; nil for what is usual for the value.
    ///   - samples: How many independent answers each model gives.
    ///   - maxSteps: How often a judge of traces may look into its trace.
    ///   - pass: When a row passes; nil for what is usual for the value.
    /// - Throws: What doesn't fit, with the key that a file has for it.
    public init(
        name: String,
        help: String = "",
        instructions: String,
        result: JudgeResult = .value(.yesNo),
        examples: [JudgeExample] = [],
        models: [String] = [],
        parameters: ModelParameters = ModelParameters(),
        endpoint: JSON = .null,
        vote: JudgeVote? = nil,
        samples: Int = 1,
        maxSteps: Int = JudgeDefinition.standardSteps,
        pass: PassRule? = nil
    ) throws(Diagnostic) {
        self.name = name
        self.help = help
        self.result = result
        self.examples = examples
        self.models = models
        self.parameters = parameters
        self.endpoint = endpoint
        self.vote = vote
        self.samples = samples
        self.maxSteps = maxSteps
        self.pass = pass
        self.instructions = try at(key: "instructions") { () throws(Diagnostic) in try JudgeTemplate(instructions) }
        try check()
    }

    /// Whether a word can name a judge or a field.
    public static func isName(_ word: String) -> Bool {
        guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            return false
        }
        return word.utf8.count <= 63
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// Runs `body`; what it throws names the key at fault.
///
/// - Throws: What `body` throws.
func at<Value>(
    key: String,
    _ body: () throws(Diagnostic) -> Value
) throws(Diagnostic) -> Value {
    do throws(Diagnostic) {
        return try body()
    } catch {
        var copy = error
        copy.setting = copy.setting ?? key
        throw copy
    }
}
