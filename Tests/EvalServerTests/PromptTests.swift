// Registered models, prompts and their versions, called as MLflow's client calls.

import EvalCore
import EvalJSON
import EvalStore
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct PromptTests {
    private let store: SQLiteStore
    private let call: Caller
    private let models = "/api/2.0/mlflow/registered-models/"
    private let versions = "/api/2.0/mlflow/model-versions/"

    init() throws {
        store = try SQLiteStore(path: ":memory:")
        call = Caller(endpoints: ModelEndpoints.all(store) + ModelVersionEndpoints.all(store))
    }

    private static let promptTag: JSON = ["key": "mlflow.prompt.is_prompt", "value": "true"]

    private func register(_ name: String, texts: [String] = ["Text"], tags: [JSON] = []) async {
        let made = await call(.post, models + "create", ["name": JSON(name), "tags": .array([Self.promptTag] + tags)])
        #expect(made.status == 200, "\(made.json)")
        for text in texts {
            let tags: JSON = [Self.promptTag, ["key": "mlflow.prompt.text", "value": JSON(text)]]
            let version = await call(
                .post,
                versions + "create",
                ["name": JSON(name), "source": "dummy-source", "tags": tags, "description": "d"]
            )
            #expect(version.status == 200, "\(version.json)")
        }
    }

    private func search(_ filter: String, _ more: [(String, String)] = []) async -> [String] {
        let found = await call(.get, models + "search", query: [("filter", filter)] + more)
        #expect(found.status == 200, "\(found.json)")
        return found.json["registered_models"]?.elements.compactMap { $0["name"]?.string } ?? []
    }

    @Test("versions are numbered, and a reply has what MLflow's has")
    func versionsAreNumbered() async throws {
        await register("p", texts: ["Say {{ word }}", "Other"])
        let version = await call(.get, versions + "get", query: [("name", "p"), ("version", "1")])
        let first = try #require(version.json["model_version"])
        #expect(first["version"] == "1" && first["current_stage"] == "None" && first["status"] == "READY")
        #expect(first["run_id"] == "" && first["run_link"] == "" && first["description"] == "d")
        let tags = first["tags"]?.elements.map { ($0["key"]?.string ?? "", $0["value"]?.string ?? "") } ?? []
        #expect(tags.contains { $0 == ("mlflow.prompt.text", "Say {{ word }}") })
        let model = await call(.get, models + "get", query: [("name", "p")])
        let latest = model.json["registered_model"]?["latest_versions"]?.elements.map { $0["version"]?.string }
        #expect(latest == ["2"])
        #expect(model.json["registered_model"]?["description"] == nil)
        let newest = await call(.get, models + "alias", query: [("name", "p"), ("alias", "latest")])
        #expect(newest.json["model_version"]?["version"] == "2")
        let missing = await call(.get, versions + "get", query: [("name", "p"), ("version", "3")])
        #expect(missing.code == "RESOURCE_DOES_NOT_EXIST" && missing.status == 404)
        let word = await call(.get, versions + "get", query: [("name", "p"), ("version", "x")])
        #expect(word.code == "INVALID_PARAMETER_VALUE")
    }

    @Test("aliases move, go with their version, and can't be taken for versions")
    func aliases() async {
        await register("p", texts: ["1", "2"])
        for version in ["1", "2"] {
            let set = await call(
                .post,
                models + "alias",
                ["name": "p", "alias": "production", "version": JSON(version)]
            )
            #expect(set.json == .object([]))
            let found = await call(.get, models + "alias", query: [("name", "p"), ("alias", "production")])
            #expect(found.json["model_version"]?["version"]?.string == version)
            #expect(found.json["model_version"]?["aliases"] == ["production"])
        }
        let model = await call(.get, models + "get", query: [("name", "p")])
        #expect(model.json["registered_model"]?["aliases"] == [["alias": "production", "version": "2"]])
        for alias in ["latest", "Latest", "v1", "V12", "", "a b"] {
            let refused = await call(.post, models + "alias", ["name": "p", "alias": JSON(alias), "version": "1"])
            #expect(refused.code == "INVALID_PARAMETER_VALUE", "\(alias)")
        }
        let ahead = await call(.post, models + "alias", ["name": "p", "alias": "ahead", "version": "9"])
        #expect(ahead.code == "RESOURCE_DOES_NOT_EXIST")
        _ = await call(.delete, versions + "delete", ["name": "p", "version": "2"])
        let gone = await call(.get, models + "alias", query: [("name", "p"), ("alias", "production")])
        #expect(gone.code == "INVALID_PARAMETER_VALUE")
        #expect(await call(.delete, models + "alias", ["name": "p", "alias": "production"]).status == 200)
    }

    @Test("tags of a prompt and of a version are apart")
    func tags() async {
        await register("p")
        _ = await call(.post, models + "set-tag", ["name": "p", "key": "team", "value": "search"])
        _ = await call(.post, versions + "set-tag", ["name": "p", "version": "1", "key": "stage", "value": "draft"])
        func keys() async -> ([String], [String]) {
            let model = await call(.get, models + "get", query: [("name", "p")]).json["registered_model"]
            let version = await call(.get, versions + "get", query: [("name", "p"), ("version", "1")])
                .json["model_version"]
            let keys = { (json: JSON?) in json?["tags"]?.elements.compactMap { $0["key"]?.string } ?? [] }
            return (keys(model), keys(version))
        }
        #expect(
            await keys() == (
                ["mlflow.prompt.is_prompt", "team"], ["mlflow.prompt.is_prompt", "mlflow.prompt.text", "stage"]
            )
        )
        #expect(await call(.delete, models + "delete-tag", ["name": "p", "key": "team"]).status == 200)
        #expect(await call(.delete, models + "delete-tag", ["name": "p", "key": "team"]).status == 200)
        #expect(
            await call(.delete, versions + "delete-tag", ["name": "p", "version": "1", "key": "stage"]).status == 200
        )
        #expect(await keys() == (["mlflow.prompt.is_prompt"], ["mlflow.prompt.is_prompt", "mlflow.prompt.text"]))
        for key in ["", "a//b", "../x", "a%b", String(repeating: "k", count: 251)] {
            let refused = await call(.post, models + "set-tag", ["name": "p", "key": JSON(key), "value": "v"])
            #expect(refused.code == "INVALID_PARAMETER_VALUE", "\(key)")
        }
        let long = JSON(String(repeating: "x", count: 100_001))
        let refused = await call(.post, versions + "set-tag", ["name": "p", "version": "1", "key": "k", "value": long])
        #expect(refused.code == "INVALID_PARAMETER_VALUE")
    }

    @Test("searches find prompts when they ask for them, and models otherwise")
    func searching() async {
        for (letter, team) in [("a", "x"), ("b", "y"), ("c", "y")] {
            await register("Stem-\(letter)", tags: [["key": "team", "value": JSON(team)]])
        }
        _ = await call(.post, models + "create", ["name": "Stem-model"])
        let prompts = "tags.`mlflow.prompt.is_prompt` = 'true' AND "
        #expect(await search(prompts + "name LIKE 'Stem%'") == ["Stem-a", "Stem-b", "Stem-c"])
        #expect(await search(prompts + "name LIKE 'stem%'") == [])
        #expect(await search(prompts + "name ILIKE 'stem%' AND tags.team = 'y'") == ["Stem-b", "Stem-c"])
        #expect(await search(prompts + "tags.team != 'x'") == ["Stem-b", "Stem-c"])
        #expect(await search(prompts + "name IN ('Stem-a', 'other')") == ["Stem-a"])
        #expect(await search("name LIKE 'Stem%'") == ["Stem-model"])
        #expect(await search("") == ["Stem-model"])
        #expect(await search("tags.`mlflow.prompt.is_prompt` != 'true'") == ["Stem-model"])
        #expect(
            await search(prompts + "name != 'Stem-b'", [("order_by", "name DESC"), ("order_by", "timestamp")])
                == ["Stem-c", "Stem-a"]
        )
        for (filter, order) in [("size = 'x'", "name"), ("name = 'a' OR name = 'b'", "name"), ("", "size")] {
            let refused = await call(.get, models + "search", query: [("filter", filter), ("order_by", order)])
            #expect(refused.code == "INVALID_PARAMETER_VALUE")
        }
    }

    @Test("pages follow each other by token, and foreign tokens are refused")
    func pages() async {
        for number in 0..<5 { await register("p\(number)", texts: []) }
        let filter = "tags.`mlflow.prompt.is_prompt` = 'true'"
        var (found, token, pages): ([String], String?, Int) = ([], nil, 0)
        repeat {
            let query = [("filter", filter), ("max_results", "2")] + (token.map { [("page_token", $0)] } ?? [])
            let page = await call(.get, models + "search", query: query)
            found += page.json["registered_models"]?.elements.compactMap { $0["name"]?.string } ?? []
            token = page.json["next_page_token"]?.string
            pages += 1
        } while token != nil && pages < 9
        #expect(found == ["p0", "p1", "p2", "p3", "p4"] && pages == 3)
        for query in [("page_token", "nonsense"), ("max_results", "0"), ("max_results", "1001")] {
            #expect(await call(.get, models + "search", query: [query]).code == "INVALID_PARAMETER_VALUE")
        }
    }

    @Test("versions are searched by name, number, run and tag")
    func searchingVersions() async {
        await register("p", texts: ["1", "2"])
        _ = await call(.post, models + "create", ["name": "m"])
        _ = await call(
            .post,
            versions + "create",
            ["name": "m", "source": "runs:/r/model", "run_id": "r", "tags": [["key": "k", "value": "v"]]]
        )
        func found(_ filter: String, _ order: [String] = []) async -> [String] {
            let query = [("filter", filter)] + order.map { ("order_by", $0) }
            let page = await call(.get, versions + "search", query: query)
            #expect(page.status == 200, "\(page.json)")
            return page.json["model_versions"]?.elements
                .map { "\($0["name"]?.string ?? "")/\($0["version"]?.string ?? "")" } ?? []
        }
        let prompt = " AND tag.`mlflow.prompt.is_prompt` = 'true'"
        #expect(await found("name = 'p'" + prompt, ["version_number DESC"]) == ["p/2", "p/1"])
        #expect(await found("version_number > 1" + prompt) == ["p/2"])
        #expect(await found("name = 'p'") == [])
        #expect(await found("run_id = 'r'") == ["m/1"])
        #expect(await found("source_path LIKE 'runs:%' AND tags.k = 'v'") == ["m/1"])
        #expect(await found("tags.k = 'w'") == [])
        let uri = await call(.get, versions + "get-download-uri", query: [("name", "m"), ("version", "1")])
        #expect(uri.json["artifact_uri"] == "runs:/r/model")
    }

    @Test("numbers of versions that were deleted are not used again; a deleted name is gone with all")
    func deleting() async {
        await register("p", texts: ["1", "2"])
        #expect(await call(.delete, versions + "delete", ["name": "p", "version": "2"]).status == 200)
        #expect(
            await call(.delete, versions + "delete", ["name": "p", "version": "2"]).code == "RESOURCE_DOES_NOT_EXIST"
        )
        let next = await call(.post, versions + "create", ["name": "p", "source": "dummy-source"])
        #expect(next.json["model_version"]?["version"] == "3")
        #expect(await call(.delete, models + "delete", ["name": "p"]).status == 200)
        #expect(await call(.get, models + "get", query: [("name", "p")]).code == "RESOURCE_DOES_NOT_EXIST")
        #expect(await call(.get, versions + "get", query: [("name", "p"), ("version", "1")]).status == 404)
        await register("p", texts: ["again"])
        let version = await call(.get, models + "alias", query: [("name", "p"), ("alias", "latest")])
        #expect(version.json["model_version"]?["version"] == "1")
    }

    @Test("names that are wrong or taken are refused")
    func names() async {
        for name in ["", " ", "with/slash", "with:colon", "..", String(repeating: "n", count: 257)] {
            let refused = await call(.post, models + "create", ["name": JSON(name)])
            #expect(refused.code == "INVALID_PARAMETER_VALUE", "\(name)")
        }
        _ = await call(.post, models + "create", ["name": "m"])
        await register("p", texts: [])
        let model = await call(.post, models + "create", ["name": "m"])
        #expect(model.code == "RESOURCE_ALREADY_EXISTS" && model.message == "Registered Model (name=m) already exists.")
        let prompt = await call(.post, models + "create", ["name": "m", "tags": [Self.promptTag]])
        #expect(prompt.code == "RESOURCE_ALREADY_EXISTS" && prompt.message.contains("registered model"))
        #expect(await call(.post, models + "rename", ["name": "m", "new_name": "p"]).code == "RESOURCE_ALREADY_EXISTS")
        #expect(
            await call(.post, models + "rename", ["name": "m", "new_name": "n"]).json["registered_model"]?["name"]
                == "n"
        )
        let source = await call(.post, versions + "create", ["name": "n", "source": "s3://b/%2e%2e/x"])
        #expect(source.code == "INVALID_PARAMETER_VALUE")
        #expect(await call(.post, versions + "create", ["name": "x", "source": "s"]).code == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test("stages and descriptions change, and the newest in each stage is found")
    func stages() async {
        await register("p", texts: ["1", "2"])
        func move(_ version: String, _ stage: String, archive: Bool) async -> Answered {
            await call(
                .post,
                versions + "transition-stage",
                [
                    "name": "p", "version": JSON(version), "stage": JSON(stage),
                    "archive_existing_versions": JSON(archive),
                ]
            )
        }
        #expect(await move("1", "production", archive: false).json["model_version"]?["current_stage"] == "Production")
        #expect(await move("2", "Production", archive: true).status == 200)
        #expect(await move("2", "Archived", archive: true).code == "INVALID_PARAMETER_VALUE")
        #expect(await move("2", "Elsewhere", archive: false).code == "INVALID_PARAMETER_VALUE")
        let latest = await call(.post, models + "get-latest-versions", ["name": "p", "stages": ["Archived"]])
        #expect(latest.json["model_versions"]?.elements.map { $0["version"]?.string } == ["1"])
        let both = await call(.get, models + "get-latest-versions", query: [("name", "p")])
        #expect(both.json["model_versions"]?.count == 2)
        let changed = await call(.patch, versions + "update", ["name": "p", "version": "1", "description": "new"])
        #expect(changed.json["model_version"]?["description"] == "new")
        let described = await call(.patch, models + "update", ["name": "p", "description": "for all"])
        #expect(described.json["registered_model"]?["description"] == "for all")
    }

    @Test("a trace is linked to prompts once it is there")
    func links() async throws {
        let made = try await TraceSample.make(1, in: store)[0].id
        let path = "/api/2.0/mlflow/traces/link-prompts"
        for _ in 0..<2 {
            let versions: JSON = [["name": "p", "version": "1"], ["name": "q", "version": "12"]]
            let linked = await call(.post, path, ["trace_id": JSON(made.traceID), "prompt_versions": versions])
            #expect(linked.json == .object([]))
        }
        let word: JSON = [["name": "p", "version": "x"]]
        let refused = await call(.post, path, ["trace_id": JSON(made.traceID), "prompt_versions": word])
        #expect(refused.code == "INVALID_PARAMETER_VALUE")
        let reference: JSON = ["name": "p", "version": "1"]
        for trace in ["tr-" + String(repeating: "0", count: 31) + "1", "nonsense"] {
            let refused = await call(
                .post,
                "/api/2.0/mlflow/traces/link-prompts",
                ["trace_id": JSON(trace), "prompt_versions": [reference]]
            )
            #expect(refused.code == "RESOURCE_DOES_NOT_EXIST")
        }
    }
}
