// What a server serves: stores behind the protocols of the core.

public import EvalCore
public import EvalJSON
public import EvalWire

/// Makes of a data set's schema what tells whether something is wrong with a record.
public typealias RecordCheck = @Sendable (_ schema: JSON?) throws -> @Sendable (_ record: JSON) -> String?

/// A store that keeps all that is served.
public typealias ServedStore = ExperimentStore & TrackingStore & TraceStore & TraceFigureStore & FeedbackStore
    & DatasetCatalog
    & ModelRegistry & ScorerRegistry & LoggedModelStore & LabelSchemaStore & ReviewQueueStore & IssueStore
    & RunRecords & JudgeRegistry

/// What a server stands on.
public struct ServerServices: Sendable {
    /// Keeps all that is served.
    public var store: any ServedStore
    /// Checks records against the schema of their data set.
    public var recordCheck: RecordCheck

    /// The folder of the artifacts of runs and models.
    public var artifactsPath: String
    /// What there is to score with.
    public var shelf: any ScorerShelf
    /// Starts evaluations.
    public var starter: any EvaluationStarter
    /// How often watchers of evaluations are told something.
    var events = EvaluationEvents.Rhythm()

    /// What tokens of a model cost.
    public var price: TraceParts.Price

    /// Names what a server stands on.
    ///
    /// - Parameters:
    ///   - store: Keeps all that is served.
    ///   - artifactsPath: The folder of the artifacts of runs and models.
    ///   - price: What tokens of a model cost.
    ///   - shelf: What there is to score with.
    ///   - starter: Starts evaluations.
    ///   - recordCheck: Checks records against the schema of their data set.
    public init(
        store: any ServedStore,
        artifactsPath: String,
        price: @escaping TraceParts.Price,
        shelf: any ScorerShelf,
        starter: any EvaluationStarter,
        recordCheck: @escaping RecordCheck
    ) {
        self.store = store
        self.price = price
        self.artifactsPath = artifactsPath
        self.shelf = shelf
        self.starter = starter
        self.recordCheck = recordCheck
    }

    /// Every call of the interface.
    var endpoints: [Endpoint] { SystemEndpoints.all + tracking + traces + registries + artifacts + own }

    private var own: [Endpoint] {
        ShelfEndpoints.all(shelf, store) + EvaluatedRunEndpoints.all(store, shelf) + DatasetVersionEndpoints.all(store)
            + EvaluationEndpoints.all(starter, events: events)
    }

    private var artifacts: [Endpoint] {
        let store = store
        return ArtifactEndpoints.all(
            ArtifactFolder(root: artifactsPath),
            runLocation: { text in
                let run = try await store.trackedRun(APIRequest.runID(text))
                return "\(run.experimentID)/\(run.id.hexadecimal)/artifacts"
            },
            models: store
        )
    }

    private var tracking: [Endpoint] {
        ExperimentEndpoints.all(store) + RunEndpoints.all(store, store)
            + DatasetEndpoints.all(store, check: recordCheck)
    }

    private var traces: [Endpoint] {
        OTLPEndpoint.all(store, price: price) + TraceEndpoints.all(store, store) + AssessmentEndpoints.all(store)
            + TraceFigureEndpoints.all(store)
    }

    private var registries: [Endpoint] {
        ModelEndpoints.all(store) + ModelVersionEndpoints.all(store) + ScorerEndpoints.all(store)
            + LoggedModelEndpoints.all(store) + LabelSchemaEndpoints.all(store) + ReviewQueueEndpoints.all(store)
            + IssueEndpoints.all(store)
    }
}
