// Problems that traces have in common, in the store.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: IssueStore {
    /// Keeps an issue.
    public func createIssue(_ issue: Issue) async throws -> Issue {
        let now = options.now()
        return try await transact { db in
            try db.refuseInactive(experiment: issue.experiment)
            let sql = """
                INSERT INTO issues
                    (public_id, experiment, name, description, status, severity, causes, categories, run, author, created,
                    updated)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
                """
            let id = PublicID.make()
            try db.run(
                sql,
                .id(id),
                .integer(issue.experiment),
                .text(issue.name),
                .text(issue.description),
                .text(issue.status.rawValue),
                .optional(issue.severity?.rawValue),
                .text(JSON.array(issue.causes.map { JSON($0) }).serialized),
                .text(JSON.array(issue.categories.map { JSON($0) }).serialized),
                .optional(issue.run),
                .optional(issue.author),
                .integer(now)
            )
            return try Self.issue(db, id)
        }
    }

    /// An issue.
    public func issue(_ id: PublicID) async throws -> Issue { try await look { db in try Self.issue(db, id) } }

    /// Changes an issue.
    public func changeIssue(_ id: PublicID, _ change: IssueChange) async throws -> Issue {
        let now = options.now()
        return try await transact { db in
            let sql = """
                UPDATE issues SET name = ifnull(?, name), description = ifnull(?, description),
                    status = ifnull(?, status), severity = ifnull(?, severity), updated = ? WHERE public_id = ?
                """
            try db.run(
                sql,
                .optional(change.name),
                .optional(change.description),
                .optional(change.status?.rawValue),
                .optional(change.severity?.rawValue),
                .integer(now),
                .id(id)
            )
            return try Self.issue(db, id)
        }
    }

    /// Finds issues, the worst first, then the newest.
    public func searchIssues(
        in experiment: Int64?,
        _ filter: SearchFilter,
        window: SearchWindow
    ) async throws -> SearchResult<Issue> {
        var parts = try filter.conditions.map { condition in
            switch (condition.entity, condition.key) {
            case (.attribute, "status"): condition.sql(on: "status")
            case (.attribute, "source_run_id"): condition.sql(on: "run")
            default: throw Refusal.invalid("Issues can't be searched by '\(condition.key)'.")
            }
        }
        if let experiment { parts.append(SearchSQL(sql: "experiment = ?", arguments: [.integer(experiment)])) }
        let condition = SearchSQL.all(parts)
        let ranks = Issue.Severity.allCases.enumerated().map { "WHEN '\($1.rawValue)' THEN \($0)" }
        let order = "CASE severity \(ranks.joined(separator: " ")) ELSE -1 END DESC, created DESC, id DESC"
        let sql = "\(condition.sql) ORDER BY \(order) \(window.sql.sql)"
        return try await look { db in
            window.result(try Self.issues(db, sql, condition.arguments + window.sql.arguments))
        }
    }

    private static func issue(_ db: Database, _ id: PublicID) throws -> Issue {
        guard let found = try issues(db, "public_id = ?", [.id(id)]).first else {
            throw Refusal.missing("Issue with ID 'iss-\(id.hexadecimal)' not found.")
        }
        return found
    }

    private static func issues(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [Issue] {
        let sql = """
            SELECT public_id, experiment, name, description, status, severity, causes, categories, run, author, created,
                updated
            FROM issues WHERE \(condition)
            """
        return try db.search(sql, arguments) { row in
            Issue(
                id: try row.publicID(0),
                experiment: row.int64(1),
                name: row.text(2),
                description: row.text(3),
                status: Issue.Status(rawValue: row.text(4)) ?? .pending,
                severity: row.optionalText(5).flatMap(Issue.Severity.init(rawValue:)),
                causes: try row.json(6)?.elements.compactMap(\.string) ?? [],
                categories: try row.json(7)?.elements.compactMap(\.string) ?? [],
                run: row.optionalText(8),
                author: row.optionalText(9),
                createdMilliseconds: row.int64(10),
                updatedMilliseconds: row.int64(11)
            )
        }
    }
}
