// `traces:FILTER`: traces that are in the store already become the rows of a run. Nothing is copied; feedback lands on them.

public import EvalCore
public import EvalJSON
internal import Synchronization

/// Which traces become rows.
public struct TraceCondition: Sendable {
    enum Kind: Sendable {
        case all
        case row(RowFilter)
        case search(SearchFilter)
    }

    /// The condition as it was written.
    public let description: String
    let kind: Kind

    /// All traces.
    public static let all = TraceCondition(description: "", kind: .all)

    /// A condition on what ``fields`` name.
    public static func row(_ filter: RowFilter) -> TraceCondition {
        TraceCondition(description: filter.description, kind: .row(filter))
    }

    /// Conditions of a search, and how they were written.
    public static func search(_ filter: SearchFilter, _ text: String) -> TraceCondition {
        TraceCondition(description: text, kind: .search(filter))
    }

    /// The fields of a trace that conditions on rows can name.
    public static let fields: Set<String> = [
        "trace_id", "state", "status", "name", "experiment", "run_id", "session_id", "timestamp_ms",
        "execution_time_ms",
        "inputs", "outputs", "expectations", "feedback", "tags", "metadata",
    ]
}

/// The traces of a store that satisfy a condition, in the order in which they were stored.
public final class StoredTraces: RowSource {
    /// What is wanted, as it was written.
    public let name: String

    private let store: SQLiteStore
    private let condition: TraceCondition
    private let last: Int64
    private let state = Mutex(State())

    private struct State {
        var after: Int64 = 0
        var ordinal = 0
        var found: [Found] = []
    }

    /// A trace as a row.
    private struct Found: Sendable {
        let trace: Trace
        let record: Result<Record, Diagnostic>
    }

    /// Takes the list of traces: those that are stored up to now.
    ///
    /// - Parameters:
    ///   - store: Where they are.
    ///   - condition: Which are wanted.
    ///   - last: The place of the last one that counts, where a run is resumed; nil to take it now.
    /// - Throws: Why the store can't be read.
    public init(
        _ store: SQLiteStore,
        _ condition: TraceCondition = .all,
        last: Int64? = nil
    ) async throws(Diagnostic) {
        self.store = store
        self.condition = condition
        name = "traces:\(condition.description)"
        if let last {
            self.last = last
        } else {
            self.last = try await store.lastTracePlace()
        }
    }

    /// The place of the last trace that counts, with which a resumed run takes the same list.
    public var lastPlace: Int64 { last }

    /// The next traces.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        while true {
            let (after, ready) = state.withLock { ($0.after, $0.found.count) }
            if ready >= limit || after >= last { break }
            let (page, place) = try await store.traces(condition, after: after, upTo: last, limit: Limits.batchRows)
            let found =
                page.filter { row in
                    if case .row(let filter) = condition.kind { filter.holds(for: row.view) } else { true }
                }
                .map { Found(trace: $0.trace, record: $0.record) }
            state.withLock { state in
                state.after = page.isEmpty ? last : place
                state.found += found
            }
        }
        return state.withLock { state in
            let rows = Array(state.found.prefix(limit))
            if rows.isEmpty { return nil }
            state.found.removeFirst(rows.count)
            defer { state.ordinal += rows.count }
            return Batch(firstOrdinal: state.ordinal, rows: rows)
        }
    }

    /// Stored traces have no bytes of their own.
    public func digest() async -> Digest? { nil }

    private struct Batch: RowBatch {
        let firstOrdinal: Int
        let rows: [Found]
        var count: Int { rows.count }
        func decode() -> [DecodedRow] { rows.map { DecodedRow(record: $0.record, trace: $0.trace) } }
    }
}

/// A trace with what conditions see of it.
struct TraceRow: Sendable {
    let trace: Trace
    /// An object with the fields that conditions can name; Documentation/data.md lists them.
    let view: JSON
    let record: Result<Record, Diagnostic>
}

extension TraceRow {
    init(_ trace: Trace, experiment: String, run: PublicID?, expectations: JSON?, feedback: JSON?) {
        self.trace = trace
        let root = trace.root
        let id = JSON(trace.id.traceID)
        view = [
            "trace_id": id, "state": JSON(trace.state.rawValue), "status": JSON(trace.state.rawValue),
            "name": JSON(root?.name ?? ""), "experiment": JSON(experiment),
            "run_id": run.map { JSON($0.hexadecimal) } ?? .null,
            "session_id": trace.sessionID.map { JSON($0) } ?? .null,
            "timestamp_ms": JSON(trace.requestTimeMilliseconds),
            "execution_time_ms": trace.durationMilliseconds.map { JSON($0) } ?? .null,
            "inputs": root?.inputs ?? .null, "outputs": root?.outputs ?? .null,
            "expectations": expectations ?? [:], "feedback": feedback ?? [:],
            "tags": trace.tags ?? [:], "metadata": trace.metadata ?? [:],
        ]
        do throws(Diagnostic) {
            // A row needs inputs; the trace fills in what its root has.
            let bare = try Record(row: ["id": id, "inputs": nil, "trace": ["trace_id": id]])
            record = .success(bare.filled(from: TraceInJSON(trace: trace, expectations: expectations)))
        } catch {
            record = .failure(error)
        }
    }
}
