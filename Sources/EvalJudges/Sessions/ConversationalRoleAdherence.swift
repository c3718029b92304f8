// conversational_role_adherence: the assistant kept to its role.

public import EvalCore
internal import EvalJSON

/// Whether the assistant kept to its role throughout the conversation: "yes" or "no".
public struct ConversationalRoleAdherence: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "conversational_role_adherence",
        help: "The assistant kept to its role throughout the conversation.",
        reads: ["inputs", "outputs"],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `conversational_role_adherence` where none is given.
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
        return .ask([
            Question(task: Prompt.conversationalRoleAdherence, evidence: evidence.content, form: .value(.yesNo))
        ])
    }
}
