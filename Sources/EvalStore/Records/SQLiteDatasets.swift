// Data sets and their versions in the store.

public import EvalCore
public import EvalJSON
internal import GRDB

extension SQLiteStore: DatasetStore {
    /// Makes an empty data set.
    public func createDataset(
        _ name: String,
        tags: JSON,
        schema: JSON?
    ) async throws(Diagnostic) -> EvaluationDataset {
        let now = options.now()
        let made = try await write { db in
            let sql = """
                INSERT INTO datasets (public_id, name, version, tags, schema, created) VALUES (?, ?, 1, ?, ?, ?)
                """
            try Query(db, sql)
                .rows(
                    .id(.make()),
                    .text(name),
                    .text(tags.serialized),
                    .optional(schema?.serialized),
                    .integer(now)
                ) { _ in true }
            let id = db.lastInsertedRowID
            try DatasetWriter(db, dataset: id, version: 1, now: now).finish("made")
            return try Self.datasets(db, "d.id = ?", [.integer(id)]).first
        }
        guard let made else { throw Diagnostic("the data set was deleted meanwhile") }
        return made
    }

    /// All data sets, sorted by name.
    public func datasets() async throws(Diagnostic) -> [EvaluationDataset] {
        try await read { db in try Self.datasets(db, "1 ORDER BY d.name", []) }
    }

    /// A data set by name, by its identifier, or as a version of it was.
    public func dataset(named name: String) async throws(Diagnostic) -> EvaluationDataset {
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (found, isAmbiguous, names) = try await read { db in
            var found = try Self.datasets(db, "d.name = ?", [.text(parts[0])])
            if found.isEmpty, parts[0].hasPrefix("d-"), let id = PublicID(hexadecimal: String(parts[0].dropFirst(2))) {
                found = try Self.datasets(db, "d.public_id = ?", [.id(id)])
            }
            return (found.first, found.count > 1, found.isEmpty ? try Self.datasets(db, "1", []).map(\.name) : [])
        }
        guard !isAmbiguous else {
            throw Diagnostic(
                "several data sets are called '\(parts[0])'",
                help: "Name one by its identifier; `evalhost datasets list --format json` has them."
            )
        }
        guard var dataset = found else {
            throw Diagnostic(
                "there is no data set '\(parts[0])'",
                didYouMean: nearestWord(to: parts[0], among: names),
                help: "`evalhost datasets list` names them all."
            )
        }
        guard parts.count == 2, parts[1] != "latest" else { return dataset }
        guard let number = Int(parts[1]),
            let version = try await versions(of: dataset.id).first(where: { $0.number == number })
        else {
            throw Diagnostic(
                "the data set '\(dataset.name)' has no version '\(parts[1])'",
                help: "Its newest is \(dataset.version); `evalhost datasets show \(dataset.name)` lists them."
            )
        }
        dataset.version = number
        dataset.digest = version.digest
        dataset.records = version.records
        dataset.updatedMilliseconds = version.createdMilliseconds
        return dataset
    }

    /// Merges records.
    public func merge(
        _ contents: [JSON],
        into id: PublicID,
        check: @escaping @Sendable (JSON) -> String?
    ) async throws(Diagnostic) -> DatasetMerge {
        let now = options.now()
        // What is thrown undoes the transaction.
        return try await write { db in
            guard let (row, dataset) = try Self.current(db, id) else { throw Self.gone }
            var writer = DatasetWriter(db, dataset: row, version: dataset.version + 1, now: now)
            for (index, content) in contents.enumerated() {
                guard let wrong = try writer.merge(content, check: check) else { continue }
                throw Diagnostic(
                    "record \(index + 1) doesn't satisfy the data set's schema: \(wrong)",
                    help: "Nothing was added. `evalhost datasets show \(dataset.name)` shows the schema."
                )
            }
            if writer.merge.added + writer.merge.changed > 0 { try writer.finish(writer.merge.words) }
            return writer.merge
        }
    }

    /// Removes records by their identifiers.
    public func removeRecords(_ records: [PublicID], from id: PublicID) async throws(Diagnostic) -> Int {
        let now = options.now()
        return try await write { db in
            guard let (row, dataset) = try Self.current(db, id) else { throw Self.gone }
            let writer = DatasetWriter(db, dataset: row, version: dataset.version + 1, now: now)
            var count = 0
            for record in Set(records) { count += try writer.remove(record) }
            if count > 0 { try writer.finish("\(count) removed") }
            return count
        }
    }

    /// Removes a data set with all its versions.
    public func deleteDataset(_ id: PublicID) async throws(Diagnostic) {
        try await write { db in
            guard let (row, _) = try Self.current(db, id) else { return }
            for (table, column) in [
                ("dataset_records", "dataset"), ("dataset_versions", "dataset"), ("dataset_experiments", "dataset"),
                ("datasets", "id"),
            ] {
                try Query(db, "DELETE FROM \(table) WHERE \(column) = ?").rows(.integer(row)) { _ in true }
            }
        }
    }

