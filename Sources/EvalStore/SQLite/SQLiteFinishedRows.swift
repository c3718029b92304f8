// What an earlier part of a run finished, for resuming it and for its metrics; a page at a time, in index order.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The finished rows at and after a place, in their order.
    ///
    /// A page holds all repetitions of its last record, so that it may be longer than `limit`; the next page begins at
    /// the ordinal after it.
    public func finishedMarks(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [FinishedMark] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            var marks: [FinishedMark] = []
            let sql = """
                SELECT ordinal, repeat, record_digest, has_error, cluster FROM run_rows
                WHERE run = ? AND ordinal >= ? ORDER BY ordinal, repeat
                """
            try Query(db, sql)
                .rows(.integer(context.run), .int(ordinal)) { row in
                    let mark = try FinishedMark(row, at: 0)
                    if marks.count >= limit, mark.ordinal != marks.last?.ordinal { return false }
                    marks.append(mark)
                    return true
                }
            return marks
        }
    }

    /// What the scorers said of finished rows, in the order of the run's scorers, a page at a time.
    ///
    /// A page holds all repetitions of its last record, so that it may be longer than `limit`; the next page begins at
    /// the ordinal after it.
    public func finishedVerdicts(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [(mark: FinishedMark, verdicts: [Verdict?])] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            let reader = try VerdictReader(db, context)
            var page: [(mark: FinishedMark, verdicts: [Verdict?])] = []
            let sql = """
                SELECT ordinal, repeat, record_digest, has_error, cluster, trace, skipped, failure_code IS NOT NULL
                FROM run_rows
                WHERE run = ? AND ordinal >= ? ORDER BY ordinal, repeat
                """
            try Query(db, sql)
                .rows(.integer(context.run), .int(ordinal)) { row in
                    let mark = try FinishedMark(row, at: 0)
                    if page.count >= limit, mark.ordinal != page.last?.mark.ordinal { return false }
                    let verdicts = try reader.verdicts(
                        trace: row.int64(5),
                        repetition: mark.repetition,
                        skipped: row.json(6),
                        failed: row.int(7) != 0
                    )
                    page.append((mark, verdicts))
                    return true
                }
            return page
        }
    }

    /// What the finished rows of a run took of their models.
    public func modelUsage(of run: PublicID) async throws(Diagnostic) -> ModelUsage {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            var usage = ModelUsage()
            let sql = """
                SELECT \(Self.traceColumns) FROM run_rows r CROSS JOIN traces t ON t.id = r.trace WHERE r.run = ?
                """
            try Query(db, sql)
                .rows(.integer(context.run)) { row in
                    usage.add(try Trace(row, db))
                    return true
                }
            return usage
        }
    }

    /// The finished turns of a conversation before a row, in their order.
    public func turns(
        of session: String,
        in run: PublicID,
        before ordinal: Int,
        repetition: Int
    ) async throws(Diagnostic) -> [PredictRequest.Turn] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            var turns: [PredictRequest.Turn] = []
            let sql = """
                SELECT \(Self.traceColumns) FROM run_rows r INDEXED BY run_rows_by_session
                CROSS JOIN traces t ON t.id = r.trace
                WHERE r.session = ? AND r.run = ? AND r.repeat = ? AND r.ordinal < ? ORDER BY r.ordinal
                """
            try Query(db, sql)
                .rows(.text(session), .integer(context.run), .int(repetition), .int(ordinal)) { row in
                    let root = try Trace(row, db).root
                    turns.append(.init(inputs: root?.inputs ?? [:], outputs: root?.outputs ?? .null))
                    return true
                }
            return turns
        }
    }

    /// The numbers of one feedback of a run in ascending order, at the given ranks.
    ///
    /// Several values of the feedback on one row count as their mean. SQLite sorts; what doesn't fit in its memory
    /// goes to a temporary file.
    ///
    /// - Throws: `usage` if there are fewer numbers than a rank asks for.
    public func orderedValues(
        of run: PublicID,
        scorer: Int,
        feedback: String?,
        ranks: [Int]
    ) async throws(Diagnostic) -> [Double] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            precondition(context.scorers.indices.contains(scorer), "a scorer that the run does not have")
            let instance = context.scorers[scorer]
            let name = feedback.map { "\(instance.name)/\($0)" } ?? instance.name
            let wanted = ranks.enumerated().sorted { $0.element < $1.element }
            var values = [Double](repeating: 0, count: ranks.count)
            var rank = 0
            var found = 0
            try Query(db, Self.orderedNumbers)
                .rows(.integer(context.run), .integer(instance.id), .text(name)) { row in
                    while found < wanted.count, wanted[found].element == rank {
                        values[wanted[found].offset] = row.double(0)
                        found += 1
                    }
                    rank += 1
                    return found < wanted.count
                }
            guard found == wanted.count else {
                throw Diagnostic("'\(name)' has \(rank) numbers in run \(run.hexadecimal), fewer than were asked for")
            }
            return values
        }
    }

    /// The numbers of a feedback: of kinds 1, 2 and 3 the value, of texts yes and no.
    private static let orderedNumbers = """
        SELECT avg(number) AS mean FROM (
            SELECT r.ordinal AS ordinal, r.repeat AS repeat,
                CASE WHEN a.kind BETWEEN 1 AND 3 THEN CAST(a.value AS REAL)
                    WHEN a.kind = 4 AND a.value = 'yes' THEN 1.0
                    WHEN a.kind = 4 AND a.value = 'no' THEN 0.0 END AS number
            FROM run_rows r
            CROSS JOIN assessments a ON a.trace = r.trace AND a.scorer = ?2 AND a.n >> 16 = r.repeat
            WHERE r.run = ?1 AND a.name = (SELECT id FROM names WHERE name = ?3)
        )
        WHERE number IS NOT NULL GROUP BY ordinal, repeat ORDER BY mean
        """
}

extension FinishedMark {
    /// Reads ordinal, repetition, digest, error and cluster in five columns.
    init(_ row: QueryRow, at column: Int32) throws {
        guard let digest = row.digest(column + 2) else { throw Damage("a row's digest is malformed") }
        self.init(
            ordinal: row.int(column),
            repetition: row.int(column + 1),
            recordDigest: digest,
            hasError: row.int64(column + 3) & RowErrors.own != 0,
            cluster: row.optionalText(column + 4)
        )
    }
}
