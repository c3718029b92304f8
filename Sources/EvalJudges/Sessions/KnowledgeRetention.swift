// knowledge_retention: the assistant remembers what the user told it before.
//
// Every turn gets a verdict in one reply. Asking about each beginning of the conversation anew would cost the square of
// its length.

public import EvalCore

/// Whether the assistant remembers what the user told it before: "yes" only if it does in every turn.
public struct KnowledgeRetention: SessionJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "knowledge_retention",
        help: "In every turn the assistant remembers what the user told it before.",
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
            Question(
                task: Prompt.knowledgeRetention,
                evidence: evidence.content,
                form: .items("turn", count: session.turns.count)
            )
        ])
    }
}
