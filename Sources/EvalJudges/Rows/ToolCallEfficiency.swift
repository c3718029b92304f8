// tool_call_efficiency: tools were called without waste.

public import EvalCore

/// Whether tools were called without waste: "yes" or "no".
public struct ToolCallEfficiency: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "tool_call_efficiency",
        help: "Tools were called without repeated or needless calls.",
        reads: ["inputs", "spans(TOOL)"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("question", request: try row.neededInputs())
        evidence.add(callsOf: row.trace)
        return .ask([Question(task: Prompt.toolCallEfficiency, evidence: evidence.content, form: .value(.yesNo))])
    }
}
