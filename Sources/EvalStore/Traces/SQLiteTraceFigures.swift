// Figures over traces, spans and assessments, added up by SQLite.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: TraceFigureStore {
    /// Figures by interval and dimension, sorted by these.
    public func traceFigures(_ query: TraceFigureQuery) async throws -> SearchResult<TraceFigure> {
        let sql = try FigureSQL(query)
        let dimensions = query.dimensions.count
        let hasBucket = query.intervalSeconds != nil
        return try await look { db in
            let found = try db.search(sql.text, sql.arguments) { row in
                let first = Int32(hasBucket ? 1 : 0)
                let figures = first + Int32(dimensions)
                return TraceFigure(
                    bucketMilliseconds: hasBucket ? row.int64(0) : nil,
                    dimensions: (0..<Int32(dimensions)).map { row.optionalText(first + $0) },
                    values: (0..<Int32(query.aggregations.count))
                        .map { row.isNull(figures + $0) ? nil : row.double(figures + $0) }
                )
            }
            return query.window.result(found)
        }
    }
}

/// The query of figures.
private struct FigureSQL {
    let text: String
    let arguments: [Query.Argument]

    init(_ query: TraceFigureQuery) throws {
        let figure = try Figure(query.view, query.metric)
        try figure.check(query)
        var keys = try query.dimensions.map { try Figure.dimension($0, query.view) }
        let time = Figure.time(query.view)
        if let seconds = query.intervalSeconds {
            let length = seconds * 1000
            // Rounded down, also before 1970.
            keys.insert("(\(time) - ((\(time) % \(length)) + \(length)) % \(length))", at: 0)
        }
        let figures = try query.aggregations.map { try figure.sql($0) }
        let list = query.experimentIDs.map { String($0) }.joined(separator: ",")
        var parts = [SearchSQL(sql: "t.experiment IN (\(list))")]
        if let start = query.startMilliseconds {
            parts.append(SearchSQL(sql: "\(time) >= ?", arguments: [.integer(start)]))
        }
        if let end = query.endMilliseconds { parts.append(SearchSQL(sql: "\(time) < ?", arguments: [.integer(end)])) }
        if let only = figure.only { parts.append(SearchSQL(sql: only)) }
        for condition in query.filter.conditions { parts.append(try Figure.condition(condition, query.view)) }
        let selection = SearchSQL.all(parts)
        let groups = keys.isEmpty ? "" : " GROUP BY \(Self.places(keys.count)) ORDER BY \(Self.places(keys.count))"
        let window = query.window.sql
        text =
            "SELECT \((keys + figures).joined(separator: ", ")) FROM \(Figure.source(query.view)) WHERE \(selection.sql)\(groups) \(window.sql)"
        arguments = selection.arguments + window.arguments
    }

    private static func places(_ count: Int) -> String { (1...count).map { String($0) }.joined(separator: ", ") }
}

/// What a figure is made of.
private struct Figure {
    let value: String
    /// What is left out.
    let only: String?
    let isCount: Bool
    let canSum: Bool
    let dimensions: [String]

    private static let tokens = [
        "input_tokens", "output_tokens", "total_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
    ]
    private static let known: [TraceFigureQuery.View: [String]] = [
        .traces: ["trace_count", "session_count", "latency"] + tokens,
        .spans: ["span_count", "latency", "input_cost", "output_cost", "total_cost"],
        .assessments: ["assessment_count", "assessment_value"],
    ]
    private static let usage = "(t.metadata ->> '$.\"mlflow.trace.tokenUsage\"')"
    private static let number = """
        (CASE WHEN a.kind BETWEEN 1 AND 3 THEN CAST(a.value AS REAL) WHEN a.kind = 4 AND lower(a.value) IN ('yes', 'true') \
        THEN 1.0 WHEN a.kind = 4 AND lower(a.value) IN ('no', 'false') THEN 0.0 END)
        """

    init(_ view: TraceFigureQuery.View, _ metric: String) throws {
        switch (view, metric) {
        case (.traces, "trace_count"): self.init("*", counts: true, by: ["trace_name", "trace_status"])
        case (.traces, "session_count"): self.init("DISTINCT t.session", counts: true, by: [])
        case (.traces, "latency"): self.init("t.duration", by: ["trace_name"])
        case (.traces, _) where Self.tokens.contains(metric):
            self.init("(\(Self.usage) ->> '$.\(metric)')", sums: true, by: ["trace_name"])
        case (.spans, "span_count"):
            self.init(
                "*",
                counts: true,
                by: ["span_name", "span_type", "span_status", "span_model_name", "span_model_provider"]
            )
        case (.spans, "latency"):
            self.init(
                "((s.span ->> '$.end') - (s.span ->> '$.start')) / 1000000.0",
                by: ["span_name", "span_status"]
            )
        case (.spans, "input_cost"), (.spans, "output_cost"), (.spans, "total_cost"):
            let own = metric == "total_cost" ? "s.span ->> '$.cost'" : "NULL"
            self.init(
                "ifnull(s.span ->> '$.attributes.\"mlflow.llm.cost\".\(metric)', \(own))",
                sums: true,
                by: ["span_model_name", "span_model_provider"]
            )
        case (.assessments, "assessment_count"):
            self.init("*", counts: true, by: ["assessment_name", "assessment_value"])
        case (.assessments, "assessment_value"): self.init(Self.number, by: ["assessment_name"])
        default:
            let names = (Self.known[view] ?? []).joined(separator: ", ")
            throw Refusal.invalid("metric_name must be one of \(names), and is '\(metric)'.")
        }
    }

