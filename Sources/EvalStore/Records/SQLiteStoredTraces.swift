// Traces a page at a time in the order in which they were stored, for runs over them.

internal import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The place of the newest trace; 0 where there is none.
    func lastTracePlace() async throws(Diagnostic) -> Int64 {
        try await read { db in
            var last: Int64 = 0
            try Query(db, "SELECT max(id) FROM traces")
                .rows {
                    last = $0.int64(0)
                    return false
                }
            return last
        }
    }

    /// Traces after a place, with the place of the last one; a condition on rows is for who asks.
    func traces(
        _ condition: TraceCondition,
        after place: Int64,
        upTo last: Int64,
        limit: Int
    ) async throws(Diagnostic) -> (traces: [TraceRow], place: Int64) {
        var extra = SearchSQL(sql: "1")
        if case .search(let filter) = condition.kind {
            do {
                extra = try TraceConditions.sql(filter)
            } catch {
                throw Diagnostic((error as? Refusal)?.message ?? "\(error)")
            }
        }
        let wanted = extra
        return try await read { db in
            var rows: [(place: Int64, trace: Trace, experiment: String, run: PublicID?)] = []
            let sql = """
                SELECT \(Self.traceColumns), e.name,
                    ifnull(
                        (SELECT r.public_id FROM run_rows l JOIN runs r ON r.id = l.run WHERE l.trace = t.id
                            ORDER BY l.id LIMIT 1),
                        (SELECT r.public_id FROM trace_runs l JOIN runs r ON r.id = l.run WHERE l.trace = t.id
                            ORDER BY l.run LIMIT 1))
                FROM traces t JOIN experiments e ON e.id = t.experiment
                WHERE t.id > ? AND t.id <= ? AND \(wanted.sql) ORDER BY t.id LIMIT ?
                """
            try Query(db, once: sql)
                .rows([.integer(place), .integer(last)] + wanted.arguments + [.int(limit)]) { row in
                    let run = row.isNull(12) ? nil : try row.publicID(12)
                    rows.append((row.int64(0), try Trace(row, db), row.text(11), run))
                    return true
                }
            let traces = try rows.map { row in
                let said = try Self.counting(db, row.place, of: row.trace.id)
                return TraceRow(
                    row.trace,
                    experiment: row.experiment,
                    run: row.run,
                    expectations: said.expectations,
                    feedback: said.feedback
                )
            }
            return (traces, rows.last?.place ?? place)
        }
    }
}
