// From a search's conditions and orders to SQL. A subject says which expression a key is; all values are bound.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// A part of a query with what it binds.
struct SearchSQL {
    var sql: String
    var arguments: [Query.Argument] = []

    /// Conditions joined by AND.
    static func all(_ parts: [SearchSQL]) -> SearchSQL {
        if parts.isEmpty { return SearchSQL(sql: "1") }
        return SearchSQL(sql: parts.map(\.sql).joined(separator: " AND "), arguments: parts.flatMap(\.arguments))
    }

    /// A condition that one of the rows of another table satisfies, as `tags.KEY = 'text'` does.
    ///
    /// - Parameters:
    ///   - condition: The condition.
    ///   - table: The table, with the columns `key` and `value`.
    ///   - link: What ties its row `k` to the row that is searched, such as `k.model = m.id`.
    /// - Returns: The condition; `IS NULL` wants that there is no such row.
    static func keyed(_ condition: SearchFilter.Condition, in table: String, where link: String) -> SearchSQL {
        let row = "EXISTS (SELECT 1 FROM \(table) k WHERE \(link) AND k.key = ?"
        switch condition.comparator {
        case .isNull: return SearchSQL(sql: "NOT \(row))", arguments: [.text(condition.key)])
        case .isNotNull: return SearchSQL(sql: "\(row))", arguments: [.text(condition.key)])
        default:
            let comparison = condition.sql(on: "k.value")
            return SearchSQL(
                sql: "\(row) AND \(comparison.sql))",
                arguments: [.text(condition.key)] + comparison.arguments
            )
        }
    }
}

extension SearchFilter.Condition {
    /// The comparison of an expression of SQL.
    func sql(on expression: String) -> SearchSQL {
        switch (comparator, value) {
        case (.isNull, _): SearchSQL(sql: "\(expression) IS NULL")
        case (.isNotNull, _): SearchSQL(sql: "\(expression) IS NOT NULL")
        case (.like, .text(let text)): SearchSQL(sql: "search_like(\(expression), ?)", arguments: [.text(text)])
        case (.caselessLike, .text(let text)):
            SearchSQL(sql: "search_ilike(\(expression), ?)", arguments: [.text(text)])
        case (.matches, .text(let text)): SearchSQL(sql: "search_rlike(\(expression), ?)", arguments: [.text(text)])
        case (.among, .texts(let texts)), (.notAmong, .texts(let texts)):
            // One argument, however many texts there are.
            SearchSQL(
                sql: "\(expression) \(comparator.rawValue) (SELECT value FROM json_each(?))",
                arguments: [.text(JSON.array(texts.map { JSON($0) }).serialized)]
            )
        case (_, .text(let text)): SearchSQL(sql: "\(expression) \(comparator.rawValue) ?", arguments: [.text(text)])
        case (_, .number(let number)):
            SearchSQL(sql: "\(expression) \(comparator.rawValue) ?", arguments: [.number(number)])
        // A value that doesn't fit its comparator finds nothing; the grammar makes no such condition.
        default: SearchSQL(sql: "0")
        }
    }
}

extension SearchOrder {
    /// The direction, with what is missing at the end either way.
    var direction: String { (isAscending ? "ASC" : "DESC") + " NULLS LAST" }
}

extension SearchWindow {
    /// The end of a query that gives one row more than the window has, which tells whether there is more.
    var sql: SearchSQL { SearchSQL(sql: "LIMIT ? OFFSET ?", arguments: [.int(limit + 1), .int(offset)]) }

    /// What a query with `sql` at its end found.
    func result<Found: Sendable>(_ found: [Found]) -> SearchResult<Found> {
        SearchResult(Array(found.prefix(limit)), hasMore: found.count > limit)
    }
}

extension Database {
    /// All rows of a search as `body` reads them.
    func search<Value>(_ sql: String, _ arguments: [Query.Argument], body: (QueryRow) throws -> Value) throws -> [Value]
    {
        var values: [Value] = []
        try Query(self, once: sql)
            .rows(arguments) {
                values.append(try body($0))
                return true
            }
        return values
    }
}
