// Logged models in the store.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: LoggedModelStore {
    /// Makes a model.
    public func createLoggedModel(
        _ name: String,
        in experiment: Int64,
        kind: String?,
        run: String?,
        tags: KeyedTexts,
        parameters: KeyedTexts
    ) async throws -> LoggedModel {
        let now = options.now()
        return try await transact { db in
            try db.refuseInactive(experiment: experiment)
            let sql = """
                INSERT INTO logged_models (public_id, experiment, name, kind, run, status, created, updated)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                """
            try db.run(
                sql,
                .id(.make()),
                .integer(experiment),
                .text(name),
                .optional(kind),
                .optional(run),
                .text(LoggedModel.Status.pending.rawValue),
                .integer(now)
            )
            let id = db.lastInsertedRowID
            try ModelRows(db: db).set(tags, "logged_model_tags", "model", id)
            let rows = LoggedModelRows(db: db)
            try rows.add(parameters, to: id)
            return try rows.model(id)
        }
    }

    /// A model.
    public func loggedModel(_ id: PublicID) async throws -> LoggedModel {
        try await look { db in
            let rows = LoggedModelRows(db: db)
            return try rows.model(rows.id(of: id))
        }
    }

    /// Says how far a model is.
    public func finishLoggedModel(_ id: PublicID, _ status: LoggedModel.Status) async throws -> LoggedModel {
        try await change(id) { rows, row in
            try rows.db.run("UPDATE logged_models SET status = ? WHERE id = ?", .text(status.rawValue), .integer(row))
        }
    }

    /// Forgets a model; its files stay.
    public func deleteLoggedModel(_ id: PublicID) async throws {
        try await transact { db in
            let row = try LoggedModelRows(db: db).id(of: id)
            for table in ["logged_model_tags", "logged_model_params", "logged_model_metrics"] {
                try db.run("DELETE FROM \(table) WHERE model = ?", .integer(row))
            }
            try db.run("DELETE FROM logged_models WHERE id = ?", .integer(row))
        }
    }

    /// Sets tags of a model.
    public func setLoggedModelTags(_ id: PublicID, _ tags: KeyedTexts) async throws -> LoggedModel {
        try await change(id) { rows, row in try ModelRows(db: rows.db).set(tags, "logged_model_tags", "model", row) }
    }

    /// Takes a tag away from a model.
    public func deleteLoggedModelTag(_ id: PublicID, key: String) async throws {
        let now = options.now()
        try await transact { db in
            let rows = LoggedModelRows(db: db)
            let row = try rows.id(of: id)
            try db.run("DELETE FROM logged_model_tags WHERE model = ? AND key = ?", .integer(row), .text(key))
            guard db.changesCount > 0 else {
                throw Refusal.missing("No tag with key '\(key)' found for model with ID 'm-\(id.hexadecimal)'.")
            }
            try rows.touch(row, now: now)
        }
    }

    /// Adds parameters.
    public func addLoggedModelParameters(_ id: PublicID, _ parameters: KeyedTexts) async throws {
        _ = try await change(id) { rows, row in try rows.add(parameters, to: row) }
    }

    /// Keeps what was measured.
    public func log(_ metrics: [LoggedModelMetric], toModel id: PublicID) async throws {
        let now = options.now()
        try await transact { db in try LoggedModelRows(db: db).log(metrics, to: id, now: now) }
    }

    /// Changes a model and notes the time.
    private func change(
        _ id: PublicID,
        _ body: @escaping @Sendable (LoggedModelRows, Int64) throws -> Void
    ) async throws -> LoggedModel {
        let now = options.now()
        return try await transact { db in
            let rows = LoggedModelRows(db: db)
            let row = try rows.id(of: id)
            try body(rows, row)
            try rows.touch(row, now: now)
            return try rows.model(row)
        }
    }

    /// Finds models.
    public func searchLoggedModels(_ search: LoggedModelSearch) async throws -> SearchResult<LoggedModel> {
        let query = try LoggedModelQuery(search).sql
        return try await look { db in
            let rows = LoggedModelRows(db: db)
            let ids = try db.search(query.sql, query.arguments) { $0.int64(0) }
            return try search.window.result(ids.map { try rows.model($0) })
        }
    }
}

