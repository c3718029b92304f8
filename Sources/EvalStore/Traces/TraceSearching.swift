// Searching among traces, page by page. A page's token says after which trace the next one goes on, so that the last page
// costs as much as the first.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Parts that are indexed in one transaction, which others wait for.
    private static let wordsAtOnce = 100

    /// A page of a search.
    public func searchTraces(_ search: TraceSearch) async throws -> ResultPage<StoredTrace> {
        let query = try TraceQuery(search)
        if search.text != nil {
            while try await indexTraceWords(limit: Self.wordsAtOnce) > 0 {}
        }
        return try await look { db in
            var found: [KnownTrace] = []
            var last: TraceQuery.Place?
            var hasMore = false
            try Query(db, once: query.sql)
                .rows(query.arguments) { row in
                    // One more than the page has tells whether there is another.
                    hasMore = found.count == search.limit
                    if hasMore { return false }
                    found.append(try KnownTrace(row))
                    last = TraceQuery.Place(row, query.keys)
                    return true
                }
            let traces = try found.map { try Self.stored(db, $0, withSpans: false) }
            return ResultPage(traces, nextToken: hasMore ? last.map { query.token($0) } : nil)
        }
    }
}

/// One page of a search among traces.
struct TraceQuery: Sendable {
    /// Where a page ended.
    struct Place {
        let values: [JSON]
    }

    let keys: [(key: SearchKey, isAscending: Bool)]
    let sql: String
    let arguments: [Query.Argument]
    private let digest: String

    /// How many columns come before the keys'.
    private static let firstKey: Int32 = 16

    init(_ search: TraceSearch) throws {
        var keys = try search.order.map {
            (key: try TraceConditions.key($0.entity, $0.key), isAscending: $0.isAscending)
        }
        // Newest first among equals, and always one order: the row is the last key.
        if !search.order.contains(where: { $0.key == "timestamp_ms" && $0.entity == .attribute }) {
            keys.append((key: SearchKey("t.request_time", isNumber: true), isAscending: false))
        }
        keys.append((key: SearchKey("t.id", isNumber: true), isAscending: keys.last?.isAscending ?? false))
        self.keys = keys
        digest = String(
            Digest(of: Array("\(search.filter)\(search.order)\(search.experimentIDs ?? [])\(search.text ?? "")".utf8))
                .description
                .prefix(16)
        )

        var parts: [SearchSQL] = []
        if let experiments = search.experimentIDs {
            let marks = Array(repeating: "?", count: experiments.count).joined(separator: ",")
            parts.append(SearchSQL(sql: "t.experiment IN (\(marks))", arguments: experiments.map { .integer($0) }))
        }
        if !search.filter.conditions.isEmpty { parts.append(try TraceConditions.sql(search.filter)) }
        if let text = search.text { parts += TraceWords.terms(text).map(TraceWords.condition) }
        var page = SearchSQL.all(parts)
        if let token = search.token, !token.isEmpty {
            page = .all([page, Self.after(try Self.values(token, keys.count, digest), keys)])
        }
        let columns = keys.map(\.key.sql.sql).joined(separator: ", ")
        let order =
            keys.map { key, isAscending in
                "\(key.sql.sql) \(isAscending ? "ASC" : "DESC")\(key.isNeverNull ? "" : " NULLS LAST")"
            }
            .joined(separator: ", ")
        let bound = keys.flatMap(\.key.sql.arguments)
        sql = "SELECT \(KnownTrace.columns), \(columns) FROM traces t WHERE \(page.sql) ORDER BY \(order) LIMIT ?"
        arguments = bound + page.arguments + bound + [.int(search.limit + 1)]
    }

    /// The token of the page after a place.
    func token(_ place: Place) -> String {
        let json: JSON = .object([("after", .array(place.values)), ("of", JSON(digest))])
        return Data(json.serialized.utf8).base64EncodedString()
    }

    private static func values(_ token: String, _ count: Int, _ digest: String) throws -> [JSON] {
        guard let bytes = Data(base64Encoded: token), let json = try? JSON(parsing: Array(bytes)),
            let values = json[key: "after"].map({ Array($0.elements) }), values.count == count
        else { throw Refusal.invalid("Invalid page token; take `next_page_token` of the page before.") }
        guard json[key: "of"]?.string == digest else {
            throw Refusal.invalid("The page token belongs to a search with another filter, order or place; begin anew.")
        }
        return values
    }

    /// What comes after a place: a later first key, or the same first key and a later second one, and so on.
    private static func after(_ values: [JSON], _ keys: [(key: SearchKey, isAscending: Bool)]) -> SearchSQL {
        var alternatives: [SearchSQL] = []
        var same = SearchSQL(sql: "1")
        for (value, (key, isAscending)) in zip(values, keys) {
            let expression = key.sql
            // What is missing comes last either way, so that nothing but the next keys tells such traces apart.
            if !value.isNull {
                let sign = isAscending ? ">" : "<"
                alternatives.append(
                    SearchSQL(
                        sql: "(\(same.sql) AND (\(expression.sql) \(sign) ? OR \(expression.sql) IS NULL))",
                        arguments: same.arguments + expression.arguments + [value.argument] + expression.arguments
                    )
                )
            }
            same = SearchSQL(
                sql: "\(same.sql) AND \(expression.sql) IS ?",
                arguments: same.arguments + expression.arguments + [value.argument]
            )
        }
        // The first key alone bounds the scan of an index.
        if let value = values.first, let (key, isAscending) = keys.first, key.sql.sql == "t.request_time" {
            let bound = SearchSQL(sql: "t.request_time \(isAscending ? ">=" : "<=") ?", arguments: [value.argument])
            return .all([bound, joined(alternatives)])
        }
        return joined(alternatives)
    }

    private static func joined(_ alternatives: [SearchSQL]) -> SearchSQL {
        SearchSQL(
            sql: "(\(alternatives.map(\.sql).joined(separator: " OR ")))",
            arguments: alternatives.flatMap(\.arguments)
        )
    }
}

extension SearchKey {
    /// Whether every trace has it, so that an index can give the order.
    fileprivate var isNeverNull: Bool { sql.sql == "t.request_time" || sql.sql == "t.id" }
}

extension TraceQuery.Place {
    init(_ row: QueryRow, _ keys: [(key: SearchKey, isAscending: Bool)]) {
        values = keys.enumerated()
            .map { position, key in
                let column = TraceQuery.column(position)
                if row.isNull(column) { return .null }
                return key.key.isNumber ? JSON(row.int64(column)) : JSON(row.text(column))
            }
    }
}

extension TraceQuery {
    fileprivate static func column(_ position: Int) -> Int32 { firstKey + Int32(position) }
}

extension JSON {
    /// The value as an argument of a query.
    fileprivate var argument: Query.Argument {
        if let integer { return .integer(integer) }
        if let string { return .text(string) }
        return .null
    }
}
