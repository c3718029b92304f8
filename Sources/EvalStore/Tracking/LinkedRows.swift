// The rows of a run that a client logged: it has no rows of its own, only traces that are linked to it and what was said of
// them in it. Each trace is a row, in the order in which the traces were stored; each name of feedback is a scorer.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// Reads the rows of a run whose traces are linked to it.
struct LinkedRows {
    /// A name of feedback.
    private struct Scorer {
        var nameID: Int64
        var record: ScorerRecord
    }

    private let db: Database
    private let run: Int64
    private let scorers: [Scorer]

    /// Looks a run up; nil if it has rows of its own, or scorers that will give some, or no traces.
    init?(_ db: Database, _ context: RunContext) throws {
        guard context.scorers.isEmpty,
            try db.first("SELECT 1 FROM run_rows WHERE run = ?", .integer(context.run), body: { _ in true }) == nil,
            let traces = try db.first(
                "SELECT count(*) FROM trace_runs WHERE run = ?",
                .integer(context.run),
                body: { $0.int(0) }
            ), traces > 0
        else { return nil }
        self.db = db
        run = context.run
        let sql = """
            SELECT n.id, n.name, min(c.kind), min(c.name),
                count(DISTINCT CASE WHEN a.error_code IS NULL THEN a.trace END), count(DISTINCT a.trace)
            FROM trace_runs l CROSS JOIN assessments a ON a.trace = l.trace
                JOIN names n ON n.id = a.name JOIN sources c ON c.id = a.source
            WHERE l.run = ?1 AND a.run = ?1 AND a.type = \(AssessmentType.feedback.rawValue) AND a.valid = 1
            GROUP BY n.id ORDER BY n.name
            """
        scorers = try db.all(sql, [.integer(context.run)]) { row in
            var account = Account()
            account.scored = row.int(4)
            account.errored = row.int(5) - row.int(4)
            account.skipped = traces - row.int(5)
            return Scorer(
                nameID: row.int64(0),
                record: ScorerRecord(
                    name: row.text(1),
                    provenance: ["name": JSON(row.text(1)), "scorer": JSON(row.text(1))],
                    source: try AssessmentSource(row, kind: 2),
                    account: account
                )
            )
        }
    }

    /// The names of feedback with how often each was said.
    func records() throws -> [ScorerRecord] { scorers.map(\.record) }

    /// How many rows have an error.
    func errors() throws -> Int {
        let sql = """
            SELECT count(DISTINCT a.trace) FROM trace_runs l CROSS JOIN assessments a ON a.trace = l.trace
            WHERE l.run = ?1 AND a.run = ?1 AND a.type = \(AssessmentType.feedback.rawValue) AND a.valid = 1
                AND a.error_code IS NOT NULL
            """
        return try db.first(sql, .integer(run)) { $0.int(0) } ?? 0
    }

    /// Rows after a place.
    func rows(after place: RowPlace?, limit: Int) throws -> [FinishedRow] {
        let first = (place?.ordinal ?? -1) + 1
        var found: [(row: Int64, trace: Trace)] = []
        let sql = """
            SELECT \(SQLiteStore.traceColumns) FROM trace_runs l CROSS JOIN traces t ON t.id = l.trace
            WHERE l.run = ? ORDER BY l.trace LIMIT ? OFFSET ?
            """
        try Query(db, sql)
            .rows(.integer(run), .int(limit), .int(first)) {
                found.append(($0.int64(0), try Trace($0, db)))
                return true
            }
        return try found.enumerated().map { position, element in try row(element.row, element.trace, first + position) }
    }

    private func row(_ id: Int64, _ trace: Trace, _ ordinal: Int) throws -> FinishedRow {
        let said = try SQLiteStore.counting(db, id, of: trace.id)
        // As a row of `traces:` has them, so that the same inputs have one digest wherever they were evaluated.
        var inputs = trace.root?.inputs ?? [:]
        if inputs.kind != .object { inputs = ["input": inputs] }
        let digest = inputs.digest
        return FinishedRow(
            ordinal: ordinal,
            recordDigest: digest,
            inputDigest: digest,
            expectations: said.expectations,
            trace: trace,
            verdicts: try verdicts(id)
        )
    }

    private func verdicts(_ trace: Int64) throws -> [Verdict?] {
        var values = [[Feedback]](repeating: [], count: scorers.count)
        var errors = [ScorerError?](repeating: nil, count: scorers.count)
        let sql = """
            SELECT a.name, a.kind, a.value, a.rationale, a.error_code, a.error_message, a.span, a.metadata
            FROM assessments a
            WHERE a.trace = ? AND a.run = ? AND a.type = \(AssessmentType.feedback.rawValue) AND a.valid = 1
            ORDER BY a.scorer, a.n
            """
        try Query(db, sql)
            .rows(.integer(trace), .integer(run)) { row in
                let name = row.int64(0)
                guard let place = scorers.firstIndex(where: { $0.nameID == name }) else { return true }
                if !row.isNull(4) {
                    errors[place] = ScorerError(code: row.text(4), message: row.text(5))
                } else if let value = try row.feedbackValue(kind: 1, value: 2) {
                    values[place]
                        .append(
                            Feedback(
                                value,
                                rationale: row.optionalText(3),
                                metadata: try row.json(7),
                                spanID: row.optionalInt64(6).map { UInt64(bitPattern: $0) }
                            )
                        )
                }
                return true
            }
        return scorers.indices.map { place in
            if let first = values[place].first {
                return values[place].count == 1 ? .feedback(first) : .feedbacks(values[place])
            }
            if let error = errors[place] { return .errored(error) }
            return .skipped("it said nothing")
        }
    }
}
