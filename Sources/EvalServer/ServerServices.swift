// What a server serves: stores behind the protocols of the core.

public import EvalCore

/// The stores that a server stands on.
public struct ServerServices: Sendable {
    /// Experiments.
    public var experiments: any ExperimentStore
    /// Runs of clients.
    public var runs: any TrackingStore

    /// Names the stores.
    public init(experiments: any ExperimentStore, runs: any TrackingStore) {
        self.experiments = experiments
        self.runs = runs
    }

    /// Every call of the interface.
    var endpoints: [Endpoint] {
        SystemEndpoints.all + ExperimentEndpoints.all(experiments) + RunEndpoints.all(runs)
    }
}
