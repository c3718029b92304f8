// `--predict-url`: the application answers over HTTP. One request is one attempt; the loop decides about further ones.

internal import AsyncHTTPClient
public import EvalCore
internal import EvalJSON
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// The time of an attempt is over.
struct AttemptExpired: Error {}

/// Posts requests to a URL.
///
/// The body is `{"id", "inputs", "traceparent", "session_id"?, "history"?}`; `traceparent` is a header too. A success has
/// `{"outputs", "trace"?, "usage"?}` or the outputs at a path of one's own. Connections are kept and reused.
public final class URLPredictor: Predictor {
    /// How requests are made.
    public struct Options: Sendable {
        /// Headers of each request, in addition to the usual ones; their values are in no message.
        public var headers: [(name: String, value: String)]
        /// Where the outputs are in a reply, such as `choices[0].message.content`; nil is `outputs`.
        public var outputPath: String?
        /// How long an attempt may take, from the wait for a connection to the last byte.
        public var timeout: Duration
        /// The most connections at a time, at least 1.
        public var connections: Int
        /// Where `http_proxy`, `https_proxy` and `no_proxy` are looked up; nil is this program's environment.
        public var environment: [String: String]?
        /// The largest reply, in bytes.
        package var replyBytes = Limits.rowBytes

        /// Makes options.
        ///
        /// - Parameters:
        ///   - headers: Headers of each request.
        ///   - outputPath: Where the outputs are in a reply; nil is `outputs`.
        ///   - timeout: How long an attempt may take.
        ///   - connections: The most connections at a time.
        ///   - environment: Where the proxy is looked up; nil is this program's environment.
        public init(
            headers: [(name: String, value: String)] = [],
            outputPath: String? = nil,
            timeout: Duration = Limits.attempt,
            connections: Int = 64,
            environment: [String: String]? = nil
        ) {
            self.headers = headers
            self.outputPath = outputPath
            self.timeout = timeout
            self.connections = connections
            self.environment = environment
        }
    }

    private let endpoint: Endpoint
    private let reader: ReplyReader
    private let options: Options
    /// The client of the first request and all others; nil after the end.
    private let client: Mutex<HTTPClient??> = Mutex(.some(nil))

    /// Takes a URL; nothing is opened yet.
    ///
    /// - Throws: What is wrong with it or with the options, without what is secret in them.
    public init(url: String, options: Options = Options()) throws(Diagnostic) {
        guard options.timeout > .zero else { throw Diagnostic("the timeout must be above 0") }
        guard options.connections >= 1 else { throw Diagnostic("the predict URL needs at least 1 connection") }
        endpoint = try Endpoint(
            url: url,
            headers: options.headers,
            environment: options.environment ?? ProcessInfo.processInfo.environment
        )
        var path: JSONPath?
        if let source = options.outputPath {
            do throws(JSONError) {
                path = try JSONPath(source)
            } catch {
                throw Diagnostic("the path of the outputs is malformed: \(error)")
            }
        }
        reader = ReplyReader(endpoint: endpoint.name, outputs: path)
        self.options = options
    }

    deinit {
        if let client = client.withLock({ $0 }) ?? nil { client.shutdown { _ in } }
    }

    /// Posts the request.
    ///
    /// - Throws: A ``PredictFailure``, or `CancellationError` when the task is cancelled.
    public func predict(_ request: PredictRequest) async throws -> Prediction {
        guard let client = started() else { throw PredictFailure("the predictor was closed") }
        var post = HTTPClientRequest(url: endpoint.url)
        post.method = .POST
        post.headers = endpoint.headers
        if !post.headers.contains(name: "traceparent") {
            post.headers.add(name: "traceparent", value: request.traceparent)
        }
        var writer = JSONWriter()
        writer.write(request.json)
        post.body = .bytes(ByteBuffer(bytes: writer.bytes))
        let reply: Reply
        do {
            reply = try await withTime { [post, options] in try await Self.fetch(post, client, options) }
        } catch {
            try Task.checkCancellation()
            throw PredictFailure.connection(error, endpoint: endpoint.name, timeout: options.timeout)
        }
        try Task.checkCancellation()
        return try reader.read(reply)
    }

    /// Closes the connections.
    public func close() async {
        let running = client.withLock { client in
            defer { client = .none }
            return client ?? nil
        }
        try? await running?.shutdown()
    }

    private static func fetch(_ post: HTTPClientRequest, _ client: HTTPClient, _ options: Options) async throws -> Reply
    {
        let response = try await client.execute(post, deadline: .distantFuture)
        var body: [UInt8] = []
        for try await part in response.body {
            guard body.count + part.readableBytes <= options.replyBytes else { throw ReplyTooLarge() }
            body.append(contentsOf: part.readableBytesView)
        }
        return Reply(status: Int(response.status.code), headers: response.headers, body: body)
    }

    /// Runs `body`, which stops when it is cancelled, for the time of an attempt.
    private func withTime(_ body: @escaping @Sendable () async throws -> Reply) async throws -> Reply {
        try await withThrowingTaskGroup(of: Reply.self) { [timeout = options.timeout] group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: timeout)
                throw AttemptExpired()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func started() -> HTTPClient? {
        client.withLock { client in
            guard let started = client else { return nil }
            if let started { return started }
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, proxy: endpoint.proxy)
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.connections
            // Whether a request that found no connection is made again is the loop's decision.
            configuration.connectionPool.retryConnectionEstablishment = false
            // The attempt's own time ends all waiting.
            configuration.timeout.connect = .nanoseconds(Int64(clamping: Int(options.timeout / .nanoseconds(1))))
            let fresh = HTTPClient(configuration: configuration)
            client = fresh
            return fresh
        }
    }
}
