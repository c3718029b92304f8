// conversational_guidelines: every answer of the conversation keeps to guidelines.

public import EvalCore
internal import EvalJSON

/// Whether all answers of the conversation keep to guidelines: "yes" only if they keep to each.
public struct ConversationalGuidelines: SessionJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "conversational_guidelines",
        help: "All answers of the conversation keep to each of the guidelines.",
        reads: ["inputs", "outputs"],
        settings: [.guidelines],
        scope: .session
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions
    private let guidelines: [String]

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `conversational_guidelines` where none is given.
    ///   - guidelines: What every answer must keep to.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(
        name: String? = nil,
        guidelines: [String],
        model: String? = nil,
        options: JudgeOptions = JudgeOptions()
    ) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
        self.guidelines = guidelines
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(
            guidelines: try configuration.guidelines(),
            options: try JudgeOptions(configuration: configuration)
        )
    }

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add(guidelines: guidelines)
        try evidence.add(session)
        return .ask([
            Question(
                task: Prompt.conversationalGuidelines,
                evidence: evidence.content,
                form: .items("guideline", count: guidelines.count),
                metadata: [("guideline", JSON(guidelines.joined(separator: "\n")))]
            )
        ])
    }
}
