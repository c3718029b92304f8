// Versions of registered models and prompts in the store. A deleted version keeps its row, so that its number is not
// used again; what it was made of is gone.

public import EvalCore
internal import GRDB

extension SQLiteStore: ModelRegistry {
    /// The version that an alias means.
    public func modelVersion(of name: String, alias: String) async throws -> ModelVersion {
        try await look { db in
            let rows = ModelRows(db: db)
            let id = try rows.id(of: name)
            if alias.lowercased() == "latest" {
                let newest = "v.model = ? AND v.deleted IS NULL ORDER BY v.version DESC LIMIT 1"
                guard let version = try rows.versions(newest, [.integer(id)]).first else {
                    throw Refusal.missing("Latest version not found for model \(name).")
                }
                return version
            }
            let sql = "SELECT version FROM registered_model_aliases WHERE model = ? AND alias = ?"
            guard let version = try db.first(sql, .integer(id), .text(alias), body: { $0.int64(0) }) else {
                throw Refusal.invalid("Registered model alias \(alias) not found.")
            }
            return try rows.version(rows.id(of: name, version).version)
        }
    }

    /// Makes the next version of a name.
    public func createVersion(of name: String, _ content: ModelVersionContent) async throws -> ModelVersion {
        let now = options.now()
        return try await transact { db in
            let rows = ModelRows(db: db)
            let model = try rows.id(of: name)
            let sql = """
                INSERT INTO model_versions
                    (model, version, source, run, run_link, logged_model, description, stage, created, updated)
                SELECT ?1, ifnull(max(version), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8 FROM model_versions WHERE model = ?1
                """
            try db.run(
                sql,
                .integer(model),
                .text(content.source),
                .optional(content.run),
                .optional(content.runLink),
                .optional(content.loggedModel),
                .optional(content.description),
                .text(ModelVersion.Stage.none.rawValue),
                .integer(now)
            )
            let id = db.lastInsertedRowID
            try rows.set(content.tags, "model_version_tags", "version", id)
            try rows.touch(model, now: now)
            return try rows.version(id)
        }
    }

    /// A version.
    public func modelVersion(of name: String, _ version: Int64) async throws -> ModelVersion {
        try await look { db in
            let rows = ModelRows(db: db)
            return try rows.version(rows.id(of: name, version).version)
        }
    }

    /// Changes a version's description.
    public func describeVersion(
        of name: String,
        _ version: Int64,
        as description: String?
    ) async throws -> ModelVersion {
        let now = options.now()
        return try await transact { db in
            let rows = ModelRows(db: db)
            let id = try rows.id(of: name, version)
            try db.run(
                "UPDATE model_versions SET description = ? WHERE id = ?",
                .optional(description),
                .integer(id.version)
            )
            try rows.touch(id.model, version: id.version, now: now)
            return try rows.version(id.version)
        }
    }

    /// Moves a version to a stage.
    public func moveVersion(
        of name: String,
        _ version: Int64,
        to stage: ModelVersion.Stage,
        archivesOthers: Bool
    ) async throws -> ModelVersion {
        guard !archivesOthers || stage == .staging || stage == .production else {
            throw Refusal.invalid(
                "Only versions in Staging or Production can be archived by a transition, and the stage is \(stage.rawValue)."
            )
        }
        let now = options.now()
        return try await transact { db in
            let rows = ModelRows(db: db)
            let id = try rows.id(of: name, version)
            if archivesOthers {
                try db.run(
                    "UPDATE model_versions SET stage = ?, updated = ? WHERE model = ? AND stage = ? AND id <> ?",
                    .text(ModelVersion.Stage.archived.rawValue),
                    .integer(now),
                    .integer(id.model),
                    .text(stage.rawValue),
                    .integer(id.version)
                )
            }
            try db.run("UPDATE model_versions SET stage = ? WHERE id = ?", .text(stage.rawValue), .integer(id.version))
            try rows.touch(id.model, version: id.version, now: now)
            return try rows.version(id.version)
        }
    }

    /// Forgets a version and the aliases that mean it.
    public func deleteVersion(of name: String, _ version: Int64) async throws {
        let now = options.now()
        try await transact { db in
            let rows = ModelRows(db: db)
            let id = try rows.id(of: name, version)
            let sql = """
                UPDATE model_versions SET deleted = ?, source = '', run = NULL, run_link = NULL, logged_model = NULL,
                    description = NULL WHERE id = ?
                """
            try db.run(sql, .integer(now), .integer(id.version))
            try db.run("DELETE FROM model_version_tags WHERE version = ?", .integer(id.version))
            try db.run(
                "DELETE FROM registered_model_aliases WHERE model = ? AND version = ?",
                .integer(id.model),
                .integer(version)
            )
            try rows.touch(id.model, version: id.version, now: now)
        }
    }

    /// Sets a tag of a version.
    public func setVersionTag(of name: String, _ version: Int64, key: String, value: String) async throws {
        try await transact { db in
            let rows = ModelRows(db: db)
            try rows.set([(key, value)], "model_version_tags", "version", rows.id(of: name, version).version)
        }
    }

    /// Takes a tag away from a version.
    public func deleteVersionTag(of name: String, _ version: Int64, key: String) async throws {
        try await transact { db in
            let id = try ModelRows(db: db).id(of: name, version)
            try db.run("DELETE FROM model_version_tags WHERE version = ? AND key = ?", .integer(id.version), .text(key))
        }
    }

    /// Says that a trace used versions of prompts.
    public func link(prompts: [PromptReference], toTrace trace: PublicID) async throws {
        try await transact { db in
            guard try db.first("SELECT 1 FROM traces WHERE public_id = ?", .id(trace), body: { _ in true }) != nil
            else {
                throw Refusal.missing("Trace with ID '\(trace.traceID)' not found.")
            }
            for prompt in prompts {
                try db.run(
                    "INSERT OR IGNORE INTO trace_prompts (trace, name, version) VALUES (?, ?, ?)",
                    .id(trace),
                    .text(prompt.name),
                    .integer(prompt.version)
                )
            }
        }
    }
}
