// The server: endpoints behind one router, listening at one address.

public import EvalCore
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves a store over HTTP: MLflow's REST, OTLP and evalhost's own calls.
///
///     let server = Server(configuration: ServerConfiguration(port: 5000), services: services)
///     try await server.run { port in print("listening at \(port)") }
public struct Server: Sendable {
    let configuration: ServerConfiguration
    let endpoints: [Endpoint]
    let gate: any Gate
    let indexing: WordIndexing?
    let logger: Logger

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - configuration: Where it listens, whom it answers and how much it takes.
    ///   - services: What it serves.
    ///   - tokens: Where tokens are kept, if callers must bring one.
    public init(
        configuration: ServerConfiguration,
        services: ServerServices,
        tokens: (any AccessTokenStore)? = nil
    ) {
        self.configuration = configuration
        let served = services.endpoints
        endpoints = served + OpenAPIEndpoints.all(beside: served, asksForTokens: tokens != nil)
        indexing = WordIndexing(store: services.store)
        gate = tokens.map { TokenGate($0) } ?? OpenGate()
        logger = Logger(label: "evalhost.server")
    }

    /// Makes a server of some endpoints, open to those whom the configuration lets in.
    init(configuration: ServerConfiguration, endpoints: [Endpoint]) {
        self.configuration = configuration
        self.endpoints = endpoints
        indexing = nil
        gate = OpenGate()
        logger = Logger(label: "evalhost.server")
    }

    /// Listens and answers until the task is cancelled or the process is told to end.
    ///
    /// - Parameter onListening: Is told the port once the server listens.
    /// - Throws: That the address can't be listened at.
    public func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        try await run(handlingSignals: true, onListening: onListening)
    }

    /// Listens and answers until the task is cancelled, or the process is told to end where signals are ours.
    func run(handlingSignals: Bool, onListening: @escaping @Sendable (Int) async -> Void) async throws {
        var quiet = logger
        // A receiver ends with its run, open connections or not.
        quiet.logLevel = handlingSignals ? .error : .critical
        let application = Application(
            responder: router().buildResponder(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(configuration.idleSeconds)),
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 64 << 10)
                )
            ),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: quiet
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                if handlingSignals {
                    try await application.runService()
                } else {
                    try await application.runService(gracefulShutdownSignals: [])
                }
            }
            if let indexing { group.addTask { await indexing.run() } }
            // Whichever ends first is the server: the other one runs until it is told to end.
            try await group.next()
            group.cancelAll()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: UnknownPaths())
        let answering = Answering(
            configuration: configuration,
            hosts: HostCheck(configuration),
            gate: gate,
            logger: logger
        )
        for endpoint in endpoints {
            guard let method = HTTPRequest.Method(endpoint.method.rawValue) else { continue }
            router.on(RouterPath(endpoint.route), method: method) { request, context in
                await answering.answer(request, for: endpoint, context: context)
            }
        }
        return router
    }
}

/// Says in MLflow's form that there is no such call.
private struct UnknownPaths: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return APIError(.endpointNotFound, "There is no \(request.method.rawValue) \(request.uri.path) here.")
                .response(asDetail: false)
        }
    }
}
