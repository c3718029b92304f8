// What a server serves: stores behind the protocols of the core.

public import EvalCore

/// The stores that a server stands on.
public struct ServerServices: Sendable {
    /// Names the services.
    public init() {}

    /// Every call of the interface.
    var endpoints: [Endpoint] {
        SystemEndpoints.all
    }
}
