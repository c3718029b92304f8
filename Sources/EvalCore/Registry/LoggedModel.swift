// Versions of applications and models as clients log them: what traces and runs are named by.

/// A metric of a logged model.
public struct LoggedModelMetric: Sendable, Equatable {
    /// The metric's name.
    public var key: String
    /// The value; may be NaN or infinite.
    public var value: Double
    /// When it was measured, in milliseconds since 1970.
    public var timestampMilliseconds: Int64
    /// The step that it belongs to.
    public var step: Int64
    /// The run that measured it; empty if there is none.
    public var run: String
    /// The data set that it was measured on; empty if nobody said.
    public var datasetName: String
    /// What tells that data set's content from others; empty if nobody said.
    public var datasetDigest: String

    /// Describes a metric.
    public init(
        key: String,
        value: Double,
        timestampMilliseconds: Int64,
        step: Int64 = 0,
        run: String = "",
        datasetName: String = "",
        datasetDigest: String = ""
    ) {
        self.key = key
        self.value = value
        self.timestampMilliseconds = timestampMilliseconds
        self.step = step
        self.run = run
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }
}

/// A logged model.
public struct LoggedModel: Sendable {
    /// How far a model is.
    public enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case ready = "READY"
        case failed = "FAILED"
    }

    /// The model's identifier.
    public var id: PublicID
    /// The experiment that it belongs to.
    public var experiment: Int64
    /// What people call it; several may have the same.
    public var name: String
    /// What kind of model it is, such as `agent`.
    public var kind: String?
    /// The run that made it.
    public var run: String?
    /// How far it is.
    public var status: Status
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64
    /// Words of the person's own.
    public var tags: KeyedTexts
    /// What it was made with.
    public var parameters: KeyedTexts
    /// What was measured, the last of each run and data set.
    public var metrics: [LoggedModelMetric]

    /// The identifier as clients know it: `m-` and 32 digits.
    public var publicID: String { "m-" + id.hexadecimal }

    /// Describes a model.
    public init(
        id: PublicID,
        experiment: Int64,
        name: String,
        kind: String?,
        run: String?,
        status: Status = .pending,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64,
        tags: KeyedTexts = [],
        parameters: KeyedTexts = [],
        metrics: [LoggedModelMetric] = []
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.kind = kind
        self.run = run
        self.status = status
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
        self.tags = tags
        self.parameters = parameters
        self.metrics = metrics
    }
}

/// A search of logged models.
public struct LoggedModelSearch: Sendable {
    /// A data set whose metrics count.
    public struct Dataset: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its content; nil for any.
        public var digest: String?

        /// Names a data set.
        public init(name: String, digest: String? = nil) {
            self.name = name
            self.digest = digest
        }
    }

    /// One key by which models are sorted.
    public struct Order: Sendable, Equatable {
        /// The key: an attribute, or a metric, of which the latest value counts.
        public var key: SearchOrder
        /// The data set on which the metric was measured; nil for any.
        public var dataset: Dataset?

        /// Makes an order.
        public init(_ key: SearchOrder, dataset: Dataset? = nil) {
            self.key = key
            self.dataset = dataset
        }
    }

    /// Whose models.
    public var experiments: [Int64]
    /// What is wanted.
    public var filter: SearchFilter
    /// The data sets whose metrics the filter means; without a condition on a metric, models that have any on them.
    public var datasets: [Dataset]
    /// By what they are sorted; the newest first where nothing is said.
    public var order: [Order]
    /// Which part of what is found is given.
    public var window: SearchWindow

    /// Makes a search.
    public init(
        experiments: [Int64],
        filter: SearchFilter = SearchFilter(),
        datasets: [Dataset] = [],
        order: [Order] = [],
        window: SearchWindow
    ) {
        self.experiments = experiments
        self.filter = filter
        self.datasets = datasets
        self.order = order
        self.window = window
    }
}

/// Keeps logged models.
///
/// Everything throws a Refusal where the request can't be met.
public protocol LoggedModelStore: Sendable {
    /// Makes a model.
    ///
    /// - Parameters:
    ///   - name: What people call it.
    ///   - experiment: The experiment that it belongs to.
    ///   - kind: What kind of model it is.
    ///   - run: The run that made it.
    ///   - tags: Words of the person's own.
    ///   - parameters: What it is made with.
    /// - Returns: The model, which is pending.
    /// - Throws: `missing`, if there is no such experiment, `invalid`, if it is deleted.
    func createLoggedModel(
        _ name: String,
        in experiment: Int64,
        kind: String?,
        run: String?,
        tags: KeyedTexts,
        parameters: KeyedTexts
    ) async throws -> LoggedModel

    /// A model.
    func loggedModel(_ id: PublicID) async throws -> LoggedModel

    /// Says how far a model is.
    func finishLoggedModel(_ id: PublicID, _ status: LoggedModel.Status) async throws -> LoggedModel

    /// Forgets a model; its files stay.
    func deleteLoggedModel(_ id: PublicID) async throws

    /// Sets tags of a model.
    func setLoggedModelTags(_ id: PublicID, _ tags: KeyedTexts) async throws -> LoggedModel

    /// Takes a tag away from a model.
    ///
    /// - Throws: `missing`, also if there is no such tag.
    func deleteLoggedModelTag(_ id: PublicID, key: String) async throws

    /// Adds parameters.
    ///
    /// - Throws: `invalid`, if one is there with another value.
    func addLoggedModelParameters(_ id: PublicID, _ parameters: KeyedTexts) async throws

    /// Keeps what was measured; of each run and data set the value of the highest step, then time, counts.
    func log(_ metrics: [LoggedModelMetric], toModel id: PublicID) async throws

    /// Finds models.
    func searchLoggedModels(_ search: LoggedModelSearch) async throws -> SearchResult<LoggedModel>
}
