// relevance_to_query: the answer is about what was asked.

public import EvalCore
internal import EvalJSON

/// Whether the answer is about what was asked: "yes" or "no".
public struct RelevanceToQuery: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "relevance_to_query",
        help: "The answer is about what was asked, without wandering off.",
        reads: ["inputs", "outputs"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `relevance_to_query` where none is given.
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
        evidence.add("question", request: try row.neededInputs())
        evidence.add("answer", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.relevanceToQuery, evidence: evidence.content, form: .value(.yesNo))])
    }
}
