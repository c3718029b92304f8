// Conditions decide the same in SQL as they do in Swift.

import EvalCore
import Testing

@testable import EvalStore

@Suite struct SearchSQLTests {
    private let texts: [String?] = [
        nil, "", "Name a", "name A", "NAME", "ärger", "ÄRGER", "100%", "under_score", "it's", "a\nb", "ünï 実験 🚀", "5",
        "10",
    ]

    @Test("a condition on a text finds in SQL what it holds for")
    func sameOnTexts() async throws {
        let store = try SQLiteStore(path: ":memory:")
        let patterns = ["Name%", "name _", "%", "", "Ä%", "100\\%", "%_score", "^[a-z]+", "実|🚀", "it's", "a.b", "5"]
        var conditions: [SearchFilter.Condition] = [.init(.tag, "k", .isNull), .init(.tag, "k", .isNotNull)]
        for comparator in SearchFilter.Comparator.allCases where comparator != .isNull && comparator != .isNotNull {
            switch comparator {
            case .among, .notAmong: conditions.append(.init(.tag, "k", comparator, .texts(["5", "it's", ""])))
            default: conditions += patterns.map { .init(.tag, "k", comparator, .text($0)) }
            }
        }
        for condition in conditions {
            for text in texts {
                // SQLite orders by bytes, Swift by Unicode; nobody compares texts with < here.
                if [.below, .atMost, .above, .atLeast].contains(condition.comparator) { continue }
                let part = condition.sql(on: "t")
                let found = try await store.read { db in
                    try db.search(
                        "SELECT ifnull(\(part.sql), 0) FROM (SELECT ? AS t)",
                        part.arguments + [.optional(text)]
                    ) { $0.int(0) != 0 }
                }
                #expect(try found == [condition.holds(for: text)], "\(condition) on \(text ?? "NULL")")
            }
        }
    }

    @Test("a condition on a number finds in SQL what it holds for")
    func sameOnNumbers() async throws {
        let store = try SQLiteStore(path: ":memory:")
        for comparator in [SearchFilter.Comparator.equal, .unequal, .below, .atMost, .above, .atLeast] {
            for number: Double in [-1, 0, 0.5, 2, .infinity] {
                let condition = SearchFilter.Condition(.metric, "k", comparator, .number(0.5))
                let part = condition.sql(on: "t")
                let found = try await store.read { db in
                    try db.search("SELECT \(part.sql) FROM (SELECT ? AS t)", part.arguments + [.number(number)]) {
                        $0.int(0) != 0
                    }
                }
                #expect(found == [condition.holds(for: number)], "\(condition) on \(number)")
            }
        }
    }

    @Test("an expression that can't be read is an error of the query, not a crash")
    func badExpression() async throws {
        let store = try SQLiteStore(path: ":memory:")
        let part = SearchFilter.Condition(.tag, "k", .matches, .text("(")).sql(on: "'x'")
        await #expect(throws: Diagnostic.self) {
            try await store.read { db in try db.search("SELECT \(part.sql)", part.arguments) { $0.int(0) } }
        }
    }
}
