// The traces in queues for reviewers.

public import EvalCore
internal import GRDB

extension SQLiteStore: ReviewQueueStore {
    /// Puts traces into a queue; those that are there stay as they are.
    public func addItems(_ items: [String], to queue: PublicID) async throws -> [ReviewItem] {
        let now = options.now()
        return try await transact { db in
            let row = try Self.row(db, queue)
            return try items.map { item in
                guard item.hasPrefix("tr-"), let trace = PublicID(hexadecimal: String(item.dropFirst(3))),
                    try db.row(of: trace, in: "traces") != nil
                else { throw Refusal.missing("Trace with ID '\(item)' not found; nothing was put into the queue.") }
                let sql = """
                    INSERT OR IGNORE INTO review_queue_items (queue, item, status, created, updated)
                    VALUES (?1, ?2, ?3, ?4, ?4)
                    """
                let status = ReviewItem.Status.pending.rawValue
                try db.run(sql, .integer(row), .text(item), .text(status), .integer(now))
                return try Self.item(db, item, row, queue)
            }
        }
    }

    /// Takes traces out of a queue.
    public func removeItems(_ items: [String], from queue: PublicID) async throws {
        try await transact { db in
            let row = try Self.row(db, queue)
            for item in items {
                try db.run("DELETE FROM review_queue_items WHERE queue = ? AND item = ?", .integer(row), .text(item))
            }
        }
    }

    /// The traces in a queue, the newest first.
    public func items(
        of queue: PublicID,
        status: ReviewItem.Status?,
        window: SearchWindow
    ) async throws -> SearchResult<ReviewItem> {
        try await look { db in
            let row = try Self.row(db, queue)
            let condition =
                "queue = ?1 AND (?2 IS NULL OR status = ?2) ORDER BY created DESC, id DESC LIMIT ?3 OFFSET ?4"
            let arguments = [Query.Argument.integer(row), .optional(status?.rawValue)] + window.sql.arguments
            return window.result(try Self.items(db, condition, arguments, queue))
        }
    }

    /// Says how far a trace is; who said it first stays.
    public func setStatus(
        _ status: ReviewItem.Status,
        of item: String,
        in queue: PublicID,
        by reviewer: String?
    ) async throws -> ReviewItem {
        let now = options.now()
        return try await transact { db in
            let row = try Self.row(db, queue)
            let old = try Self.item(db, item, row, queue)
            if old.status == status { return old }
            let sql = """
                UPDATE review_queue_items SET status = ?, reviewer = ?, completed = ?, updated = ?
                WHERE queue = ? AND item = ?
                """
            let isDone = status != .pending
            try db.run(
                sql,
                .text(status.rawValue),
                isDone ? .optional(reviewer) : .null,
                isDone ? .integer(now) : .null,
                .integer(now),
                .integer(row),
                .text(item)
            )
            return try Self.item(db, item, row, queue)
        }
    }

    private static func item(_ db: Database, _ item: String, _ row: Int64, _ queue: PublicID) throws -> ReviewItem {
        guard let found = try items(db, "queue = ? AND item = ?", [.integer(row), .text(item)], queue).first else {
            throw Refusal.missing("Item '\(item)' is not attached to review queue 'rq-\(queue.hexadecimal)'.")
        }
        return found
    }

    private static func items(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument],
        _ queue: PublicID
    ) throws -> [ReviewItem] {
        let sql = """
            SELECT item, status, reviewer, completed, created, updated FROM review_queue_items WHERE \(condition)
            """
        return try db.all(sql, arguments) { row in
            ReviewItem(
                queue: queue,
                item: row.text(0),
                status: ReviewItem.Status(rawValue: row.text(1)) ?? .pending,
                reviewer: row.optionalText(2),
                completedMilliseconds: row.optionalInt64(3),
                createdMilliseconds: row.int64(4),
                updatedMilliseconds: row.int64(5)
            )
        }
    }
}
