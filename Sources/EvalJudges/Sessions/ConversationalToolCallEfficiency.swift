// conversational_tool_call_efficiency: tools were used without waste.

public import EvalCore
internal import EvalJSON

/// Whether tools were used without waste in the conversation: "yes" or "no".
public struct ConversationalToolCallEfficiency: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "conversational_tool_call_efficiency",
        help: "Tools were used without needless or repeated calls in the conversation.",
        reads: ["inputs", "outputs", "spans(TOOL)?"],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `conversational_tool_call_efficiency` where none is given.
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
        try evidence.add(session, withCalls: true)
        return .ask([
            Question(task: Prompt.conversationalToolCallEfficiency, evidence: evidence.content, form: .value(.yesNo))
        ])
    }
}
