// user_frustration: whether the user got annoyed, and whether that was put right.

public import EvalCore
internal import EvalJSON

/// Whether the user got annoyed: "none", "resolved" or "unresolved".
public struct UserFrustration: SessionJudge, BuiltInJudge {
    private static let value = JudgeValue.category([
        JudgeLabel("none"), JudgeLabel("resolved"), JudgeLabel("unresolved"),
    ])

    static let descriptor = ScorerDescriptor.judge(
        "user_frustration",
        help: "Whether the user got annoyed, and whether that was put right.",
        reads: ["inputs", "outputs"],
        value: Self.value,
        pass: .labels(["none", "resolved"]),
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `user_frustration` where none is given.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(name: String? = nil, model: String? = nil, options: JudgeOptions = JudgeOptions()) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(options: try JudgeOptions(configuration: configuration))
    }

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        try evidence.add(session)
        return .ask([Question(task: Prompt.userFrustration, evidence: evidence.content, form: .value(Self.value))])
    }
}
