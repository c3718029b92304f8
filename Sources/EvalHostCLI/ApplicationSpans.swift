// Spans that the predict command sends by OpenTelemetry's protocol join the trace of the row that it answers. What comes
// before the answer is in the trace that scorers see; what comes later is added to it when the run ends.

internal import EvalCore
internal import EvalJSON
internal import EvalPredictors
internal import EvalServer
internal import EvalStore
internal import EvalSuite
internal import EvalWire
internal import Foundation
internal import Synchronization

/// Takes the application's spans while a run goes.
final class ApplicationSpans: Sendable {
    /// The most spans of one row, and of all rows that were answered already.
    private static let mostOfRow = 10_000
    private static let mostLate = 100_000

    private struct State {
        /// Spans of rows that are being answered.
        var asked: [PublicID: [Span]] = [:]
        /// Spans of other traces, perhaps of rows that were answered.
        var late: [PublicID: [Span]] = [:]
        var lateCount = 0
        var dropped = 0

        mutating func add(_ trace: PublicID, _ spans: [Span]) {
            if let count = asked[trace]?.count {
                let room = max(0, mostOfRow - count)
                asked[trace]?.append(contentsOf: spans.prefix(room))
                dropped += max(0, spans.count - room)
            } else {
                let room = max(0, mostLate - lateCount)
                if room > 0 { late[trace, default: []].append(contentsOf: spans.prefix(room)) }
                lateCount += min(room, spans.count)
                dropped += max(0, spans.count - room)
            }
        }
    }

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    private let box: Box
    private let port: Int
    private let server: Task<Void, Never>

    private init(_ box: Box, _ port: Int, _ server: Task<Void, Never>) {
        self.box = box
        self.port = port
        self.server = server
    }

    /// Names of variables by which a person sends spans elsewhere, which stays so.
    private static let own = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]

    /// Begins to listen, if the application is a command that doesn't send its spans elsewhere.
    static func listen(for request: EvaluationRequest) async -> ApplicationSpans? {
        let environment = ProcessInfo.processInfo.environment
        guard request.predict.command != nil, own.allSatisfy({ environment[$0] == nil }) else { return nil }
        let box = Box()
        let receiver = SpanReceiver { trace, spans in box.state.withLock { $0.add(trace, spans) } }
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let server = Task {
            // Where no port is free, rows have the traces that answers bring.
            try? await receiver.run { told.yield($0) }
            told.finish()
        }
        for await port in ports { return ApplicationSpans(box, port, server) }
        return nil
    }

    /// The environment of the command.
    func environment(_ old: [String: String]) -> [String: String] {
        var all = old
        all["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:\(port)"
        all["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf"
        // Nobody else listens there: metrics and logs would find no reader.
        for name in ["OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER"] where all[name] == nil { all[name] = "none" }
        all["EVALHOST_SPANS"] = "1"
        return all
    }

    /// A row is about to be asked; spans of an earlier attempt are forgotten.
    func begin(_ trace: PublicID) { box.state.withLock { $0.asked[trace] = [] } }

    /// The spans of a row that was answered, below the row's root.
    func take(_ trace: PublicID) -> [Span] {
        let spans = box.state.withLock { $0.asked.removeValue(forKey: trace) ?? [] }
        return Self.rooted(spans, known: [])
    }

    /// The spans of a row that failed wait for the end of the run, when its trace is there.
    func keep(_ trace: PublicID) {
        box.state.withLock { state in
            if let spans = state.asked.removeValue(forKey: trace), !spans.isEmpty { state.add(trace, spans) }
        }
    }

    /// Stops listening, and adds spans that came after their answers to the traces of the run.
    func finish(_ run: PublicID, _ store: SQLiteStore) async {
        server.cancel()
        let (late, dropped) = box.state.withLock { ($0.late, $0.dropped) }
        if dropped > 0 { Console.warning("\(dropped) spans of the application were too many, and are left out") }
        guard !late.isEmpty else { return }
        do {
            let traces = try await store.traces(Array(late.keys), withSpans: true)
            let parts = traces.filter { $0.runIDs.contains(run) }
                .compactMap { trace -> TracePart? in
                    let known = Set((trace.spans ?? []).map(\.id))
                    let new = (late[trace.info.id] ?? []).filter { !known.contains($0.id) }
                    let spans = Self.rooted(new, known: known)
                    return spans.isEmpty ? nil : TracePart(info: trace.info, spans: spans)
                }
            try await store.ingest(parts, run: nil, summary: TraceParts.summary)
        } catch {
            Console.warning("spans that the application sent late could not be stored: \(error)")
        }
    }

    /// Spans without a parent among those that are known belong below the row's root.
    private static func rooted(_ spans: [Span], known: Set<UInt64>) -> [Span] {
        let ids = known.union(spans.map(\.id))
        return spans.filter { $0.id != PredictRequest.rootSpan }
            .map { span in
                var span = span
                if span.parentID.map({ !ids.contains($0) }) ?? true { span.parentID = PredictRequest.rootSpan }
                return span
            }
    }
}

/// A predictor whose rows' traces get the spans that the application sends meanwhile.
struct TracedPredictor: Predictor {
    private let inner: any Predictor
    private let spans: ApplicationSpans

    init(_ inner: any Predictor, _ spans: ApplicationSpans) {
        self.inner = inner
        self.spans = spans
    }

    func predict(_ request: PredictRequest) async throws -> Prediction {
        spans.begin(request.id)
        do {
            var prediction = try await inner.predict(request)
            prediction.spans += spans.take(request.id)
            return prediction
        } catch {
            spans.keep(request.id)
            throw error
        }
    }

    func close() async { await inner.close() }
}
