// MLflow's calls that log and read traces.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum TraceEndpoints {
    static let group = "Traces"
    private static let base = "/api/3.0/mlflow/traces"
    private static let mostInABatch = 500

    static func all(_ store: any TraceStore, _ feedback: any FeedbackStore) -> [Endpoint] {
        [log(store, feedback), info(store), get(store), batch(store), infos(store), search(store)]
            + TraceChangeEndpoints.all(store)
    }

    private static func log(_ store: any TraceStore, _ feedback: any FeedbackStore) -> Endpoint {
        Endpoint(
            .post,
            base,
            "Log what is known of a trace, whose spans come by OTLP before or after",
            group: group,
            body: [Field("trace", .object([Field("trace_info", .any, required: true)]), required: true)],
            reply: [Field("trace", .trace)]
        ) { request in
            let (info, assessments) = try MLflowTraceJSON.readInfo(
                request.arguments["trace"] ?? .null,
                nowMilliseconds: .now
            )
            try await store.ingest([TraceParts.final(info)], run: nil, summary: TraceParts.summary)
            for assessment in assessments { _ = try await feedback.add(assessment) }
            let trace = try await found(store, info.id, withSpans: false)
            return .object([("trace", .object([("trace_info", json(trace))]))])
        }
    }

    private static func info(_ store: any TraceStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/{trace_id}",
            "Read what is known of a trace",
            group: group,
            reply: [Field("trace", .trace)]
        ) { request in
            let trace = try await found(store, request.traceID(), withSpans: false)
            return .object([("trace", .object([("trace_info", json(trace))]))])
        }
    }

    private static func get(_ store: any TraceStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/get",
            "Read a trace with its spans",
            group: group,
            query: [Field("trace_id", required: true), Field("allow_partial", .boolean)],
            reply: [Field("trace", .trace)]
        ) { request in
            let trace = try await found(store, request.traceID(), withSpans: true)
            return .object([("trace", whole(trace))])
        }
    }

    private static func batch(_ store: any TraceStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/batchGet",
            "Read traces with their spans; unknown ones are left out",
            group: group,
            query: [Field("trace_ids", .list(.string), required: true, "May be given several times")],
            reply: [Field("traces", .list(.trace))]
        ) { request in
            let traces = try await store.traces(ids(request), withSpans: true)
            return .object([("traces", traces.isEmpty ? nil : .array(traces.map(whole)))])
        }
    }

    private static func infos(_ store: any TraceStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/batchGetInfos",
            "Read what is known of traces; unknown ones are left out",
            group: group,
            scope: .read,
            body: [Field("trace_ids", .list(.string), required: true)],
            reply: [Field("trace_infos", .list(.traceInfo))]
        ) { request in
            let traces = try await store.traces(ids(request), withSpans: false)
            return .object([("trace_infos", traces.isEmpty ? nil : .array(traces.map(json)))])
        }
    }

    private static func search(_ store: any TraceStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/search",
            "Search traces by a filter of MLflow's language; the newest come first",
            group: group,
            scope: .read,
            body: [
                Field("locations", .list(.location)), Field("filter"), Field("max_results", .integer),
                Field("order_by", .list(.string)), Field("page_token"),
            ],
            reply: [Field("traces", .list(.traceInfo)), Field("next_page_token")]
        ) { request in
            let places = request.list("locations")
                .compactMap { place in
                    place[key: "mlflow_experiment"]?[key: "experiment_id"]
                        .flatMap { $0.integer ?? $0.string.flatMap { Int64($0) } }
                }
            let found = try await store.searchTraces(
                TraceSearch(
                    experimentIDs: places,
                    filter: try MLflowSearchGrammar.traces.filter(request.text("filter")),
                    order: try MLflowSearchGrammar.traces.order(request.texts("order_by")),
                    limit: try request.pageSize(standard: 100, most: 500),
                    token: request.text("page_token")
                )
            )
            return .object([
                ("traces", found.elements.isEmpty ? nil : .array(found.elements.map(json))),
                ("next_page_token", found.nextToken.map { JSON($0) }),
            ])
        }
    }

    private static func found(_ store: any TraceStore, _ id: PublicID, withSpans: Bool) async throws -> StoredTrace {
        guard let trace = try await store.traces([id], withSpans: withSpans).first else {
            throw APIError.missing("There is no trace with the id \(id.traceID).")
        }
        return trace
    }

    private static func json(_ trace: StoredTrace) -> JSON {
        MLflowTraceJSON.info(TraceParts.shown(trace), assessments: trace.assessments)
    }

    private static func whole(_ trace: StoredTrace) -> JSON {
        MLflowTraceJSON.trace(TraceParts.shown(trace), assessments: trace.assessments, spans: trace.spans ?? [])
    }

    /// The ids of a batch; what is no id of ours is unknown.
    private static func ids(_ request: APIRequest) throws -> [PublicID] {
        let texts = request.texts("trace_ids")
        guard texts.count <= mostInABatch else {
            throw APIError.invalid("A batch has at most \(mostInABatch) traces; these are \(texts.count).")
        }
        return texts.compactMap(PublicID.init(trace:))
    }
}

extension PublicID {
    /// The identifier of a trace: `tr-` and 32 digits.
    init?(trace text: String) {
        guard text.hasPrefix("tr-") else { return nil }
        self.init(hexadecimal: String(text.dropFirst(3)))
    }
}

extension APIRequest {
    /// The trace that is meant.
    func traceID(_ name: String = "trace_id") throws(APIError) -> PublicID {
        let text = try required(name)
        guard let id = PublicID(trace: text) else {
            throw .missing("There is no trace with the id '\(text.prefix(100))'.")
        }
        return id
    }
}
