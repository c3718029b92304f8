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
            reply: [Field("store_type"), Field("version"), Field("product")] + abilities.map { Field($0, .boolean) } + [
                Field("features_enabled", .map(.boolean))
            ]
        ) { _ in
            .object(
                [
                    ("store_type", "SqlStore"), ("version", JSON(mlflowVersion)),
                    ("product", JSON("evalhost \(HostVersion.current)")),
                ] + abilities.map { ($0, false) } + [("features_enabled", ["gateway": false])]
            )
        },
    ]

    /// What MLflow's servers may have and this one has not; clients ask before they use it.
    private static let abilities = [
        "workspaces_enabled", "trace_archival_enabled", "multipart_uploads_enabled", "multipart_downloads_enabled",
        "presigned_upload_run_id_supported", "presigned_upload_model_id_supported",
    ]
}
