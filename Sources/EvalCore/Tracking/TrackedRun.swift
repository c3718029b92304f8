// A run as clients of MLflow's interface see it: its parameters, metrics over steps, tags and inputs.

/// A metric's value at a step.
public struct MetricPoint: Sendable, Hashable {
    /// The metric's name.
    public var key: String
    /// The value; may be NaN or infinite.
    public var value: Double
    /// When it was measured, in milliseconds since 1970.
    public var timestampMilliseconds: Int64
    /// The step that it belongs to.
    public var step: Int64

    /// Makes a point.
    public init(key: String, value: Double, timestampMilliseconds: Int64, step: Int64 = 0) {
        self.key = key
        self.value = value
        self.timestampMilliseconds = timestampMilliseconds
        self.step = step
    }

    /// Whether this point is what counts beside another: a higher step, then a later time, then a greater value.
    public func isAfter(_ other: MetricPoint) -> Bool {
        if step != other.step { return step > other.step }
        if timestampMilliseconds != other.timestampMilliseconds {
            return timestampMilliseconds > other.timestampMilliseconds
        }
        return value > other.value || other.value.isNaN
    }
}

/// A data set that a run used; MLflow's `DatasetInput`.
public struct RunInput: Sendable, Equatable {
    /// The data set's name.
    public var name: String
    /// What tells its content from others.
    public var digest: String
    /// Where it is from, such as `code` or `http`.
    public var sourceType: String
    /// More about where it is from: JSON text.
    public var source: String
    /// Its columns: JSON text.
    public var schema: String?
    /// Its size: JSON text.
    public var profile: String?
    /// Words about this use of it, such as `mlflow.data.context`.
    public var tags: [String: String]

    /// Names a data set.
    public init(
        name: String,
        digest: String,
        sourceType: String,
        source: String,
        schema: String? = nil,
        profile: String? = nil,
        tags: [String: String] = [:]
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
        self.tags = tags
    }
}

/// A logged model that a run used or made.
public struct RunModel: Sendable, Equatable {
    /// The model's id, `m-…`.
    public var modelID: String
    /// The step at which it was made; nil for one that was used.
    public var outputStep: Int64?

    /// Names a model.
    public init(modelID: String, outputStep: Int64? = nil) {
        self.modelID = modelID
        self.outputStep = outputStep
    }
}

/// A run with what was logged.
public struct TrackedRun: Sendable {
    /// The run's identifier, 32 digits.
    public var id: PublicID
    /// The experiment that it belongs to.
    public var experimentID: Int64
    /// What people call it.
    public var name: String
    /// How far it is.
    public var status: RunStatus
    /// Who started it; empty where nobody said.
    public var userID: String
    /// When it began, in milliseconds since 1970.
    public var startedMilliseconds: Int64
    /// When it ended, in milliseconds since 1970; nil while it runs.
    public var endedMilliseconds: Int64?
    /// Whether it was deleted; it can be restored.
    public var isDeleted: Bool
    /// Words of the person's own, by key.
    public var tags: [(key: String, value: String)]
    /// What it was run with, by key.
    public var parameters: [(key: String, value: String)]
    /// The last point of each metric.
    public var metrics: [MetricPoint]
    /// The data sets that it used.
    public var inputs: [RunInput]
    /// The logged models that it used or made.
    public var models: [RunModel]

    /// Makes a run.
    public init(
        id: PublicID,
        experimentID: Int64,
        name: String,
        status: RunStatus,
        userID: String = "",
        startedMilliseconds: Int64,
        endedMilliseconds: Int64? = nil,
        isDeleted: Bool = false,
        tags: [(key: String, value: String)] = [],
        parameters: [(key: String, value: String)] = [],
        metrics: [MetricPoint] = [],
        inputs: [RunInput] = [],
        models: [RunModel] = []
    ) {
        self.id = id
        self.experimentID = experimentID
        self.name = name
        self.status = status
        self.userID = userID
        self.startedMilliseconds = startedMilliseconds
        self.endedMilliseconds = endedMilliseconds
        self.isDeleted = isDeleted
        self.tags = tags
        self.parameters = parameters
        self.metrics = metrics
        self.inputs = inputs
        self.models = models
    }
}
