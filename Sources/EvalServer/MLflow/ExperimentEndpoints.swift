// MLflow's calls about experiments.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum ExperimentEndpoints {
    private static let base = "/api/2.0/mlflow/experiments"
    private static let group = "Experiments"
    private static let id = Field("experiment_id", .string, required: true)

    static func all(_ store: any ExperimentStore) -> [Endpoint] {
        [create(store), get(store), getByName(store), search(store)] + changes(store)
    }

    private static func create(_ store: any ExperimentStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/create",
            "Make an experiment",
            group: group,
            body: [Field("name", required: true), Field("artifact_location"), Field("tags", .pairs)],
            reply: [Field("experiment_id")]
        ) { request in
            let name = try checked(name: request.required("name"))
            let tags = MLflowRuns.pairs(request.arguments["tags"])
            let id = try await store.createExperiment(named: name, tags: tags)
            return .object([("experiment_id", JSON("\(id)"))])
        }
    }

    private static func get(_ store: any ExperimentStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/get",
            "Read an experiment",
            group: group,
            query: [id],
            reply: [Field("experiment", .experiment)]
        ) { request in
            let experiment = try await store.experiment(request.experimentID())
            return .object([("experiment", MLflowRuns.json(experiment))])
        }
    }

    private static func getByName(_ store: any ExperimentStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/get-by-name",
            "Read an experiment by its name",
            group: group,
            query: [Field("experiment_name", required: true)],
            reply: [Field("experiment", .experiment)]
        ) { request in
            let name = try request.required("experiment_name")
            guard let experiment = try await store.experiment(named: name) else {
                throw APIError.missing("Could not find experiment with name '\(name)'")
            }
            return .object([("experiment", MLflowRuns.json(experiment))])
        }
    }

    private static func search(_ store: any ExperimentStore) -> Endpoint {
        Endpoint(
            .post,
            base + "/search",
            "Search experiments",
            group: group,
            scope: .read,
            body: [
                Field("filter"), Field("order_by", .list(.string)), Field("view_type", .view),
                Field("max_results", .integer), Field("page_token"),
            ],
            reply: [Field("experiments", .list(.experiment)), Field("next_page_token")]
        ) { request in
            let window = SearchWindow(
                offset: try OffsetToken.offset(request.text("page_token")),
                limit: try request.pageSize(standard: 1000, most: 50_000)
            )
            let result = try await store.searchExperiments(
                MLflowSearchGrammar.experiments.filter(request.text("filter")),
                order: MLflowSearchGrammar.experiments.order(request.texts("order_by")),
                view: request.view("view_type"),
                window: window
            )
            return .object([
                ("experiments", result.found.isEmpty ? nil : .array(result.found.map(MLflowRuns.json))),
                ("next_page_token", OffsetToken.next(window, result.hasMore)),
            ])
        }
    }

    private static func changes(_ store: any ExperimentStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                base + "/update",
                "Rename an experiment",
                group: group,
                body: [id, Field("new_name", required: true)]
            ) { request in
                let name = try checked(name: request.required("new_name"))
                try await store.renameExperiment(request.experimentID(), to: name)
                return .empty
            },
            Endpoint(.post, base + "/delete", "Delete an experiment with its runs", group: group, body: [id]) {
                request in
                try await store.setExperiment(request.experimentID(), deleted: true)
                return .empty
            },
            Endpoint(.post, base + "/restore", "Restore an experiment with its runs", group: group, body: [id]) {
                request in
                try await store.setExperiment(request.experimentID(), deleted: false)
                return .empty
            },
            Endpoint(
                .post,
                base + "/set-experiment-tag",
                "Set a tag of an experiment",
                group: group,
                body: [id, Field("key", required: true), Field("value", required: true)]
            ) { request in
                try await store.setExperimentTag(
                    request.experimentID(),
                    key: request.key(),
                    value: request.text("value") ?? ""
                )
                return .empty
            },
            Endpoint(
                .post,
                base + "/delete-experiment-tag",
                "Delete a tag of an experiment",
                group: group,
                body: [id, Field("key", required: true)]
            ) { request in
                try await store.deleteExperimentTag(request.experimentID(), key: request.required("key"))
                return .empty
            },
        ]
    }

    private static func checked(name: String) throws(APIError) -> String {
        guard name.utf8.count <= 500 else {
            throw .invalid("'name' exceeds the maximum length of 500 bytes: it has \(name.utf8.count).")
        }
        return name
    }
}

extension APIRequest {
    /// The number of the experiment that is meant.
    func experimentID(_ name: String = "experiment_id") throws(APIError) -> Int64 {
        let number = arguments[name]?.wireInteger
        if let number { return number }
        let text = try required(name)
        guard let id = Int64(text) else { throw .missing("There is no experiment with the id '\(text.prefix(100))'.") }
        return id
    }

    /// The key of a tag, a parameter or a metric: of at most 250 letters, and not a path out of a folder, as MLflow has it.
    func key(_ name: String = "key") throws(APIError) -> String { try Self.checked(key: required(name), name) }

    /// Checks a key.
    static func checked(key: String, _ name: String) throws(APIError) -> String {
        guard key.utf8.count <= 250 else {
            throw .invalid("'\(name)' exceeds the maximum length of 250: '\(key.prefix(60))…' has \(key.utf8.count).")
        }
        let isPlain = key.allSatisfy { $0.isLetter || $0.isNumber || "_/.- :".contains($0) }
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard isPlain, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw .invalid(
                "Invalid value \"\(key)\" for parameter '\(name)' supplied: "
                    + "Names may have letters, digits, `_`, `-`, `.`, `:`, spaces and `/`, and must be paths within a folder."
            )
        }
        return key
    }

    /// Which of them a search looks at; the active ones unless told.
    func view(_ name: String) -> LifecycleView { text(name).flatMap(LifecycleView.init(rawValue:)) ?? .active }
}
