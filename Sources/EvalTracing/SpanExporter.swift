// Sends spans in batches, one after another, in the background. A program never waits for it, and never fails by it:
// what can't be sent is tried again with the next batch, and dropped where too much waits.

internal import EvalCore
public import EvalJSON
internal import Synchronization

/// Why spans will never be taken.
public struct SpanRefusal: Error, Sendable, CustomStringConvertible {
    /// What the other side said.
    public let description: String

    /// Makes a refusal.
    public init(_ description: String) { self.description = description }
}

/// Sends spans that ended.
public final class SpanExporter: Sendable {
    /// How much is sent, and when.
    public struct Limits: Sendable {
        /// Spans in one request.
        public var batch = 512
        /// Spans that wait at most; what comes on top is dropped.
        public var capacity = 8_192
        /// How long a span waits for others.
        public var interval = Duration.seconds(1)

        /// The limits that fit a busy server.
        public init() {}
    }

    private enum Signal: Sendable {
        case wake
        case flush(CheckedContinuation<Void, Never>)
    }

    private struct State {
        var buffer: SpanBuffer
        /// Whether the worker was told already.
        var isWoken = false
        var isTimed = false
        var failure: String?
    }

    private let limits: Limits
    private let resource: JSON?
    private let send: @Sendable ([UInt8]) async throws -> Void
    private let state: Mutex<State>
    private let signals: AsyncStream<Signal>.Continuation

    /// Makes an exporter.
    ///
    /// - Parameters:
    ///   - resource: What is known of the program, such as `service.name`: an object.
    ///   - limits: How much is sent, and when.
    ///   - send: Sends an `ExportTraceServiceRequest`; what it throws is tried again, but for a `SpanRefusal`.
    public init(
        resource: JSON? = nil,
        limits: Limits = Limits(),
        send: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.limits = limits
        self.resource = resource
        self.send = send
        state = Mutex(State(buffer: SpanBuffer(batch: limits.batch, capacity: limits.capacity)))
        let (stream, signals) = AsyncStream<Signal>.makeStream()
        self.signals = signals
        Task { [weak self] in
            for await signal in stream { await self?.handle(signal) }
        }
    }

    deinit { signals.finish() }

    /// How many spans were dropped so far, because too many waited or they were refused.
    public var dropped: Int { state.withLock(\.buffer.dropped) }

    /// Why the last request wasn't taken; nil where it was.
    public var lastFailure: String? { state.withLock(\.failure) }

    /// Sends all spans that ended before; returns when they were sent, or couldn't be.
    public func flush() async {
        await withCheckedContinuation { continuation in
            if case .terminated = signals.yield(.flush(continuation)) { continuation.resume() }
        }
    }

    /// Sends all spans that ended before, and none that end later.
    public func shutdown() async {
        await flush()
        signals.finish()
    }

    func flushSoon() { signals.yield(.wake) }

    func add(_ span: Span, traceID: PublicID) {
        let (wakes, startsTimer) = state.withLock { state in
            let isFull = state.buffer.add(span, of: traceID)
            let wakes = isFull && !state.isWoken
            if wakes { state.isWoken = true }
            let startsTimer = !isFull && !state.isTimed
            if startsTimer { state.isTimed = true }
            return (wakes, startsTimer)
        }
        if wakes { signals.yield(.wake) }
        if startsTimer { wakeLater() }
    }

    /// Tells the worker after a while.
    private func wakeLater() {
        let interval = limits.interval
        Task { [weak self] in
            try? await Task.sleep(for: interval)
            guard let self else { return }
            self.state.withLock { $0.isTimed = false }
            self.signals.yield(.wake)
        }
    }

    private func handle(_ signal: Signal) async {
        state.withLock { $0.isWoken = false }
        await drain()
        if case .flush(let continuation) = signal { continuation.resume() }
    }

    /// Sends batches until none waits, or one fails, which is tried again after a while.
    private func drain() async {
        while true {
            let spans = state.withLock { $0.buffer.take() }
            if spans.isEmpty { return }
            do {
                try await send(SpanBuffer.request(spans, resource: resource))
                state.withLock { $0.failure = nil }
            } catch let refusal as SpanRefusal {
                state.withLock { state in
                    state.failure = refusal.description
                    state.buffer.drop(spans.count)
                }
            } catch {
                let startsTimer = state.withLock { state in
                    state.failure = String(describing: error)
                    state.buffer.putBack(spans)
                    defer { state.isTimed = true }
                    return !state.isTimed
                }
                if startsTimer { wakeLater() }
                return
            }
        }
    }
}
