// Calls about what reviewers are asked.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes

/// The calls of label schemas.
enum LabelSchemaEndpoints {
    private static let path = "/api/3.0/mlflow/label-schemas/"
    private static let group = "Labels and reviews"
    private static let id = Field("schema_id", required: true, "The schema")
    private static let name = Field("name", required: true, "The name of the assessments that answer it")
    private static let replies = [Field("label_schema", LabelSchema.shape)]
    private static let nameLength = 250
    private static let instructionLength = 1000

    static func all(_ store: any LabelSchemaStore) -> [Endpoint] { changing(store) + finding(store) }

    private static func reply(_ schema: LabelSchema) -> APIReply { .object([("label_schema", schema.json)]) }

    private static func id(_ request: APIRequest) throws(APIError) -> PublicID {
        try RegistryArguments.id(request.required("schema_id"), prefix: "ls-", "Label schema with id")
    }

    private static func check(name: String?, instruction: String?) throws(APIError) {
        if let name, name.isEmpty || name.count > nameLength {
            throw .invalid("A label schema's name has 1 to \(nameLength) characters.")
        }
        if let instruction, instruction.count > instructionLength {
            throw .invalid("A label schema's instruction has at most \(instructionLength) characters.")
        }
    }

    private static func changing(_ store: any LabelSchemaStore) -> [Endpoint] {
        let details = [
            Field("instruction", "What reviewers are told, at most \(instructionLength) characters"),
            Field("enable_comment", .boolean, "Whether they may say why"),
        ]
        return [
            Endpoint(
                .post,
                path + "create",
                "Make a question for reviewers",
                group: group,
                body: [
                    RegistryArguments.experiment, name,
                    Field(
                        "type",
                        .choice(LabelSchema.Kind.allCases.map(\.rawValue)),
                        required: true,
                        "What an answer becomes"
                    ), Field("input", LabelInput.shape, required: true, "How it is answered"),
                ] + details,
                reply: replies
            ) { request in
                let (name, instruction) = (try request.required("name"), request.text("instruction"))
                try check(name: name, instruction: instruction)
                guard let kind = request.text("type").flatMap(LabelSchema.Kind.init(rawValue:)) else {
                    throw APIError.invalid("`type` is FEEDBACK or EXPECTATION.")
                }
                let schema = LabelSchema(
                    id: .make(),
                    experiment: try RegistryArguments.experiment(request),
                    name: name,
                    kind: kind,
                    input: try LabelInput(wire: request.arguments["input"] ?? .null),
                    instruction: instruction,
                    takesComments: request.boolean("enable_comment") ?? false,
                    createdMilliseconds: 0,
                    updatedMilliseconds: 0
                )
                return reply(try await store.createLabelSchema(schema))
            },
            Endpoint(
                .patch,
                path + "update",
                "Change a question; how it is answered stays of the same kind",
                group: group,
                body: [id, Field("name", "Its new name"), Field("input", LabelInput.shape, "How it is answered")]
                    + details,
                reply: replies
            ) { request in
                var change = LabelSchemaChange(name: request.text("name"), instruction: request.text("instruction"))
                try check(name: change.name, instruction: change.instruction)
                change.takesComments = request.boolean("enable_comment")
                change.input = try request.arguments["input"]
                    .map { json throws(APIError) in try LabelInput(wire: json) }
                return reply(try await store.changeLabelSchema(id(request), change))
            },
            Endpoint(
                .delete,
                path + "delete",
                "Delete a question; answers stay",
                group: group,
                body: [id]
            ) { request in
                // One that isn't there is deleted already.
                if let id = try? id(request) { try await store.deleteLabelSchema(id) }
                return .empty
            },
        ]
    }

    private static func finding(_ store: any LabelSchemaStore) -> [Endpoint] {
        [
            Endpoint(.get, path + "get", "Get a question", group: group, query: [id], reply: replies) { request in
                reply(try await store.labelSchema(id(request)))
            },
            Endpoint(
                .get,
                path + "get-by-name",
                "Get a question by its name",
                group: group,
                query: [RegistryArguments.experiment, name],
                reply: replies
            ) { request in
                let experiment = try RegistryArguments.experiment(request)
                return reply(try await store.labelSchema(named: request.required("name"), in: experiment))
            },
            Endpoint(
                .get,
                path + "list",
                "List an experiment's questions, the newest first",
                group: group,
                query: [
                    RegistryArguments.experiment,
                    Field("max_results", .integer, "How many results a page has: 100, at most 1000"),
                    Field("page_token", "The token of the page before"),
                ],
                reply: [Field("label_schemas", .list(LabelSchema.shape)), SearchFields.nextToken]
            ) { request in
                let window = try request.window(standard: 100, most: 1000)
                let result = try await store.labelSchemas(in: RegistryArguments.experiment(request), window: window)
                return .object([
                    ("label_schemas", result.found.isEmpty ? nil : .array(result.found.map(\.json))),
                    ("next_page_token", result.nextToken(after: window)),
                ])
            },
        ]
    }
}
