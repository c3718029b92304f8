// The description of the interface for programs: OpenAPI 3.1, made of the declarations that requests are checked against.

internal import EvalCore
internal import EvalJSON

/// Makes the OpenAPI document of endpoints.
struct OpenAPIDocument {
    private let endpoints: [Endpoint]
    private let asksForTokens: Bool
    private var schemas = SchemaWriter()

    /// The document.
    ///
    /// - Parameters:
    ///   - endpoints: All calls that are served.
    ///   - asksForTokens: Whether callers must bring a token.
    /// - Returns: An OpenAPI 3.1 document.
    static func make(_ endpoints: [Endpoint], asksForTokens: Bool) -> JSON {
        var document = OpenAPIDocument(endpoints, asksForTokens)
        return document.json()
    }

    private init(_ endpoints: [Endpoint], _ asksForTokens: Bool) {
        self.endpoints = endpoints
        self.asksForTokens = asksForTokens
    }

    private static let about = """
        MLflow's REST of version \(SystemEndpoints.mlflowVersion), OTLP/HTTP and evalhost's own calls. Members that aren't \
        declared are ignored, and those that are null count as absent.
        """

    private mutating func json() -> JSON {
        var paths: [(path: String, operations: [(String, JSON)])] = []
        for endpoint in endpoints {
            let entry = (endpoint.method.rawValue.lowercased(), operation(endpoint))
            if let place = paths.firstIndex(where: { $0.path == endpoint.template }) {
                paths[place].operations.append(entry)
            } else {
                paths.append((endpoint.template, [entry]))
            }
        }
        var groups: [String] = []
        for endpoint in endpoints where !groups.contains(endpoint.group) { groups.append(endpoint.group) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "evalhost", "version": JSON(HostVersion.current),
                "description": JSON(Self.about),
            ],
            "security": .array(
                [["bearer": []], ["basic": []]] + (asksForTokens ? [] : [[:]])
            ),
            "tags": .array(groups.map { ["name": JSON($0)] }),
            "paths": .object(paths.map { ($0.path, .object($0.operations)) }),
            "components": components(),
        ]
    }

    private mutating func operation(_ endpoint: Endpoint) -> JSON {
        var parameters = endpoint.pathNames.map { name -> JSON in
            [
                "name": JSON(name), "in": "path", "required": true,
                "description": JSON(name == endpoint.tail ? "A path, which may have slashes" : ""),
                "schema": ["type": "string"],
            ]
        }
        for field in endpoint.query { parameters.append(query(field)) }
        for field in endpoint.headers { parameters.append(header(field)) }
        var members: [(String, JSON)] = [
            ("operationId", JSON(endpoint.operationID)), ("summary", JSON(endpoint.summary)),
            ("tags", [JSON(endpoint.group)]), ("x-scope", JSON(endpoint.scope.rawValue)),
        ]
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let body = body(endpoint.body) { members.append(("requestBody", body)) }
        let refused: JSON = [
            "$ref": JSON("#/components/responses/" + (endpoint.refusesWithDetail ? "Detail" : "Refused"))
        ]
        members.append(
            ("responses", .object([("\(endpoint.status)", reply(endpoint.reply)), ("default", refused)]))
        )
        return .object(members)
    }

    private mutating func query(_ field: Field) -> JSON {
        var members: [(String, JSON)] = [
            ("name", JSON(field.name)), ("in", "query"), ("required", JSON(field.isRequired)),
            ("schema", schemas.argument(field)),
        ]
        if !field.summary.isEmpty { members.append(("description", JSON(field.summary))) }
        return .object(members)
    }

    private mutating func header(_ field: Field) -> JSON {
        [
            "name": JSON(field.name), "in": "header", "required": JSON(field.isRequired),
            "description": JSON(field.summary), "schema": schemas.argument(field),
        ]
    }

    private mutating func body(_ body: Endpoint.Body) -> JSON? {
        switch body {
        case .none: return nil
        case .json(let fields):
            return [
                "required": JSON(fields.contains(where: \.isRequired)),
                "content": ["application/json": ["schema": schemas.object(fields)]],
            ]
        case .bytes(let types):
            return ["required": true, "content": .object(types.map { ($0, JSON.object([])) })]
        }
    }

    private mutating func reply(_ reply: Endpoint.Reply) -> JSON {
        switch reply {
        case .json(let fields):
            return ["description": "Done", "content": ["application/json": ["schema": schemas.object(fields)]]]
        case .text: return ["description": "Done", "content": ["text/plain": ["schema": ["type": "string"]]]]
        case .bytes(let type): return ["description": "Done", "content": .object([(type, .object([]))])]
        case .events:
            return [
                "description": "Server-sent events until the work ends",
                "content": ["text/event-stream": ["schema": ["type": "string"]]],
            ]
        }
    }

    private func components() -> JSON {
        let refused: JSON = [
            "type": "object", "required": ["error_code", "message"],
            "properties": [
                "error_code": ["type": "string", "enum": .array(APIError.Code.allCases.map { JSON($0.rawValue) })],
                "message": ["type": "string", "description": "What happened, where, and what to do"],
            ],
        ]
        let detail: JSON = [
            "anyOf": [
                ["$ref": "#/components/schemas/Refused"],
                ["type": "object", "required": ["detail"], "properties": ["detail": ["type": "string"]]],
            ]
        ]
        func response(_ schema: JSON) -> JSON {
            ["description": "Refused", "content": ["application/json": ["schema": schema]]]
        }
        return [
            "schemas": .object(schemas.components + [("Refused", refused)]),
            "responses": [
                "Refused": response(["$ref": "#/components/schemas/Refused"]), "Detail": response(detail),
            ],
            "securitySchemes": [
                "bearer": [
                    "type": "http", "scheme": "bearer",
                    "description":
                        "What `evalhost server token create` prints; `x-scope` of a call says what the token must allow: read, write or admin.",
                ],
                "basic": ["type": "http", "scheme": "basic", "description": "The token as the password, of any user"],
            ],
        ]
    }
}

extension Endpoint {
    /// The path as OpenAPI writes it.
    var template: String { path.replacing("...}", with: "}") }

    /// The names in the path, in their order.
    var pathNames: [String] {
        template.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// A name for programs, which no other call has.
    var operationID: String {
        let words = template.split { !$0.isLetter && !$0.isNumber }
        return ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }
}
