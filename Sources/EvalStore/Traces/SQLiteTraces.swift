// Traces that come in parts: each part is one row, so that a late span costs its own size and not its trace's.

public import EvalCore
internal import EvalJSON
internal import GRDB

/// The keys of metadata and tags that the store's own columns and links come from.
enum TraceKeys {
    static let session = "mlflow.trace.session"
    static let sourceRun = "mlflow.sourceRun"
    static let name = "mlflow.traceName"
}

/// A part whose texts are made before the transaction begins.
private struct PreparedPart: Sendable {
    let info: TraceInfo
    let isFinal: Bool
    let hasRoot: Bool
    let spans: [UInt8]?

    init(_ part: TracePart) {
        info = part.info
        isFinal = part.isFinal
        hasRoot = part.spans.contains { $0.parentID == nil }
        if part.spans.isEmpty {
            spans = nil
        } else {
            var writer = JSONWriter()
            SpanCoding.write(part.spans, to: &writer)
            spans = writer.bytes
        }
    }
}

extension SQLiteStore: TraceStore {
    /// Keeps parts of traces; a span that is there already is replaced, a part that is there already changes nothing.
    public func ingest(_ parts: [TracePart], run: PublicID?, summary: @escaping TraceSummary) async throws {
        let prepared = parts.map(PreparedPart.init)
        try await transact { db in
            var checked: Set<Int64> = []
            let run = try run.map { try Self.writable(db, $0) }
            for part in prepared {
                if checked.insert(part.info.experimentID).inserted {
                    _ = try Self.active(db, part.info.experimentID)
                }
                let trace = try Self.keep(db, part, summary)
                if let run { try Self.link(db, trace, run) }
                if let source = part.info.metadata?[TraceKeys.sourceRun]?.string.flatMap(PublicID.init(hexadecimal:)),
                    let row = try db.first(
                        "SELECT id FROM runs WHERE public_id = ?",
                        .id(source),
                        body: { $0.int64(0) }
                    )
                {
                    try Self.link(db, trace, row)
                }
            }
        }
    }

    /// Keeps a part and returns its trace's row.
    private static func keep(_ db: Database, _ part: PreparedPart, _ summary: TraceSummary) throws -> Int64 {
        let info = part.info
        let sql = """
            INSERT INTO traces (public_id, experiment, state, request_time, duration, session, tags, metadata, format,
                spans, client_request, request_preview, response_preview, parts, final)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, '[]', ?, ?, ?, ?, ?) ON CONFLICT (public_id) DO NOTHING
            """
        try db.run(
            sql,
            .id(info.id),
            .integer(info.experimentID),
            .int(info.state.code),
            .integer(info.requestTimeMilliseconds),
            info.durationMilliseconds.map { .integer($0) } ?? .null,
            .optional(info.metadata?[TraceKeys.session]?.string),
            .optional(info.tags?.serialized),
            .optional(info.metadata?.serialized),
            .optional(info.clientRequestID),
            .optional(info.requestPreview),
            .optional(info.responsePreview),
            .int(part.spans == nil ? 0 : 1),
            .int(part.isFinal ? 1 : 0)
        )
        if db.changesCount > 0 {
            let trace = db.lastInsertedRowID
            if let spans = part.spans { try add(db, spans, to: trace, as: 0) }
            return trace
        }
        return try merge(db, part, summary)
    }

    private static func merge(_ db: Database, _ part: PreparedPart, _ summary: TraceSummary) throws -> Int64 {
        guard let known = try KnownTrace(db, part.info.id) else { throw Damage("a trace is there and isn't") }
        var parts = known.parts
        if let spans = part.spans {
            let repeated = try db.first(
                "SELECT 1 FROM trace_parts WHERE trace = ? AND spans = CAST(? AS TEXT)",
                .integer(known.row),
                .blob(spans)
            ) { _ in true }
            if repeated == nil {
                try add(db, spans, to: known.row, as: parts)
                parts += 1
            } else if !part.isFinal {
                return known.row
            }
        }
        var info: TraceInfo
        if part.isFinal {
            info = part.info
            info.merge(known.info)
            if parts == 0, known.info.requestPreview == nil { info.requestPreview = part.info.requestPreview }
        } else if known.isFinal {
            // What its sender said of the trace stays; tags that it didn't name are added.
            info = known.info
            info.merge(part.info)
        } else {
            info = known.info
            info.tags = JSON.merged(known.info.tags, part.info.tags)
            info.metadata = JSON.merged(known.info.metadata, part.info.metadata)
            info.requestTimeMilliseconds = min(info.requestTimeMilliseconds, part.info.requestTimeMilliseconds)
            if part.hasRoot || known.info.state != .inProgress {
                info = summary(info, try spans(db, known.row, inline: known.inline))
            }
        }
        try write(db, info, parts: parts, isFinal: known.isFinal || part.isFinal, to: known.row)
        return known.row
    }

    private static func write(_ db: Database, _ info: TraceInfo, parts: Int, isFinal: Bool, to row: Int64) throws {
        let sql = """
            UPDATE traces SET state = ?, request_time = ?, duration = ?, session = ?, tags = ?, metadata = ?,
                client_request = ?, request_preview = ?, response_preview = ?, parts = ?, final = ?
            WHERE id = ?
            """
        try db.run(
            sql,
            .int(info.state.code),
            .integer(info.requestTimeMilliseconds),
            info.durationMilliseconds.map { .integer($0) } ?? .null,
            .optional(info.metadata?[TraceKeys.session]?.string),
            .optional(info.tags?.serialized),
            .optional(info.metadata?.serialized),
            .optional(info.clientRequestID),
            .optional(info.requestPreview),
            .optional(info.responsePreview),
            .int(parts),
            .int(isFinal ? 1 : 0),
            .integer(row)
        )
    }

