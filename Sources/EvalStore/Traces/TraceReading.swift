// Traces with their parts put together.

public import EvalCore
internal import EvalJSON
internal import GRDB

/// A trace as its row says it, without its parts.
struct KnownTrace {
    let row: Int64
    let info: TraceInfo
    let parts: Int
    let isFinal: Bool
    /// The spans that lie in the row itself, as evaluations write them.
    let inline: JSON?
    let format: Int

    static let columns = """
        t.id, t.public_id, t.experiment, t.state, t.request_time, t.duration, t.session, t.tags, t.metadata,
            t.client_request, t.request_preview, t.response_preview, t.parts, t.final, t.format,
            CASE WHEN t.spans = '[]' THEN NULL ELSE t.spans END
        """

    init(_ row: QueryRow) throws {
        self.row = row.int64(0)
        guard let state = TraceState(code: row.int(3)) else { throw Damage("a trace's state is unknown") }
        var metadata = try row.json(8)
        if let session = row.optionalText(6), metadata?[TraceKeys.session] == nil {
            metadata = .merged([TraceKeys.session: JSON(session)], metadata)
        }
        info = TraceInfo(
            id: try row.publicID(1),
            experimentID: row.int64(2),
            clientRequestID: row.optionalText(9),
            state: state,
            requestTimeMilliseconds: row.int64(4),
            durationMilliseconds: row.optionalInt64(5),
            requestPreview: row.optionalText(10),
            responsePreview: row.optionalText(11),
            tags: try row.json(7),
            metadata: metadata
        )
        parts = row.int(12)
        isFinal = row.int(13) != 0
        format = row.int(14)
        inline = try row.json(15)
    }

    /// The trace of an id; nil if there is none.
    init?(_ db: Database, _ id: PublicID) throws {
        let found = try db.first("SELECT \(Self.columns) FROM traces t WHERE t.public_id = ?", .id(id)) {
            try KnownTrace($0)
        }
        guard let found else { return nil }
        self = found
    }
}

extension SQLiteStore {
    /// Traces by their ids, in the order of the ids; those that aren't there are left out.
    public func traces(_ ids: [PublicID], withSpans: Bool) async throws -> [StoredTrace] {
        try await look { db in
            try ids.compactMap { id in try KnownTrace(db, id).map { try Self.stored(db, $0, withSpans: withSpans) } }
        }
    }

    /// A trace with what was said of it.
    static func stored(_ db: Database, _ known: KnownTrace, withSpans: Bool) throws -> StoredTrace {
        // Traces of evaluations are summed up from their spans when they are read.
        let needsSpans = withSpans || (known.parts == 0 && known.inline != nil)
        var trace = StoredTrace(
            info: known.info,
            spans: needsSpans ? try spans(db, known.row, inline: known.inline) : nil
        )
        trace.assessments = try assessments(db, known.row, of: known.info.id)
        let sql = """
            SELECT r.public_id FROM trace_runs l JOIN runs r ON r.id = l.run WHERE l.trace = ?1
            UNION SELECT r.public_id FROM run_rows l JOIN runs r ON r.id = l.run WHERE l.trace = ?1
            """
        trace.runIDs = try db.all(sql, [.integer(known.row)]) { try $0.publicID(0) }
        return trace
    }

    /// All spans of a trace: of two with one number the later one counts.
    static func spans(_ db: Database, _ row: Int64, inline: JSON?) throws -> [Span] {
        var spans: [Span] = []
        if let inline {
            guard let own = SpanCoding.spans(inline, format: SpanCoding.format) else {
                throw Damage("spans are malformed")
            }
            spans = own
        }
        var parts = 0
        let sql = "SELECT format, spans FROM trace_parts WHERE trace = ? ORDER BY part"
        try Query(db, sql)
            .rows(.integer(row)) { part in
                guard let json = try part.json(1), let more = SpanCoding.spans(json, format: part.int(0)) else {
                    throw Damage("spans are malformed")
                }
                spans += more
                parts += 1
                return true
            }
        if parts > 1 || (parts > 0 && inline != nil) { spans = Self.latest(spans) }
        return parts == 0 ? spans : Self.ordered(spans)
    }

    private static func latest(_ spans: [Span]) -> [Span] {
        var places: [UInt64: Int] = [:]
        var kept: [Span] = []
        for span in spans {
            if let place = places[span.id] {
                kept[place] = span
            } else {
                places[span.id] = kept.count
                kept.append(span)
            }
        }
        return kept
    }

    private static func ordered(_ spans: [Span]) -> [Span] {
        spans.enumerated()
            .sorted { left, right in
                let leftIsRoot = left.element.parentID == nil
                if leftIsRoot != (right.element.parentID == nil) { return leftIsRoot }
                if left.element.startNanoseconds != right.element.startNanoseconds {
                    return left.element.startNanoseconds < right.element.startNanoseconds
                }
                return left.offset < right.offset
            }
            .map(\.element)
    }
}
