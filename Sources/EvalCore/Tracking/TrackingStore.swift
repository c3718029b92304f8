// What a server asks of a store about experiments and runs. Everything throws a Refusal where the request can't be met,
// and a Diagnostic where the store can't be used.

/// Keeps experiments.
public protocol ExperimentStore: Sendable {
    /// Makes an experiment.
    ///
    /// - Returns: Its number.
    /// - Throws: `exists`, if the name is taken, also by one that is deleted.
    func createExperiment(named name: String, tags: [(key: String, value: String)]) async throws -> Int64

    /// An experiment, deleted or not.
    ///
    /// - Throws: `missing`.
    func experiment(_ id: Int64) async throws -> Experiment

    /// An experiment by its name, deleted or not; nil if there is none.
    func experiment(named name: String) async throws -> Experiment?

    /// The experiments that a filter finds; those that changed last come first where no order is given.
    func searchExperiments(
        _ filter: SearchFilter,
        order: [SearchOrder],
        view: LifecycleView,
        window: SearchWindow
    ) async throws -> SearchResult<Experiment>

    /// Renames an experiment that isn't deleted.
    func renameExperiment(_ id: Int64, to name: String) async throws

    /// Deletes an experiment and its runs, or restores them.
    ///
    /// - Throws: `missing`, also where it is in that state already.
    func setExperiment(_ id: Int64, deleted: Bool) async throws

    /// Sets a tag.
    func setExperimentTag(_ id: Int64, key: String, value: String) async throws

    /// Takes a tag away.
    ///
    /// - Throws: `missing`, if there is no such tag.
    func deleteExperimentTag(_ id: Int64, key: String) async throws
}

/// What is written to a run at once.
public struct RunBatch: Sendable {
    /// Points of metrics.
    public var metrics: [MetricPoint] = []
    /// Parameters; one that is there must be the same.
    public var parameters: [(key: String, value: String)] = []
    /// Tags.
    public var tags: [(key: String, value: String)] = []
    /// Data sets that the run used.
    public var inputs: [RunInput] = []
    /// Logged models that the run used or made.
    public var models: [RunModel] = []

    /// Nothing yet.
    public init() {}

    /// Points of metrics.
    public init(metrics: [MetricPoint]) { self.metrics = metrics }
    /// Parameters.
    public init(parameters: [(key: String, value: String)]) { self.parameters = parameters }
    /// Tags.
    public init(tags: [(key: String, value: String)]) { self.tags = tags }
}

/// Keeps the runs that clients log.
public protocol TrackingStore: Sendable {
    /// Makes a run.
    ///
    /// - Throws: `missing`, if there is no such experiment; `invalid`, if it is deleted.
    func createRun(_ run: TrackedRun) async throws

    /// A run, deleted or not.
    ///
    /// - Throws: `missing`.
    func trackedRun(_ id: PublicID) async throws -> TrackedRun

    /// The runs of some experiments that a filter finds; those that began last come first among equals.
    func searchRuns(
        in experiments: [Int64],
        _ filter: SearchFilter,
        order: [SearchOrder],
        view: LifecycleView,
        window: SearchWindow
    ) async throws -> SearchResult<TrackedRun>

    /// Changes what a run is called, how far it is and when it ended; nil leaves as it is.
    func updateRun(_ id: PublicID, name: String?, status: RunStatus?, endedMilliseconds: Int64?) async throws
        -> TrackedRun

    /// Deletes or restores a run.
    func setRun(_ id: PublicID, deleted: Bool) async throws

    /// Writes all of a batch, or nothing.
    ///
    /// - Throws: `missing`, if there is no such run; `invalid`, if it is deleted or a parameter would change.
    func log(_ batch: RunBatch, to run: PublicID) async throws

    /// Takes a tag away.
    ///
    /// - Throws: `missing`, if there is no such tag.
    func deleteRunTag(_ id: PublicID, key: String) async throws

    /// The points of a metric in the order of step and time.
    func metricHistory(of run: PublicID, key: String, after offset: Int, limit: Int) async throws -> [MetricPoint]
}
