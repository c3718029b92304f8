// Comparisons that SQLite lacks, as functions of SQL: LIKE that minds upper and lower case or knows more than ASCII, and
// regular expressions that take time in proportion to the text.

internal import EvalCore
internal import GRDB
internal import Synchronization

/// Functions that a search's conditions call: `search_like`, `search_ilike` and `search_rlike`, text first.
enum SearchFunctions {
    /// Makes the functions known to a connection; each connection has its own, which one thread at a time uses.
    static func add(to db: Database) {
        db.add(function: DatabaseFunction("percentile", argumentCount: 2, pure: true, aggregate: Percentile.self))
        let patterns = Cache<LikePattern>()
        let caseless = Cache<LikePattern>()
        let expressions = Cache<SearchExpression>()
        db.add(
            function: function("search_like") { pattern, text in
                patterns.value(of: pattern) { LikePattern($0) }.matches(text)
            }
        )
        db.add(
            function: function("search_ilike") { pattern, text in
                caseless.value(of: pattern) { LikePattern($0, ignoresCase: true) }.matches(text)
            }
        )
        db.add(
            function: function("search_rlike") { pattern, text in
                try expressions.value(of: pattern) { try SearchExpression($0) }.isFound(in: text)
            }
        )
    }

    private static func function(
        _ name: String,
        _ holds: @escaping @Sendable (String, String) throws -> Bool
    ) -> DatabaseFunction {
        DatabaseFunction(name, argumentCount: 2, pure: true) { values in
            guard let text = String.fromDatabaseValue(values[0]), let pattern = String.fromDatabaseValue(values[1])
            else {
                return nil
            }
            return try holds(pattern, text)
        }
    }

    /// What the last pattern was read to; a query has the same for every row.
    private final class Cache<Value: Sendable>: Sendable {
        private let last = Mutex<(pattern: String, value: Value)?>(nil)

        func value(of pattern: String, _ make: (String) throws -> Value) rethrows -> Value {
            if let last = last.withLock({ $0 }), last.pattern == pattern { return last.value }
            let value = try make(pattern)
            last.withLock { $0 = (pattern, value) }
            return value
        }
    }
}

/// The percentile of an aggregate's numbers, linear between the two nearest (method 7 of Hyndman and Fan, 1996).
private struct Percentile: DatabaseAggregate {
    private var values: [Double] = []
    private var rank = 50.0

    init() {}

    mutating func step(_ arguments: [DatabaseValue]) {
        if let value = Double.fromDatabaseValue(arguments[0]) { values.append(value) }
        if let rank = Double.fromDatabaseValue(arguments[1]) { self.rank = rank }
    }

    func finalize() -> (any DatabaseValueConvertible)? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let place = rank / 100 * Double(sorted.count - 1)
        let low = Int(place.rounded(.down))
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
}
