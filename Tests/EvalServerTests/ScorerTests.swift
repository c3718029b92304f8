// Registered scorers, called as MLflow's client calls.

import EvalCore
import EvalJSON
import EvalStore
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct ScorerTests {
    private let call: Caller
    private let path = "/api/3.0/mlflow/scorers/"

    init() throws {
        call = Caller(endpoints: ScorerEndpoints.all(try SQLiteStore(path: ":memory:")))
    }

    private func register(_ name: String, _ definition: String = "{}") async -> Answered {
        await call(
            .post,
            path + "register",
            ["experiment_id": "0", "name": JSON(name), "serialized_scorer": JSON(definition)]
        )
    }

    private func versions(_ name: String) async -> [Int64?] {
        let found = await call(.get, path + "versions", query: [("experiment_id", "0"), ("name", name)])
        return found.json["scorers"]?.elements.map { $0["scorer_version"]?.integer } ?? []
    }

    @Test("registering again makes a version, and the list has the newest of each")
    func registering() async {
        for number in 1...3 {
            let made = await register("polite", "{\"n\": \(number)}")
            #expect(made.json["version"]?.integer == Int64(number) && made.json["name"] == "polite")
            #expect(made.json["serialized_scorer"]?.string == "{\"n\": \(number)}")
        }
        _ = await register("brief")
        let newest = await call(.get, path + "get", query: [("experiment_id", "0"), ("name", "polite")])
        #expect(newest.json["scorer"]?["serialized_scorer"] == "{\"n\": 3}")
        #expect(newest.json["scorer"]?["experiment_id"] == 0)
        let second = await call(
            .get,
            path + "get",
            query: [("experiment_id", "0"), ("name", "polite"), ("version", "2")]
        )
        #expect(second.json["scorer"]?["scorer_version"] == 2)
        #expect(await versions("polite") == [1, 2, 3])
        for query in [[("experiment_id", "0")], [], [("experiment_ids", "0"), ("experiment_ids", "7")]] {
            let listed = await call(.get, path + "list", query: query)
            let found = listed.json["scorers"]?.elements.map { $0["scorer_name"]?.string }
            #expect(found == ["brief", "polite"])
        }
        #expect(await call(.get, path + "list", query: [("experiment_id", "7")]).json == .object([]))
        let both = await call(.get, path + "list", query: [("experiment_id", "0"), ("experiment_ids", "0")])
        #expect(both.code == "INVALID_PARAMETER_VALUE")
    }

    @Test("a version is deleted, or all of them; unknown ones are refused")
    func deleting() async {
        for _ in 0..<3 { _ = await register("polite") }
        let id = await call(.get, path + "get", query: [("experiment_id", "0"), ("name", "polite")])
        let scorer = id.json["scorer"]?["scorer_id"]?.string ?? ""
        func delete(_ name: String, _ version: Int?) async -> Answered {
            var body: [(String, JSON)] = [("experiment_id", "0"), ("name", JSON(name))]
            if let version { body.append(("version", JSON(version))) }
            return await call(.delete, path + "delete", .object(body))
        }
        #expect(await delete("polite", 2).status == 200)
        #expect(await versions("polite") == [1, 3])
        #expect(await delete("polite", 2).code == "RESOURCE_DOES_NOT_EXIST")
        _ = await call(
            .put,
            path + "online-config",
            ["experiment_id": "0", "name": "polite", "sample_rate": 1]
        )
        #expect(await delete("polite", nil).status == 200)
        #expect(await delete("polite", nil).code == "RESOURCE_DOES_NOT_EXIST")
        let samplings = await call(.get, path + "online-configs", query: [("scorer_ids", scorer)])
        #expect(samplings.json["configs"] == [])
        for query in [[("experiment_id", "0"), ("name", "x")], [("experiment_id", "x"), ("name", "polite")]] {
            #expect(await call(.get, path + "versions", query: query).status >= 400)
        }
    }

    @Test("what is no scorer is refused, and so is a program")
    func refused() async {
        for name: JSON in ["", " ", 3, .null] {
            let made = await call(
                .post,
                path + "register",
                ["experiment_id": "0", "name": name, "serialized_scorer": "{}"]
            )
            #expect(made.code == "INVALID_PARAMETER_VALUE")
        }
        for definition in [
            "", "no json", "[]", #"{"call_source": "return 1"}"#,
            #"{"ensemble_scorer_data": {"scorers": [{"call_source": "return 1"}]}}"#,
        ] {
            #expect(await register("bad", definition).code == "INVALID_PARAMETER_VALUE")
        }
        #expect(await register("fine", #"{"call_source": null}"#).status == 200)
        let elsewhere = await call(
            .post,
            path + "register",
            ["experiment_id": "99", "name": "n", "serialized_scorer": "{}"]
        )
        #expect(elsewhere.code == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test("sampling is kept, changed and found by the scorer's identifier")
    func sampling() async {
        let id = await register("polite").json["scorer_id"]?.string ?? ""
        func sample(_ rate: JSON, _ filter: JSON?) async -> Answered {
            var body: [(String, JSON)] = [("experiment_id", "0"), ("name", "polite"), ("sample_rate", rate)]
            if let filter { body.append(("filter_string", filter)) }
            return await call(.put, path + "online-config", .object(body))
        }
        let first = await sample(0.5, "status = 'OK'")
        #expect(first.json["config"]?["sample_rate"] == 0.5)
        #expect(first.json["config"]?["filter_string"] == "status = 'OK'")
        #expect(first.json["config"]?["scorer_id"]?.string == id)
        let second = await sample(0, nil)
        #expect(second.json["config"]?["online_scoring_config_id"] == first.json["config"]?["online_scoring_config_id"])
        #expect(second.json["config"]?["filter_string"] == nil)
        let found = await call(.get, path + "online-configs", query: [("scorer_ids", id), ("scorer_ids", "x")])
        #expect(found.json["configs"]?.count == 1)
        for (rate, filter): (JSON, JSON?) in [(1.5, nil), (-1, nil), ("NaN", nil), (1, "what ever")] {
            #expect(await sample(rate, filter).code == "INVALID_PARAMETER_VALUE")
        }
        let unknown = await call(
            .put,
            path + "online-config",
            ["experiment_id": "0", "name": "x", "sample_rate": 1]
        )
        #expect(unknown.code == "RESOURCE_DOES_NOT_EXIST")
    }
}
