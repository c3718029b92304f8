// Runs in lists, by name, and as a whole.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// Runs, the newest first.
    public func runs(experiment: String? = nil, limit: Int = .max) async throws(Diagnostic) -> [RunListing] {
        let now = options.now()
        return try await read { db in
            let place = experiment == nil ? "" : "AND r.experiment = (SELECT id FROM experiments WHERE name = ?1)"
            let filter = "WHERE r.deleted IS NULL " + place
            let sql = Self.selectRuns + " \(filter) ORDER BY r.started DESC, r.id DESC LIMIT ?2"
            var listings: [(row: Int64, listing: RunListing)] = []
            try Query(db, sql)
                .rows(.optional(experiment), .int(limit)) {
                    listings.append(($0.int64(0), try RunListing($0, now: now)))
                    return true
                }
            return try listings.map { row, listing in
                var listing = listing
                listing.metrics = try Self.metrics(db, row)
                return listing
            }
        }
    }

    /// A run with all that is kept of it but its rows.
    public func record(of run: PublicID) async throws(Diagnostic) -> RunRecord {
        let now = options.now()
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            var record: RunRecord?
            try Query(db, Self.selectRuns + " WHERE r.id = ?")
                .rows(.integer(context.run)) {
                    record = try RunRecord($0, now: now)
                    return false
                }
            guard var record else { throw fault.noRun(run.hexadecimal) }
            record.listing.metrics = try Self.metrics(db, context.run)
            try Query(db, "SELECT key, value FROM run_tags WHERE run = ?")
                .rows(.integer(context.run)) {
                    record.tags[$0.text(0)] = $0.text(1)
                    return true
                }
            record.scorers = try Self.scorers(db, context)
            if let linked = try LinkedRows(db, context) {
                record.scorers = try linked.records()
                record.listing.errors = try linked.errors()
            }
            if record.dataSource.isEmpty {
                let sql = "SELECT name, digest FROM run_inputs WHERE run = ? ORDER BY id"
                record.dataSource = try db.all(sql, [.integer(context.run)]) { "\($0.text(0)) (\($0.text(1)))" }
                    .joined(separator: ", ")
            }
            record.judges = try Self.judgeUsage(db, run)
            return record
        }
    }

    static let selectRuns = """
        SELECT r.id, r.public_id, r.name, r.experiment, e.name, r.status, r.heartbeat, r.owner_pid, r.owner_boot,
            r.owner_start, CASE r.rows WHEN 0 THEN (SELECT count(*) FROM trace_runs l WHERE l.run = r.id) ELSE r.rows END,
            r.errors, r.started, r.ended, r.duration,
            r.host_version, r.configuration, r.configuration_digest, r.data_source, r.data_digest, r.git_commit,
            r.git_dirty, r.machine, r.notes, r.repeats, r.flaky, r.tokens_input, r.tokens_output, r.tokens_total,
            r.tokens_partial, r.cost, r.cost_partial
        FROM runs r JOIN experiments e ON e.id = r.experiment
        """

    private static func metrics(_ db: Database, _ run: Int64) throws -> [Metric] {
        var metrics: [Metric] = []
        let sql = "SELECT name, value, low, high, level, method, units FROM run_metrics WHERE run = ? ORDER BY ordinal"
        try Query(db, sql)
            .rows(.integer(run)) { row in
                var interval: Interval?
                if let method = row.optionalText(5).flatMap(Interval.Method.init(rawValue:)) {
                    interval = Interval(
                        low: row.double(2),
                        high: row.double(3),
                        level: row.double(4),
                        method: method,
                        units: row.int(6)
                    )
                }
                let value = row.isNull(1) ? nil : row.double(1)
                metrics.append(Metric(name: row.text(0), value: value, interval: interval))
                return true
            }
        return metrics
    }

    private static func scorers(_ db: Database, _ context: RunContext) throws -> [ScorerRecord] {
        var records: [ScorerRecord] = []
        let sql = """
            SELECT n.name, s.provenance, c.kind, c.name, s.scored, s.errored, s.skipped, s.sessions
            FROM run_scorers s JOIN names n ON n.id = s.name JOIN sources c ON c.id = s.source
            WHERE s.run = ? ORDER BY s.ordinal
            """
        try Query(db, sql)
            .rows(.integer(context.run)) { row in
                var account: Account?
                let scope: ScorerScope = row.int(7) != 0 ? .session : .row
                if !row.isNull(4) {
                    account = Account(of: scope)
                    account?.scored = row.int(4)
                    account?.errored = row.int(5)
                    account?.skipped = row.int(6)
                }
                records.append(
                    ScorerRecord(
                        name: row.text(0),
                        provenance: try row.json(1) ?? .null,
                        source: try AssessmentSource(row, kind: 2),
                        account: account,
                        scope: scope
                    )
                )
                return true
            }
        return records
    }
}

extension RunListing {
    /// Reads a row of `selectRuns`; the metrics are in a table of their own.
    init(_ row: QueryRow, now: Int64) throws {
        self.init(
            id: try row.publicID(1),
            name: row.text(2),
            experimentID: row.int64(3),
            experiment: row.text(4),
            status: RunOwnership(row, status: 5, heartbeat: 6, owner: 7).shownStatus(now: now),
            rows: row.int(10),
            errors: row.int(11),
            metrics: [],
            startedMilliseconds: row.int64(12),
            endedMilliseconds: row.optionalInt64(13),
            durationMilliseconds: row.optionalInt64(14)
        )
    }
}

extension RunRecord {
    /// Reads a row of `selectRuns`; tags and scorers are in tables of their own.
    init(_ row: QueryRow, now: Int64) throws {
        guard let configurationDigest = row.digest(17) else { throw Damage("a configuration's digest is malformed") }
        let ownership = RunOwnership(row, status: 5, heartbeat: 6, owner: 7)
        self.init(
            listing: try RunListing(row, now: now),
            notes: try row.json(23)?.elements.compactMap(\.string) ?? [],
            hostVersion: row.text(15),
            configuration: try row.json(16) ?? .null,
            configurationDigest: configurationDigest,
            dataSource: row.text(18),
            dataDigest: row.digest(19),
            gitCommit: row.optionalText(20),
            gitDirty: row.optionalInt64(21).map { $0 != 0 },
            machine: row.text(22),
            owner: ownership.owner,
            heartbeatMilliseconds: ownership.heartbeat,
            scorers: [],
            repeats: row.int(24),
            flakyRecords: row.int(25)
        )
        if let total = row.optionalInt64(28) {
            let usage = TokenUsage(inputTokens: row.int64(26), outputTokens: row.int64(27), totalTokens: total)
            tokens = TokenTotal(usage, isPartial: row.int(29) != 0)
        }
        if !row.isNull(30) { costUSD = CostTotal(row.double(30), isPartial: row.int(31) != 0) }
    }
}

extension AssessmentSource {
    /// Reads a source's kind and name in two columns.
    init(_ row: QueryRow, kind: Int32) throws {
        guard let word = Kind(rawValue: row.text(kind)) else { throw Damage("a source is of an unknown kind") }
        self.init(kind: word, id: row.text(kind + 1))
    }
}
