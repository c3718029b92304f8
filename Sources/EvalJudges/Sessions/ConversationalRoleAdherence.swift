// conversational_role_adherence: the assistant kept to its role.

public import EvalCore

/// Whether the assistant kept to its role throughout the conversation: "yes" or "no".
public struct ConversationalRoleAdherence: SessionJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "conversational_role_adherence",
        help: "The assistant kept to its role throughout the conversation.",
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
        return .ask([
            Question(task: Prompt.conversationalRoleAdherence, evidence: evidence.content, form: .value(.yesNo))
        ])
    }
}
