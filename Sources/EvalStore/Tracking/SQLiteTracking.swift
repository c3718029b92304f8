// Runs as clients log them, in the same table as the runs of `evaluate`.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: TrackingStore {
    /// Makes a run.
    public func createRun(_ run: TrackedRun) async throws {
        try await transact { db in
            _ = try Self.active(db, run.experimentID)
            let sql = """
                INSERT INTO runs (public_id, experiment, name, status, started, ended, heartbeat, owner_pid, owner_boot,
                    owner_start, machine, host_version, data_source, configuration_digest, configuration, notes, user)
                VALUES (?, ?, ?, ?, ?, ?, ?5, 0, '', 0, '', '', '', ?, '{}', '[]', ?)
                """
            try db.run(
                sql,
                .id(run.id),
                .integer(run.experimentID),
                .text(run.name),
                .text(run.status.rawValue),
                .integer(run.startedMilliseconds),
                run.endedMilliseconds.map { .integer($0) } ?? .null,
                .blob(JSON.object([]).digest.bytes),
                .text(run.userID)
            )
            try Self.write(db, RunBatch(run), to: db.lastInsertedRowID)
        }
    }

    /// A run, deleted or not.
    public func trackedRun(_ id: PublicID) async throws -> TrackedRun {
        let now = options.now()
        return try await look { db in
            let row = try Self.runRow(db, id).row
            return try Self.tracked(db, [row], now: now).first.unwrap("run \(id.hexadecimal) is gone")
        }
    }

    /// Changes what a run is called, how far it is and when it ended; nil leaves as it is.
    public func updateRun(
        _ id: PublicID,
        name: String?,
        status: RunStatus?,
        endedMilliseconds: Int64?
    ) async throws -> TrackedRun {
        let now = options.now()
        return try await transact { db in
            let run = try Self.writable(db, id)
            if let name {
                try db.run("UPDATE runs SET name = ? WHERE id = ?", .text(name), .integer(run))
                try Self.setRunTag(db, run, RunTags.name, name)
            }
            if let status {
                try db.run("UPDATE runs SET status = ? WHERE id = ?", .text(status.rawValue), .integer(run))
            }
            if let endedMilliseconds {
                let sql = "UPDATE runs SET ended = ?1, duration = max(0, ?1 - started) WHERE id = ?2"
                try db.run(sql, .integer(endedMilliseconds), .integer(run))
            } else if status == .running {
                try db.run("UPDATE runs SET ended = NULL, duration = NULL WHERE id = ?", .integer(run))
            }
            return try Self.tracked(db, [run], now: now).first.unwrap("run \(id.hexadecimal) is gone")
        }
    }

    /// Deletes or restores a run.
    public func setRun(_ id: PublicID, deleted: Bool) async throws {
        let now = options.now()
        try await transact { db in
            let run = try Self.runRow(db, id).row
            let time = deleted ? Query.Argument.integer(now) : .null
            try db.run("UPDATE runs SET deleted = ? WHERE id = ?", time, .integer(run))
        }
    }

    /// Keeps what was measured; of each run and data set the value of the highest step, then time, counts.
    public func log(_ batch: RunBatch, to run: PublicID) async throws {
        try await transact { db in try Self.write(db, batch, to: Self.writable(db, run)) }
    }

    /// Takes a tag away.
    public func deleteRunTag(_ id: PublicID, key: String) async throws {
        try await transact { db in
            let run = try Self.writable(db, id)
            try db.run("DELETE FROM run_tags WHERE run = ? AND key = ?", .integer(run), .text(key))
            guard db.changesCount > 0 else {
                throw Refusal.missing("Run \(id.hexadecimal) has no tag `\(key)`.")
            }
        }
    }

    /// The points of a metric in the order of step and time.
    public func metricHistory(of run: PublicID, key: String, after offset: Int, limit: Int) async throws
        -> [MetricPoint]
    {
        try await look { db in
            let row = try Self.runRow(db, run).row
            let sql =
                "SELECT bits, time, step FROM run_points WHERE run = ? AND key = ? ORDER BY step, time, bits LIMIT ? OFFSET ?"
            let points = try db.all(sql, [.integer(row), .text(key), .int(limit), .int(offset)]) {
                MetricPoint(key: key, bits: $0.int64(0), timestampMilliseconds: $0.int64(1), step: $0.int64(2))
            }
            if !points.isEmpty || offset > 0 { return points }
            return try Self.lastPoints(db, row).filter { $0.key == key }
        }
    }

    /// The row of a run and whether it is deleted.
    static func runRow(_ db: Database, _ id: PublicID) throws -> (row: Int64, isDeleted: Bool) {
        let found = try db.first("SELECT id, deleted IS NOT NULL FROM runs WHERE public_id = ?", .id(id)) {
            (row: $0.int64(0), isDeleted: $0.int(1) != 0)
        }
        guard let found else { throw Refusal.missing("There is no run with the id \(id.hexadecimal).") }
        return found
    }

    /// The row of a run that may be written.
    static func writable(_ db: Database, _ id: PublicID) throws -> Int64 {
        let found = try runRow(db, id)
        guard !found.isDeleted else {
            throw Refusal.invalid(
                "Run \(id.hexadecimal) must be in the 'active' state; it is deleted, restore it first."
            )
        }
        return found.row
    }

    /// The runs of these rows, in their order.
    static func tracked(_ db: Database, _ rows: [Int64], now: Int64) throws -> [TrackedRun] {
        let sql = """
            SELECT r.public_id, r.experiment, r.name, r.status, r.heartbeat, r.owner_pid, r.owner_boot, r.owner_start,
                r.started, r.ended, r.user, r.deleted IS NOT NULL
            FROM runs r WHERE r.id = ?
            """
        return try rows.compactMap { row in
            let found = try db.first(sql, .integer(row)) { found in
                TrackedRun(
                    id: try found.publicID(0),
                    experimentID: found.int64(1),
                    name: found.text(2),
                    status: RunOwnership(found, status: 3, heartbeat: 4, owner: 5).shownStatus(now: now),
                    userID: found.optionalText(10) ?? "",
                    startedMilliseconds: found.int64(8),
                    endedMilliseconds: found.optionalInt64(9),
                    isDeleted: found.int(11) != 0
                )
            }
            guard var run = found else { return nil }
            run.tags = try db.all("SELECT key, value FROM run_tags WHERE run = ?", [.integer(row)]) {
                (key: $0.text(0), value: $0.text(1))
            }
            if !run.tags.contains(where: { $0.key == RunTags.name }) { run.tags.append((RunTags.name, run.name)) }
            run.parameters = try db.all("SELECT key, value FROM run_params WHERE run = ?", [.integer(row)]) {
                (key: $0.text(0), value: $0.text(1))
            }
            run.metrics = try lastPoints(db, row)
            run.inputs = try inputs(db, row)
            run.models = try db.all("SELECT model, step FROM run_models WHERE run = ? ORDER BY id", [.integer(row)]) {
                RunModel(modelID: $0.text(0), outputStep: $0.optionalInt64(1))
            }
            return run
        }
    }

    /// The last point of each metric; those of `evaluate` were measured when the run ended, at step 0.
    private static func lastPoints(_ db: Database, _ run: Int64) throws -> [MetricPoint] {
        let sql = """
            SELECT m.name, m.value, m.bits, ifnull(m.time, ifnull(r.ended, r.started)), ifnull(m.step, 0)
            FROM run_metrics m JOIN runs r ON r.id = m.run WHERE m.run = ? AND (m.bits IS NOT NULL OR m.value IS NOT NULL)
            ORDER BY m.ordinal
            """
        return try db.all(sql, [.integer(run)]) { row in
            MetricPoint(
                key: row.text(0),
                bits: row.optionalInt64(2) ?? Int64(bitPattern: row.double(1).bitPattern),
                timestampMilliseconds: row.int64(3),
                step: row.int64(4)
            )
        }
    }

    private static func inputs(_ db: Database, _ run: Int64) throws -> [RunInput] {
        let sql =
            "SELECT name, digest, source_type, source, schema, profile, tags FROM run_inputs WHERE run = ? ORDER BY id"
        return try db.all(sql, [.integer(run)]) { row in
            RunInput(
                name: row.text(0),
                digest: row.text(1),
                sourceType: row.text(2),
                source: row.text(3),
                schema: row.optionalText(4),
                profile: row.optionalText(5),
                tags: try row.json(6)?.stringMembers ?? [:]
            )
        }
    }
}

/// Tags of runs that mean something to us.
enum RunTags {
    /// MLflow keeps a run's name as a tag too.
    static let name = "mlflow.runName"
}

extension MetricPoint {
    /// A point from the bits of its value: SQLite has no NaN.
    init(key: String, bits: Int64, timestampMilliseconds: Int64, step: Int64) {
        self.init(
            key: key,
            value: Double(bitPattern: UInt64(bitPattern: bits)),
            timestampMilliseconds: timestampMilliseconds,
            step: step
        )
    }
}

extension JSON {
    /// The members that are texts.
    var stringMembers: [String: String] {
        Dictionary(
            members.compactMap { key, value in value.string.map { (String(key), $0) } },
            uniquingKeysWith: { $1 }
        )
    }
}

extension Optional where Wrapped: Sendable {
    /// The value that must be there inside of one transaction.
    func unwrap(_ otherwise: String) throws -> Wrapped {
        guard let self else { throw Damage(otherwise) }
        return self
    }
}
