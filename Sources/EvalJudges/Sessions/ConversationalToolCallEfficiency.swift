// conversational_tool_call_efficiency: tools were used without waste.

public import EvalCore

/// Whether tools were used without waste in the conversation: "yes" or "no".
public struct ConversationalToolCallEfficiency: SessionJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "conversational_tool_call_efficiency",
        help: "Tools were used without needless or repeated calls in the conversation.",
        reads: ["inputs", "outputs", "spans(TOOL)?"],
        scope: .session
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        try evidence.add(session, withCalls: true)
        return .ask([
            Question(task: Prompt.conversationalToolCallEfficiency, evidence: evidence.content, form: .value(.yesNo))
        ])
    }
}
