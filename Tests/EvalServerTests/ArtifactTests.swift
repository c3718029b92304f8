// Files of runs and models: they come back as they were, and no path leaves their folder.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct ArtifactTests {
    private let place = FileManager.default.temporaryDirectory.appendingPathComponent("evalhost-\(UUID().uuidString)")
    private let store: SQLiteStore
    private let call: Caller
    private let path = "/api/2.0/mlflow-artifacts/artifacts"
    private var root: String { place.appendingPathComponent("artifacts").path }

    init() throws {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        store = try SQLiteStore(path: ":memory:")
        let folder = ArtifactFolder(root: place.appendingPathComponent("artifacts").path)
        call = Caller(
            endpoints: LoggedModelEndpoints.all(store)
                + ArtifactEndpoints.all(
                    folder,
                    runLocation: { run in
                        guard run == "r1" else { throw Refusal.missing("Run '\(run)' not found.") }
                        return "3/r1/artifacts"
                    },
                    models: store
                )
        )
    }

    private func put(_ name: String, _ bytes: [UInt8]) async -> Answered {
        await call(.put, "\(path)/\(name)", bytes: bytes)
    }

    private func listed(_ folder: String) async -> JSON {
        await call(.get, path, query: [("path", folder)]).json["files"] ?? []
    }

    @Test("a file comes back as it was, is replaced, listed and deleted")
    func comesBack() async {
        defer { try? FileManager.default.removeItem(at: place) }
        let bytes = (0..<256_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(await put("3/r1/artifacts/data.bin", bytes).json == .object([]))
        #expect(await call(.get, "\(path)/3/r1/artifacts/data.bin").bytes == bytes)
        #expect(await put("3/r1/artifacts/data.bin", []).status == 200)
        #expect(await call(.get, "\(path)/3/r1/artifacts/data.bin").bytes.isEmpty)
        #expect(await put("3/r1/artifacts/deep/ünï 実験.txt", [1, 2]).status == 200)
        #expect(
            await listed("3/r1/artifacts")
                == [["path": "data.bin", "is_dir": false, "file_size": 0], ["path": "deep", "is_dir": true]]
        )
        #expect(await listed("3/r1/artifacts/deep/") == [["path": "ünï 実験.txt", "is_dir": false, "file_size": 2]])
        #expect(await listed("not/there") == [])
        #expect(await listed("3/r1/artifacts/data.bin") == [])
        for name in ["per%20cent.txt", ".dot", "plus+and&.txt", "semi;colon,comma.txt", "a'b.txt"] {
            #expect(await put("4/\(name)", [7]).status == 200)
            #expect(await call(.get, "\(path)/4/\(name)").bytes == [7], "\(name)")
        }
        #expect(await call(.delete, "\(path)/3/r1/artifacts/deep").status == 200)
        #expect(await call(.delete, "\(path)/3/r1/artifacts/deep").status == 200)
        #expect(await call(.delete, "\(path)/3/r1/artifacts/").status == 200)
        #expect(await listed("3/r1") == [])
        #expect(await call(.get, "\(path)/3/r1/artifacts/data.bin").code == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test(
        "no path leaves the folder",
        arguments: [
            "../out", "a/../../out", "..", "a/..", ".", "a/./b", "/etc/passwd", "//etc/passwd", "a//b", "%2e%2e/out",
            "..%2fout", "%252e%252e%252fout", "%25252e%25252e", "a\\..\\b", "nul\0", ".evalhost-upload-x",
            String(repeating: "x", count: 256), Array(repeating: "d", count: 65).joined(separator: "/"), "",
        ]
    )
    func leaves(_ name: String) async {
        defer { try? FileManager.default.removeItem(at: place) }
        for method in [Endpoint.Method.put, .get, .delete] {
            let answered = await call(method, "\(path)/\(name)", bytes: [1])
            #expect(answered.status == 400, "\(method) \(answered.json)")
        }
        if !name.isEmpty {
            #expect(await call(.get, path, query: [("path", name)]).status == 400)
            let run = await call(.get, "/api/2.0/mlflow/artifacts/list", query: [("run_id", "r1"), ("path", name)])
            #expect(run.status == 400)
        }
        #expect(!FileManager.default.fileExists(atPath: place.appendingPathComponent("out").path))
    }

    @Test("links in the folder lead nowhere")
    func links() async throws {
        defer { try? FileManager.default.removeItem(at: place) }
        _ = await put("1/real.txt", [1])
        let outside = place.appendingPathComponent("outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data([9]).write(to: outside.appendingPathComponent("secret"))
        try FileManager.default.createSymbolicLink(atPath: root + "/1/folder", withDestinationPath: outside.path)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/1/file",
            withDestinationPath: outside.path + "/secret"
        )
        #expect(await call(.get, "\(path)/1/folder/secret").status == 404)
        #expect(await call(.get, "\(path)/1/file").status == 404)
        #expect(await put("1/folder/new", [1]).status == 400)
        #expect(await listed("1/folder") == [])
        #expect(await listed("1") == [["path": "real.txt", "is_dir": false, "file_size": 1]])
        // A file replaces the link, not what it leads to.
        #expect(await put("1/file", [2]).status == 200)
        #expect(await call(.delete, "\(path)/1/folder").status == 200)
        #expect(try Data(contentsOf: outside.appendingPathComponent("secret")) == Data([9]))
    }

    @Test("a file that isn't whole leaves nothing, and what was there stays")
    func broken() async throws {
        defer { try? FileManager.default.removeItem(at: place) }
        let folder = ArtifactFolder(root: root)
        _ = await put("1/a.txt", [1])
        do {
            let upload = try folder.upload(to: ArtifactPath("1/a.txt"))
            try [UInt8](repeating: 2, count: 10).withUnsafeBytes { try upload.write($0) }
            #expect(await listed("1") == [["path": "a.txt", "is_dir": false, "file_size": 1]])
        }
        #expect(await call(.get, "\(path)/1/a.txt").bytes == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/1") == ["a.txt"])
        #expect(await put("1/a.txt/b", [1]).code == "INVALID_PARAMETER_VALUE")
        #expect(await put("1", [1]).code == "INVALID_PARAMETER_VALUE")
    }

    @Test("a run's and a model's files are listed by their own calls")
    func owners() async {
        defer { try? FileManager.default.removeItem(at: place) }
        _ = await put("3/r1/artifacts/folder/t.txt", [1])
        let list = "/api/2.0/mlflow/artifacts/list"
        let run = await call(.get, list, query: [("run_id", "r1"), ("path", "folder")])
        #expect(run.json["files"] == [["path": "folder/t.txt", "is_dir": false, "file_size": 1]])
        #expect(run.json["root_uri"] == "mlflow-artifacts:/3/r1/artifacts")
        #expect(
            await call(.get, list, query: [("run_uuid", "r1")]).json["files"] == [["path": "folder", "is_dir": true]]
        )
        #expect(await call(.get, list, query: [("run_id", "r2")]).code == "RESOURCE_DOES_NOT_EXIST")
        #expect(await call(.get, list).code == "INVALID_PARAMETER_VALUE")
        let models = "/api/2.0/mlflow/logged-models"
        let made = await call(.post, models, ["experiment_id": "0", "name": "app"])
        let id = made.json["model"]?["info"]?["model_id"]?.string ?? ""
        _ = await put("0/models/\(id)/artifacts/d/MLmodel", [1, 2])
        let model = await call(
            .get,
            "\(models)/\(id)/artifacts/directories",
            query: [("artifact_directory_path", "d")]
        )
        #expect(model.json["files"] == [["path": "d/MLmodel", "is_dir": false, "file_size": 2]])
        #expect(model.json["root_uri"] == made.json["model"]?["info"]?["artifact_uri"])
    }
}
