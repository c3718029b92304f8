// completeness: the answer deals with everything that was asked.

public import EvalCore

/// Whether the answer deals with everything that was asked: "yes" or "no".
public struct Completeness: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "completeness",
        help: "The answer deals with everything that was asked.",
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
        return .ask([Question(task: Prompt.completeness, evidence: evidence.content, form: .value(.yesNo))])
    }
}
