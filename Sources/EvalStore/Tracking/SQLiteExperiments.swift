// Experiments as clients make, rename, tag, delete and restore them.

public import EvalCore
internal import GRDB

extension SQLiteStore: ExperimentStore {
    /// Makes an experiment.
    public func createExperiment(named name: String, tags: [(key: String, value: String)]) async throws -> Int64 {
        let now = options.now()
        return try await transact { db in
            try Self.refuseTaken(db, name)
            try db.run("INSERT INTO experiments (name, created, updated) VALUES (?, ?, ?2)", .text(name), .integer(now))
            let id = db.lastInsertedRowID
            for (key, value) in tags { try Self.setTag(db, id, key, value) }
            return id
        }
    }

    /// An experiment, deleted or not.
    public func experiment(_ id: Int64) async throws -> Experiment {
        try await look { db in try Self.experiment(db, id) }
    }

    /// An experiment, deleted or not.
    public func experiment(named name: String) async throws -> Experiment? {
        try await look { db in
            try db.first("SELECT id FROM experiments WHERE name = ?", .text(name)) { $0.int64(0) }
                .map { try Self.experiment(db, $0) }
        }
    }

    /// Renames an experiment that isn't deleted.
    public func renameExperiment(_ id: Int64, to name: String) async throws {
        let now = options.now()
        try await transact { db in
            let experiment = try Self.active(db, id)
            if experiment.name == name { return }
            try Self.refuseTaken(db, name)
            try db.run(
                "UPDATE experiments SET name = ?, updated = ? WHERE id = ?",
                .text(name),
                .integer(now),
                .integer(id)
            )
        }
    }

    /// Deletes an experiment and its runs, or restores them.
    public func setExperiment(_ id: Int64, deleted: Bool) async throws {
        let now = options.now()
        try await transact { db in
            let experiment = try Self.experiment(db, id)
            guard experiment.isDeleted != deleted else {
                throw Refusal.missing(
                    "There is no \(deleted ? "active" : "deleted") experiment with the id \(id)."
                )
            }
            let time = deleted ? Query.Argument.integer(now) : .null
            try db.run(
                "UPDATE experiments SET deleted = ?, updated = ? WHERE id = ?",
                time,
                .integer(now),
                .integer(id)
            )
            // Runs go with their experiment, and come back with it: those that went at the same moment.
            if deleted {
                try db.run("UPDATE runs SET deleted = ? WHERE experiment = ? AND deleted IS NULL", time, .integer(id))
            } else {
                try db.run("UPDATE runs SET deleted = NULL WHERE experiment = ?", .integer(id))
            }
        }
    }

    /// Sets a tag.
    public func setExperimentTag(_ id: Int64, key: String, value: String) async throws {
        try await transact { db in
            _ = try Self.active(db, id)
            try Self.setTag(db, id, key, value)
        }
    }

    /// Takes a tag away.
    public func deleteExperimentTag(_ id: Int64, key: String) async throws {
        try await transact { db in
            _ = try Self.active(db, id)
            try db.run("DELETE FROM experiment_tags WHERE experiment = ? AND key = ?", .integer(id), .text(key))
            guard db.changesCount > 0 else { throw Refusal.missing("Experiment \(id) has no tag `\(key)`.") }
        }
    }

    static let selectExperiments =
        "SELECT id, name, created, ifnull(updated, created), deleted IS NOT NULL FROM experiments"

    static func experiment(_ db: Database, _ id: Int64) throws -> Experiment {
        let found = try db.first(selectExperiments + " WHERE id = ?", .integer(id)) { Experiment($0) }
        guard var experiment = found else { throw Refusal.missing("There is no experiment with the id \(id).") }
        let sql = "SELECT key, value FROM experiment_tags WHERE experiment = ?"
        experiment.tags = try db.all(sql, [.integer(id)]) { (key: $0.text(0), value: $0.text(1)) }
        return experiment
    }

    /// An experiment that isn't deleted.
    static func active(_ db: Database, _ id: Int64) throws -> Experiment {
        let experiment = try experiment(db, id)
        guard !experiment.isDeleted else {
            throw Refusal.invalid("Experiment \(id) (`\(experiment.name)`) is deleted; restore it first.")
        }
        return experiment
    }

    private static func setTag(_ db: Database, _ id: Int64, _ key: String, _ value: String) throws {
        let sql = """
            INSERT INTO experiment_tags (experiment, key, value) VALUES (?, ?, ?)
            ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value
            """
        try db.run(sql, .integer(id), .text(key), .text(value))
    }

    private static func refuseTaken(_ db: Database, _ name: String) throws {
        let taken = try db.first("SELECT deleted IS NOT NULL FROM experiments WHERE name = ?", .text(name)) {
            $0.int(0) != 0
        }
        guard let isDeleted = taken else { return }
        throw Refusal.exists(
            "Experiment '\(name)' already exists"
                + (isDeleted ? " in deleted state; restore it, or choose another name." : "; choose another name.")
        )
    }
}

extension Experiment {
    fileprivate init(_ row: QueryRow) {
        self.init(
            id: row.int64(0),
            name: row.text(1),
            createdMilliseconds: row.int64(2),
            updatedMilliseconds: row.int64(3),
            isDeleted: row.int(4) != 0
        )
    }
}
