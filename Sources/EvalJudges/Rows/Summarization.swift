// summarization: the answer is a good summary of what went in.

public import EvalCore

/// Whether the answer is a good summary of what went in: "yes" or "no".
public struct Summarization: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "summarization",
        help: "The answer is a faithful, complete and concise summary of the inputs.",
        reads: ["inputs", "outputs"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("source", request: try row.neededInputs())
        evidence.add("summary", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.summarization, evidence: evidence.content, form: .value(.yesNo))])
    }
}
