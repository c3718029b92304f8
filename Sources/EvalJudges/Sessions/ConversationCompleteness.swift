// conversation_completeness: every request of the conversation was dealt with by its end.

public import EvalCore
internal import EvalJSON

/// Whether every request of the conversation was dealt with by its end: "yes" or "no".
public struct ConversationCompleteness: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "conversation_completeness",
        help: "Every request of the user was dealt with by the end of the conversation.",
        reads: ["inputs", "outputs"],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `conversation_completeness` where none is given.
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
        return .ask([Question(task: Prompt.conversationCompleteness, evidence: evidence.content, form: .value(.yesNo))])
    }
}
