// Calls about files of runs and logged models, which MLflow's client sends and fetches through the server.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes
internal import NIOCore

/// The calls of artifacts.
enum ArtifactEndpoints {
    /// Where a run's files are, such as `3/0f…/artifacts`; refuses a run that isn't there.
    typealias RunLocation = @Sendable (_ run: String) async throws -> String

    private static let path = "/api/2.0/mlflow-artifacts/artifacts"
    private static let group = "Artifacts"
    private static let binary = "application/octet-stream"
    private static let files = Field(
        "files",
        .list(
            .named(
                "FileInfo",
                [
                    Field("path", "The path"), Field("is_dir", .boolean, "Whether it is a folder"),
                    Field("file_size", .integer, "The size in bytes"),
                ]
            )
        )
    )

    static func all(
        _ folder: ArtifactFolder,
        runLocation: @escaping RunLocation,
        models: any LoggedModelStore
    ) -> [Endpoint] {
        [upload(folder), download(folder), deletion(folder), list(folder), listOfRun(folder, runLocation)]
            + [listOfModel(folder, models)]
    }

    private static func artifact(_ request: APIRequest) throws(APIError) -> ArtifactPath {
        try ArtifactPath(request.required("artifact_path"))
    }

    /// The call that sends a file; its body may be as large as an artifact.
    static func upload(_ folder: ArtifactFolder) -> Endpoint {
        var endpoint = Endpoint(
            .put,
            path + "/{artifact_path...}",
            "Send a file, which replaces one of its name",
            group: group
        ) { request in
            let path = try artifact(request)
            let body = request.body
            try await ArtifactFolder.onDisk {
                let upload = try folder.upload(to: path)
                try body.withUnsafeReadableBytes { try upload.write($0) }
                try upload.finish()
            }
            return .empty
        }
        .taking([binary])
        endpoint.isArtifact = true
        return endpoint
    }

    private static func download(_ folder: ArtifactFolder) -> Endpoint {
        Endpoint(.get, path + "/{artifact_path...}", "Get a file", group: group) { request in
            let path = try artifact(request)
            let file = try await ArtifactFolder.onDisk { try folder.file(path).path }
            // Whatever it is, a browser shall neither show nor run it.
            var reply = APIReply(contentType: binary, body: .file(path: file))
            reply.headers.append((.contentDisposition, "attachment"))
            if let name = HTTPField.Name("X-Content-Type-Options") { reply.headers.append((name, "nosniff")) }
            return reply
        }
        .giving(.bytes(binary))
    }

    private static func deletion(_ folder: ArtifactFolder) -> Endpoint {
        Endpoint(
            .delete,
            path + "/{artifact_path...}",
            "Delete a file, or a folder with all that is in it",
            group: group
        ) { request in
            let path = try artifact(request)
            try await ArtifactFolder.onDisk { try folder.delete(path) }
            return .empty
        }
    }

    private static func list(_ folder: ArtifactFolder) -> Endpoint {
        Endpoint(
            .get,
            path,
            "List a folder of the artifacts",
            group: group,
            query: [Field("path", "The folder")],
            reply: [files]
        ) { request in
            let path = try ArtifactPath(request.text("path") ?? "")
            let entries = try await ArtifactFolder.onDisk { try folder.list(path) }
            return .object([("files", json(entries, prefix: ""))])
        }
    }

    private static func listOfRun(_ folder: ArtifactFolder, _ location: @escaping RunLocation) -> Endpoint {
        Endpoint(
            .get,
            "/api/2.0/mlflow/artifacts/list",
            "List a folder of a run's artifacts",
            group: group,
            query: [
                Field("run_id", "The run"), Field("run_uuid", "The run, by an older name of the argument"),
                Field("path", "The folder in the run's"), Field("page_token", "Ignored: there is one page"),
            ],
            reply: [Field("root_uri", "Where the run's files are"), files]
        ) { request in
            guard let run = request.text("run_id") ?? request.text("run_uuid"), !run.isEmpty else {
                throw APIError.invalid("Missing value for required parameter 'run_id'.")
            }
            return try await list(folder, try await location(run), request.text("path"))
        }
    }

    private static func listOfModel(_ folder: ArtifactFolder, _ models: any LoggedModelStore) -> Endpoint {
        Endpoint(
            .get,
            "/api/2.0/mlflow/logged-models/{model_id}/artifacts/directories",
            "List a folder of a logged model's artifacts",
            group: group,
            query: [
                Field("artifact_directory_path", "The folder in the model's"),
                Field("page_token", "Ignored: there is one page"),
            ],
            reply: [Field("root_uri", "Where the model's files are"), files]
        ) { request in
            let model = try await models.loggedModel(LoggedModelEndpoints.id(request))
            let root = String(model.artifactURI.dropFirst("mlflow-artifacts:/".count))
            return try await list(folder, root, request.text("artifact_directory_path"))
        }
    }

    private static func list(_ folder: ArtifactFolder, _ root: String, _ path: String?) async throws -> APIReply {
        let below = try ArtifactPath(path ?? "")
        let place = try ArtifactPath(root).appending(below)
        let entries = try await ArtifactFolder.onDisk { try folder.list(place) }
        return .object([
            ("root_uri", JSON("mlflow-artifacts:/\(root)")),
            ("files", json(entries, prefix: below.parts.isEmpty ? "" : below.text + "/")),
        ])
    }

    private static func json(_ entries: [ArtifactEntry], prefix: String) -> JSON? {
        if entries.isEmpty { return nil }
        return .array(
            entries.map { entry in
                .object(present: [
                    ("path", JSON(prefix + entry.name)), ("is_dir", JSON(entry.isFolder)),
                    ("file_size", entry.bytes.map { JSON($0) }),
                ])
            }
        )
    }
}
