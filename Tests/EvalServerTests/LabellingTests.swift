// What reviewers are asked, the queues of traces that wait for them, and issues, called as MLflow's client calls.

import EvalCore
import EvalJSON
import EvalStore
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct LabellingTests {
    private let store: SQLiteStore
    private let call: Caller
    private let schemas = "/api/3.0/mlflow/label-schemas/"
    private let queues = "/api/3.0/mlflow/review-queues/"

    init() throws {
        store = try SQLiteStore(path: ":memory:")
        call = Caller(
            endpoints: LabelSchemaEndpoints.all(store) + ReviewQueueEndpoints.all(store) + IssueEndpoints.all(store)
        )
    }

    private func schema(_ name: String = "good", _ input: JSON = ["text": [:]], _ more: [(String, JSON)] = []) async
        -> Answered
    {
        let body: [(String, JSON)] = [
            ("experiment_id", "0"), ("name", JSON(name)), ("type", "FEEDBACK"), ("input", input),
        ]
        return await call(.post, schemas + "create", .object(body + more))
    }

    private func id(_ answered: Answered) -> String { answered.json["label_schema"]?["schema_id"]?.string ?? "" }

    @Test(
        "a schema comes back as it was made",
        arguments: [
            ["pass_fail": ["positive_label": "Good", "negative_label": "Bad"]],
            ["categorical": ["options": ["a", "b"], "multi_select": true]],
            ["numeric": ["min_value": 0, "max_value": 5]],
            ["numeric": [:]], ["text": [:]], ["text": ["max_length": 100]],
        ] as [JSON]
    )
    func comesBack(_ input: JSON) async {
        let made = await schema("good", input, [("instruction", "Look twice."), ("enable_comment", true)])
        #expect(made.json["label_schema"]?["input"] == input)
        #expect(id(made).hasPrefix("ls-"))
        let byID = await call(.get, schemas + "get", query: [("schema_id", id(made))])
        let byName = await call(.get, schemas + "get-by-name", query: [("experiment_id", "0"), ("name", "good")])
        let listed = await call(.get, schemas + "list", query: [("experiment_id", "0")])
        #expect(byID.json == made.json && byName.json == made.json)
        #expect(listed.json["label_schemas"]?.elements.map { $0 } == made.json["label_schema"].map { [$0] })
        #expect(
            made.json["label_schema"]?["instruction"] == "Look twice."
                && made.json["label_schema"]?["is_default"] == false
        )
    }

    @Test(
        "inputs that are wrong are refused",
        arguments: [
            [:], ["text": [:], "numeric": [:]], ["pass_fail": ["positive_label": "a", "negative_label": "a"]],
            ["pass_fail": ["positive_label": "a"]], ["categorical": ["options": []]],
            ["categorical": ["options": ["a", "a"]]], ["numeric": ["min_value": 5, "max_value": 5]],
            ["text": ["max_length": 0]],
        ] as [JSON]
    )
    func wrongInputs(_ input: JSON) async {
        #expect(await schema("good", input).code == "INVALID_PARAMETER_VALUE")
    }

    @Test("a schema is changed within its kind, its name is taken once, and deleting it twice is no error")
    func changing() async {
        let made = id(await schema("good", ["categorical": ["options": ["a"]]]))
        #expect(await schema("good").code == "RESOURCE_ALREADY_EXISTS")
        _ = await schema("other")
        let changed = await call(
            .patch,
            schemas + "update",
            [
                "schema_id": JSON(made), "name": "better", "input": ["categorical": ["options": ["a", "b"]]],
                "enable_comment": true,
            ]
        )
        #expect(changed.json["label_schema"]?["name"] == "better")
        #expect(changed.json["label_schema"]?["input"]?["categorical"]?["options"] == ["a", "b"])
        #expect(changed.json["label_schema"]?["enable_comment"] == true)
        for input: JSON in [["text": [:]], ["categorical": ["options": ["a"], "multi_select": true]]] {
            let refused = await call(.patch, schemas + "update", ["schema_id": JSON(made), "input": input])
            #expect(refused.code == "INVALID_PARAMETER_VALUE")
        }
        let taken = await call(.patch, schemas + "update", ["schema_id": JSON(made), "name": "other"])
        #expect(taken.code == "RESOURCE_ALREADY_EXISTS")
        for _ in 0..<2 { #expect(await call(.delete, schemas + "delete", ["schema_id": JSON(made)]).status == 200) }
        let gone = await call(.get, schemas + "get", query: [("schema_id", made)])
        #expect(gone.code == "RESOURCE_DOES_NOT_EXIST")
    }

    private func queue(_ name: String, _ more: [(String, JSON)] = []) async -> Answered {
        var body: [(String, JSON)] = [("experiment_id", "0"), ("name", JSON(name))] + more
        if !body.contains(where: { $0.0 == "queue_type" }) { body.append(("queue_type", "CUSTOM")) }
        return await call(.post, queues + "create", .object(body))
    }

    private func queueID(_ answered: Answered) -> JSON { answered.json["review_queue"]?["queue_id"] ?? "" }

    @Test("a queue comes back, is found by its people, changed and deleted")
    func queueChanges() async {
        let asked = id(await schema())
        let made = await queue("First", [("users", [" Bob ", "ann", "bob"]), ("schema_ids", [JSON(asked)])])
        #expect(made.json["review_queue"]?["users"] == ["ann", "bob"])
        #expect(made.json["review_queue"]?["schema_ids"] == [JSON(asked)])
        let byName = await call(.get, queues + "get-by-name", query: [("experiment_id", "0"), ("name", "first")])
        #expect(byName.json == made.json)
        #expect(await queue("FIRST").code == "RESOURCE_ALREADY_EXISTS")
        _ = await queue("second", [("users", ["ann"])])
        let bobs = await call(.get, queues + "list", query: [("experiment_id", "0"), ("user", "BOB")])
        #expect(bobs.json["review_queues"]?.elements.map { $0["name"]?.string } == ["First"])
        let changed = await call(
            .post,
            queues + "update",
            ["queue_id": queueID(made), "name": "third", "users": ["cat"], "update_users": true, "schema_ids": []]
        )
        #expect(changed.json["review_queue"]?["users"] == ["cat"] && changed.json["review_queue"]?["name"] == "third")
        #expect(changed.json["review_queue"]?["schema_ids"] == [JSON(asked)])
        let taken = await call(.post, queues + "update", ["queue_id": queueID(made), "name": "Second"])
        #expect(taken.code == "RESOURCE_ALREADY_EXISTS")
        _ = await call(.delete, schemas + "delete", ["schema_id": JSON(asked)])
        let without = await call(.get, queues + "get", query: [("queue_id", queueID(made).string ?? "")])
        #expect(without.json["review_queue"]?["schema_ids"] == nil)
        for _ in 0..<2 { #expect(await call(.post, queues + "delete", ["queue_id": queueID(made)]).status == 200) }
        let gone = await call(.get, queues + "get", query: [("queue_id", queueID(made).string ?? "")])
        #expect(gone.code == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test("a person's own queue is made once and stays as it is")
    func ownQueue() async {
        let body: JSON = ["experiment_id": "0", "user": "Cat"]
        let first = await call(.post, queues + "get-or-create-user", body)
        #expect(first.json["review_queue"]?["name"] == "cat" && first.json["review_queue"]?["users"] == ["cat"])
        let second = await call(.post, queues + "get-or-create-user", body)
        #expect(queueID(second) == queueID(first))
        let changed = await call(.post, queues + "update", ["queue_id": queueID(first), "name": "x"])
        #expect(changed.code == "INVALID_PARAMETER_VALUE")
        _ = await queue("dog")
        let squatted = await call(.post, queues + "get-or-create-user", ["experiment_id": "0", "user": "dog"])
        #expect(squatted.code == "RESOURCE_ALREADY_EXISTS")
    }

    @Test("queues that are wrong are refused")
    func wrongQueues() async {
        let many = JSON.array((0..<11).map { JSON("user \($0)") })
        let wrong: [(String, [(String, JSON)])] = [
            ("default", []), (" ", []), ("many", [("users", many)]), ("q", [("schema_ids", ["ls-x"])]),
            ("own", [("queue_type", "USER"), ("users", ["else"])]), ("q", [("queue_type", "OTHER")]),
            ("own", [("queue_type", "USER"), ("schema_ids", ["ls-x"])]),
        ]
        for (name, more) in wrong { #expect(await queue(name, more).code == "INVALID_PARAMETER_VALUE", "\(name)") }
    }

    @Test("traces wait in a queue, are done, and come back")
    func items() async throws {
        let ids = try await TraceSample.make(3, in: store).map(\.id.traceID)
        let made = queueID(await queue("first"))
        let all = JSON.array(ids.map { JSON($0) })
        let added = await call(.post, queues + "items/add", ["queue_id": made, "item_ids": all, "item_type": "TRACE"])
        #expect(added.json["items"]?.elements.compactMap { $0["item_id"]?.string } == ids)
        _ = await call(.post, queues + "items/add", ["queue_id": made, "item_ids": [JSON(ids[0])]])
        func waiting(_ status: String? = nil, _ more: [(String, String)] = []) async -> [String] {
            let query = [("queue_id", made.string ?? "")] + (status.map { [("status", $0)] } ?? []) + more
            let listed = await call(.get, queues + "items/list", query: query)
            return listed.json["items"]?.elements.compactMap { $0["item_id"]?.string } ?? []
        }
        #expect(await waiting() == Array(ids.reversed()))
        #expect(await waiting(nil, [("max_results", "2")]) == [ids[2], ids[1]])
        func set(_ item: String, _ status: String, _ by: String?) async -> Answered {
            var body: [(String, JSON)] = [("queue_id", made), ("item_id", JSON(item)), ("status", JSON(status))]
            if let by { body.append(("completed_by", JSON(by))) }
            return await call(.post, queues + "items/set-status", .object(body))
        }
        #expect(await set(ids[0], "COMPLETE", "Ann").json["item"]?["completed_by"] == "ann")
        #expect(await set(ids[0], "COMPLETE", "bob").json["item"]?["completed_by"] == "ann")
        #expect(await set(ids[1], "DECLINED", "bob").json["item"]?["completed_time_ms"]?.integer ?? 0 > 0)
        #expect(await waiting("COMPLETE") == [ids[0]])
        #expect(await waiting("PENDING") == [ids[2]])
        #expect(await set(ids[0], "PENDING", nil).json["item"]?["completed_by"] == nil)
        for (status, by) in [("COMPLETE", nil), ("PENDING", "ann"), ("OTHER", "ann")] as [(String, String?)] {
            #expect(await set(ids[0], status, by).code == "INVALID_PARAMETER_VALUE")
        }
        #expect(await set("tr-x", "COMPLETE", "ann").code == "RESOURCE_DOES_NOT_EXIST")
        let unknown = await call(.post, queues + "items/add", ["queue_id": made, "item_ids": ["tr-x"]])
        #expect(unknown.code == "RESOURCE_DOES_NOT_EXIST")
        let locked = await call(
            .post,
            queues + "update",
            ["queue_id": made, "update_schema_ids": true, "schema_ids": []]
        )
        #expect(locked.code == "INVALID_PARAMETER_VALUE")
        let holding = await call(.get, queues + "list", query: [("experiment_id", "0"), ("item_id", ids[0])])
        #expect(holding.json["review_queues"]?.count == 1)
        _ = await call(.post, queues + "items/remove", ["queue_id": made, "item_ids": [JSON(ids[0]), JSON(ids[1])]])
        #expect(await waiting() == [ids[2]])
    }

    @Test("issues are made, changed and found, the worst first")
    func issues() async {
        let path = "/api/3.0/mlflow/issues"
        func make(_ name: String, _ more: [(String, JSON)] = []) async -> JSON? {
            let body: [(String, JSON)] = [
                ("experiment_id", "0"), ("name", JSON(name)), ("description", "It takes long."),
            ]
            return await call(.post, path, .object(body + more)).json["issue"]
        }
        let slow = await make("slow")
        #expect(slow?["status"] == "pending" && slow?["issue_id"]?.string?.hasPrefix("iss-") == true)
        _ = await make("bad", [("severity", "high"), ("source_run_id", "r"), ("root_causes", ["a"])])
        _ = await make("low", [("severity", "low"), ("categories", ["x"])])
        func found(_ filter: String) async -> [String] {
            let page = await call(.post, path + "/search", ["experiment_id": "0", "filter_string": JSON(filter)])
            return page.json["issues"]?.elements.compactMap { $0["name"]?.string } ?? [page.code ?? ""]
        }
        #expect(await found("") == ["bad", "low", "slow"])
        #expect(await found("source_run_id = 'r'") == ["bad"])
        let id = slow?["issue_id"]?.string ?? ""
        let changed = await call(.patch, "\(path)/\(id)", ["status": "resolved", "severity": "medium"])
        #expect(changed.json["issue"]?["status"] == "resolved" && changed.json["issue"]?["name"] == "slow")
        #expect(await found("status = 'resolved'") == ["slow"])
        #expect(await found("name = 'slow'") == ["INVALID_PARAMETER_VALUE"])
        #expect(await call(.get, "\(path)/\(id)").json == changed.json)
        #expect(await call(.get, "\(path)/iss-unknown").code == "RESOURCE_DOES_NOT_EXIST")
        #expect(await call(.patch, "\(path)/\(id)", ["status": "open"]).code == "INVALID_PARAMETER_VALUE")
    }
}
