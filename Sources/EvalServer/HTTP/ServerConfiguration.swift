// How a server is set up. Nothing of it comes from a request.

/// Where a server listens, whom it answers and how much it takes.
public struct ServerConfiguration: Sendable {
    /// The address to listen at.
    public var host: String
    /// The port; 0 takes one that is free.
    public var port: Int
    /// Names by which clients may call the server, besides loopback's and `host`; `*` takes any.
    public var allowedHosts: [String]
    /// Pages that may write from a browser, such as `https://labels.example`.
    public var allowedOrigins: [String]
    /// How many bytes a body may have, inflated.
    public var bodyLimit: Int
    /// How many bytes an artifact may have.
    public var artifactLimit: Int
    /// How long a body may take to arrive, in seconds.
    public var bodySeconds: Int
    /// How long a connection may say nothing, in seconds.
    public var idleSeconds: Int
    /// How many connections there may be at once.
    public var connections: Int
    /// Whether an answer that isn't as its call declares it becomes a failure; for tests of the server.
    public var checksReplies = false

    /// Sets a server up.
    public init(
        host: String = "127.0.0.1",
        port: Int = 5000,
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        bodyLimit: Int = 64 << 20,
        artifactLimit: Int = 1 << 30,
        bodySeconds: Int = 60,
        idleSeconds: Int = 90,
        connections: Int = 1024
    ) {
        self.host = host
        self.port = port
        self.allowedHosts = allowedHosts
        self.allowedOrigins = allowedOrigins
        self.bodyLimit = bodyLimit
        self.artifactLimit = artifactLimit
        self.bodySeconds = bodySeconds
        self.idleSeconds = idleSeconds
        self.connections = connections
    }
}
