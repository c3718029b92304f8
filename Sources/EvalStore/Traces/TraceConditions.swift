// Conditions of a search among traces as SQL.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// An expression of SQL that a key stands for.
struct SearchKey {
    /// The expression, with what it binds.
    var sql: SearchSQL
    /// Whether its values are numbers.
    var isNumber = false

    init(_ sql: String, _ arguments: [Query.Argument] = [], isNumber: Bool = false) {
        self.sql = SearchSQL(sql: sql, arguments: arguments)
        self.isNumber = isNumber
    }

    /// A member of an object that a column holds as JSON.
    init(member key: String, of column: String) {
        if key.contains("\"") || key.contains("\\") {
            self.init("(SELECT m.value FROM json_each(\(column)) m WHERE m.key = ?)", [.text(key)])
        } else {
            self.init("(\(column) ->> ?)", [.text("$.\"\(key)\"")])
        }
    }
}

enum TraceConditions {
    /// All conditions of a filter, joined.
    static func sql(_ filter: SearchFilter) throws -> SearchSQL {
        let ofSpans = filter.conditions.filter { $0.entity == .span || $0.entity == .spanAttribute }
        var parts = try filter.conditions.filter { $0.entity != .span && $0.entity != .spanAttribute }.map(condition)
        if !ofSpans.isEmpty { parts.append(span(ofSpans)) }
        return .all(parts)
    }

    /// What a key of an attribute, tag or piece of metadata is.
    static func key(_ entity: SearchFilter.Entity, _ name: String) throws -> SearchKey {
        switch (entity, name) {
        case (.tag, _): return SearchKey(member: name, of: "t.tags")
        case (.metadata, TraceKeys.session): return SearchKey("t.session")
        case (.metadata, _): return SearchKey(member: name, of: "t.metadata")
        case (.attribute, "request_id"): return SearchKey("('tr-' || lower(hex(t.public_id)))")
        case (.attribute, "timestamp_ms"): return SearchKey("t.request_time", isNumber: true)
        case (.attribute, "execution_time_ms"): return SearchKey("t.duration", isNumber: true)
        case (.attribute, "end_time_ms"): return SearchKey("(t.request_time + t.duration)", isNumber: true)
        case (.attribute, "status"):
            let words = TraceState.allCases.map { "WHEN \($0.code) THEN '\($0.rawValue)'" }.joined(separator: " ")
            return SearchKey("(CASE t.state \(words) END)")
        case (.attribute, "name"):
            return SearchKey(
                "ifnull(t.tags ->> '$.\"\(TraceKeys.name)\"', CASE WHEN t.parts = 0 THEN t.spans ->> '$[0].name' END)"
            )
        case (.attribute, "client_request_id"): return SearchKey("t.client_request")
        case (.attribute, "experiment_id"): return SearchKey("CAST(t.experiment AS TEXT)")
        case (.attribute, "run_id"):
            let select =
                "SELECT lower(hex(r.public_id)) FROM trace_runs l JOIN runs r ON r.id = l.run WHERE l.trace = t.id"
            return SearchKey("(\(select) LIMIT 1)")
        default: throw Refusal.invalid("Traces can't be searched or sorted by `\(name)`.")
        }
    }

    private static func condition(_ condition: SearchFilter.Condition) throws -> SearchSQL {
        switch (condition.entity, condition.key) {
        case (.feedback, _), (.expectation, _): return assessment(condition)
        case (.attribute, "run_id"): return run(condition)
        case (.attribute, "text"): return content(condition)
        case (.attribute, "prompt"): return prompt(condition)
        case (.attribute, "request_id"):
            if let ids = ids(condition) { return ids }
        case (.issue, _):
            return SearchSQL(
                sql: "EXISTS (SELECT 1 FROM assessments a JOIN names n ON n.id = a.name "
                    + "WHERE a.trace = t.id AND a.valid = 1 AND n.name = ?)",
                arguments: condition.texts.map { .text($0) }
            )
        default: break
        }
        let key = try key(condition.entity, condition.key).sql
        let comparison = condition.sql(on: key.sql)
        return SearchSQL(sql: comparison.sql, arguments: key.arguments + comparison.arguments)
    }

