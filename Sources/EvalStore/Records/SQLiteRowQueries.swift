// The rows of a run as they were committed, for exports and reports.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// Bytes of texts after which a page of rows ends.
    private static let pageBytes = 4 << 20

    /// Rows of a run after a place, in the order of ordinal and repetition.
    public func rows(
        of run: PublicID,
        after place: RowPlace?,
        limit: Int
    ) async throws(Diagnostic) -> [FinishedRow] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            if let linked = try LinkedRows(db, context) { return try linked.rows(after: place, limit: limit) }
            let reader = try VerdictReader(db, context)
            var rows: [FinishedRow] = []
            var bytes = 0
            let sql = """
                SELECT \(Self.traceColumns), r.ordinal, r.repeat, r.record_id, r.record_digest, r.input_digest,
                    r.expectations, r.skipped, r.failure_code, r.failure_message, r.cluster, r.session, r.turn
                FROM run_rows r CROSS JOIN traces t ON t.id = r.trace
                WHERE r.run = ? AND (r.ordinal, r.repeat) > (?, ?) ORDER BY r.ordinal, r.repeat LIMIT ?
                """
            try Query(db, sql)
                .rows(
                    .integer(context.run),
                    .int(place?.ordinal ?? -1),
                    .int(place?.repetition ?? -1),
                    .int(limit)
                ) { row in
                    bytes += row.withBytes(9) { $0.count } + row.withBytes(16) { $0.count }
                    rows.append(try FinishedRow(row, reader, db))
                    return bytes < Self.pageBytes
                }
            return rows
        }
    }

    /// What `Trace.init(_:)` reads, in its order.
    static let traceColumns = """
        t.id, t.public_id, t.state, t.request_time, t.duration, t.session, t.tags, t.metadata, t.format, t.spans, t.parts
        """
}

extension FinishedRow {
    fileprivate init(_ row: QueryRow, _ reader: VerdictReader, _ db: Database) throws {
        guard let recordDigest = row.digest(14), let inputDigest = row.digest(15) else {
            throw Damage("a row's digest is malformed")
        }
        let failure = row.optionalText(18).map { ScorerError(code: $0, message: row.text(19)) }
        self.init(
            ordinal: row.int(11),
            repetition: row.int(12),
            recordID: row.optionalText(13).map { Text($0) },
            recordDigest: recordDigest,
            inputDigest: inputDigest,
            expectations: try row.json(16),
            trace: try Trace(row, db),
            verdicts: try reader.verdicts(
                trace: row.int64(0),
                repetition: row.int(12),
                skipped: row.json(17),
                failed: failure != nil
            ),
            failure: failure,
            cluster: row.optionalText(20),
            sessionID: row.optionalText(21),
            turnTime: row.int64(22)
        )
    }
}

extension Trace {
    /// Reads `SQLiteStore.traceColumns`, and the parts where spans came by themselves.
    init(_ row: QueryRow, _ db: Database) throws {
        guard let state = TraceState(code: row.int(2)),
            let inline = try row.json(9),
            var spans = SpanCoding.spans(inline, format: row.int(8))
        else { throw Damage("a trace's spans can't be read") }
        if row.int(10) > 0 {
            let own = spans.isEmpty ? Optional<JSON>.none : inline
            spans = try SQLiteStore.spans(db, row.int64(0), inline: own)
        }
        self.init(
            id: try row.publicID(1),
            state: state,
            requestTimeMilliseconds: row.int64(3),
            durationMilliseconds: row.optionalInt64(4),
            sessionID: row.optionalText(5),
            tags: try row.json(6),
            metadata: try row.json(7),
            spans: spans
        )
    }
}
