// conversation_completeness: every request of the conversation was dealt with by its end.

public import EvalCore

/// Whether every request of the conversation was dealt with by its end: "yes" or "no".
public struct ConversationCompleteness: SessionJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "conversation_completeness",
        help: "Every request of the user was dealt with by the end of the conversation.",
        reads: ["inputs", "outputs"],
        scope: .session
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        try evidence.add(session)
        return .ask([Question(task: Prompt.conversationCompleteness, evidence: evidence.content, form: .value(.yesNo))])
    }
}
