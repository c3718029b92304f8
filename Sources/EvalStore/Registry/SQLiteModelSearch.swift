// Searching registered models, prompts and their versions.

public import EvalCore
internal import GRDB

extension SQLiteStore {
    /// Finds registered names.
    public func searchModels(
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<RegisteredModel> {
        let (conditions, wantsPrompts) = Self.apart(filter)
        var parts: [SearchSQL] = try conditions.map { condition in
            switch (condition.entity, condition.key) {
            case (.attribute, "name"): condition.sql(on: "m.name")
            case (.tag, _): .keyed(condition, in: "registered_model_tags", where: "k.model = m.id")
            default: throw Refusal.invalid("Registered models can't be searched by '\(condition.key)'.")
            }
        }
        if !wantsPrompts { parts.append(Self.noPrompt) }
        let columns = ["name": "m.name", "creation_timestamp": "m.created", "last_updated_timestamp": "m.updated"]
        let query = try Self.query(parts, order, columns, then: "m.name", window)
        return try await look { db in
            let ids = try db.search(
                "SELECT m.id FROM registered_models m WHERE \(query.sql)",
                query.arguments
            ) { $0.int64(0) }
            return try window.result(ids.map { try ModelRows(db: db).model($0) })
        }
    }

    /// Finds versions.
    public func searchVersions(
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<ModelVersion> {
        let (conditions, wantsPrompts) = Self.apart(filter)
        let columns = [
            "name": "m.name", "version_number": "v.version", "run_id": "v.run", "source_path": "v.source",
            "creation_timestamp": "v.created", "last_updated_timestamp": "v.updated",
        ]
        var parts: [SearchSQL] = try conditions.map { condition in
            if condition.entity == .tag {
                return SearchSQL.keyed(condition, in: "model_version_tags", where: "k.version = v.id")
            }
            guard condition.entity == .attribute, let column = columns[condition.key] else {
                throw Refusal.invalid("Model versions can't be searched by '\(condition.key)'.")
            }
            return condition.sql(on: column)
        }
        parts.append(SearchSQL(sql: "v.deleted IS NULL"))
        if !wantsPrompts { parts.append(Self.noPrompt) }
        let usual = order.isEmpty ? [SearchOrder(.attribute, "last_updated_timestamp", isAscending: false)] : order
        let query = try Self.query(parts, usual, columns, then: "m.name, v.version DESC", window)
        return try await look { db in
            try window.result(ModelRows(db: db).versions(query.sql, query.arguments))
        }
    }

    /// A name that isn't a prompt's.
    private static let noPrompt = SearchSQL(
        sql: """
            NOT EXISTS (
                SELECT 1 FROM registered_model_tags p WHERE p.model = m.id AND p.key = ? AND lower(p.value) = 'true'
            )
            """,
        arguments: [.text(RegisteredModel.promptTag)]
    )

    /// Tells whether prompts are wanted.
    ///
    /// Models have no prompt tag, so that conditions on it would find none of them:
    /// without a wish for prompts these conditions are left out.
    private static func apart(_ filter: SearchFilter) -> ([SearchFilter.Condition], wantsPrompts: Bool) {
        let onTag = filter.conditions.filter { $0.entity == .tag && $0.key == RegisteredModel.promptTag }
        let wantsPrompts = onTag.contains { condition in
            guard case .text(let value) = condition.value else { return false }
            return (condition.comparator == .equal && value.lowercased() == "true")
                || (condition.comparator == .unequal && value.lowercased() == "false")
        }
        if wantsPrompts { return (filter.conditions, true) }
        return (filter.conditions.filter { $0.entity != .tag || $0.key != RegisteredModel.promptTag }, false)
    }

    /// Conditions, order and window of a query.
    ///
    /// - Parameters:
    ///   - parts: The conditions.
    ///   - order: The orders.
    ///   - columns: The expression of each key of the orders.
    ///   - last: The order of those that are equal by all others.
    ///   - window: The window.
    /// - Returns: What stands behind `WHERE`.
    /// - Throws: An order by what has no column.
    static func query(
        _ parts: [SearchSQL],
        _ order: [SearchOrder],
        _ columns: [String: String],
        then last: String,
        _ window: SearchWindow
    ) throws -> SearchSQL {
        let orders = try order.map { order in
            guard order.entity == .attribute, let column = columns[order.key] else {
                throw Refusal.invalid("Nothing can be sorted by '\(order.key)' here.")
            }
            return "\(column) \(order.direction)"
        }
        let condition = SearchSQL.all(parts)
        return SearchSQL(
            sql: "\(condition.sql) ORDER BY \((orders + [last]).joined(separator: ", ")) \(window.sql.sql)",
            arguments: condition.arguments + window.sql.arguments
        )
    }
}