/// The query of a search of logged models.
private struct LoggedModelQuery {
    private let search: LoggedModelSearch
    private static let columns = [
        "name": "m.name", "model_type": "m.kind", "status": "m.status", "source_run_id": "m.run",
        "creation_timestamp": "m.created", "last_updated_timestamp": "m.updated",
        "model_id": "('m-' || lower(hex(m.public_id)))",
    ]

    let sql: SearchSQL

    init(_ search: LoggedModelSearch) throws {
        self.search = search
        let list = JSON.array(search.experiments.map { JSON($0) }).serialized
        var parts = [SearchSQL(sql: "m.experiment IN (SELECT value FROM json_each(?))", arguments: [.text(list)])]
        parts += try search.filter.conditions.map { try Self.condition($0, search.datasets) }
        if !search.datasets.isEmpty, !search.filter.conditions.contains(where: { $0.entity == .metric }) {
            let datasets = Self.any(search.datasets)
            let sql = "EXISTS (SELECT 1 FROM logged_model_metrics k WHERE k.model = m.id AND \(datasets.sql))"
            parts.append(SearchSQL(sql: sql, arguments: datasets.arguments))
        }
        let condition = SearchSQL.all(parts)
        var orders = try search.order.map { try Self.order($0) }
        orders.append(SearchSQL(sql: "m.created DESC, m.id DESC"))
        let window = search.window.sql
        sql = SearchSQL(
            sql: """
                SELECT m.id FROM logged_models m WHERE \(condition.sql)
                ORDER BY \(orders.map(\.sql).joined(separator: ", ")) \(window.sql)
                """,
            arguments: condition.arguments + orders.flatMap(\.arguments) + window.arguments
        )
    }

    private static func condition(
        _ condition: SearchFilter.Condition,
        _ datasets: [LoggedModelSearch.Dataset]
    ) throws -> SearchSQL {
        switch condition.entity {
        case .tag: return .keyed(condition, in: "logged_model_tags", where: "k.model = m.id")
        case .parameter: return .keyed(condition, in: "logged_model_params", where: "k.model = m.id")
        case .metric:
            let datasets = any(datasets)
            let comparison = condition.sql(on: "k.value")
            return SearchSQL(
                sql: """
                    EXISTS (SELECT 1 FROM logged_model_metrics k WHERE k.model = m.id AND \(datasets.sql)
                    AND k.key = ? AND \(comparison.sql))
                    """,
                arguments: datasets.arguments + [.text(condition.key)] + comparison.arguments
            )
        case .attribute:
            if let column = columns[condition.key] { return condition.sql(on: column) }
            fallthrough
        default: throw Refusal.invalid("Logged models can't be searched by '\(condition.key)'.")
        }
    }

    /// That a metric was measured on one of some data sets, or on any where none is named.
    private static func any(_ datasets: [LoggedModelSearch.Dataset]) -> SearchSQL {
        if datasets.isEmpty { return SearchSQL(sql: "1") }
        let parts = datasets.map { dataset in
            let digest = dataset.digest.map { SearchSQL(sql: " AND k.dataset_digest = ?", arguments: [.text($0)]) }
            return SearchSQL(
                sql: "(k.dataset_name = ?\(digest?.sql ?? ""))",
                arguments: [.text(dataset.name)] + (digest?.arguments ?? [])
            )
        }
        return SearchSQL(
            sql: "(\(parts.map(\.sql).joined(separator: " OR ")))",
            arguments: parts.flatMap(\.arguments)
        )
    }

    private static func order(_ order: LoggedModelSearch.Order) throws -> SearchSQL {
        if order.key.entity == .metric {
            let datasets = any(order.dataset.map { [$0] } ?? [])
            return SearchSQL(
                sql: """
                    (SELECT k.value FROM logged_model_metrics k WHERE k.model = m.id AND k.key = ? AND \(datasets.sql)
                    ORDER BY k.time DESC, k.id DESC LIMIT 1) \(order.key.direction)
                    """,
                arguments: [.text(order.key.key)] + datasets.arguments
            )
        }
        guard order.key.entity == .attribute, let column = columns[order.key.key] else {
            throw Refusal.invalid("Logged models can't be sorted by '\(order.key.key)'.")
        }
        return SearchSQL(sql: "\(column) \(order.key.direction)")
    }
}
