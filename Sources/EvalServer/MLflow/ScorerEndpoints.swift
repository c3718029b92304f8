// Calls about registered scorers, and about how much of production they judge.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import HTTPTypes

/// The calls of registered scorers.
enum ScorerEndpoints {
    private static let path = "/api/3.0/mlflow/scorers/"
    private static let group = "Scorers"
    private static let experiment = RegistryArguments.experiment
    private static let name = Field("name", required: true, "The scorer's name")
    private static let version = Field("version", .integer, "The version; the newest, or all, where none is named")
    private static let shape = Shape.named(
        "Scorer",
        [
            Field("experiment_id", .integer, "The experiment"), Field("scorer_name", "The name"),
            Field("scorer_version", .integer, "The version"), Field("serialized_scorer", "What it is: JSON text"),
            Field("creation_time", .integer, "Milliseconds since 1970"), Field("scorer_id", "The scorer's identifier"),
        ]
    )
    private static let sampling = Shape.named(
        "OnlineScoringConfig",
        [
            Field("online_scoring_config_id", "The configuration's identifier"), Field("scorer_id", "The scorer"),
            Field("sample_rate", .number, "The share of traces that are judged, from 0 to 1"),
            Field("experiment_id", "The experiment"), Field("filter_string", "Which traces are judged"),
        ]
    )
    /// The longest name, in characters, and the longest definition, in bytes.
    private static let nameLength = 256
    private static let definitionBytes = 1 << 20

    static func all(_ registry: any ScorerRegistry) -> [Endpoint] {
        [register(registry)] + finding(registry) + [deletion(registry)] + samplings(registry)
    }

    private static func register(_ registry: any ScorerRegistry) -> Endpoint {
        Endpoint(
            .post,
            path + "register",
            "Register a scorer as the newest version of its name",
            group: group,
            body: [experiment, name, Field("serialized_scorer", required: true, "What it is: JSON text")],
            reply: [
                Field("version", .integer), Field("scorer_id"), Field("experiment_id"), Field("name"),
                Field("serialized_scorer"), Field("creation_time", .integer),
            ]
        ) { request in
            let name = try request.required("name")
            guard name.contains(where: { !$0.isWhitespace }), name.count <= nameLength else {
                throw APIError.invalid("A scorer's name has 1 to \(nameLength) characters, not only spaces.")
            }
            let definition = try request.required("serialized_scorer")
            try check(definition)
            let made = try await registry.registerScorer(
                name,
                definition: definition,
                in: RegistryArguments.experiment(request)
            )
            return .object([
                ("version", JSON(made.version)), ("scorer_id", JSON(made.id.hexadecimal)),
                ("experiment_id", JSON("\(made.experiment)")), ("name", JSON(made.name)),
                ("serialized_scorer", JSON(made.definition)), ("creation_time", JSON(made.createdMilliseconds)),
            ])
        }
    }

    /// A definition is JSON that holds no program: whoever reads it back would run it.
    private static func check(_ definition: String) throws(APIError) {
        guard definition.utf8.count <= definitionBytes else {
            throw .invalid("`serialized_scorer` is longer than \(definitionBytes) bytes.")
        }
        guard let json = try? JSON(parsing: definition), json.kind == .object else {
            throw .invalid("`serialized_scorer` must be the text of a JSON object.")
        }
        if holdsProgram(json) {
            throw .invalid(
                """
                A scorer that is a function of Python can't be registered: whoever loads it would run it. Register a \
                judge made by make_judge() or a built-in scorer, or import the function from your own code.
                """
            )
        }
    }

    private static func holdsProgram(_ json: JSON) -> Bool {
        switch json.kind {
        case .object:
            json.members.contains { key, value in
                (key == "call_source" && !value.isNull && value.string != "") || holdsProgram(value)
            }
        case .array: json.elements.contains { holdsProgram($0) }
        default: false
        }
    }

