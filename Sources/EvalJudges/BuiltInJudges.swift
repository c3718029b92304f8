// The one list of the judges that are part of evalhost.

public import EvalCore
public import EvalJSON

/// The judges that are part of evalhost.
///
/// Their descriptors can be read without any model; making one asks the directory for the models that it needs. In a
/// program of one's own the types are made directly: `Correctness()`.
public struct BuiltInJudges: ScorerCatalog {
    /// All of them, sorted by name.
    static let all: [any BuiltInJudge.Type] = [
        Completeness.self,
        ConversationCompleteness.self,
        ConversationalGuidelines.self,
        ConversationalRoleAdherence.self,
        ConversationalSafety.self,
        ConversationalToolCallEfficiency.self,
        Correctness.self,
        Equivalence.self,
        ExpectationsGuidelines.self,
        Fluency.self,
        Guidelines.self,
        Hallucination.self,
        KnowledgeRetention.self,
        RelevanceToQuery.self,
        RetrievalGroundedness.self,
        RetrievalRelevance.self,
        RetrievalSufficiency.self,
        Safety.self,
        SemanticSimilarity.self,
        Summarization.self,
        SummaryFaithfulness.self,
        ToolCallCorrectness.self,
        ToolCallEfficiency.self,
        UserFrustration.self,
    ]

    private let models: any ModelDirectory

    /// The catalog.
    ///
    /// - Parameter models: Where the judges get the models that they ask.
    public init(models: any ModelDirectory) { self.models = models }

    /// What there is, sorted by name.
    public var descriptors: [ScorerDescriptor] { Self.all.map { $0.descriptor } }

    /// Makes a judge; defaults are filled in.
    ///
    /// - Parameters:
    ///   - descriptor: One of ``descriptors``.
    ///   - configuration: An object of settings.
    ///   - timeout: Not used: the models' clients have deadlines of their own.
    /// - Returns: A ``JudgeScorer`` or ``SessionJudgeScorer``, which may be used by any number of tasks.
    /// - Throws: What is wrong with a setting, or with a model's name, address or key.
    public func make(
        _ descriptor: ScorerDescriptor,
        configuration: JSON,
        timeout: Duration?
    ) async throws(Diagnostic) -> any Scorer {
        guard let type = Self.all.first(where: { $0.descriptor.name == descriptor.name }) else {
            throw Diagnostic(
                "there is no built-in judge '\(descriptor.name)'",
                didYouMean: nearestWord(to: descriptor.name, among: Self.all.map { $0.descriptor.name })
            )
        }
        let judge = try type.init(configuration: type.descriptor.resolve(configuration))
        return try await judge.bound(to: models)
    }
}
