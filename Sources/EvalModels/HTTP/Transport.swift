// The connections to one endpoint: a request goes out, a reply comes back or an error, and both within a time.

internal import AsyncHTTPClient
internal import EvalCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOPosix
internal import Synchronization

/// A reply in memory.
struct RawReply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer
}

/// Keeps connections to an endpoint and makes requests.
///
/// One event loop's timer ends each attempt: waiting for a connection, for the first byte and for the last one. Nothing
/// here tries again; a redirect isn't followed, since it would send rows and keys to somebody whom nobody named.
final class Transport: Sendable {
    private let client: HTTPClient
    private let timeout: Duration
    /// How long a reply is waited for that nobody wants any more: it may be paid for, and belongs into the journal.
    private static let grace = TimeAmount.seconds(5)

    /// One loop for all models: it serves some thousand calls a second, and wakes up once where several would each.
    static let loops: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameters:
    ///   - connections: The most at a time.
    ///   - timeout: How long an attempt may take.
    ///   - proxy: The proxy on the way.
    init(connections: Int, timeout: Duration, proxy: HTTPClient.Configuration.Proxy?) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, proxy: proxy)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, connections)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = TimeAmount(rounded: min(timeout, .seconds(10)))
        configuration.decompression = .enabled(limit: .size(Limits.rowBytes))
        // Many calls on one connection would all wait for one lost packet.
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroup: Self.loops, configuration: configuration)
        self.timeout = timeout
    }

    deinit { client.shutdown { _ in } }

    /// Closes the connections; requests under way fail.
    func shutdown() async { try? await client.shutdown() }

    /// Makes a request; one that is out when the task is cancelled has a few seconds to be answered.
    ///
    /// - Throws: An error of the client, ``AttemptExpired`` or `CancellationError`.
    func send(_ request: HTTPClient.Request) async throws -> RawReply {
        let collector = ReplyCollector(limit: Limits.rowBytes)
        let task = client.execute(
            request: request,
            delegate: collector,
            deadline: .now() + TimeAmount(rounded: timeout)
        )
        return try await withTaskCancellationHandler {
            do {
                return try await withCheckedThrowingContinuation { continuation in
                    task.futureResult.whenComplete { continuation.resume(with: $0) }
                }
            } catch let error as HTTPClientError where Self.isExpiry(error) {
                throw AttemptExpired(phase: collector.phase)
            }
        } onCancel: {
            if collector.phase == .connecting { return task.fail(reason: CancellationError()) }
            task.eventLoop.scheduleTask(in: Self.grace) { task.fail(reason: CancellationError()) }
        }
    }

    private static func isExpiry(_ error: HTTPClientError) -> Bool {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            true
        default: false
        }
    }
}

/// The time of an attempt is over.
struct AttemptExpired: Error {
    /// How far an attempt came.
    enum Phase: Sendable {
        case connecting, waiting, receiving
    }
    var phase: Phase
}

/// A reply that is larger than one may be.
struct ReplyTooLarge: Error {}

/// Collects one reply.
private final class ReplyCollector: HTTPClientResponseDelegate {
    private struct State {
        var phase = AttemptExpired.Phase.connecting
        var head: HTTPResponseHead?
        var body = ByteBuffer()
    }
    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var phase: AttemptExpired.Phase { state.withLock { $0.phase } }

    // From its head on a request may have reached the endpoint.
    func didSendRequestHead(task: HTTPClient.Task<RawReply>, _ head: HTTPRequestHead) {
        state.withLock { $0.phase = .waiting }
    }

    func didReceiveHead(task: HTTPClient.Task<RawReply>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        state.withLock {
            $0.phase = .receiving
            $0.head = head
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<RawReply>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.body.readableBytes + part.readableBytes <= limit else { return false }
            if state.body.readableBytes == 0 { state.body = part } else { state.body.writeImmutableBuffer(part) }
            return true
        }
        return fits
            ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(ReplyTooLarge())
    }

    func didFinishRequest(task: HTTPClient.Task<RawReply>) throws -> RawReply {
        try state.withLock { state in
            guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
            return RawReply(status: Int(head.status.code), headers: head.headers, body: state.body)
        }
    }
}