    private static func add(_ db: Database, _ spans: [UInt8], to trace: Int64, as part: Int) throws {
        let sql =
            "INSERT INTO trace_parts (trace, part, format, spans) VALUES (?, ?, \(SpanCoding.format), CAST(? AS TEXT))"
        try db.run(sql, .integer(trace), .int(part), .blob(spans))
        try db.run(
            "INSERT INTO words_waiting (doc) VALUES (?) ON CONFLICT DO NOTHING",
            .integer(TraceWords.document(trace, part: part))
        )
    }

    static func link(_ db: Database, _ trace: Int64, _ run: Int64) throws {
        try db.run(
            "INSERT INTO trace_runs (run, trace) VALUES (?, ?) ON CONFLICT DO NOTHING",
            .integer(run),
            .integer(trace)
        )
    }

    /// Sets a tag.
    public func setTraceTag(_ id: PublicID, key: String, value: String) async throws {
        try await transact { db in
            let row = try Self.traceRow(db, id)
            let tags = try Self.tags(db, row)
            try Self.setTags(db, row, .merged([key: JSON(value)], tags))
        }
    }

    /// Takes a tag away.
    public func deleteTraceTag(_ id: PublicID, key: String) async throws {
        try await transact { db in
            let row = try Self.traceRow(db, id)
            let tags = try Self.tags(db, row)
            guard tags?[key] != nil else { throw Refusal.missing("Trace \(id.traceID) has no tag `\(key)`.") }
            let rest = (tags?.members ?? JSON.null.members).filter { String($0.key) != key }
                .map { (String($0.key), $0.value) }
            try Self.setTags(db, row, .object(rest))
        }
    }

    private static func tags(_ db: Database, _ row: Int64) throws -> JSON? {
        try db.first("SELECT tags FROM traces WHERE id = ?", .integer(row)) { try $0.json(0) } ?? nil
    }

    private static func setTags(_ db: Database, _ row: Int64, _ tags: JSON?) throws {
        try db.run("UPDATE traces SET tags = ? WHERE id = ?", .optional(tags?.serialized), .integer(row))
    }

    /// Says that a trace used versions of prompts.
    public func link(_ traces: [PublicID], toRun run: PublicID) async throws {
        try await transact { db in
            let run = try Self.writable(db, run)
            for trace in traces {
                // MLflow's client links traces that its queue hasn't sent yet: such a trace names its run itself.
                guard let row = try Self.traceRowIfThere(db, trace) else { continue }
                try Self.link(db, row, run)
            }
        }
    }

    /// Deletes traces of an experiment with what was said of them; rows of evaluations stay with their run.
    public func deleteTraces(_ selection: TraceSelection, experiment: Int64) async throws -> Int {
        try await transact { db in
            let isRow = "EXISTS (SELECT 1 FROM run_rows l WHERE l.trace = traces.id)"
            var rows: [Int64] = []
            switch selection {
            case .ids(let ids):
                for id in ids {
                    let sql = "SELECT id FROM traces WHERE public_id = ? AND experiment = ? AND NOT \(isRow)"
                    if let row = try db.first(sql, .id(id), .integer(experiment), body: { $0.int64(0) }) {
                        rows.append(row)
                    }
                }
            case .upTo(let milliseconds, let most):
                let sql =
                    "SELECT id FROM traces WHERE experiment = ? AND request_time <= ? AND NOT \(isRow) ORDER BY request_time, id LIMIT ?"
                rows = try db.all(sql, [.integer(experiment), .integer(milliseconds), .int(most)]) { $0.int64(0) }
            }
            for row in Set(rows) {
                try TraceWords.forget(db, row)
                for table in ["trace_parts", "trace_runs", "assessments"] {
                    try db.run("DELETE FROM \(table) WHERE trace = ?", .integer(row))
                }
                try db.run("DELETE FROM traces WHERE id = ?", .integer(row))
            }
            return Set(rows).count
        }
    }

    static func traceRowIfThere(_ db: Database, _ id: PublicID) throws -> Int64? {
        try db.first("SELECT id FROM traces WHERE public_id = ?", .id(id)) { $0.int64(0) }
    }

    static func traceRow(_ db: Database, _ id: PublicID) throws -> Int64 {
        guard let row = try traceRowIfThere(db, id) else {
            throw Refusal.missing("There is no trace with the id \(id.traceID).")
        }
        return row
    }
}

extension TraceInfo {
    /// Adds what another info knows and this one doesn't.
    fileprivate mutating func merge(_ other: TraceInfo) {
        experimentID = other.experimentID
        tags = .merged(tags, other.tags)
        metadata = .merged(metadata, other.metadata)
        clientRequestID = clientRequestID ?? other.clientRequestID
        requestPreview = requestPreview ?? other.requestPreview
        responsePreview = responsePreview ?? other.responsePreview
        durationMilliseconds = durationMilliseconds ?? other.durationMilliseconds
    }
}

extension JSON {
    /// How many members an object has.
    private var memberCount: Int { members.reduce(0) { count, _ in count + 1 } }

    /// The members of two objects; those of the first count where both have a key.
    static func merged(_ first: JSON?, _ second: JSON?) -> JSON? {
        guard let first, first.memberCount > 0 else { return second }
        guard let second, second.memberCount > 0 else { return first }
        var members = first.members.map { (String($0.key), $0.value) }
        let keys = Set(members.map(\.0))
        for (key, value) in second.members where !keys.contains(String(key)) { members.append((String(key), value)) }
        return .object(members)
    }
}
