// The life of a run: it begins, may be taken over, grows by rows, and ends.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// Opens a run that begins.
    public func begin(_ plan: RunPlan) async throws(Diagnostic) {
        let now = options.now()
        try await write { db in
            let experiment = try Interning.experiment(db, plan.experiment, now: now)
            let run = try Self.insert(plan, experiment: experiment, now: now, db)
            for (key, value) in plan.tags {
                try Query(db, "INSERT INTO run_tags (run, key, value) VALUES (?, ?, ?)")
                    .rows(.integer(run), .text(key), .text(value)) { _ in true }
            }
            for (position, scorer) in plan.scorers.enumerated() {
                let sql = """
                    INSERT INTO run_scorers (run, ordinal, name, source, provenance, sessions)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
                try Query(db, sql)
                    .rows(
                        .integer(run),
                        .int(position),
                        .integer(Interning.name(db, scorer.name)),
                        .integer(Interning.source(db, scorer.scorer.descriptor.source)),
                        .text(scorer.provenance.serialized),
                        .int(scorer.judgesSessions ? 1 : 0)
                    ) { _ in true }
            }
        }
    }

    private static func insert(_ plan: RunPlan, experiment: Int64, now: Int64, _ db: Database) throws -> Int64 {
        let sql = """
            INSERT INTO runs (public_id, experiment, name, status, started, heartbeat, owner_pid, owner_boot,
                owner_start, machine, host_version, git_commit, git_dirty, data_source, configuration_digest,
                configuration, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try Query(db, sql)
            .rows(
                .id(plan.id),
                .integer(experiment),
                .text(plan.name),
                .text(RunStatus.running.rawValue),
                .integer(plan.startedMilliseconds),
                .integer(now),
                .integer(Int64(plan.owner.pid)),
                .text(plan.owner.bootID),
                .integer(Int64(bitPattern: plan.owner.startTicks)),
                .text(plan.machine),
                .text(plan.hostVersion),
                .optional(plan.gitCommit),
                plan.gitDirty.map { .int($0 ? 1 : 0) } ?? .null,
                .text(plan.dataSource),
                .blob(plan.configuration.digest.bytes),
                .text(plan.configuration.serialized),
                .text(JSON.array(plan.notes.map { JSON($0) }).serialized)
            ) { _ in true }
        return db.lastInsertedRowID
    }

    /// Takes a run over for `owner`; its metrics and accounts are gone until it is finished again.
    ///
    /// - Throws: `usage` if the run is not there or its owner lives.
    public func reopen(_ run: PublicID, owner: RunOwner) async throws(Diagnostic) {
        let now = options.now()
        let fault = fault
        try await write { db in
            let context = try RunContext(db, run, fault)
            // One transaction that writes from its start: of two processes that want the run, one gets it.
            if let rival = try RunOwnership(db, context.run), rival.owner != owner, rival.isLive(now: now) {
                throw fault.runIsOwned(run, by: rival.owner)
            }
            let sql = """
                UPDATE runs SET status = ?, ended = NULL, heartbeat = ?, owner_pid = ?, owner_boot = ?, owner_start = ?
                WHERE id = ?
                """
            try Query(db, sql)
                .rows(
                    .text(RunStatus.running.rawValue),
                    .integer(now),
                    .integer(Int64(owner.pid)),
                    .text(owner.bootID),
                    .integer(Int64(bitPattern: owner.startTicks)),
                    .integer(context.run)
                ) { _ in true }
            try Query(db, "DELETE FROM run_metrics WHERE run = ?").rows(.integer(context.run)) { _ in true }
            let accounts = "UPDATE run_scorers SET scored = NULL, errored = NULL, skipped = NULL WHERE run = ?"
            try Query(db, accounts).rows(.integer(context.run)) { _ in true }
        }
    }

    /// Writes rows: all of them, or none when it throws.
    ///
    /// A row that is there already gets its new trace and verdicts; this run's verdicts on the old trace are removed,
    /// and the old trace stays where it is.
    public func commit(_ rows: [FinishedRow], to run: PublicID) async throws(Diagnostic) {
        if rows.isEmpty { return }
        let now = options.now()
        let fault = fault
        let encoded = EncodedRows(rows)
        try await write { db in
            let context = try RunContext(db, run, fault)
            let added = try encoded.withBytes { base in
                var writer = try CommitWriter(db, context, encoded, base: base, now: now)
                defer { writer.finish() }
                try writer.write()
                return (rows: writer.addedRows, errors: writer.addedErrors)
            }
            let sql = "UPDATE runs SET rows = rows + ?, errors = errors + ?, heartbeat = ? WHERE id = ?"
            try Query(db, sql)
                .rows(
                    .int(added.rows),
                    .int(added.errors),
                    .integer(now),
                    .integer(context.run)
                ) { _ in true }
        }
    }

    /// Says that the owner lives.
    public func heartbeat(_ run: PublicID) async throws(Diagnostic) {
        let now = options.now()
        let fault = fault
        try await write { db in
            try Query(db, "UPDATE runs SET heartbeat = ? WHERE public_id = ?")
                .rows(.integer(now), .id(run)) { _ in true }
            if db.changesCount == 0 { throw fault.noRun(run.hexadecimal) }
        }
    }

    /// Closes a run.
    public func finish(_ run: PublicID, _ summary: RunSummary) async throws(Diagnostic) {
        let now = options.now()
        let fault = fault
        try await write { db in
            let context = try RunContext(db, run, fault)
            let sql = """
                UPDATE runs SET status = ?, ended = ?, duration = ?, heartbeat = ?, rows = ?, errors = ?, data_digest = ?,
                    repeats = ?, flaky = ?, tokens_input = ?, tokens_output = ?, tokens_total = ?, tokens_partial = ?,
                    cost = ?, cost_partial = ?
                WHERE id = ?
                """
            try Query(db, sql)
                .rows(
                    .text(summary.status.rawValue),
                    .integer(now),
                    .integer(summary.durationMilliseconds),
                    .integer(now),
                    .int(summary.rows),
                    .int(summary.errors),
                    summary.dataDigest.map { .blob($0.bytes) } ?? .null,
                    .int(summary.repeats),
                    .int(summary.flakyRecords),
                    summary.tokens.map { .integer($0.value.inputTokens) } ?? .null,
                    summary.tokens.map { .integer($0.value.outputTokens) } ?? .null,
                    summary.tokens.map { .integer($0.value.totalTokens) } ?? .null,
                    summary.tokens.map { .int($0.isPartial ? 1 : 0) } ?? .null,
                    summary.costUSD.map { .number($0.value) } ?? .null,
                    summary.costUSD.map { .int($0.isPartial ? 1 : 0) } ?? .null,
                    .integer(context.run)
                ) { _ in true }
            try Self.write(summary.metrics, of: context, db)
            try Self.add(summary.notes, to: context, db)
            for (name, account) in summary.accounts {
                guard let scorer = context.scorers.first(where: { $0.name == name }) else { continue }
                try Query(db, "UPDATE run_scorers SET scored = ?, errored = ?, skipped = ? WHERE id = ?")
                    .rows(
                        .int(account.scored),
                        .int(account.errored),
                        .int(account.skipped),
                        .integer(scorer.id)
                    ) { _ in true }
            }
        }
    }

    /// Adds lines to the run's notes, those that are not there yet.
    private static func add(_ notes: [String], to context: RunContext, _ db: Database) throws {
        guard !notes.isEmpty else { return }
        var all: [JSON] = []
        try Query(db, "SELECT notes FROM runs WHERE id = ?")
            .rows(.integer(context.run)) {
                all = try $0.json(0).map { Array($0.elements) } ?? []
                return false
            }
        for note in notes where !all.contains(JSON(note)) { all.append(JSON(note)) }
        try Query(db, "UPDATE runs SET notes = ? WHERE id = ?")
            .rows(.text(JSON.array(all).serialized), .integer(context.run)) { _ in true }
    }

    private static func write(_ metrics: [Metric], of context: RunContext, _ db: Database) throws {
        try Query(db, "DELETE FROM run_metrics WHERE run = ?").rows(.integer(context.run)) { _ in true }
        for (position, metric) in metrics.enumerated() {
            let sql = """
                INSERT INTO run_metrics (run, ordinal, name, value, low, high, level, method, units)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            let interval = metric.interval
            try Query(db, sql)
                .rows(
                    .integer(context.run),
                    .int(position),
                    .text(metric.name),
                    metric.value.map { .number($0) } ?? .null,
                    interval.map { .number($0.low) } ?? .null,
                    interval.map { .number($0.high) } ?? .null,
                    interval.map { .number($0.level) } ?? .null,
                    interval.map { .text($0.method.rawValue) } ?? .null,
                    interval.map { .int($0.units) } ?? .null
                ) { _ in true }
        }
    }
}

/// Who has a run, and when that owner was last heard of.
struct RunOwnership {
    let status: RunStatus
    let owner: RunOwner
    let heartbeat: Int64

    /// Reads the ownership of a run; nil if there is no such run.
    init?(_ db: Database, _ run: Int64) throws {
        var found: RunOwnership?
        let sql = "SELECT status, heartbeat, owner_pid, owner_boot, owner_start FROM runs WHERE id = ?"
        try Query(db, sql)
            .rows(.integer(run)) {
                found = RunOwnership($0, status: 0, heartbeat: 1, owner: 2)
                return false
            }
        guard let found else { return nil }
        self = found
    }

    /// Reads the columns `owner_pid`, `owner_boot` and `owner_start` at `owner` and after it.
    init(_ row: QueryRow, status: Int32, heartbeat: Int32, owner: Int32) {
        self.status = RunStatus(rawValue: row.text(status)) ?? .interrupted
        self.heartbeat = row.int64(heartbeat)
        self.owner = RunOwner(
            pid: Int32(truncatingIfNeeded: row.int64(owner)),
            bootID: row.text(owner + 1),
            startTicks: UInt64(bitPattern: row.int64(owner + 2))
        )
    }

    /// Whether a client elsewhere has the run, of which no sign of life is known.
    var isForeign: Bool { owner.pid == 0 }

    /// Whether the run goes on at this moment.
    func isLive(now: Int64) -> Bool {
        if isForeign { return status == .running }
        return status == .running && owner.isAlive(heartbeatAge: .milliseconds(now - heartbeat))
    }

    /// The status as people see it: a run whose owner died was interrupted.
    func shownStatus(now: Int64) -> RunStatus {
        status == .running && !isLive(now: now) ? .interrupted : status
    }
}

extension SQLiteFault {
    /// Somebody else has the run.
    func runIsOwned(_ run: PublicID, by owner: RunOwner) -> Diagnostic {
        Diagnostic(
            "run \(run.hexadecimal) is going on in process \(owner.pid)",
            at: .init(file: path),
            help: "Wait for it to end, or stop that process, then resume it."
        )
    }
}
