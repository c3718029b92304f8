// Data sets in lists, their tags, and the experiments that they belong to.

public import EvalCore
public import EvalJSON
internal import GRDB

extension SQLiteStore: DatasetCatalog {
    /// Makes an empty data set.
    public func createDataset(
        _ name: String,
        tags: JSON,
        experimentIDs: [Int64],
        userID: String
    ) async throws -> DatasetListing {
        let now = options.now()
        return try await transact { db in
            guard try Self.datasets(db, "d.name = ?", [.text(name)]).isEmpty else {
                throw Refusal.exists("There is a data set '\(name)' already; choose another name.")
            }
            for experiment in experimentIDs { _ = try Self.active(db, experiment) }
            let id = PublicID.make()
            try db.run(
                "INSERT INTO datasets (public_id, name, version, tags, created, user) VALUES (?, ?, 1, ?, ?, ?)",
                .id(id),
                .text(name),
                .text(tags.serialized),
                .integer(now),
                .text(userID)
            )
            let row = db.lastInsertedRowID
            try DatasetWriter(db, dataset: row, version: 1, now: now).finish("made")
            for experiment in experimentIDs { try Self.tie(db, row, experiment) }
            return try Self.listing(db, id)
        }
    }

    /// A data set.
    public func datasetListing(_ id: PublicID) async throws -> DatasetListing {
        try await look { db in try Self.listing(db, id) }
    }

    /// The data sets of some experiments, or all, that a filter finds.
    public func searchDatasets(
        in experimentIDs: [Int64]?,
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<DatasetListing> {
        var parts: [SearchSQL] = []
        if let experimentIDs {
            let list = experimentIDs.map { String($0) }.joined(separator: ",")
            parts.append(
                SearchSQL(
                    sql:
                        "EXISTS (SELECT 1 FROM dataset_experiments l WHERE l.dataset = d.id AND l.experiment IN (\(list)))"
                )
            )
        }
        for condition in filter.conditions {
            let key =
                condition.entity == .tag
                ? SearchKey(member: condition.key, of: "d.tags").sql
                : SearchSQL(sql: try Self.datasetKey(condition.key))
            let comparison = condition.sql(on: key.sql)
            parts.append(SearchSQL(sql: comparison.sql, arguments: key.arguments + comparison.arguments))
        }
        var orders = try order.map { "\(try Self.datasetKey($0.key)) \($0.direction)" }
        if orders.isEmpty { orders = ["d.created DESC"] }
        let selection = SearchSQL.all(parts)
        let sql = """
            SELECT d.public_id FROM datasets d JOIN dataset_versions v ON v.dataset = d.id AND v.version = d.version
            WHERE \(selection.sql) ORDER BY \(orders.joined(separator: ", ")), d.id DESC \(window.sql.sql)
            """
        return try await look { db in
            let result = window.result(
                try db.search(sql, selection.arguments + window.sql.arguments) { try $0.publicID(0) }
            )
            return SearchResult(try result.found.map { try Self.listing(db, $0) }, hasMore: result.hasMore)
        }
    }

    /// Sets tags; one that becomes null is taken away.
    public func setDatasetTags(_ id: PublicID, _ tags: JSON) async throws {
        let now = options.now()
        try await transact { db in
            let row = try Self.datasetRow(db, id)
            let old = try db.first("SELECT tags FROM datasets WHERE id = ?", .integer(row)) { try $0.json(0) } ?? nil
            let merged = JSON.merged(tags, old) ?? [:]
            let kept = merged.members.filter { !$0.value.isNull }.map { (String($0.key), $0.value) }
            try db.run(
                "UPDATE datasets SET tags = ?, updated = ? WHERE id = ?",
                .text(JSON.object(kept).serialized),
                .integer(now),
                .integer(row)
            )
        }
    }

    /// Ties a data set to experiments, or unties it.
    public func setDataset(
        _ id: PublicID,
        belongs: Bool,
        to experimentIDs: [Int64]
    ) async throws -> DatasetListing {
        let now = options.now()
        return try await transact { db in
            let row = try Self.datasetRow(db, id)
            for experiment in experimentIDs {
                if belongs {
                    _ = try Self.experiment(db, experiment)
                    try Self.tie(db, row, experiment)
                } else {
                    try db.run(
                        "DELETE FROM dataset_experiments WHERE dataset = ? AND experiment = ?",
                        .integer(row),
                        .integer(experiment)
                    )
                }
            }
            try db.run("UPDATE datasets SET updated = ? WHERE id = ?", .integer(now), .integer(row))
            return try Self.listing(db, id)
        }
    }

    /// The keys of a data set's records with the kinds of their values.
    public func datasetColumns(_ id: PublicID) async throws -> [DatasetColumn] {
        try await look { db in
            let row = try Self.datasetRow(db, id)
            var columns: [DatasetColumn] = []
            for part in ["inputs", "outputs", "expectations"] {
                let sql = """
                    SELECT e.key, e.type, min(r.place) AS first
                    FROM dataset_records r, json_each(r.content, '$.\(part)') e
                    WHERE r.dataset = ? AND r.until IS NULL AND json_type(r.content, '$.\(part)') = 'object'
                    GROUP BY e.key, e.type ORDER BY first, e.id
                    """
                columns += try db.all(sql, [.integer(row)]) { found in
                    let type =
                        switch found.text(1) {
                        case "text": "string"
                        case "real": "float"
                        case "true", "false": "boolean"
                        case let other: other
                        }
                    return DatasetColumn(part: part, key: found.text(0), type: type)
                }
            }
            return columns
        }
    }

    private static func tie(_ db: Database, _ dataset: Int64, _ experiment: Int64) throws {
        let sql = "INSERT INTO dataset_experiments (dataset, experiment) VALUES (?, ?) ON CONFLICT DO NOTHING"
        try db.run(sql, .integer(dataset), .integer(experiment))
    }

    private static func datasetRow(_ db: Database, _ id: PublicID) throws -> Int64 {
        guard let row = try db.first("SELECT id FROM datasets WHERE public_id = ?", .id(id), body: { $0.int64(0) })
        else {
            throw Refusal.missing("There is no data set with the id d-\(id.hexadecimal).")
        }
        return row
    }

    private static func listing(_ db: Database, _ id: PublicID) throws -> DatasetListing {
        let row = try datasetRow(db, id)
        guard var dataset = try datasets(db, "d.public_id = ?", [.id(id)]).first else {
            throw Damage("a data set has no version")
        }
        let sql = "SELECT experiment FROM dataset_experiments WHERE dataset = ? ORDER BY experiment"
        let experiments = try db.all(sql, [.integer(row)]) { $0.int64(0) }
        let user = try db.first("SELECT user, updated FROM datasets WHERE id = ?", .integer(row)) { found in
            dataset.updatedMilliseconds = max(dataset.updatedMilliseconds, found.int64(1))
            return found.optionalText(0) ?? ""
        }
        return DatasetListing(dataset: dataset, userID: user ?? "", experimentIDs: experiments)
    }

    private static func datasetKey(_ key: String) throws -> String {
        switch key {
        case "name": "d.name"
        case "created_time": "d.created"
        case "last_update_time": "max(v.created, ifnull(d.updated, 0))"
        case "created_by", "last_updated_by": "ifnull(d.user, '')"
        default: throw Refusal.invalid("Data sets can't be searched or sorted by `\(key)`.")
        }
    }
}
