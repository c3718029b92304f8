// MLflow's calls that log to a run, and those that read a metric's history.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum RunLogEndpoints {
    private static let base = RunEndpoints.base
    private static let group = RunEndpoints.group
    private static let id = RunEndpoints.id
    private static let longestParameter = 6000
    private static let longestTag = 8000

    static func all(_ store: any TrackingStore, _ models: any LoggedModelStore) -> [Endpoint] {
        [
            metric(store, models), parameter(store), setTag(store), deleteTag(store), batch(store, models),
            inputs(store),
            outputs(store),
            history(store),
        ]
    }

    private static func metric(_ store: any TrackingStore, _ models: any LoggedModelStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/log-metric",
            "Log a metric",
            group: group,
            body: id + [
                Field("key", required: true), Field("value", .number, required: true),
                Field("timestamp", .integer, required: true), Field("step", .integer), Field("model_id"),
                Field("dataset_name"), Field("dataset_digest"),
            ]
        ) { request in
            try await store.log(RunBatch(metrics: [point(request.arguments)]), to: request.runID())
            try await LoggedModelMetrics.log([request.arguments], run: request.runID(), models)
            return .empty
        }
    }

    private static func parameter(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/log-parameter",
            "Log a parameter, which doesn't change any more",
            group: group,
            body: id + [Field("key", required: true), Field("value")]
        ) { request in
            let pair = (key: try request.key(), value: cut(request.text("value") ?? "", longestParameter))
            try await store.log(RunBatch(parameters: [pair]), to: request.runID())
            return .empty
        }
    }

    private static func setTag(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/set-tag",
            "Set a tag of a run",
            group: group,
            body: id + [Field("key", required: true), Field("value")]
        ) { request in
            let pair = (key: try request.key(), value: cut(request.text("value") ?? "", longestTag))
            try await store.log(RunBatch(tags: [pair]), to: request.runID())
            return .empty
        }
    }

    private static func deleteTag(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/delete-tag",
            "Delete a tag of a run",
            group: group,
            body: id + [Field("key", required: true)]
        ) { request in
            try await store.deleteRunTag(request.runID(), key: request.required("key"))
            return .empty
        }
    }

    private static func batch(_ store: any TrackingStore, _ models: any LoggedModelStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/log-batch",
            "Log metrics, parameters and tags at once: all or nothing",
            group: group,
            body: id + [Field("metrics", .list(.metric)), Field("params", .pairs), Field("tags", .pairs)]
        ) { request in
            var batch = RunBatch()
            try atMost(1000, request.list("metrics").count, "metrics")
            try atMost(100, request.list("params").count, "params")
            try atMost(100, request.list("tags").count, "tags")
            let total = request.list("metrics").count + request.list("params").count + request.list("tags").count
            try atMost(1000, total, "metrics, params, and tags")
            for (position, metric) in request.list("metrics").enumerated() {
                batch.metrics.append(try point(metric, "metrics[\(position)]."))
            }
            for pair in MLflowRuns.pairs(request.arguments["params"]) {
                let key = try APIRequest.checked(key: pair.key, "params.key")
                batch.parameters.append((key: key, value: cut(pair.value, longestParameter)))
            }
            for pair in MLflowRuns.pairs(request.arguments["tags"]) {
                let key = try APIRequest.checked(key: pair.key, "tags.key")
                batch.tags.append((key: key, value: cut(pair.value, longestTag)))
            }
            try await store.log(batch, to: request.runID())
            try await LoggedModelMetrics.log(request.list("metrics"), run: request.runID(), models)
            return .empty
        }
    }

    private static func inputs(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/log-inputs",
            "Tell which data sets and models a run used",
            group: group,
            body: id + [
                Field("datasets", .list(.datasetInput)),
                Field("models", .list(.object([Field("model_id", required: true)]))),
            ]
        ) { request in
            var batch = RunBatch()
            batch.inputs = request.list("datasets").compactMap(MLflowRuns.input)
            batch.models = request.list("models")
                .compactMap { $0[key: "model_id"]?.string.map { RunModel(modelID: $0) } }
            try await store.log(batch, to: request.runID())
            return .empty
        }
    }

    private static func outputs(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/outputs",
            "Tell which models a run made",
            group: group,
            body: id + [
                Field("models", .list(.object([Field("model_id", required: true), Field("step", .integer)])))
            ]
        ) { request in
            var batch = RunBatch()
            batch.models = request.list("models")
                .compactMap { model in
                    model[key: "model_id"]?.string
                        .map { RunModel(modelID: $0, outputStep: model[key: "step"]?.wireInteger ?? 0) }
                }
            try await store.log(batch, to: request.runID())
            return .empty
        }
    }

    private static func history(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .get,
            "/api/2.0/mlflow/metrics/get-history",
            "Read all points of a metric",
            group: group,
            query: id + [Field("metric_key", required: true), Field("max_results", .integer), Field("page_token")],
            reply: [Field("metrics", .list(.metric)), Field("next_page_token")]
        ) { request in
            let size = try request.pageSize(standard: 25_000, most: 25_000)
            let offset = try OffsetToken.offset(request.text("page_token"))
            let key = try request.required("metric_key")
            let points = try await store.metricHistory(of: request.runID(), key: key, after: offset, limit: size + 1)
            let page = points.prefix(size).map(MLflowRuns.json)
            return .object([
                ("metrics", page.isEmpty ? nil : .array(page)),
                ("next_page_token", points.count > size ? JSON(OffsetToken.token(offset + size)) : nil),
            ])
        }
    }

    private static func point(_ json: JSON, _ place: String = "") throws(APIError) -> MetricPoint {
        let key = try APIRequest.checked(key: json[key: "key"]?.string ?? "", place + "key")
        guard let value = json[key: "value"]?.wireNumber, let time = json[key: "timestamp"]?.wireInteger else {
            throw .invalid("`\(place)value` and `\(place)timestamp` must be numbers.")
        }
        return MetricPoint(
            key: key,
            value: value,
            timestampMilliseconds: time,
            step: json[key: "step"]?.wireInteger ?? 0
        )
    }

    private static func atMost(_ most: Int, _ count: Int, _ what: String) throws(APIError) {
        guard count <= most else {
            throw .invalid(
                "A batch logging request can contain at most \(most) \(what). Got \(count) \(what). Please split up \(what) across multiple requests and try again."
            )
        }
    }

    /// The beginning of a text that is too long, as MLflow cuts it.
    private static func cut(_ text: String, _ most: Int) -> String {
        text.utf8.count <= most ? text : String(text.prefix(most))
    }
}
