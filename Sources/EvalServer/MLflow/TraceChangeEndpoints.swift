// MLflow's calls that tag, link and delete traces.

internal import EvalCore
internal import EvalJSON

enum TraceChangeEndpoints {
    private static let group = TraceEndpoints.group
    private static let longestTag = 8000

    static func all(_ store: any TraceStore) -> [Endpoint] {
        ["/api/2.0/mlflow/traces", "/api/3.0/mlflow/traces"].flatMap { base in tags(base, store) + links(base, store) }
    }

    private static func tags(_ base: String, _ store: any TraceStore) -> [Endpoint] {
        [
            Endpoint(
                .patch,
                base + "/{trace_id}/tags",
                "Set a tag of a trace",
                group: group,
                body: [Field("key", required: true), Field("value")]
            ) { request in
                // MLflow cuts what is too long.
                let value = String((request.text("value") ?? "").prefix(longestTag))
                try await store.setTraceTag(request.traceID(), key: request.key(), value: value)
                return .empty
            },
            Endpoint(
                .delete,
                base + "/{trace_id}/tags",
                "Delete a tag of a trace",
                group: group,
                body: [Field("key", required: true)]
            ) { request in
                try await store.deleteTraceTag(request.traceID(), key: request.required("key"))
                return .empty
            },
        ]
    }

    private static func links(_ base: String, _ store: any TraceStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                base + "/link-to-run",
                "Link traces to a run",
                group: group,
                body: [Field("trace_ids", .list(.string)), Field("run_id", required: true)]
            ) { request in
                let traces = request.texts("trace_ids")
                guard traces.count <= 100 else {
                    throw APIError.invalid("At most 100 traces are linked at once; these are \(traces.count).")
                }
                try await store.link(traces.compactMap(PublicID.init(trace:)), toRun: request.runID())
                return .empty
            },
            Endpoint(
                .post,
                base + "/delete-traces",
                "Delete traces of an experiment, by id or the oldest up to a time",
                group: group,
                body: [
                    Field("experiment_id", required: true), Field("max_timestamp_millis", .integer),
                    Field("max_traces", .integer), Field("request_ids", .list(.string)),
                ],
                reply: [Field("traces_deleted", .integer)]
            ) { request in
                let ids = request.texts("request_ids")
                let time = request.integer("max_timestamp_millis")
                guard ids.isEmpty != (time == nil) else {
                    throw APIError.invalid(
                        "Either `max_timestamp_millis` or `request_ids` must be specified, not both."
                    )
                }
                if time == nil, request.integer("max_traces") != nil {
                    throw APIError.invalid("`max_traces` can't be specified if `request_ids` is.")
                }
                let most = request.integer("max_traces")
                if let most, most <= 0 {
                    throw APIError.invalid("`max_traces` must be a positive integer, received \(most).")
                }
                let selection: TraceSelection =
                    if let time {
                        .upTo(milliseconds: time, most: most.map { Int($0) } ?? .max)
                    } else {
                        .ids(ids.compactMap(PublicID.init(trace:)))
                    }
                let count = try await store.deleteTraces(selection, experiment: request.experimentID())
                return .object([("traces_deleted", JSON(Int64(count)))])
            },
        ]
    }
}
