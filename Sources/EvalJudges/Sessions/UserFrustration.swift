// user_frustration: whether the user got annoyed, and whether that was put right.

public import EvalCore

/// Whether the user got annoyed: "none", "resolved" or "unresolved".
public struct UserFrustration: SessionJudge, StandardJudge, BuiltInJudge {
    private static let value = JudgeValue.category([
        JudgeLabel("none"), JudgeLabel("resolved"), JudgeLabel("unresolved"),
    ])

    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "user_frustration",
        help: "Whether the user got annoyed, and whether that was put right.",
        reads: ["inputs", "outputs"],
        value: Self.value,
        pass: .labels(["none", "resolved"]),
        scope: .session
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        try evidence.add(session)
        return .ask([Question(task: Prompt.userFrustration, evidence: evidence.content, form: .value(Self.value))])
    }
}
