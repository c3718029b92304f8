// evalhost's own calls about what there is to score with: plugins, scorers, and judges of people's own.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

enum ShelfEndpoints {
    /// Where evalhost's own calls begin.
    static let base = "/api/evalhost/v1"
    private static let group = "evalhost: scorers"
    private static let standardExperiment = "Default"
    private static let experiment = Field("experiment", "The experiment's name")

    static func all(_ shelf: any ScorerShelf, _ judges: any JudgeRegistry) -> [Endpoint] {
        [plugins(shelf), scorers(shelf), scorer(shelf), list(judges), show(judges), create(shelf, judges)]
    }

    private static func plugins(_ shelf: any ScorerShelf) -> Endpoint {
        Endpoint(
            .get,
            base + "/plugins",
            "List the plugins that were found, and why other files aren't used",
            group: group,
            reply: [
                Field("plugins", .list(.library), required: true), Field("refused", .list(.string), required: true),
            ]
        ) { _ in
            let libraries = try await shelf.libraries()
            return .object([
                ("plugins", .array(libraries.found.map(ScorerJSON.render))),
                ("refused", .array(libraries.refused.map { JSON($0.description) })),
            ])
        }
    }

    private static func scorers(_ shelf: any ScorerShelf) -> Endpoint {
        Endpoint(
            .get,
            base + "/scorers",
            "List all scorers with their configuration",
            group: group,
            reply: [Field("scorers", .list(.scorerDescription), required: true)]
        ) { _ in
            .object([("scorers", .array(try await shelf.descriptors().map(ScorerJSON.render)))])
        }
    }

    private static func scorer(_ shelf: any ScorerShelf) -> Endpoint {
        Endpoint(
            .get,
            base + "/scorers/{name}",
            "Show a scorer by its name, or by NAME@LIBRARY",
            group: group,
            reply: [Field("scorer", .scorerDescription, required: true)]
        ) { request in
            let name = try request.required("name")
            let all = try await shelf.descriptors()
            let found = all.filter { $0.name == name || $0.qualifiedName == name }
            guard let first = found.first(where: { $0.qualifiedName == name }) ?? found.first else {
                let near = nearestWord(to: name, among: all.map(\.name))
                throw APIError.missing(
                    Diagnostic("there is no scorer '\(name.prefix(100))'", didYouMean: near).description
                )
            }
            guard first.qualifiedName == name || found.count == 1 else {
                let names = found.map(\.qualifiedName).joined(separator: ", ")
                throw APIError.invalid("several libraries have a scorer '\(name)': name one of \(names)")
            }
            return .object([("scorer", ScorerJSON.render(first))])
        }
    }

    private static func list(_ judges: any JudgeRegistry) -> Endpoint {
        Endpoint(
            .get,
            base + "/judges",
            "List the newest version of each judge that was kept",
            group: group,
            query: [experiment],
            reply: [Field("judges", .list(.judge), required: true)]
        ) { request in
            .object([("judges", .array(try await judges.judges(of: request.text("experiment")).map(ScorerJSON.render)))]
            )
        }
    }

    private static func show(_ judges: any JudgeRegistry) -> Endpoint {
        Endpoint(
            .get,
            base + "/judges/{name}",
            "Show a judge: all its versions, the newest first",
            group: group,
            query: [experiment],
            reply: [Field("versions", .list(.judge), required: true)]
        ) { request in
            let name = try request.required("name")
            let place = request.text("experiment") ?? standardExperiment
            let versions = try await judges.versions(of: name, in: place)
            guard !versions.isEmpty else {
                throw APIError.missing("there is no judge '\(name.prefix(100))' in the experiment \(place.prefix(100))")
            }
            return .object([("versions", .array(versions.map(ScorerJSON.render)))])
        }
    }

    private static func create(_ shelf: any ScorerShelf, _ judges: any JudgeRegistry) -> Endpoint {
        let members: [(String, Shape)] = [
            ("help", .string), ("value", .any), ("examples", .list(.any)), ("model", .any), ("parameters", .map(.any)),
            ("vote", .any), ("samples", .integer), ("max_steps", .integer), ("pass", .any),
        ]
        let optional = members.map { Field($0.0, $0.1) }
        return Endpoint(
            .post,
            base + "/judges",
            "Keep a judge, or a new version of it",
            group: group,
            scope: .admin,
            body: [Field("name", required: true), Field("instructions", required: true)] + optional + [experiment],
            reply: [Field("judge", .judge, required: true), Field("is_new", .boolean, required: true)]
        ) { request in
            let given = request.arguments.members.map { (String($0.key), $0.value) }.filter { $0.0 != "experiment" }
            guard !given.contains(where: { $0.0 == "endpoint" }) else {
                throw APIError.invalid(
                    "a judge's 'endpoint' isn't taken from a request: `evalhost judges create --file` keeps one"
                )
            }
            let definition = try JudgeDefinition(.object(given))
            for model in definition.models where (try? ModelName(model))?.address != nil {
                throw APIError.invalid(
                    "a judge's model with an address isn't taken from a request: `evalhost judges create` keeps one"
                )
            }
            try shelf.check(definition)
            let place = request.text("experiment") ?? standardExperiment
            let kept = try await judges.register(definition.name, definition.json, in: place)
            return .object([("judge", ScorerJSON.render(kept.judge)), ("is_new", JSON(kept.isNew))])
        }
    }
}