    /// Traces by their ids, which are found by the index.
    private static func ids(_ condition: SearchFilter.Condition) -> SearchSQL? {
        guard condition.comparator == .equal || condition.comparator == .among else { return nil }
        let ids = condition.texts.compactMap { text in
            text.hasPrefix("tr-") ? PublicID(hexadecimal: String(text.dropFirst(3))) : nil
        }
        if ids.isEmpty { return SearchSQL(sql: "0") }
        let marks = Array(repeating: "?", count: ids.count).joined(separator: ",")
        return SearchSQL(sql: "t.public_id IN (\(marks))", arguments: ids.map { .id($0) })
    }

    /// Traces that are linked to a run, or are its rows.
    private static func run(_ condition: SearchFilter.Condition) -> SearchSQL {
        let linked =
            "SELECT trace FROM trace_runs WHERE run IN (SELECT r.id FROM runs r WHERE @)"
            + " UNION ALL SELECT trace FROM run_rows WHERE run IN (SELECT r.id FROM runs r WHERE @)"
        let anyLink =
            "(EXISTS (SELECT 1 FROM trace_runs l WHERE l.trace = t.id)"
            + " OR EXISTS (SELECT 1 FROM run_rows l WHERE l.trace = t.id))"
        switch condition.comparator {
        case .isNull: return SearchSQL(sql: "NOT \(anyLink)")
        case .isNotNull: return SearchSQL(sql: anyLink)
        case .unequal, .notAmong:
            var opposite = condition
            opposite.comparator = condition.comparator == .unequal ? .equal : .among
            let inside = run(opposite)
            return SearchSQL(sql: "(\(anyLink) AND NOT \(inside.sql))", arguments: inside.arguments)
        case .equal, .among:
            let ids = condition.texts.compactMap(PublicID.init(hexadecimal:))
            if ids.isEmpty { return SearchSQL(sql: "0") }
            let marks = Array(repeating: "?", count: ids.count).joined(separator: ",")
            return SearchSQL(
                sql: "t.id IN (\(linked.replacing("@", with: "r.public_id IN (\(marks))")))",
                arguments: (ids + ids).map { .id($0) }
            )
        default:
            let comparison = condition.sql(on: "lower(hex(r.public_id))")
            return SearchSQL(
                sql: "t.id IN (\(linked.replacing("@", with: comparison.sql)))",
                arguments: comparison.arguments + comparison.arguments
            )
        }
    }

    /// Anything in the spans.
    private static func content(_ condition: SearchFilter.Condition) -> SearchSQL {
        let part = condition.sql(on: "p.spans")
        let own = condition.sql(on: "t.spans")
        return SearchSQL(
            sql: "(EXISTS (SELECT 1 FROM trace_parts p WHERE p.trace = t.id AND \(part.sql)) OR \(own.sql))",
            arguments: part.arguments + own.arguments
        )
    }

    /// The version of a prompt that the trace used, as `name/version`.
    private static func prompt(_ condition: SearchFilter.Condition) -> SearchSQL {
        guard let text = condition.texts.first, let slash = text.lastIndex(of: "/") else { return SearchSQL(sql: "0") }
        return SearchSQL(
            sql: "t.public_id IN (SELECT l.trace FROM trace_prompts l WHERE l.name = ? AND l.version = ?)",
            arguments: [.text(String(text[..<slash])), .text(String(text[text.index(after: slash)...]))]
        )
    }

    /// All of these hold for one span.
    private static func span(_ conditions: [SearchFilter.Condition]) -> SearchSQL {
        let one = SearchSQL.all(
            conditions.map { condition in
                let key = spanKey(condition)
                let comparison = condition.sql(on: key.sql)
                let times = max(1, comparison.sql.components(of: key.sql))
                return SearchSQL(
                    sql: comparison.sql,
                    arguments: Array(repeating: key.arguments, count: times).flatMap { $0 } + comparison.arguments
                )
            }
        )
        return SearchSQL(
            sql: "(EXISTS (SELECT 1 FROM trace_parts p, json_each(p.spans) s WHERE p.trace = t.id AND \(one.sql))"
                + " OR EXISTS (SELECT 1 FROM json_each(t.spans) s WHERE \(one.sql)))",
            arguments: one.arguments + one.arguments
        )
    }