    private init(_ value: String, counts: Bool = false, sums: Bool = false, by dimensions: [String]) {
        self.value = value
        only = counts ? nil : "\(value) IS NOT NULL"
        isCount = counts
        canSum = sums
        self.dimensions = dimensions
    }

    func check(_ query: TraceFigureQuery) throws {
        guard !query.aggregations.isEmpty else { throw Refusal.invalid("At least one aggregation must be given.") }
        if let other = query.dimensions.first(where: { !dimensions.contains($0) }) {
            let names = dimensions.isEmpty ? "none" : dimensions.joined(separator: ", ")
            throw Refusal.invalid("`\(query.metric)` can't be told apart by '\(other)'; its dimensions: \(names).")
        }
        if let seconds = query.intervalSeconds {
            guard seconds > 0 else {
                throw Refusal.invalid("time_interval_seconds must be above 0, and is \(seconds).")
            }
            guard query.startMilliseconds != nil, query.endMilliseconds != nil else {
                throw Refusal.invalid("start_time_ms and end_time_ms are required if time_interval_seconds is given.")
            }
        }
    }

    /// An aggregation of the figure.
    func sql(_ aggregation: TraceFigureQuery.Aggregation) throws -> String {
        switch aggregation {
        case .count where isCount: return "count(\(value))"
        case .sum where canSum: return "sum(\(value))"
        case .average where !isCount: return "avg(\(value))"
        case .minimum where !isCount: return "min(\(value))"
        case .maximum where !isCount: return "max(\(value))"
        case .percentile(let rank) where !isCount:
            guard (0...100).contains(rank) else {
                throw Refusal.invalid("A percentile is between 0 and 100, and this is \(rank).")
            }
            return "percentile(\(value), \(rank))"
        default:
            let names = isCount ? "COUNT" : (canSum ? "SUM, " : "") + "AVG, MIN, MAX, PERCENTILE"
            throw Refusal.invalid("This figure can't be aggregated so; it can by \(names).")
        }
    }

    static func source(_ view: TraceFigureQuery.View) -> String {
        switch view {
        case .traces: "traces t"
        case .spans:
            """
            (SELECT p.trace AS trace, e.value AS span FROM trace_parts p, json_each(p.spans) e
                UNION ALL SELECT o.id, e.value FROM traces o, json_each(o.spans) e WHERE o.spans <> '[]') s
                JOIN traces t ON t.id = s.trace
            """
        case .assessments: "assessments a JOIN traces t ON t.id = a.trace JOIN names n ON n.id = a.name AND a.valid = 1"
        }
    }

    static func time(_ view: TraceFigureQuery.View) -> String {
        switch view {
        case .traces: "t.request_time"
        case .spans: "((s.span ->> '$.start') / 1000000)"
        case .assessments: "a.created"
        }
    }

    static func dimension(_ name: String, _ view: TraceFigureQuery.View) throws -> String {
        switch name {
        case "trace_name": try TraceConditions.key(.attribute, "name").sql.sql
        case "trace_status": try TraceConditions.key(.attribute, "status").sql.sql
        case "span_name": "(s.span ->> '$.name')"
        case "span_type": "(s.span ->> '$.type')"
        case "span_status": "ifnull(s.span ->> '$.status', 'OK')"
        case "span_model_name": "(s.span ->> '$.attributes.\"mlflow.llm.model\"')"
        case "span_model_provider": "(s.span ->> '$.attributes.\"mlflow.llm.provider\"')"
        case "assessment_name": "n.name"
        case "assessment_value":
            "(CASE a.kind WHEN 1 THEN CASE a.value WHEN 0 THEN 'false' ELSE 'true' END WHEN 4 THEN json_quote(a.value) ELSE CAST(a.value AS TEXT) END)"
        default: throw Refusal.invalid("There is no dimension '\(name)'.")
        }
    }

    static func condition(_ condition: SearchFilter.Condition, _ view: TraceFigureQuery.View) throws -> SearchSQL {
        switch (condition.entity, view) {
        case (.span, .spans):
            let sql = try dimension("span_\(condition.key)", view)
            return condition.sql(on: sql)
        case (.feedback, .assessments):
            if condition.key == "name" { return condition.sql(on: "n.name") }
            return condition.sql(on: "(CASE a.type WHEN 0 THEN 'feedback' ELSE 'expectation' END)")
        case (.attribute, _), (.tag, _), (.metadata, _):
            let key = try TraceConditions.key(condition.entity, condition.key).sql
            let comparison = condition.sql(on: key.sql)
            return SearchSQL(sql: comparison.sql, arguments: key.arguments + comparison.arguments)
        default: throw Refusal.invalid("\(view.rawValue) can't be chosen by `\(condition.key)`.")
        }
    }
}
