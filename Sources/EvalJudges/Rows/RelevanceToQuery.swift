// relevance_to_query: the answer is about what was asked.

public import EvalCore

/// Whether the answer is about what was asked: "yes" or "no".
public struct RelevanceToQuery: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "relevance_to_query",
        help: "The answer is about what was asked, without wandering off.",
        reads: ["inputs", "outputs"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("question", request: try row.neededInputs())
        evidence.add("answer", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.relevanceToQuery, evidence: evidence.content, form: .value(.yesNo))])
    }
}
