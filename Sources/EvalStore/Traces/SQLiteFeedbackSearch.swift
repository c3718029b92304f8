// Assessments of many traces, a page at a time: a page goes on behind the key of the last one.

public import EvalCore
internal import GRDB

extension SQLiteStore {
    /// A page of what was said of traces, in the order in which the traces were stored.
    public func searchFeedback(_ search: FeedbackSearch) async throws -> ResultPage<Assessment> {
        var conditions = search.withOverridden ? [] : ["a.valid = 1"]
        var arguments: [Query.Argument] = []
        if let experiments = search.experimentIDs {
            conditions.append(
                "t.experiment IN (\(Array(repeating: "?", count: experiments.count).joined(separator: ",")))"
            )
            arguments += experiments.map { .integer($0) }
        }
        if let run = search.runID {
            conditions.append("r.public_id = ?")
            arguments.append(.id(run))
        }
        if let name = search.name {
            conditions.append("n.name = ?")
            arguments.append(.text(name))
        }
        if let token = search.token {
            let parts = token.split(separator: ".").compactMap { Int64($0) }
            guard parts.count == 3 else {
                throw Refusal.invalid("Invalid page token; take the one that the page before gave.")
            }
            conditions.append("(a.trace, a.scorer, a.n) > (?, ?, ?)")
            arguments += parts.map { .integer($0) }
        }
        let sql = """
            SELECT \(Self.assessmentColumns), t.public_id, a.trace, a.scorer, a.n
            FROM assessments a JOIN traces t ON t.id = a.trace \(Self.assessmentJoins)
            WHERE \(conditions.isEmpty ? "1" : conditions.joined(separator: " AND "))
            ORDER BY a.trace, a.scorer, a.n LIMIT ?
            """
        let all = arguments + [.int(search.limit + 1)]
        return try await look { db in
            var found: [Assessment] = []
            var last: String?
            var hasMore = false
            try Query(db, sql)
                .rows(all) { row in
                    hasMore = found.count == search.limit
                    if hasMore { return false }
                    found.append(try Assessment(row, of: row.publicID(18)))
                    last = "\(row.int64(19)).\(row.int64(20)).\(row.int64(21))"
                    return true
                }
            return ResultPage(found, nextToken: hasMore ? last : nil)
        }
    }
}
