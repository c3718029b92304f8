// The catalog of judges in plain language, and the judge of that kind that programs make.

public import EvalCore
public import EvalJSON

/// Judges in plain language, such as those of a store or of a file.
public struct PlainJudges: ScorerCatalog {
    private let definitions: [JudgeDefinition]
    private let models: any ModelDirectory

    /// The catalog.
    ///
    /// - Parameters:
    ///   - definitions: The judges; of two with one name the first counts.
    ///   - models: Where they get the models that they ask.
    public init(_ definitions: [JudgeDefinition], models: any ModelDirectory) {
        var names: Set<String> = []
        self.definitions = definitions.filter { names.insert($0.name).inserted }.sorted { $0.name < $1.name }
        self.models = models
    }

    /// What there is, sorted by name.
    public var descriptors: [ScorerDescriptor] { definitions.map { .plain($0, $0.options) } }

    /// Makes a judge; settings stand above what its definition says.
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
        guard let definition = definitions.first(where: { $0.name == descriptor.name }) else {
            throw Diagnostic(
                "there is no judge '\(descriptor.name)'",
                didYouMean: nearestWord(to: descriptor.name, among: definitions.map(\.name))
            )
        }
        let resolved = try ScorerDescriptor.plain(definition, definition.options).resolve(configuration)
        let options = try JudgeOptions(configuration: resolved, over: definition.options)
        return try await definition.judge(options).bound(to: models)
    }
}

/// A judge in plain language, for programs.
///
///     let polite = try Judge(name: "is_polite", instructions: "Is {{ outputs }} polite?")
public struct Judge: UnboundJudge, SessionScorer {
    private let definition: JudgeDefinition

    /// What the judge is called, reads and gives.
    public var descriptor: ScorerDescriptor { .plain(definition, definition.options) }

    /// Makes the judge of a definition.
    public init(_ definition: JudgeDefinition) { self.definition = definition }

    /// Makes a judge.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - instructions: What it is told, with at least one variable such as `{{ outputs }}`.
    ///   - value: What it answers.
    ///   - model: The model that judges; nil for the run's.
    /// - Throws: What is wrong with the name or the instructions.
    public init(
        name: String,
        instructions: String,
        value: JudgeValue = .yesNo,
        model: String? = nil
    ) throws(Diagnostic) {
        self.init(
            try JudgeDefinition(
                name: name,
                instructions: instructions,
                result: .value(value),
                models: model.map { [$0] } ?? []
            )
        )
    }

    /// The judge with its models.
    public func bound(to models: any ModelDirectory) async throws(Diagnostic) -> any Scorer {
        try await definition.judge(definition.options).bound(to: models)
    }

    /// Answers every row with an error: there is nobody to ask.
    public func score(_ rows: [Row]) async -> [Verdict] { rows.map { _ in .errored(.unbound(definition.name)) } }

    /// Answers every session with an error: there is nobody to ask.
    public func score(session: Session) async -> Verdict { .errored(.unbound(definition.name)) }
}