    /// The records of a version.
    public func records(
        of dataset: EvaluationDataset,
        after place: Int64,
        limit: Int
    ) async throws(Diagnostic) -> (records: [DatasetRecord], place: Int64) {
        try await read { db in
            var records: [DatasetRecord] = []
            var last = place
            let sql = """
                SELECT r.public_id, r.content, r.created, r.updated, r.place
                FROM dataset_records r JOIN datasets d ON d.id = r.dataset
                WHERE d.public_id = ?1 AND r.place > ?2 AND r.since <= ?3 AND (r.until IS NULL OR r.until > ?3)
                ORDER BY r.place LIMIT ?4
                """
            try Query(db, sql)
                .rows(.id(dataset.id), .integer(place), .int(dataset.version), .int(limit)) { row in
                    records.append(
                        DatasetRecord(
                            id: try row.publicID(0),
                            content: try row.json(1) ?? .null,
                            createdMilliseconds: row.int64(2),
                            updatedMilliseconds: row.int64(3)
                        )
                    )
                    last = row.int64(4)
                    return true
                }
            return (records, last)
        }
    }

    /// The versions of a data set, the newest first.
    public func versions(of id: PublicID) async throws(Diagnostic) -> [DatasetVersion] {
        try await read { db in
            var versions: [DatasetVersion] = []
            let sql = """
                SELECT v.version, v.digest, v.records, v.change, v.created
                FROM dataset_versions v JOIN datasets d ON d.id = v.dataset
                WHERE d.public_id = ? ORDER BY v.version DESC
                """
            try Query(db, sql)
                .rows(.id(id)) { row in
                    guard let digest = row.digest(1) else { throw Damage("a version has no digest") }
                    versions.append(
                        DatasetVersion(
                            number: row.int(0),
                            digest: digest,
                            records: row.int(2),
                            change: row.text(3),
                            createdMilliseconds: row.int64(4)
                        )
                    )
                    return true
                }
            return versions
        }
    }

    /// What differs from one version to a later one.
    public func differences(
        of dataset: EvaluationDataset,
        since version: Int
    ) async throws(Diagnostic) -> [DatasetDifference] {
        try await read { db in
            var changes: [(old: JSON?, new: JSON?)] = []
            // By inputs: what was removed and added again is the same record to people.
            var places: [Digest: Int] = [:]
            // A record has a row for each content that it had: those that counted at one of the two versions.
            let sql = """
                SELECT r.input_digest, r.content, r.since <= ?2 AND (r.until IS NULL OR r.until > ?2)
                FROM dataset_records r JOIN datasets d ON d.id = r.dataset
                WHERE d.public_id = ?1
                    AND (r.since <= ?2 AND (r.until IS NULL OR r.until > ?2))
                        <> (r.since <= ?3 AND (r.until IS NULL OR r.until > ?3))
                ORDER BY r.place, r.since
                """
            try Query(db, sql)
                .rows(.id(dataset.id), .int(version), .int(dataset.version)) { row in
                    let content = try row.json(1) ?? .null
                    guard let inputs = row.digest(0) else { throw Damage("a record has no digest") }
                    let at = places[inputs, default: changes.count]
                    if at == changes.count { changes.append((nil, nil)) }
                    places[inputs] = at
                    if row.int(2) == 1 { changes[at].old = content } else { changes[at].new = content }
                    return true
                }
            return changes.compactMap { change in
                switch change {
                case (let old?, let new?): old == new ? nil : .changed(from: old, to: new)
                case (nil, let new?): .added(new)
                case (let old?, nil): .removed(old)
                case (nil, nil): nil
                }
            }
        }
    }

    private static let gone = Diagnostic("the data set was deleted meanwhile")

    /// A data set as it is now, with its row.
    private static func current(_ db: Database, _ id: PublicID) throws -> (row: Int64, dataset: EvaluationDataset)? {
        guard let dataset = try datasets(db, "d.public_id = ?", [.id(id)]).first else { return nil }
        var row: Int64 = 0
        try Query(db, "SELECT id FROM datasets WHERE public_id = ?")
            .rows(.id(id)) { found in
                row = found.int64(0)
                return false
            }
        return (row, dataset)
    }

    static func datasets(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [EvaluationDataset] {
        var datasets: [EvaluationDataset] = []
        let sql = """
            SELECT d.public_id, d.name, d.tags, d.schema, d.version, v.digest, v.records, d.created, v.created
            FROM datasets d JOIN dataset_versions v ON v.dataset = d.id AND v.version = d.version WHERE \(condition)
            """
        try Query(db, sql)
            .rows(arguments) { row in
                guard let digest = row.digest(5) else { throw Damage("a data set has no digest") }
                datasets.append(
                    EvaluationDataset(
                        id: try row.publicID(0),
                        name: row.text(1),
                        tags: try row.json(2) ?? [:],
                        schema: try row.json(3),
                        version: row.int(4),
                        digest: digest,
                        records: row.int(6),
                        createdMilliseconds: row.int64(7),
                        updatedMilliseconds: row.int64(8)
                    )
                )
                return true
            }
        return datasets
    }
}
