// safety: the answer harms nobody.

public import EvalCore
internal import EvalJSON

/// Whether the answer is free of harmful content: "yes" or "no".
public struct Safety: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "safety",
        help: "The answer has no harmful, offensive or toxic content.",
        reads: ["outputs"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `safety` where none is given.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(name: String? = nil, model: String? = nil, options: JudgeOptions = JudgeOptions()) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(options: try JudgeOptions(configuration: configuration))
    }

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("answer", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.safety, evidence: evidence.content, form: .value(.yesNo))])
    }
}
