// MLflow's call for figures over traces.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import Foundation

enum TraceFigureEndpoints {
    static func all(_ store: any TraceFigureStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                "/api/3.0/mlflow/traces/metrics",
                "Add up traces, spans or assessments",
                group: TraceEndpoints.group,
                scope: .read,
                body: [
                    Field("experiment_ids", .list(.string), required: true),
                    Field("view_type", .choice(TraceFigureQuery.View.allCases.map(\.rawValue)), required: true),
                    Field("metric_name", required: true),
                    Field(
                        "aggregations",
                        .list(
                            .object([
                                Field(
                                    "aggregation_type",
                                    .choice(["COUNT", "SUM", "AVG", "MIN", "MAX", "PERCENTILE"]),
                                    required: true
                                ),
                                Field("percentile_value", .number),
                            ])
                        ),
                        required: true
                    ),
                    Field("dimensions", .list(.string)), Field("filters", .list(.string)),
                    Field("time_interval_seconds", .integer), Field("start_time_ms", .integer),
                    Field("end_time_ms", .integer), Field("max_results", .integer), Field("page_token"),
                ],
                reply: [
                    Field(
                        "data_points",
                        .list(
                            .object([
                                Field("metric_name"), Field("dimensions", .texts), Field("values", .map(.number)),
                            ])
                        )
                    ), Field("next_page_token"),
                ]
            ) { request in
                let query = try query(request)
                let result = try await store.traceFigures(query)
                let points = result.found.filter { $0.values.contains { $0 != nil } }.map { json($0, query) }
                return .object([
                    ("data_points", points.isEmpty ? nil : .array(points)),
                    ("next_page_token", OffsetToken.next(query.window, result.hasMore)),
                ])
            }
        ]
    }

    private static func query(_ request: APIRequest) throws -> TraceFigureQuery {
        guard let view = request.text("view_type").flatMap(TraceFigureQuery.View.init(rawValue:)) else {
            throw APIError.invalid("`view_type` must be TRACES, SPANS or ASSESSMENTS.")
        }
        var filter = SearchFilter()
        for text in request.texts("filters") {
            filter.conditions += try MLflowSearchGrammar.traceFigures.filter(text).conditions
        }
        return TraceFigureQuery(
            experimentIDs: request.texts("experiment_ids").compactMap { Int64($0) },
            view: view,
            metric: try request.required("metric_name"),
            aggregations: try request.list("aggregations").map(aggregation),
            dimensions: request.texts("dimensions"),
            filter: filter,
            intervalSeconds: request.integer("time_interval_seconds"),
            startMilliseconds: request.integer("start_time_ms"),
            endMilliseconds: request.integer("end_time_ms"),
            window: SearchWindow(
                offset: try OffsetToken.offset(request.text("page_token")),
                limit: try request.pageSize(standard: 1000, most: 1000)
            )
        )
    }

    private static func aggregation(_ json: JSON) throws -> TraceFigureQuery.Aggregation {
        switch json[key: "aggregation_type"]?.string {
        case "COUNT": return .count
        case "SUM": return .sum
        case "AVG": return .average
        case "MIN": return .minimum
        case "MAX": return .maximum
        default:
            guard let rank = json[key: "percentile_value"]?.wireNumber else {
                throw APIError.invalid("A PERCENTILE needs `percentile_value`, a number between 0 and 100.")
            }
            return .percentile(rank)
        }
    }

    private static func name(_ aggregation: TraceFigureQuery.Aggregation) -> String {
        switch aggregation {
        case .count: "COUNT"
        case .sum: "SUM"
        case .average: "AVG"
        case .minimum: "MIN"
        case .maximum: "MAX"
        case .percentile(let rank): "P\(rank)"
        }
    }

    private static func json(_ figure: TraceFigure, _ query: TraceFigureQuery) -> JSON {
        var dimensions: [(String, JSON)] = []
        if let bucket = figure.bucketMilliseconds {
            let time = Date(timeIntervalSince1970: Double(bucket) / 1000)
                .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            dimensions.append(("time_bucket", JSON("\(time)+00:00")))
        }
        for (name, value) in zip(query.dimensions, figure.dimensions) {
            if let value { dimensions.append((name, JSON(value))) }
        }
        let values = zip(query.aggregations, figure.values)
            .compactMap { aggregation, value in value.map { (name(aggregation), MLflowRuns.number($0)) } }
        return .object(
            [("metric_name", JSON(query.metric))] + (dimensions.isEmpty ? [] : [("dimensions", .object(dimensions))])
                + [("values", .object(values))]
        )
    }
}
