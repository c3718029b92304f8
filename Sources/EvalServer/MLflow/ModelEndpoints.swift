// Calls about registered names of models and prompts.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import HTTPTypes

/// The calls of registered names.
enum ModelEndpoints {
    private static let path = "/api/2.0/mlflow/registered-models/"
    private static let group = "Models and prompts"
    private static let name = Field("name", required: true, "The registered name")
    private static let key = Field("key", required: true, "The tag's key")
    private static let alias = Field("alias", required: true, "The alias")
    private static let version = Field("version", required: true, "The version's number, in a text")
    private static let model = Field("registered_model", RegisteredModel.shape)

    static func all(_ registry: any ModelRegistry) -> [Endpoint] {
        names(registry) + tags(registry) + aliases(registry) + latest(registry)
    }

    private static func reply(_ model: RegisteredModel) -> APIReply { .object([("registered_model", model.json)]) }

    private static func names(_ registry: any ModelRegistry) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "create",
                "Register a name for a model or a prompt",
                group: group,
                body: [name, Field("tags", .keyedTexts, "Tags"), Field("description", "What it is for")],
                reply: [model]
            ) { request in
                let tags = request.keyedTexts("tags")
                try KeyRules.check(registryTags: tags)
                let name = try ModelNames.name(request)
                return reply(
                    try await registry.createModel(name, description: request.text("description"), tags: tags)
                )
            },
            Endpoint(.get, path + "get", "Get a registered name", group: group, query: [name], reply: [model]) {
                request in
                reply(try await registry.model(ModelNames.name(request)))
            },
            Endpoint(
                .patch,
                path + "update",
                "Change what a registered name is for",
                group: group,
                body: [name, Field("description", "What it is for")],
                reply: [model]
            ) { request in
                reply(try await registry.describeModel(ModelNames.name(request), as: request.text("description")))
            },
            Endpoint(
                .post,
                path + "rename",
                "Rename a registered name; versions and aliases go with it",
                group: group,
                body: [name, Field("new_name", required: true, "The name that it shall have")],
                reply: [model]
            ) { request in
                reply(
                    try await registry.renameModel(ModelNames.name(request), to: ModelNames.name(request, "new_name"))
                )
            },
            Endpoint(
                .delete,
                path + "delete",
                "Delete a registered name with all its versions",
                group: group,
                body: [name]
            ) { request in
                try await registry.deleteModel(ModelNames.name(request))
                return .empty
            },
            Endpoint(
                .get,
                path + "search",
                "Search registered models, or prompts by tags.`mlflow.prompt.is_prompt` = 'true'",
                group: group,
                query: SearchFields.query(standard: 100, most: 1000),
                reply: [Field("registered_models", .list(RegisteredModel.shape)), SearchFields.nextToken]
            ) { request in
                let window = try request.window(standard: 100, most: 1000)
                let result = try await registry.searchModels(
                    MLflowSearchGrammar.registeredModels.filter(request.text("filter")),
                    order: MLflowSearchGrammar.registeredModels.order(request.texts("order_by")),
                    window: window
                )
                return .object([
                    ("registered_models", result.found.isEmpty ? nil : .array(result.found.map(\.json))),
                    ("next_page_token", result.nextToken(after: window)),
                ])
            },
        ]
    }

    private static func tags(_ registry: any ModelRegistry) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "set-tag",
                "Set a tag of a registered name",
                group: group,
                body: [name, key, Field("value", required: true, "The tag's value")]
            ) { request in
                let (key, value) = (request.text("key") ?? "", request.text("value") ?? "")
                try KeyRules.check(registryTags: [(key, value)])
                try await registry.setModelTag(ModelNames.name(request), key: key, value: value)
                return .empty
            },
            Endpoint(
                .delete,
                path + "delete-tag",
                "Delete a tag of a registered name",
                group: group,
                body: [name, key]
            ) { request in
                try await registry.deleteModelTag(ModelNames.name(request), key: request.required("key"))
                return .empty
            },
        ]
    }

    private static func aliases(_ registry: any ModelRegistry) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "alias",
                "Make an alias mean a version",
                group: group,
                body: [name, alias, version]
            ) { request in
                try await registry.setAlias(
                    ModelNames.newAlias(request),
                    of: ModelNames.name(request),
                    to: ModelNames.version(request)
                )
                return .empty
            },
            Endpoint(
                .get,
                path + "alias",
                "Get the version that an alias means; `latest` is the newest",
                group: group,
                query: [name, alias],
                reply: [Field("model_version", ModelVersion.shape)]
            ) { request in
                let version = try await registry.modelVersion(
                    of: ModelNames.name(request),
                    alias: ModelNames.alias(request)
                )
                return .object([("model_version", version.json)])
            },
            Endpoint(.delete, path + "alias", "Delete an alias", group: group, body: [name, alias]) { request in
                try await registry.deleteAlias(ModelNames.alias(request), of: ModelNames.name(request))
                return .empty
            },
        ]
    }

    /// One call by two methods.
    private static func latest(_ registry: any ModelRegistry) -> [Endpoint] {
        let stages = Field("stages", .list(.string), "The stages; all where none is named")
        let handler: Endpoint.Handler = { request in
            var wanted: Set<ModelVersion.Stage> = []
            for stage in request.texts("stages") { wanted.insert(try ModelVersion.Stage(wire: stage)) }
            let latest = try await registry.model(ModelNames.name(request)).latest
            let found = latest.filter { wanted.isEmpty || wanted.contains($0.stage) }
            return .object([("model_versions", found.isEmpty ? nil : .array(found.map(\.json)))])
        }
        let summary = "Get the newest version in each stage"
        let replies = [Field("model_versions", .list(ModelVersion.shape))]
        return [
            Endpoint(
                .post,
                path + "get-latest-versions",
                summary,
                group: group,
                scope: .read,
                body: [name, stages],
                reply: replies,
                handler: handler
            ),
            Endpoint(
                .get,
                path + "get-latest-versions",
                summary,
                group: group,
                query: [name, stages],
                reply: replies,
                handler: handler
            ),
        ]
    }
}

/// Arguments that all searches have.
enum SearchFields {
    static let nextToken = Field("next_page_token", "What asks for the next page; absent on the last")

    static func query(standard: Int, most: Int) -> [Field] {
        [
            Field("filter", "Conditions joined by AND"), Field("order_by", .list(.string), "Keys with ASC or DESC"),
            Field("max_results", .integer, "How many results a page has: \(standard), at most \(most)"),
            Field("page_token", "The token of the page before"),
        ]
    }
}

extension ModelVersion.Stage {
    /// The stage that a word means, in any case.
    init(wire word: String) throws(APIError) {
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("Invalid Model Version stage: \(word). Value must be one of \(known).")
        }
        self = stage
    }
}
