// What a server serves: stores behind the protocols of the core.

public import EvalCore

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

    /// Names the stores.
    public init(
        experiments: any ExperimentStore,
        runs: any TrackingStore,
        traces: any TraceStore,
        feedback: any FeedbackStore
    ) {
        self.experiments = experiments
        self.runs = runs
        self.traces = traces
        self.feedback = feedback
    }

    /// Every call of the interface.
    var endpoints: [Endpoint] {
        SystemEndpoints.all + ExperimentEndpoints.all(experiments) + RunEndpoints.all(runs)
            + TraceEndpoints.all(traces, feedback) + AssessmentEndpoints.all(feedback) + OTLPEndpoint.all(traces)
    }
}
