// Rows of registered models and their versions, read and found by name.

internal import EvalCore
internal import GRDB

/// Reads and finds what the registry of models keeps, within a transaction.
struct ModelRows {
    let db: Database

    static let versionColumns = """
        v.id, m.name, v.version, v.source, v.run, v.run_link, v.logged_model, v.description, v.stage, v.created, \
        v.updated, m.id
        """

    /// The row's number of a registered name.
    func id(of name: String) throws -> Int64 {
        guard
            let id = try db.first("SELECT id FROM registered_models WHERE name = ?", .text(name), body: { $0.int64(0) })
        else { throw Refusal.missing("Registered Model with name=\(name) not found.") }
        return id
    }

    /// The row's number of a version that isn't deleted, and that of its name.
    func id(of name: String, _ version: Int64) throws -> (version: Int64, model: Int64) {
        let model = try id(of: name)
        let sql = "SELECT id FROM model_versions WHERE model = ? AND version = ? AND deleted IS NULL"
        guard let id = try db.first(sql, .integer(model), .integer(version), body: { $0.int64(0) }) else {
            throw Refusal.missing("Model Version (name=\(name), version=\(version)) not found.")
        }
        return (id, model)
    }

    /// A registered name with all that belongs to it.
    func model(_ id: Int64) throws -> RegisteredModel {
        let sql = "SELECT name, description, created, updated FROM registered_models WHERE id = ?"
        let model = try db.first(sql, .integer(id)) { row in
            RegisteredModel(
                name: row.text(0),
                description: row.optionalText(1),
                createdMilliseconds: row.int64(2),
                updatedMilliseconds: row.int64(3)
            )
        }
        guard var model else { throw Damage("a registered model is gone") }
        model.tags = try keyed("registered_model_tags", "model", id)
        model.aliases = try db.all(
            "SELECT alias, version FROM registered_model_aliases WHERE model = ? ORDER BY alias",
            [.integer(id)]
        ) { (alias: $0.text(0), version: $0.int64(1)) }
        model.latest = try latest(of: id)
        return model
    }

    /// The newest version in each stage, the newest first.
    func latest(of model: Int64) throws -> [ModelVersion] {
        let newest = """
            v.model = ? AND v.deleted IS NULL AND v.version = (
                SELECT max(o.version) FROM model_versions o
                WHERE o.model = v.model AND o.stage = v.stage AND o.deleted IS NULL
            ) ORDER BY v.version DESC
            """
        return try versions(newest, [.integer(model)])
    }

    /// The versions that satisfy a condition of SQL.
    func versions(_ condition: String, _ arguments: [Query.Argument]) throws -> [ModelVersion] {
        let sql = """
            SELECT \(Self.versionColumns) FROM model_versions v JOIN registered_models m ON m.id = v.model
            WHERE \(condition)
            """
        let rows = try db.search(sql, arguments) { row in
            let content = ModelVersionContent(
                source: row.text(3),
                run: row.optionalText(4),
                runLink: row.optionalText(5),
                loggedModel: row.optionalText(6),
                description: row.optionalText(7)
            )
            let version = ModelVersion(
                name: row.text(1),
                version: row.int64(2),
                content: content,
                stage: ModelVersion.Stage(rawValue: row.text(8)) ?? .none,
                createdMilliseconds: row.int64(9),
                updatedMilliseconds: row.int64(10)
            )
            return (id: row.int64(0), model: row.int64(11), version: version)
        }
        return try rows.map { id, model, version in
            var version = version
            version.content.tags = try keyed("model_version_tags", "version", id)
            version.aliases = try db.all(
                "SELECT alias FROM registered_model_aliases WHERE model = ? AND version = ? ORDER BY alias",
                [.integer(model), .integer(version.version)]
            ) { $0.text(0) }
            return version
        }
    }

    /// A version, by its row's number.
    func version(_ id: Int64) throws -> ModelVersion {
        guard let version = try versions("v.id = ?", [.integer(id)]).first else { throw Damage("a version is gone") }
        return version
    }

    /// Tags and the like of one owner; `table` and `owner` are names of ours.
    func keyed(_ table: String, _ owner: String, _ id: Int64) throws -> KeyedTexts {
        try db.all("SELECT key, value FROM \(table) WHERE \(owner) = ? ORDER BY key", [.integer(id)]) {
            (key: $0.text(0), value: $0.text(1))
        }
    }

    /// Sets tags and the like of one owner.
    func set(_ tags: KeyedTexts, _ table: String, _ owner: String, _ id: Int64) throws {
        for (key, value) in tags {
            try db.run(
                "INSERT OR REPLACE INTO \(table) (\(owner), key, value) VALUES (?, ?, ?)",
                .integer(id),
                .text(key),
                .text(value)
            )
        }
    }

    /// Notes that a name or one of its versions changed.
    func touch(_ model: Int64, version: Int64? = nil, now: Int64) throws {
        try db.run("UPDATE registered_models SET updated = ? WHERE id = ?", .integer(now), .integer(model))
        if let version {
            try db.run("UPDATE model_versions SET updated = ? WHERE id = ?", .integer(now), .integer(version))
        }
    }
}
