// Registered models, prompts and their versions as MLflow's REST writes them.

internal import EvalCore
internal import EvalJSON

extension RegisteredModel {
    static let shape = Shape.named(
        "RegisteredModel",
        [
            Field("name", "The name"), Field("description", "What it is for"),
            Field("creation_timestamp", .integer, "Milliseconds since 1970"),
            Field("last_updated_timestamp", .integer, "Milliseconds since 1970"),
            Field("latest_versions", .list(ModelVersion.shape), "The newest version in each stage"),
            Field("tags", .keyedTexts, "Tags; `mlflow.prompt.is_prompt` marks a prompt"),
            Field(
                "aliases",
                .list(.named("RegisteredModelAlias", [Field("alias", "The name"), Field("version", "The version")])),
                "Names of versions"
            ),
        ]
    )

    /// The model as a reply has it.
    var json: JSON {
        .object(present: [
            ("name", JSON(name)), ("creation_timestamp", JSON(createdMilliseconds)),
            ("last_updated_timestamp", JSON(updatedMilliseconds)), ("description", description.map { JSON($0) }),
            ("latest_versions", latest.isEmpty ? nil : .array(latest.map(\.json))), ("tags", .keyedTexts(tags)),
            (
                "aliases",
                aliases.isEmpty
                    ? nil
                    : .array(aliases.map { .object([("alias", JSON($0.alias)), ("version", JSON("\($0.version)"))]) })
            ),
        ])
    }
}

extension ModelVersion {
    static let shape = Shape.named(
        "ModelVersion",
        [
            Field("name", "The registered name"), Field("version", "The version's number, in a text"),
            Field("creation_timestamp", .integer, "Milliseconds since 1970"),
            Field("last_updated_timestamp", .integer, "Milliseconds since 1970"),
            Field("current_stage", .choice(Stage.allCases.map(\.rawValue)), "How far it is"),
            Field("description", "What is new in it"), Field("source", "Where its files are"),
            Field("run_id", "The run that made it"), Field("run_link", "Where that run can be seen"),
            Field("status", .choice(["READY"]), "Versions are ready at once"),
            Field("tags", .keyedTexts, "Tags; `mlflow.prompt.text` is a prompt's text"),
            Field("aliases", .list(.string), "The names that mean it"),
            Field("model_id", "The logged model that it was"),
        ]
    )

    /// The version as a reply has it.
    var json: JSON {
        .object(present: [
            ("name", JSON(name)), ("version", JSON("\(version)")), ("creation_timestamp", JSON(createdMilliseconds)),
            ("last_updated_timestamp", JSON(updatedMilliseconds)), ("current_stage", JSON(stage.rawValue)),
            ("description", JSON(content.description ?? "")), ("source", JSON(content.source)),
            ("run_id", JSON(content.run ?? "")), ("status", "READY"), ("tags", .keyedTexts(content.tags)),
            ("run_link", JSON(content.runLink ?? "")),
            ("aliases", aliases.isEmpty ? nil : .array(aliases.map { JSON($0) })),
            ("model_id", content.loggedModel.map { JSON($0) }),
        ])
    }
}

/// What names and aliases of registered models may be; MLflow's rules.
enum ModelNames {
    /// The longest name, in characters.
    static let nameLength = 256
    /// The longest alias, in characters.
    static let aliasLength = 255

    /// A registered name in a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - argument: The argument that has it.
    /// - Returns: The name.
    /// - Throws: That there is none, or what is wrong with it.
    static func name(_ request: APIRequest, _ argument: String = "name") throws(APIError) -> String {
        let name = try request.required(argument)
        guard name.contains(where: { !$0.isWhitespace }) else {
            throw .invalid("Missing value for required parameter '\(argument)'.")
        }
        guard !name.contains(where: { "/:".contains($0) }), name != ".", name != ".." else {
            throw .invalid("Invalid model name '\(name)'. Names cannot contain '/' or ':', nor be '.' or '..'.")
        }
        guard name.count <= nameLength else {
            throw .invalid("The name '\(name.prefix(40))…' has more than \(nameLength) characters.")
        }
        return name
    }

    /// A version's number in a request.
    static func version(_ request: APIRequest) throws(APIError) -> Int64 {
        guard let value = request.arguments["version"] else {
            throw .invalid("Missing value for required parameter 'version'.")
        }
        guard let version = value.wireInteger else {
            throw .invalid("A version is a whole number, and 'version' is \(value.serialized.prefix(40)).")
        }
        return version
    }

    /// An alias in a request.
    static func alias(_ request: APIRequest) throws(APIError) -> String {
        let alias = try request.required("alias")
        guard alias.count <= aliasLength, alias.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) }) else {
            throw .invalid(
                "Invalid alias '\(alias.prefix(60))'. It has letters, digits, _ and - only, \(aliasLength) at most."
            )
        }
        return alias
    }

    /// An alias that shall be set; `latest` and `v1` mean something already.
    static func newAlias(_ request: APIRequest) throws(APIError) -> String {
        let alias = try alias(request)
        guard alias.lowercased() != "latest" else {
            throw .invalid("The alias 'latest' always means the newest version.")
        }
        if let first = alias.first, "vV".contains(first), alias.count > 1, alias.dropFirst().allSatisfy(\.isNumber) {
            throw .invalid("The alias '\(alias)' could be taken for a version; choose another.")
        }
        return alias
    }
}
