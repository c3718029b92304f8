// summarization: the answer is a good summary of what went in.

public import EvalCore
internal import EvalJSON

/// Whether the answer is a good summary of what went in: "yes" or "no".
public struct Summarization: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "summarization",
        help: "The answer is a faithful, complete and concise summary of the inputs.",
        reads: ["inputs", "outputs"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `summarization` where none is given.
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
        evidence.add("source", request: try row.neededInputs())
        evidence.add("summary", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.summarization, evidence: evidence.content, form: .value(.yesNo))])
    }
}
