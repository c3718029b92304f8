// Calls about logged models.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import HTTPTypes

/// The calls of logged models.
enum LoggedModelEndpoints {
    private static let path = "/api/2.0/mlflow/logged-models"
    private static let group = "Logged models"
    private static let replies = [Field("model", LoggedModel.shape)]
    private static let dataset = [
        Field("dataset_name", required: true, "The data set's name"), Field("dataset_digest", "Its content"),
    ]

    static func all(_ store: any LoggedModelStore) -> [Endpoint] {
        making(store) + [search(store)] + details(store)
    }

    private static func reply(_ model: LoggedModel) -> APIReply { .object([("model", model.json)]) }

    /// The model that a request's path names.
    static func id(_ request: APIRequest) throws(APIError) -> PublicID {
        try RegistryArguments.id(request.required("model_id"), prefix: "m-", "Logged model with ID")
    }

    /// The name that a request gives, or one of ours.
    private static func name(_ request: APIRequest) throws(APIError) -> String {
        guard let name = request.text("name") else { return "model-" + PublicID.make().hexadecimal.suffix(8) }
        guard !name.isEmpty, name.count <= 500, !name.contains(where: { "/:.%\"'".contains($0) }) else {
            throw .invalid("Invalid model name '\(name.prefix(60))'. It has 1 to 500 characters, none of / : . % \" '.")
        }
        return name
    }

    private static func making(_ store: any LoggedModelStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path,
                "Make a logged model",
                group: group,
                body: [
                    RegistryArguments.experiment, Field("name", "What people call it"),
                    Field("model_type", "What kind of model it is"), Field("source_run_id", "The run that makes it"),
                    Field("params", .keyedTexts, "What it is made with"), Field("tags", .keyedTexts, "Tags"),
                ],
                reply: replies
            ) { request in
                let made = try await store.createLoggedModel(
                    name(request),
                    in: RegistryArguments.experiment(request),
                    kind: request.text("model_type"),
                    run: request.text("source_run_id"),
                    tags: request.keyedTexts("tags"),
                    parameters: request.keyedTexts("params")
                )
                return reply(made)
            },
            Endpoint(.get, path + "/{model_id}", "Get a logged model", group: group, reply: replies) { request in
                reply(try await store.loggedModel(id(request)))
            },
            Endpoint(
                .patch,
                path + "/{model_id}",
                "Say how far a logged model is",
                group: group,
                body: [
                    Field(
                        "status",
                        .choice(LoggedModel.Status.allCases.map(\.wire)),
                        required: true,
                        "How far it is"
                    )
                ],
                reply: replies
            ) { request in
                let word = try request.required("status")
                guard let status = LoggedModel.Status.allCases.first(where: { $0.wire == word }) else {
                    throw APIError.invalid("`status` can't be '\(word.prefix(60))'.")
                }
                return reply(try await store.finishLoggedModel(id(request), status))
            },
            Endpoint(.delete, path + "/{model_id}", "Delete a logged model; its files stay", group: group) { request in
                try await store.deleteLoggedModel(id(request))
                return .empty
            },
        ]
    }

    private static func details(_ store: any LoggedModelStore) -> [Endpoint] {
        [
            Endpoint(
                .patch,
                path + "/{model_id}/tags",
                "Set tags of a logged model",
                group: group,
                body: [Field("tags", .keyedTexts, required: true, "Tags")],
                reply: replies
            ) { request in
                let tags = request.keyedTexts("tags")
                for (key, _) in tags { try KeyRules.check(key: key) }
                return reply(try await store.setLoggedModelTags(id(request), tags))
            },
            Endpoint(
                .delete,
                path + "/{model_id}/tags/{tag_key...}",
                "Delete a tag of a logged model",
                group: group
            ) { request in
                try await store.deleteLoggedModelTag(id(request), key: request.required("tag_key"))
                return .empty
            },
            Endpoint(
                .post,
                path + "/{model_id}/params",
                "Add parameters to a logged model",
                group: group,
                body: [Field("params", .keyedTexts, required: true, "Parameters")]
            ) { request in
                let parameters = request.keyedTexts("params")
                for (key, _) in parameters { try KeyRules.check(key: key) }
                try await store.addLoggedModelParameters(id(request), parameters)
                return .empty
            },
        ]
    }

    private static func search(_ store: any LoggedModelStore) -> Endpoint {
        Endpoint(
            .post,
            path + "/search",
            "Search logged models",
            group: group,
            scope: .read,
            body: [
                Field("experiment_ids", .list(.string), required: true, "The experiments"),
                Field("filter", "Conditions joined by AND"),
                Field("datasets", .list(.object(dataset)), "The data sets whose metrics the filter means"),
                Field(
                    "order_by",
                    .list(
                        .object([
                            Field("field_name", required: true, "An attribute, or `metrics.KEY`"),
                            Field("ascending", .boolean, "Whether the lowest comes first; it does unless told"),
                            Field("dataset_name", "The data set on which the metric was measured"),
                            Field("dataset_digest", "Its content"),
                        ])
                    ),
                    "The order"
                ),
                Field("max_results", .integer, "How many results a page has: 100, at most 10000"),
                Field("page_token", "The token of the page before"),
            ],
            reply: [Field("models", .list(LoggedModel.shape)), SearchFields.nextToken]
        ) { request in
            let window = try request.window(standard: 100, most: 10_000)
            let search = LoggedModelSearch(
                experiments: try request.texts("experiment_ids").map { try RegistryArguments.experiment($0) },
                filter: try MLflowSearchGrammar.loggedModels.filter(request.text("filter")),
                datasets: try request.list("datasets").compactMap { try dataset(of: $0) },
                order: try request.list("order_by").map { try order($0) },
                window: window
            )
            let result = try await store.searchLoggedModels(search)
            return .object([
                ("models", result.found.isEmpty ? nil : .array(result.found.map(\.json))),
                ("next_page_token", result.nextToken(after: window)),
            ])
        }
    }

    private static func dataset(of json: JSON) throws(APIError) -> LoggedModelSearch.Dataset? {
        let digest = json[key: "dataset_digest"]?.string
        guard let name = json[key: "dataset_name"]?.string, !name.isEmpty else {
            if digest != nil { throw .invalid("`dataset_digest` needs `dataset_name` beside it.") }
            return nil
        }
        return LoggedModelSearch.Dataset(name: name, digest: digest)
    }

    private static func order(_ json: JSON) throws -> LoggedModelSearch.Order {
        let field = json[key: "field_name"]?.string ?? ""
        var key: SearchOrder
        if field.hasPrefix("metrics.") {
            // The rest is the metric's name as it is, without quotes.
            key = SearchOrder(.metric, String(field.dropFirst("metrics.".count)))
        } else {
            guard let known = try MLflowSearchGrammar.loggedModels.order([field]).first, known.entity == .attribute
            else {
                throw APIError.invalid("Logged models are sorted by an attribute or by metrics.KEY, not by '\(field)'.")
            }
            key = known
        }
        key.isAscending = json[key: "ascending"]?.boolean ?? true
        return LoggedModelSearch.Order(key, dataset: try dataset(of: json))
    }
}
