// Queues of traces that wait for reviewers, in the store.

public import EvalCore
internal import GRDB

extension SQLiteStore {
    /// Keeps a queue.
    public func createReviewQueue(_ queue: ReviewQueue) async throws -> ReviewQueue {
        let now = options.now()
        return try await transact { db in
            try db.refuseInactive(experiment: queue.experiment)
            try Self.refuseTaken(db, queue.name, queue.experiment, but: nil)
            let sql = """
                INSERT INTO review_queues (public_id, experiment, name, name_key, kind, author, created, updated)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                """
            try db.run(
                sql,
                .id(.make()),
                .integer(queue.experiment),
                .text(queue.name),
                .text(queue.name.lowercased()),
                .text(queue.kind.rawValue),
                .optional(queue.author),
                .integer(now)
            )
            let id = db.lastInsertedRowID
            try Self.set(db, users: queue.users, of: id)
            try Self.set(db, schemas: queue.schemas, of: id, in: queue.experiment)
            return try Self.reviewQueue(db, id)
        }
    }

    /// A queue.
    public func reviewQueue(_ id: PublicID) async throws -> ReviewQueue {
        try await look { db in try Self.reviewQueue(db, Self.row(db, id)) }
    }

    /// A queue of an experiment by its name.
    public func reviewQueue(named name: String, in experiment: Int64) async throws -> ReviewQueue {
        try await look { db in
            try db.refuseInactive(experiment: experiment)
            let sql = "SELECT id FROM review_queues WHERE experiment = ? AND name_key = ?"
            let id = try db.first(sql, .integer(experiment), .text(name.lowercased())) { $0.int64(0) }
            guard let id else {
                throw Refusal.missing("Review queue with name '\(name)' not found for experiment '\(experiment)'.")
            }
            return try Self.reviewQueue(db, id)
        }
    }

    /// The queues of an experiment, the newest first.
    public func reviewQueues(
        in experiment: Int64,
        of user: String?,
        with item: String?,
        window: SearchWindow
    ) async throws -> SearchResult<ReviewQueue> {
        try await look { db in
            try db.refuseInactive(experiment: experiment)
            let sql = """
                SELECT id FROM review_queues q WHERE experiment = ?1
                AND (?2 IS NULL OR EXISTS (SELECT 1 FROM review_queue_users u WHERE u.queue = q.id AND u.user = ?2))
                AND (?3 IS NULL OR EXISTS (SELECT 1 FROM review_queue_items i WHERE i.queue = q.id AND i.item = ?3))
                ORDER BY created DESC, id DESC LIMIT ?4 OFFSET ?5
                """
            let arguments = [Query.Argument.integer(experiment), .optional(user), .optional(item)]
            let ids = try db.all(sql, arguments + window.sql.arguments) { $0.int64(0) }
            return try window.result(ids.map { try Self.reviewQueue(db, $0) })
        }
    }

    /// Changes a queue that isn't one person's own.
    public func changeReviewQueue(_ id: PublicID, _ change: ReviewQueueChange) async throws -> ReviewQueue {
        let now = options.now()
        return try await transact { db in
            let row = try Self.row(db, id)
            let queue = try Self.reviewQueue(db, row)
            guard queue.kind == .custom else {
                throw Refusal.invalid("A user's own queue keeps its name, its user and its questions.")
            }
            if let name = change.name {
                try Self.refuseTaken(db, name, queue.experiment, but: row)
                let sql = "UPDATE review_queues SET name = ?, name_key = ? WHERE id = ?"
                try db.run(sql, .text(name), .text(name.lowercased()), .integer(row))
            }
            if let author = change.author {
                try db.run("UPDATE review_queues SET author = ? WHERE id = ?", .text(author), .integer(row))
            }
            if let users = change.users { try Self.set(db, users: users, of: row) }
            if let schemas = change.schemas {
                let waiting = "SELECT 1 FROM review_queue_items WHERE queue = ? LIMIT 1"
                if try db.first(waiting, .integer(row), body: { _ in true }) != nil {
                    throw Refusal.invalid(
                        "A queue's questions are locked while traces are in it; take them out before it is changed."
                    )
                }
                try Self.set(db, schemas: schemas, of: row, in: queue.experiment)
            }
            if change != ReviewQueueChange() {
                try db.run("UPDATE review_queues SET updated = ? WHERE id = ?", .integer(now), .integer(row))
            }
            return try Self.reviewQueue(db, row)
        }
    }

