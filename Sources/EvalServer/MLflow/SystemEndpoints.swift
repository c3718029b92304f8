// What the server says of itself.

internal import EvalCore
internal import EvalJSON

enum SystemEndpoints {
    /// MLflow's version whose REST is spoken; its client asks for it before it sends spans.
    static let mlflowVersion = "3.17.2"

    static let all: [Endpoint] = [
        Endpoint(.get, "/health", "Tell that the server answers", group: "Server") { _ in .text("OK") }.giving(.text),
        Endpoint(.get, "/version", "Tell MLflow's version whose calls are answered", group: "Server") { _ in
            .text(mlflowVersion)
        }
        .giving(.text),
        Endpoint(
            .get,
            "/api/3.0/mlflow/server-info",
            "Tell what kind of server this is",
            group: "Server",
            reply: [Field("store_type"), Field("workspaces_enabled", .boolean), Field("version"), Field("product")]
        ) { _ in
            .object([
                ("store_type", "SqlStore"), ("workspaces_enabled", false), ("version", JSON(mlflowVersion)),
                ("product", JSON("evalhost \(HostVersion.current)")),
            ])
        },
    ]
}
