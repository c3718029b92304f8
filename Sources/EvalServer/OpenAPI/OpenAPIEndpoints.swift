// Where the description of the interface is read.

internal import EvalJSON

enum OpenAPIEndpoints {
    private static let paths = ["/openapi.json", "/api/openapi.json"]

    /// The calls that tell of others and of themselves.
    ///
    /// - Parameters:
    ///   - others: All other calls that are served.
    ///   - asksForTokens: Whether callers must bring a token.
    /// - Returns: The calls, to be served beside the others.
    static func all(beside others: [Endpoint], asksForTokens: Bool) -> [Endpoint] {
        let described = paths.map { endpoint($0, .object([])) }
        let document = OpenAPIDocument.make(others + described, asksForTokens: asksForTokens)
        return paths.map { endpoint($0, document) }
    }

    private static func endpoint(_ path: String, _ document: JSON) -> Endpoint {
        Endpoint(
            .get,
            path,
            "Describe all calls as OpenAPI 3.1",
            group: "Server",
            reply: [
                Field("openapi", required: true), Field("info", .any), Field("paths", .any), Field("components", .any),
            ]
        ) { _ in
            .json(document)
        }
    }
}
