// Registered names of models and prompts in the store.

public import EvalCore
internal import GRDB

extension SQLiteStore {
    /// Registers a name.
    public func createModel(
        _ name: String,
        description: String?,
        tags: KeyedTexts
    ) async throws -> RegisteredModel {
        let now = options.now()
        return try await transact { db in
            let rows = ModelRows(db: db)
            let taken = try db.first("SELECT id FROM registered_models WHERE name = ?", .text(name)) { $0.int64(0) }
            if let taken { throw try Self.taken(name, by: rows.model(taken), for: tags) }
            let sql = "INSERT INTO registered_models (name, description, created, updated) VALUES (?, ?, ?, ?)"
            try db.run(sql, .text(name), .optional(description), .integer(now), .integer(now))
            let id = db.lastInsertedRowID
            try rows.set(tags, "registered_model_tags", "model", id)
            return try rows.model(id)
        }
    }

    private static func taken(_ name: String, by other: RegisteredModel, for tags: KeyedTexts) -> Refusal {
        let new = RegisteredModel(
            name: name,
            description: nil,
            createdMilliseconds: 0,
            updatedMilliseconds: 0,
            tags: tags
        )
        let kind = new.isPrompt ? "Prompt" : "Registered Model"
        if new.isPrompt == other.isPrompt { return .exists("\(kind) (name=\(name)) already exists.") }
        return .exists(
            """
            The \(kind.lowercased()) '\(name)' can't be made: the name is taken by a \
            \(other.isPrompt ? "prompt" : "registered model"). Models and prompts share their names; choose another.
            """
        )
    }

    /// A registered name.
    public func model(_ name: String) async throws -> RegisteredModel {
        try await look { db in
            let rows = ModelRows(db: db)
            return try rows.model(rows.id(of: name))
        }
    }

    /// Changes what a name is for.
    public func describeModel(_ name: String, as description: String?) async throws -> RegisteredModel {
        try await change(name) { rows, id in
            try rows.db.run(
                "UPDATE registered_models SET description = ? WHERE id = ?",
                .optional(description),
                .integer(id)
            )
        }
    }

    /// Gives a name another one; versions and aliases go with it.
    public func renameModel(_ name: String, to newName: String) async throws -> RegisteredModel {
        try await change(name) { rows, id in
            let sql = "SELECT 1 FROM registered_models WHERE name = ? AND id <> ?"
            if try rows.db.first(sql, .text(newName), .integer(id), body: { _ in true }) != nil {
                throw Refusal.exists("Registered Model (name=\(newName)) already exists.")
            }
            try rows.db.run("UPDATE registered_models SET name = ? WHERE id = ?", .text(newName), .integer(id))
        }
    }

    /// Forgets a name with all its versions.
    public func deleteModel(_ name: String) async throws {
        try await transact { db in
            let id = try ModelRows(db: db).id(of: name)
            let versions = "SELECT id FROM model_versions WHERE model = ?"
            try db.run("DELETE FROM model_version_tags WHERE version IN (\(versions))", .integer(id))
            try db.run("DELETE FROM model_versions WHERE model = ?", .integer(id))
            try db.run("DELETE FROM registered_model_aliases WHERE model = ?", .integer(id))
            try db.run("DELETE FROM registered_model_tags WHERE model = ?", .integer(id))
            try db.run("DELETE FROM registered_models WHERE id = ?", .integer(id))
        }
    }

    /// Sets a tag of a name.
    public func setModelTag(_ name: String, key: String, value: String) async throws {
        try await transact { db in
            let rows = ModelRows(db: db)
            try rows.set([(key, value)], "registered_model_tags", "model", rows.id(of: name))
        }
    }

    /// Takes a tag away from a name.
    public func deleteModelTag(_ name: String, key: String) async throws {
        try await transact { db in
            let id = try ModelRows(db: db).id(of: name)
            try db.run("DELETE FROM registered_model_tags WHERE model = ? AND key = ?", .integer(id), .text(key))
        }
    }

    /// Makes an alias mean a version.
    public func setAlias(_ alias: String, of name: String, to version: Int64) async throws {
        try await transact { db in
            let id = try ModelRows(db: db).id(of: name, version)
            let sql = "INSERT OR REPLACE INTO registered_model_aliases (model, alias, version) VALUES (?, ?, ?)"
            try db.run(sql, .integer(id.model), .text(alias), .integer(version))
        }
    }

    /// Forgets an alias.
    public func deleteAlias(_ alias: String, of name: String) async throws {
        try await transact { db in
            let id = try ModelRows(db: db).id(of: name)
            try db.run("DELETE FROM registered_model_aliases WHERE model = ? AND alias = ?", .integer(id), .text(alias))
        }
    }

    /// Changes a name and notes the time.
    private func change(
        _ name: String,
        _ body: @escaping @Sendable (ModelRows, Int64) throws -> Void
    ) async throws -> RegisteredModel {
        let now = options.now()
        return try await transact { db in
            let rows = ModelRows(db: db)
            let id = try rows.id(of: name)
            try body(rows, id)
            try rows.touch(id, now: now)
            return try rows.model(id)
        }
    }
}
