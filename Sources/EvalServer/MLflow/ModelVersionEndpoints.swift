// Calls about versions of registered models and prompts, and the links from traces to prompts.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import Foundation
internal import HTTPTypes

/// The calls of versions, and of links from traces to prompts.
enum ModelVersionEndpoints {
    private static let path = "/api/2.0/mlflow/model-versions/"
    private static let group = "Models and prompts"
    private static let name = Field("name", required: true, "The registered name")
    private static let version = Field("version", required: true, "The version's number, in a text")
    private static let key = Field("key", required: true, "The tag's key")
    private static let replies = [Field("model_version", ModelVersion.shape)]

    static func all(_ registry: any ModelRegistry) -> [Endpoint] {
        making(registry) + finding(registry) + tags(registry) + [links(registry)]
    }

    private static func reply(_ version: ModelVersion) -> APIReply { .object([("model_version", version.json)]) }

    private static func making(_ registry: any ModelRegistry) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "create",
                "Make the next version of a registered name",
                group: group,
                body: [
                    name, Field("source", required: true, "Where the model's files are; any word for a prompt"),
                    Field("run_id", "The run that made it"), Field("run_link", "Where that run can be seen"),
                    Field("tags", .keyedTexts, "Tags; `mlflow.prompt.text` is a prompt's text"),
                    Field("description", "What is new in it"), Field("model_id", "The logged model that it was"),
                ],
                reply: replies
            ) { request in
                let tags = request.keyedTexts("tags")
                try KeyRules.check(registryTags: tags)
                let content = ModelVersionContent(
                    source: try source(request),
                    run: request.text("run_id").flatMap { $0.isEmpty ? nil : $0 },
                    runLink: request.text("run_link"),
                    loggedModel: request.text("model_id").flatMap { $0.isEmpty ? nil : $0 },
                    description: request.text("description"),
                    tags: tags
                )
                return reply(try await registry.createVersion(of: ModelNames.name(request), content))
            },
            Endpoint(
                .patch,
                path + "update",
                "Change a version's description",
                group: group,
                body: [name, version, Field("description", "What is new in it")],
                reply: replies
            ) { request in
                let changed = try await registry.describeVersion(
                    of: ModelNames.name(request),
                    ModelNames.version(request),
                    as: request.text("description")
                )
                return reply(changed)
            },
            Endpoint(
                .post,
                path + "transition-stage",
                "Move a version to a stage",
                group: group,
                body: [
                    name, version, Field("stage", required: true, "None, Staging, Production or Archived"),
                    Field(
                        "archive_existing_versions",
                        .boolean,
                        required: true,
                        "Whether the other versions in that stage are archived"
                    ),
                ],
                reply: replies
            ) { request in
                let moved = try await registry.moveVersion(
                    of: ModelNames.name(request),
                    ModelNames.version(request),
                    to: ModelVersion.Stage(wire: request.required("stage")),
                    archivesOthers: request.boolean("archive_existing_versions") ?? false
                )
                return reply(moved)
            },
            Endpoint(
                .delete,
                path + "delete",
                "Delete a version; its number isn't used again",
                group: group,
                body: [name, version]
            ) { request in
                try await registry.deleteVersion(of: ModelNames.name(request), ModelNames.version(request))
                return .empty
            },
        ]
    }

    /// Where a version's files are: a place that can't mean another one than it says.
    private static func source(_ request: APIRequest) throws(APIError) -> String {
        let source = try request.required("source")
        let decoded = source.removingPercentEncoding ?? source
        guard !decoded.split(whereSeparator: { "/\\".contains($0) }).contains("..") else {
            throw .invalid("Invalid model version source: '\(source)'. It must not have parts that are '..'.")
        }
        return source
    }

    private static func finding(_ registry: any ModelRegistry) -> [Endpoint] {
        [
            Endpoint(.get, path + "get", "Get a version", group: group, query: [name, version], reply: replies) {
                request in
                reply(try await registry.modelVersion(of: ModelNames.name(request), ModelNames.version(request)))
            },
            Endpoint(
                .get,
                path + "get-download-uri",
                "Get the place of a version's files",
                group: group,
                query: [name, version],
                reply: [Field("artifact_uri", "The place")]
            ) { request in
                let version = try await registry.modelVersion(
                    of: ModelNames.name(request),
                    ModelNames.version(request)
                )
                return .object([("artifact_uri", JSON(version.content.source))])
            },
            Endpoint(
                .get,
                path + "search",
                "Search versions of models, or of prompts by tags.`mlflow.prompt.is_prompt` = 'true'",
                group: group,
                query: SearchFields.query(standard: 10_000, most: 200_000),
                reply: [Field("model_versions", .list(ModelVersion.shape)), SearchFields.nextToken]
            ) { request in
                let window = try request.window(standard: 10_000, most: 200_000)
                let result = try await registry.searchVersions(
                    MLflowSearchGrammar.modelVersions.filter(request.text("filter")),
                    order: MLflowSearchGrammar.modelVersions.order(request.texts("order_by")),
                    window: window
                )
                return .object([
                    ("model_versions", result.found.isEmpty ? nil : .array(result.found.map(\.json))),
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
                "Set a tag of a version",
                group: group,
                body: [name, version, key, Field("value", required: true, "The tag's value")]
            ) { request in
                let (key, value) = (request.text("key") ?? "", request.text("value") ?? "")
                try KeyRules.check(registryTags: [(key, value)])
                try await registry.setVersionTag(
                    of: ModelNames.name(request),
                    ModelNames.version(request),
                    key: key,
                    value: value
                )
                return .empty
            },
            Endpoint(
                .delete,
                path + "delete-tag",
                "Delete a tag of a version",
                group: group,
                body: [name, version, key]
            ) { request in
                try await registry.deleteVersionTag(
                    of: ModelNames.name(request),
                    ModelNames.version(request),
                    key: request.required("key")
                )
                return .empty
            },
        ]
    }

    private static func links(_ registry: any ModelRegistry) -> Endpoint {
        Endpoint(
            .post,
            "/api/2.0/mlflow/traces/link-prompts",
            "Say which versions of prompts a trace used",
            group: group,
            body: [
                Field("trace_id", required: true, "The trace"),
                Field(
                    "prompt_versions",
                    .list(
                        .object([
                            Field("name", required: true, "The prompt's name"),
                            Field("version", required: true, "The version's number, in a text"),
                        ])
                    ),
                    required: true,
                    "The versions"
                ),
            ]
        ) { request in
            let id = try request.required("trace_id")
            guard id.hasPrefix("tr-"), let trace = PublicID(hexadecimal: String(id.dropFirst(3))) else {
                throw APIError.missing("Trace with ID '\(id)' not found.")
            }
            let prompts = try request.list("prompt_versions")
                .map { reference in
                    guard let name = reference[key: "name"]?.string,
                        let version = reference[key: "version"]?.wireInteger
                    else { throw APIError.invalid("A prompt's version is a whole number.") }
                    return PromptReference(name: name, version: version)
                }
            try await registry.link(prompts: prompts, toTrace: trace)
            return .empty
        }
    }
}
