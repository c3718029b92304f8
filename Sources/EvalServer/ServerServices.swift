// What a server serves: stores behind the protocols of the core.

public import EvalCore
public import EvalJSON

/// Makes of a data set's schema what tells whether something is wrong with a record.
public typealias RecordCheck = @Sendable (_ schema: JSON?) throws -> @Sendable (_ record: JSON) -> String?

/// The stores that a server stands on.
public struct ServerServices: Sendable {
    /// Experiments.
    public var experiments: any ExperimentStore
    /// Runs of clients.
    public var runs: any TrackingStore

    /// Traces.
    public var traces: any TraceStore
    /// Feedback and expectations.
    public var feedback: any FeedbackStore

    /// Data sets.
    public var datasets: any DatasetCatalog
    /// Checks records against the schema of their data set.
    public var recordCheck: RecordCheck

    /// Names the stores.
    public init(
        experiments: any ExperimentStore,
        runs: any TrackingStore,
        traces: any TraceStore,
        feedback: any FeedbackStore,
        datasets: any DatasetCatalog,
        recordCheck: @escaping RecordCheck
    ) {
        self.experiments = experiments
        self.runs = runs
        self.traces = traces
        self.feedback = feedback
        self.datasets = datasets
        self.recordCheck = recordCheck
    }

    /// Every call of the interface.
    var endpoints: [Endpoint] {
        SystemEndpoints.all + ExperimentEndpoints.all(experiments) + RunEndpoints.all(runs)
            + TraceEndpoints.all(traces, feedback) + AssessmentEndpoints.all(feedback) + OTLPEndpoint.all(traces)
            + DatasetEndpoints.all(datasets, check: recordCheck)
    }
}