    /// Forgets a queue; assessments stay.
    public func deleteReviewQueue(_ id: PublicID) async throws {
        try await transact { db in
            guard let row = try db.row(of: id, in: "review_queues") else { return }
            for table in ["review_queue_users", "review_queue_schemas", "review_queue_items"] {
                try db.run("DELETE FROM \(table) WHERE queue = ?", .integer(row))
            }
            try db.run("DELETE FROM review_queues WHERE id = ?", .integer(row))
        }
    }

    /// The row's number of a queue.
    static func row(_ db: Database, _ id: PublicID) throws -> Int64 {
        guard let row = try db.row(of: id, in: "review_queues") else {
            throw Refusal.missing("Review queue with id 'rq-\(id.hexadecimal)' not found.")
        }
        return row
    }

    private static func refuseTaken(_ db: Database, _ name: String, _ experiment: Int64, but own: Int64?) throws {
        let sql = "SELECT id FROM review_queues WHERE experiment = ? AND name_key = ?"
        let taken = try db.first(sql, .integer(experiment), .text(name.lowercased())) { $0.int64(0) }
        guard taken == nil || taken == own else {
            throw Refusal.exists("Review queue with name '\(name)' already exists; capitals make no other name.")
        }
    }

    private static func set(_ db: Database, users: [String], of queue: Int64) throws {
        try db.run("DELETE FROM review_queue_users WHERE queue = ?", .integer(queue))
        for user in users {
            try db.run(
                "INSERT OR IGNORE INTO review_queue_users (queue, user) VALUES (?, ?)",
                .integer(queue),
                .text(user)
            )
        }
    }

    private static func set(_ db: Database, schemas: [PublicID], of queue: Int64, in experiment: Int64) throws {
        try db.run("DELETE FROM review_queue_schemas WHERE queue = ?", .integer(queue))
        for schema in schemas {
            let sql = "SELECT id FROM label_schemas WHERE public_id = ? AND experiment = ?"
            guard let row = try db.first(sql, .id(schema), .integer(experiment), body: { $0.int64(0) }) else {
                throw Refusal.invalid(
                    "Label schema 'ls-\(schema.hexadecimal)' not found for experiment '\(experiment)'."
                )
            }
            try db.run(
                "INSERT OR IGNORE INTO review_queue_schemas (queue, schema) VALUES (?, ?)",
                .integer(queue),
                .integer(row)
            )
        }
    }

    private static func reviewQueue(_ db: Database, _ id: Int64) throws -> ReviewQueue {
        let sql = "SELECT public_id, experiment, name, kind, author, created, updated FROM review_queues WHERE id = ?"
        let queue = try db.first(sql, .integer(id)) { row in
            ReviewQueue(
                id: try row.publicID(0),
                experiment: row.int64(1),
                name: row.text(2),
                kind: ReviewQueue.Kind(rawValue: row.text(3)) ?? .custom,
                author: row.optionalText(4),
                createdMilliseconds: row.int64(5),
                updatedMilliseconds: row.int64(6)
            )
        }
        guard var queue else { throw Damage("a review queue is gone") }
        queue.users = try db.all("SELECT user FROM review_queue_users WHERE queue = ? ORDER BY user", [.integer(id)]) {
            $0.text(0)
        }
        let schemas = """
            SELECT s.public_id FROM review_queue_schemas q JOIN label_schemas s ON s.id = q.schema
            WHERE q.queue = ? ORDER BY s.id
            """
        queue.schemas = try db.all(schemas, [.integer(id)]) { try $0.publicID(0) }
        return queue
    }
}
