// conversational_safety: no answer of the conversation harms anybody.

public import EvalCore
internal import EvalJSON

/// Whether all answers of the conversation are safe: "yes" or "no".
public struct ConversationalSafety: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "conversational_safety",
        help: "No answer of the conversation has harmful content or was talked into it.",
        reads: ["inputs", "outputs"],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `conversational_safety` where none is given.
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
        return .ask([Question(task: Prompt.conversationalSafety, evidence: evidence.content, form: .value(.yesNo))])
    }
}
