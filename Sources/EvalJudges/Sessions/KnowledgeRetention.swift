// knowledge_retention: the assistant remembers what the user told it before.
//
// Every turn gets a verdict in one reply. Asking about each beginning of the conversation anew would cost the square of
// its length.

public import EvalCore
internal import EvalJSON

/// Whether the assistant remembers what the user told it before: "yes" only if it does in every turn.
public struct KnowledgeRetention: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "knowledge_retention",
        help: "In every turn the assistant remembers what the user told it before.",
        reads: ["inputs", "outputs"],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `knowledge_retention` where none is given.
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
            Question(
                task: Prompt.knowledgeRetention,
                evidence: evidence.content,
                form: .items("turn", count: session.turns.count)
            )
        ])
    }
}
