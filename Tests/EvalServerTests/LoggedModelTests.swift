// Logged models, called as MLflow's client calls.

import EvalCore
import EvalJSON
import EvalStore
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct LoggedModelTests {
    private let store: SQLiteStore
    private let call: Caller
    private let path = "/api/2.0/mlflow/logged-models"

    init() throws {
        store = try SQLiteStore(path: ":memory:")
        call = Caller(endpoints: LoggedModelEndpoints.all(store))
    }

    private func make(_ name: String, _ more: [(String, JSON)] = []) async -> String {
        let made = await call(.post, path, .object([("experiment_id", "0"), ("name", JSON(name))] + more))
        #expect(made.status == 200, "\(made.json)")
        return made.json["model"]?["info"]?["model_id"]?.string ?? ""
    }

    @Test("a model keeps what it was made with")
    func making() async throws {
        let id = await make(
            "app",
            [
                ("tags", [["key": "stage", "value": "dev"]]), ("params", [["key": "t", "value": "0.5"]]),
                ("model_type", "agent"), ("source_run_id", "0f"),
            ]
        )
        #expect(id.hasPrefix("m-") && id.count == 34)
        let found = try #require(await call(.get, "\(path)/\(id)").json["model"])
        #expect(found["info"]?["name"] == "app" && found["info"]?["model_type"] == "agent")
        #expect(found["info"]?["status"] == "LOGGED_MODEL_PENDING" && found["info"]?["source_run_id"] == "0f")
        #expect(found["info"]?["artifact_uri"]?.string == "mlflow-artifacts:/0/models/\(id)/artifacts")
        #expect(found["data"]?["params"] == [["key": "t", "value": "0.5"]])
        let unnamed = await call(.post, path, ["experiment_id": "0"])
        #expect(unnamed.json["model"]?["info"]?["name"]?.string?.isEmpty == false)
        for name in ["", "a/b", "a:b", "a\"b", "a%b", "a.b", "a'b"] {
            let refused = await call(.post, path, ["experiment_id": "0", "name": JSON(name)])
            #expect(refused.code == "INVALID_PARAMETER_VALUE", "\(name)")
        }
        #expect(await call(.post, path, ["experiment_id": "99"]).code == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test("a model is finished, tagged, given parameters and deleted")
    func changing() async {
        let id = await make("app", [("tags", [["key": "a", "value": "1"]])])
        let done = await call(.patch, "\(path)/\(id)", ["status": "LOGGED_MODEL_READY"])
        #expect(done.json["model"]?["info"]?["status"] == "LOGGED_MODEL_READY")
        #expect(await call(.patch, "\(path)/\(id)", ["status": "READY"]).code == "INVALID_PARAMETER_VALUE")
        let tagged = await call(
            .patch,
            "\(path)/\(id)/tags",
            ["tags": [["key": "a", "value": "2"], ["key": "b/c", "value": "3"]]]
        )
        #expect(tagged.json["model"]?["info"]?["tags"]?.count == 2)
        #expect(await call(.delete, "\(path)/\(id)/tags/b/c").status == 200)
        #expect(await call(.delete, "\(path)/\(id)/tags/b/c").code == "RESOURCE_DOES_NOT_EXIST")
        let parameters: JSON = ["params": [["key": "p", "value": "1"]]]
        #expect(await call(.post, "\(path)/\(id)/params", parameters).json == .object([]))
        #expect(await call(.post, "\(path)/\(id)/params", parameters).status == 200)
        let other: JSON = ["params": [["key": "q", "value": "1"], ["key": "p", "value": "2"]]]
        #expect(await call(.post, "\(path)/\(id)/params", other).code == "INVALID_PARAMETER_VALUE")
        let found = await call(.get, "\(path)/\(id)")
        #expect(found.json["model"]?["data"]?["params"] == [["key": "p", "value": "1"]])
        #expect(await call(.delete, "\(path)/\(id)").json == .object([]))
        for (method, body): (Endpoint.Method, JSON) in [
            (.get, [:]), (.delete, [:]), (.patch, ["status": "LOGGED_MODEL_READY"]),
        ] {
            for id in [id, "m-unknown"] {
                #expect(await call(method, "\(path)/\(id)", body).code == "RESOURCE_DOES_NOT_EXIST")
            }
        }
    }

    @Test("of a metric the highest step, then the latest time, counts for each run and data set")
    func metrics() async throws {
        let id = try #require(PublicID(hexadecimal: String(await make("app").dropFirst(2))))
        func point(_ value: Double, step: Int64, time: Int64, run: String = "r1") -> LoggedModelMetric {
            LoggedModelMetric(key: "m", value: value, timestampMilliseconds: time, step: step, run: run)
        }
        try await store.log([point(1, step: 5, time: 5), point(2, step: 4, time: 9)], toModel: id)
        try await store.log([point(3, step: 5, time: 4), point(.infinity, step: 0, time: 0, run: "r2")], toModel: id)
        #expect(try await store.loggedModel(id).metrics.map(\.value) == [.infinity, 1])
        try await store.log([point(.nan, step: 5, time: 6)], toModel: id)
        let metrics = await call(.get, "\(path)/m-\(id.hexadecimal)").json["model"]?["data"]?["metrics"]
        let values = metrics?.elements.map { $0["value"]?.string }
        #expect(values == ["Infinity", "NaN"])
        #expect(metrics?[0]?["run_id"] == "r2")
        await #expect(throws: Refusal.self) { try await store.log([], toModel: .make()) }
    }

    @Test("models are searched by attributes, parameters, tags and metrics, in any order, in pages")
    func searching() async throws {
        var ids: [String: String] = [:]
        for (name, kind, score) in [("a", "agent", 0.1), ("b", "agent", 0.3), ("c", "chain", 0.2)] {
            let id = await make(
                name,
                [
                    ("model_type", JSON(kind)), ("params", [["key": "size", "value": JSON(name)]]),
                    ("tags", [["key": "letter", "value": JSON(name)]]),
                ]
            )
            ids[name] = id
            let metric = LoggedModelMetric(
                key: "score",
                value: score,
                timestampMilliseconds: 1,
                datasetName: "d-\(name)"
            )
            try await store.log([metric], toModel: #require(PublicID(hexadecimal: String(id.dropFirst(2)))))
        }
        _ = await call(.patch, "\(path)/\(ids["a"] ?? "")", ["status": "LOGGED_MODEL_READY"])
        let byName: JSON = [["field_name": "name", "ascending": true]]
        func found(_ filter: String = "", order: JSON? = nil, _ more: [(String, JSON)] = []) async -> String {
            let body: [(String, JSON)] = [
                ("experiment_ids", ["0"]), ("filter", JSON(filter)), ("order_by", order ?? byName),
            ]
            let page = await call(.post, path + "/search", .object(body + more))
            guard page.status == 200 else { return page.code ?? "" }
            return page.json["models"]?.elements.compactMap { $0["info"]?["name"]?.string }.joined() ?? ""
        }
        for (filter, expected) in [
            ("", "abc"), ("name = 'a'", "a"), ("name LIKE 'a%'", "a"), ("name != 'a'", "bc"),
            ("name IN ('a', 'c')", "ac"), ("model_type = 'agent'", "ab"), ("status = 'READY'", "a"),
            ("params.size = 'b'", "b"), ("tags.letter = 'c'", "c"), ("metrics.score > 0.15", "bc"),
            ("metrics.score >= 0.2 AND model_type = 'chain'", "c"), ("model_id = '\(ids["b"] ?? "")'", "b"),
            ("creation_timestamp > 0", "abc"), ("attributes.creation_time < 5", ""),
            ("unknown = 'x'", "INVALID_PARAMETER_VALUE"), ("name", "INVALID_PARAMETER_VALUE"),
        ] {
            #expect(await found(filter) == expected, "\(filter)")
        }
        #expect(await found(order: [["field_name": "name", "ascending": false]]) == "cba")
        #expect(await found(order: [["field_name": "metrics.score", "ascending": false]]) == "bca")
        #expect(
            await found(order: [
                ["field_name": "metrics.score", "ascending": true, "dataset_name": "d-b"], ["field_name": "name"],
            ])
                == "bac"
        )
        #expect(
            await found("metrics.score > 0", [("datasets", [["dataset_name": "d-c"], ["dataset_name": "d-a"]])]) == "ac"
        )
        #expect(await found("", [("datasets", [["dataset_name": "d-c", "dataset_digest": "x"]])]) == "")
        #expect(await found(order: [["field_name": "params.size"]]) == "INVALID_PARAMETER_VALUE")
        #expect(await found(order: [["field_name": "name", "dataset_digest": "x"]]) == "INVALID_PARAMETER_VALUE")
        let first = await call(
            .post,
            path + "/search",
            ["experiment_ids": ["0"], "max_results": 2, "order_by": byName]
        )
        let token = try #require(first.json["next_page_token"])
        #expect(await found("", [("max_results", 2), ("page_token", token)]) == "c")
    }
}
