// guidelines and expectations_guidelines: the answer keeps to what is demanded of all answers, or of this one.

public import EvalCore
internal import EvalJSON

/// Whether the answer keeps to guidelines: "yes" only if it keeps to each.
public struct Guidelines: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "guidelines",
        help: "The answer keeps to each of the guidelines.",
        reads: ["inputs", "outputs"],
        settings: [.guidelines]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions
    private let guidelines: [String]

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `guidelines` where none is given.
    ///   - guidelines: What every answer must keep to.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(
        name: String? = nil,
        guidelines: [String],
        model: String? = nil,
        options: JudgeOptions = JudgeOptions()
    ) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
        self.guidelines = guidelines
    }

    /// Makes the judge with one guideline.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `guidelines` where none is given.
    ///   - guidelines: What every answer must keep to.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(
        name: String? = nil,
        guidelines: String,
        model: String? = nil,
        options: JudgeOptions = JudgeOptions()
    ) {
        self.init(name: name, guidelines: [guidelines], model: model, options: options)
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(
            guidelines: try configuration.guidelines(),
            options: try JudgeOptions(configuration: configuration)
        )
    }

    func plan(_ row: Row) throws(ScorerError) -> Plan { .ask([try .guidelines(guidelines, row)]) }
}

/// Whether the answer keeps to the guidelines of its own row: "yes" only if it keeps to each.
public struct ExpectationsGuidelines: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "expectations_guidelines",
        help: "The answer keeps to each of the guidelines that its row has.",
        reads: ["inputs", "outputs", "expectations.guidelines"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        guard let guidelines = try row.expectedTexts("guidelines") else {
            throw .missingField("expectations.guidelines")
        }
        return .ask([try .guidelines(guidelines, row)])
    }
}

extension Question {
    /// Whether an answer keeps to guidelines.
    fileprivate static func guidelines(_ guidelines: [String], _ row: Row) throws(ScorerError) -> Question {
        var evidence = Evidence()
        evidence.add(guidelines: guidelines)
        evidence.add("question", request: try row.neededInputs())
        evidence.add("answer", valueOf: try row.neededOutputs())
        return Question(
            task: Prompt.guidelines,
            evidence: evidence.content,
            form: .items("guideline", count: guidelines.count),
            metadata: [("guideline", JSON(guidelines.joined(separator: "\n")))]
        )
    }
}

extension Evidence {
    /// Adds guidelines as blocks `guideline_1`, `guideline_2` and so on.
    mutating func add(guidelines: [String]) {
        for (place, text) in guidelines.enumerated() { add("guideline_\(place + 1)", text) }
    }
}