    private static func finding(_ registry: any ScorerRegistry) -> [Endpoint] {
        [
            Endpoint(
                .get,
                path + "list",
                "List the newest version of each scorer",
                group: group,
                query: [
                    Field("experiment_id", "The experiment; all active ones where none is named"),
                    Field("experiment_ids", .list(.string), "Several experiments, instead of one"),
                ],
                reply: [Field("scorers", .list(shape))]
            ) { request in
                let several = try request.texts("experiment_ids").map { try RegistryArguments.experiment($0) }
                let one = try request.text("experiment_id")
                    .flatMap {
                        $0.isEmpty ? nil : try RegistryArguments.experiment($0)
                    }
                guard one == nil || several.isEmpty else {
                    throw APIError.invalid("Name either 'experiment_id' or 'experiment_ids', not both.")
                }
                let found = try await registry.scorers(in: one.map { [$0] } ?? (several.isEmpty ? nil : several))
                return list(found)
            },
            Endpoint(
                .get,
                path + "versions",
                "List all versions of a scorer",
                group: group,
                query: [experiment, name],
                reply: [Field("scorers", .list(shape))]
            ) { request in
                let experiment = try RegistryArguments.experiment(request)
                return list(try await registry.scorerVersions(request.required("name"), in: experiment))
            },
            Endpoint(
                .get,
                path + "get",
                "Get a version of a scorer",
                group: group,
                query: [experiment, name, version],
                reply: [Field("scorer", shape)]
            ) { request in
                let found = try await registry.scorer(
                    request.required("name"),
                    version: request.integer("version"),
                    in: RegistryArguments.experiment(request)
                )
                return .object([("scorer", json(found))])
            },
        ]
    }

    private static func list(_ scorers: [RegisteredScorer]) -> APIReply {
        .object([("scorers", scorers.isEmpty ? nil : .array(scorers.map(json)))])
    }

    private static func json(_ scorer: RegisteredScorer) -> JSON {
        .object([
            ("experiment_id", JSON(scorer.experiment)), ("scorer_name", JSON(scorer.name)),
            ("scorer_version", JSON(scorer.version)), ("serialized_scorer", JSON(scorer.definition)),
            ("creation_time", JSON(scorer.createdMilliseconds)), ("scorer_id", JSON(scorer.id.hexadecimal)),
        ])
    }

    private static func deletion(_ registry: any ScorerRegistry) -> Endpoint {
        Endpoint(
            .delete,
            path + "delete",
            "Delete a version of a scorer, or all of them",
            group: group,
            body: [experiment, name, version]
        ) { request in
            try await registry.deleteScorer(
                request.required("name"),
                version: request.integer("version"),
                in: RegistryArguments.experiment(request)
            )
            return .empty
        }
    }

    private static func samplings(_ registry: any ScorerRegistry) -> [Endpoint] {
        [
            Endpoint(
                .put,
                path + "online-config",
                "Say which traces a scorer shall judge as they come",
                group: group,
                body: [
                    experiment, name, Field("sample_rate", .number, required: true, "The share of traces, from 0 to 1"),
                    Field("filter_string", "Conditions of a search of traces"),
                ],
                reply: [Field("config", sampling)]
            ) { request in
                let rate = request.number("sample_rate") ?? .nan
                guard rate >= 0, rate <= 1 else {
                    throw APIError.invalid("`sample_rate` must be between 0 and 1, and is \(rate).")
                }
                let filter = request.text("filter_string").flatMap { $0.isEmpty ? nil : $0 }
                _ = try MLflowSearchGrammar.traces.filter(filter)
                let kept = try await registry.sample(
                    request.required("name"),
                    in: RegistryArguments.experiment(request),
                    rate: rate,
                    filter: filter
                )
                return .object([("config", json(kept))])
            },
            Endpoint(
                .get,
                path + "online-configs",
                "Get which traces scorers judge",
                group: group,
                query: [Field("scorer_ids", .list(.string), required: true, "The scorers' identifiers")],
                reply: [Field("configs", .list(sampling))]
            ) { request in
                let ids = request.texts("scorer_ids").compactMap { PublicID(hexadecimal: $0) }
                return .object([("configs", .array(try await registry.samplings(of: ids).map(json)))])
            },
        ]
    }

    private static func json(_ sampling: ScorerSampling) -> JSON {
        .object(present: [
            ("online_scoring_config_id", JSON(sampling.id.hexadecimal)),
            ("scorer_id", JSON(sampling.scorer.hexadecimal)), ("sample_rate", JSON(sampling.rate)),
            ("experiment_id", JSON("\(sampling.experiment)")), ("filter_string", sampling.filter.map { JSON($0) }),
        ])
    }
}