    private static func spanKey(_ condition: SearchFilter.Condition) -> SearchSQL {
        switch (condition.entity, condition.key) {
        case (.span, "content"): return SearchSQL(sql: "s.value")
        case (.span, "status"): return SearchSQL(sql: "ifnull(s.value ->> '$.status', 'OK')")
        case (.span, let name): return SearchSQL(sql: "(s.value ->> ?)", arguments: [.text("$.\(name)")])
        case (_, "mlflow.spanType"): return SearchSQL(sql: "(s.value ->> '$.type')")
        case (_, "mlflow.spanInputs"): return text("$.inputs")
        case (_, "mlflow.spanOutputs"): return text("$.outputs")
        case (_, let key): return text("$.attributes.\"\(key.filter { $0 != "\"" })\"")
        }
    }

    /// A text as it is, anything else as JSON.
    private static func text(_ path: String) -> SearchSQL {
        SearchSQL(
            sql: "(CASE json_type(s.value, ?) WHEN 'text' THEN s.value ->> ? ELSE s.value -> ? END)",
            arguments: Array(repeating: .text(path), count: 3)
        )
    }

    /// What somebody said of the trace; of its session, it counts for all traces of that.
    private static func assessment(_ condition: SearchFilter.Condition) -> SearchSQL {
        let type = condition.entity == .feedback ? AssessmentType.feedback : .expectation
        let comparison = valueComparison(condition, kind: "a.kind", value: "a.value")
        let ofSession =
            "a.trace IN (SELECT o.id FROM traces o WHERE o.session = t.session) "
            + "AND a.metadata ->> '$.\"\(TraceKeys.session)\"' = t.session"
        var found = SearchSQL(
            sql: "EXISTS (SELECT 1 FROM assessments a JOIN names n ON n.id = a.name WHERE n.name = ? AND a.valid = 1 "
                + "AND a.type = \(type.rawValue) AND (a.trace = t.id OR (t.session IS NOT NULL AND \(ofSession)))"
                + " AND \(comparison.sql))",
            arguments: [.text(condition.key)] + comparison.arguments
        )
        if type == .expectation {
            let own = valueComparison(
                condition,
                kind:
                    "(CASE e.type WHEN 'true' THEN 1 WHEN 'false' THEN 1 WHEN 'integer' THEN 2 WHEN 'real' THEN 3 WHEN 'text' THEN 4 ELSE 5 END)",
                value: "e.value"
            )
            found = SearchSQL(
                sql: "(\(found.sql) OR EXISTS (SELECT 1 FROM run_rows l, json_each(l.expectations) e "
                    + "WHERE l.trace = t.id AND l.expectations IS NOT NULL AND e.key = ? AND \(own.sql)))",
                arguments: found.arguments + [.text(condition.key)] + own.arguments
            )
        }
        return condition.comparator == .isNull ? SearchSQL(sql: "NOT \(found.sql)", arguments: found.arguments) : found
    }

    private static func valueComparison(_ condition: SearchFilter.Condition, kind: String, value: String) -> SearchSQL {
        let plain =
            "(CASE \(kind) WHEN 1 THEN CASE \(value) WHEN 0 THEN 'false' ELSE 'true' END ELSE CAST(\(value) AS TEXT) END)"
        let quoted = "(CASE \(kind) WHEN 4 THEN json_quote(\(value)) ELSE \(plain) END)"
        switch (condition.comparator, condition.value) {
        case (.isNull, _), (.isNotNull, _): return SearchSQL(sql: "1")
        case (.below, _), (.atMost, _), (.above, _), (.atLeast, _), (_, .number):
            let comparison = condition.sql(on: value)
            return SearchSQL(sql: "(\(kind) IN (2, 3) AND \(comparison.sql))", arguments: comparison.arguments)
        case (.equal, .text(let text)), (.unequal, .text(let text)):
            var same = SearchSQL(sql: "\(plain) = ?", arguments: [.text(text)])
            if let number = Double(text) {
                same = SearchSQL(
                    sql: "(\(same.sql) OR (\(kind) IN (2, 3) AND \(value) = ?))",
                    arguments: same.arguments + [.number(number)]
                )
            }
            return condition.comparator == .equal ? same : SearchSQL(sql: "NOT \(same.sql)", arguments: same.arguments)
        default:
            let first = condition.sql(on: plain)
            let second = condition.sql(on: quoted)
            return SearchSQL(sql: "(\(first.sql) OR \(second.sql))", arguments: first.arguments + second.arguments)
        }
    }
}

extension SearchFilter.Condition {
    /// The texts that it compares with.
    var texts: [String] {
        switch value {
        case .text(let text): [text]
        case .texts(let texts): texts
        case .number, .nothing: []
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
