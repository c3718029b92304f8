// fluency: the answer is well written.

public import EvalCore

/// Whether the answer is well written: "yes" or "no".
public struct Fluency: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "fluency",
        help: "The answer is grammatical, natural and easy to read.",
        reads: ["outputs"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("answer", valueOf: try row.neededOutputs())
        return .ask([Question(task: Prompt.fluency, evidence: evidence.content, form: .value(.yesNo))])
    }
}
