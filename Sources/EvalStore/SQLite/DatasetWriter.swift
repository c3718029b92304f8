// Makes the next version of a data set, within one transaction.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// Writes one version.
struct DatasetWriter {
    private let db: Database
    private let dataset: Int64
    private let version: Int
    private let now: Int64
    /// What was merged so far.
    private(set) var merge = DatasetMerge()

    init(_ db: Database, dataset: Int64, version: Int, now: Int64) {
        self.db = db
        self.dataset = dataset
        self.version = version
        self.now = now
    }

    private struct Found {
        let row: Int64
        let place: Int64
        let id: PublicID
        let content: JSON
        let since: Int
        let created: Int64
    }

    /// Adds a record, or changes the one with the same inputs.
    ///
    /// - Parameters:
    ///   - content: The record.
    ///   - check: What is wrong with what it becomes.
    /// - Returns: What is wrong; nil if it was merged.
    /// - Throws: Why the database can't be used.
    mutating func merge(_ content: JSON, check: (JSON) -> String?) throws -> String? {
        let inputs = (content["inputs"] ?? [:]).digest
        guard let old = try found("input_digest = ?", .blob(inputs.bytes)) else {
            if let wrong = check(content) { return wrong }
            try insert(content, inputs, place: try nextPlace(), id: .make(), created: now)
            merge.added += 1
            return nil
        }
        let merged = DatasetRecord.merged(old.content, content)
        guard merged.digest != old.content.digest else {
            merge.unchanged += 1
            return nil
        }
        if let wrong = check(merged) { return wrong }
        try end(old)
        try insert(merged, inputs, place: old.place, id: old.id, created: old.created)
        merge.changed += 1
        return nil
    }

    /// Removes a record; how many there were.
    func remove(_ id: PublicID) throws -> Int {
        guard let old = try found("public_id = ?", .id(id)) else { return 0 }
        try end(old)
        return 1
    }

    /// Makes the version what a reader finds.
    func finish(_ change: String) throws {
        var digest = DigestBuilder()
        var count = 0
        let sql = """
            SELECT digest FROM dataset_records WHERE dataset = ? AND until IS NULL ORDER BY digest
            """
        try Query(db, sql)
            .rows(.integer(dataset)) { row in
                row.withBytes(0) { digest.update(UnsafeRawBufferPointer($0)) }
                count += 1
                return true
            }
        let insert = """
            INSERT INTO dataset_versions (dataset, version, digest, records, change, created) VALUES (?, ?, ?, ?, ?, ?)
            """
        try Query(db, insert)
            .rows(
                .integer(dataset),
                .int(version),
                .blob(digest.finish().bytes),
                .int(count),
                .text(change),
                .integer(now)
            ) { _ in true }
        try Query(db, "UPDATE datasets SET version = ? WHERE id = ?")
            .rows(.int(version), .integer(dataset)) { _ in true }
    }

    private func found(_ condition: String, _ argument: Query.Argument) throws -> Found? {
        var found: Found?
        let sql = """
            SELECT id, place, public_id, content, since, created FROM dataset_records
            WHERE dataset = ? AND until IS NULL AND \(condition)
            """
        try Query(db, sql)
            .rows(.integer(dataset), argument) { row in
                found = Found(
                    row: row.int64(0),
                    place: row.int64(1),
                    id: try row.publicID(2),
                    content: try row.json(3) ?? .null,
                    since: row.int(4),
                    created: row.int64(5)
                )
                return false
            }
        return found
    }

    /// Lets a content count no longer; one of this very version never did.
    private func end(_ old: Found) throws {
        if old.since == version {
            try Query(db, "DELETE FROM dataset_records WHERE id = ?").rows(.integer(old.row)) { _ in true }
        } else {
            try Query(db, "UPDATE dataset_records SET until = ? WHERE id = ?")
                .rows(.int(version), .integer(old.row)) { _ in true }
        }
    }

    private func nextPlace() throws -> Int64 {
        var place: Int64 = 0
        try Query(db, "SELECT max(place) FROM dataset_records WHERE dataset = ?")
            .rows(.integer(dataset)) { row in
                place = row.int64(0)
                return false
            }
        return place + 1
    }

    private func insert(_ content: JSON, _ inputs: Digest, place: Int64, id: PublicID, created: Int64) throws {
        let sql = """
            INSERT INTO dataset_records
                (dataset, place, public_id, input_digest, digest, content, since, created, updated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try Query(db, sql)
            .rows(
                .integer(dataset),
                .integer(place),
                .id(id),
                .blob(inputs.bytes),
                .blob(content.digest.bytes),
                .text(content.serialized),
                .int(version),
                .integer(created),
                .integer(now)
            ) { _ in true }
    }
}
