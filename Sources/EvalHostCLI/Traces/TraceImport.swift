// Traces of files into a store. Importing twice is importing once: a trace that is there keeps what it has, and gets the
// spans and assessments that it lacks.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalModels
internal import EvalStore
internal import EvalWire

/// Takes traces into a store, a few at a time.
struct TraceImport {
    /// Traces that are written together.
    private static let together = 64

    private let store: SQLiteStore
    private let experiment: Int64
    private let reader = MLflowTraceReader()
    private var waiting: [Piece] = []
    /// Traces that weren't there.
    private(set) var added = 0
    /// Traces that were there and lacked something.
    private(set) var completed = 0
    /// Traces that were there with all of it.
    private(set) var unchanged = 0
    /// Assessments that weren't there.
    private(set) var assessments = 0

    private struct Piece {
        var part: TracePart
        var assessments: [Assessment] = []
    }

    /// Begins an import.
    ///
    /// - Parameters:
    ///   - store: Where the traces go.
    ///   - experiment: The experiment that new ones are kept in.
    init(_ store: SQLiteStore, experiment: Int64) {
        self.store = store
        self.experiment = experiment
    }

    /// The prices that come with the product.
    private static let price: TraceParts.Price = { usage, model, provider in
        PriceTable.builtIn.cost(of: usage, model: model, provider: provider)
    }

    /// Whether a document is one of a trace, or spans of OTLP.
    static func isTrace(_ json: JSON) -> Bool { isOTLP(json) || json[key: "info"]?.kind == .object }

    private static func isOTLP(_ json: JSON) -> Bool {
        json[key: "resourceSpans"] != nil || json[key: "resource_spans"] != nil
    }

    /// Takes a document: `Trace.to_json()` of MLflow's client, or a request of OTLP.
    ///
    /// - Throws: What is wrong with it, or with the store.
    mutating func take(_ json: JSON) async throws {
        if Self.isOTLP(json) {
            do throws(OTLPError) {
                waiting += try OTLPTraces().decode(json: Array(json.serialized.utf8))
                    .map { Piece(part: TraceParts.part($0, experiment: experiment, price: Self.price)) }
            } catch {
                throw Diagnostic("the spans are not OTLP's JSON: \(error)")
            }
        } else {
            let trace = try reader.whole(json, experimentID: experiment, nowMilliseconds: Moment.now)
            waiting.append(
                Piece(
                    part: TracePart(info: trace.info, spans: trace.spans, isFinal: true),
                    assessments: trace.assessments
                )
            )
        }
        if waiting.count >= Self.together { try await flush() }
    }

    /// Writes what waits.
    ///
    /// - Throws: Why the store can't take it.
    mutating func flush() async throws {
        let pieces = waiting
        waiting = []
        guard !pieces.isEmpty else { return }
        let found = try await store.traces(pieces.map(\.part.info.id), withSpans: true)
        var known = Dictionary(found.map { ($0.info.id, $0) }, uniquingKeysWith: { first, _ in first })
        var spans = known.mapValues { Set(($0.spans ?? []).map(\.id)) }
        var parts: [TracePart] = []
        for piece in pieces {
            let id = piece.part.info.id
            let said = Self.missing(piece.assessments, in: known[id])
            if let there = spans[id] {
                var part = piece.part
                part.isFinal = false
                part.spans.removeAll { there.contains($0.id) }
                if !part.spans.isEmpty { parts.append(part) }
                if part.spans.isEmpty && said.isEmpty { unchanged += 1 } else { completed += 1 }
            } else {
                parts.append(piece.part)
                added += 1
            }
            spans[id, default: []].formUnion(piece.part.spans.map(\.id))
        }
        try await store.ingest(parts, run: nil, summary: TraceParts.summary)
        for piece in pieces where !piece.assessments.isEmpty {
            let id = piece.part.info.id
            for assessment in Self.missing(piece.assessments, in: known[id]) {
                _ = try await store.add(assessment)
                assessments += 1
            }
            known[id] = try await store.traces([id], withSpans: false).first
        }
    }

    /// The assessments that a trace lacks, those that override others behind them.
    private static func missing(_ assessments: [Assessment], in trace: StoredTrace?) -> [Assessment] {
        let there = trace?.assessments ?? []
        let known = Set(there.map(\.id))
        let all = known.union(assessments.map(\.id))
        return
            assessments.filter { new in
                !known.contains(new.id) && !there.contains { $0.saysTheSame(as: new) }
            }
            .map { assessment in
                var assessment = assessment
                // What it replaced didn't come along.
                if let old = assessment.overrides, !all.contains(old) { assessment.overrides = nil }
                return assessment
            }
            .sorted {
                ($0.overrides == nil ? 0 : 1, $0.createdMilliseconds) < (
                    $1.overrides == nil ? 0 : 1, $1.createdMilliseconds
                )
            }
    }
}

extension Assessment {
    /// Whether two assessments say the same by the same source, as one without an identifier does when it comes again.
    fileprivate func saysTheSame(as other: Assessment) -> Bool {
        name == other.name && content == other.content && source == other.source && spanID == other.spanID
            && rationale == other.rationale && isValid == other.isValid && overrides == other.overrides
    }
}
