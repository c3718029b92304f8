// MLflow's calls about runs.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import Foundation

enum RunEndpoints {
    static let base = "/api/2.0/mlflow/runs"
    static let group = "Runs"
    static let id = [Field("run_id"), Field("run_uuid")]

    static func all(_ store: any TrackingStore, _ models: any LoggedModelStore) -> [Endpoint] {
        [create(store), get(store), update(store), delete(store), restore(store), search(store)]
            + RunLogEndpoints.all(store, models)
    }

    private static func create(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/create",
            "Begin a run",
            group: group,
            body: [
                Field("experiment_id", .string), Field("user_id"), Field("run_name"), Field("start_time", .integer),
                Field("tags", .pairs),
            ],
            reply: [Field("run", .run)]
        ) { request in
            var tags = MLflowRuns.pairs(request.arguments["tags"])
            for (key, _) in tags { _ = try APIRequest.checked(key: key, "key") }
            let tagged = tags.first { $0.key == "mlflow.runName" }?.value
            let given = request.text("run_name").flatMap { $0.isEmpty ? nil : $0 }
            if let given, let tagged, given != tagged {
                throw APIError.invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values."
                )
            }
            let id = PublicID.make()
            let name = given ?? tagged ?? RunNames.name(for: id)
            tags.removeAll { $0.key == "mlflow.runName" }
            tags.append((key: "mlflow.runName", value: name))
            let run = TrackedRun(
                id: id,
                experimentID: request.text("experiment_id") == nil ? 0 : try request.experimentID(),
                name: name,
                status: .running,
                userID: request.text("user_id") ?? tags.first { $0.key == "mlflow.user" }?.value ?? "",
                startedMilliseconds: request.integer("start_time") ?? .now,
                tags: tags
            )
            try await store.createRun(run)
            return .object([("run", MLflowRuns.json(run))])
        }
    }

    private static func get(_ store: any TrackingStore) -> Endpoint {
        Endpoint(.get, base + "/get", "Read a run", group: group, query: id, reply: [Field("run", .run)]) { request in
            .object([("run", MLflowRuns.json(try await store.trackedRun(request.runID())))])
        }
    }

    private static func search(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/search",
            "Search runs; those that began last come first",
            group: group,
            scope: .read,
            body: [
                Field("experiment_ids", .list(.string)), Field("filter"), Field("run_view_type", .view),
                Field("max_results", .integer), Field("order_by", .list(.string)), Field("page_token"),
            ],
            reply: [Field("runs", .list(.run)), Field("next_page_token")]
        ) { request in
            let window = SearchWindow(
                offset: try OffsetToken.offset(request.text("page_token")),
                limit: try request.pageSize(standard: 1000, most: 50_000)
            )
            let result = try await store.searchRuns(
                in: request.texts("experiment_ids").compactMap { Int64($0) },
                MLflowSearchGrammar.runs.filter(request.text("filter")),
                order: MLflowSearchGrammar.runs.order(request.texts("order_by")),
                view: request.view("run_view_type"),
                window: window
            )
            return .object([
                ("runs", result.found.isEmpty ? nil : .array(result.found.map(MLflowRuns.json))),
                ("next_page_token", OffsetToken.next(window, result.hasMore)),
            ])
        }
    }

    private static func update(_ store: any TrackingStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/update",
            "Change a run's status, name or end",
            group: group,
            body: id + [Field("status", .runStatus), Field("end_time", .integer), Field("run_name")],
            reply: [Field("run_info", .runInfo)]
        ) { request in
            let run = try await store.updateRun(
                request.runID(),
                name: request.text("run_name").flatMap { $0.isEmpty ? nil : $0 },
                status: request.text("status").flatMap(MLflowRuns.status),
                endedMilliseconds: request.integer("end_time")
            )
            return .object([("run_info", MLflowRuns.info(run))])
        }
    }

    private static func delete(_ store: any TrackingStore) -> Endpoint {
        Endpoint(.post, base + "/delete", "Delete a run", group: group, body: id) { request in
            try await store.setRun(request.runID(), deleted: true)
            return .empty
        }
    }

    private static func restore(_ store: any TrackingStore) -> Endpoint {
        Endpoint(.post, base + "/restore", "Restore a run", group: group, body: id) { request in
            try await store.setRun(request.runID(), deleted: false)
            return .empty
        }
    }
}

extension APIRequest {
    /// The run that is meant, by `run_id` or its older name `run_uuid`.
    func runID() throws(APIError) -> PublicID {
        if let text = text("run_id"), !text.isEmpty { return try Self.runID(text) }
        if let text = text("run_uuid"), !text.isEmpty { return try Self.runID(text) }
        return try Self.runID(required("run_id"))
    }

    /// The run of 32 digits.
    static func runID(_ text: String) throws(APIError) -> PublicID {
        guard let id = PublicID(hexadecimal: text) else {
            throw .missing("There is no run with the id '\(text.prefix(100))'.")
        }
        return id
    }
}

extension Int64 {
    /// The time in milliseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
