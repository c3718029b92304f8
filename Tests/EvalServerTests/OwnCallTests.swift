// evalhost's own calls: what its command line prints, over HTTP.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct OwnCallTests {
    private let store: SQLiteStore
    private let starter = ScriptedStarter()
    private let call: Caller
    private let base = "/api/evalhost/v1"

    init() throws {
        store = try SQLiteStore(path: ":memory:")
        call = Caller(endpoints: ServerSample.services(store, starter: starter).endpoints)
    }

    @Test("plugins and scorers are listed, and one is shown by either of its names")
    func shelf() async {
        let plugins = await call(.get, base + "/plugins")
        let first = plugins.json["plugins"]?[0]
        #expect(first?["name"] == "edit" && first?["trusted"] == true && first?["scorers"] == ["similarity"])
        #expect(plugins.json["refused"] == ["Plugins/broken.so: it is no library"])
        #expect(await call(.get, base + "/scorers").json["scorers"]?.count == 2)
        for name in ["similarity", "similarity@edit"] {
            let shown = await call(.get, "\(base)/scorers/\(name)")
            #expect(shown.json["scorer"]?["library"] == "edit" && shown.json["scorer"]?["settings"] == [])
        }
        let unknown = await call(.get, base + "/scorers/similarty")
        #expect(unknown.status == 404 && unknown.message.contains("did you mean 'similarity'"))
    }

    @Test("a judge is kept with its versions, and one that reaches elsewhere isn't")
    func judges() async {
        let polite: JSON = ["name": "is_polite", "instructions": "Is {{ outputs }} polite?"]
        let made = await call(.post, base + "/judges", polite)
        #expect(made.json["judge"]?["version"] == 1 && made.json["is_new"] == true)
        #expect(await call(.post, base + "/judges", polite).json["is_new"] == false)
        let changed: JSON = ["name": "is_polite", "instructions": "Is {{ outputs }} kind?", "value": ["kind", "rude"]]
        #expect(await call(.post, base + "/judges", changed).json["judge"]?["version"] == 2)
        let versions = await call(.get, base + "/judges/is_polite").json["versions"]
        #expect(versions?.elements.map { $0["version"]?.integer } == [2, 1])
        #expect(await call(.get, base + "/judges").json["judges"]?.count == 1)
        #expect(await call(.get, base + "/judges/unknown").status == 404)
        let refused: [JSON] = [
            ["name": "exact_match", "instructions": "Is {{ outputs }} right?"],
            ["name": "Bad Name", "instructions": "Is {{ outputs }} right?"],
            ["name": "empty", "instructions": ""], ["name": "blind", "instructions": "Nothing is read"],
            ["name": "far", "instructions": "{{ outputs }}?", "endpoint": ["base_url": "http://evil.example"]],
            ["name": "far", "instructions": "{{ outputs }}?", "model": "endpoint:/http://evil.example/v1#x"],
            ["name": "more", "instructions": "{{ outputs }}?", "unknown": 1],
        ]
        for judge in refused {
            let answer = await call(.post, base + "/judges", judge)
            #expect(answer.status == 400, "\(judge)")
        }
        #expect(await call(.get, base + "/judges").json["judges"]?.count == 1)
    }

    @Test("runs are listed in pages, shown, read row by row and compared")
    func runs() async throws {
        for _ in 0..<3 { _ = try await TraceSample.make(5, in: store) }
        let first = await call(.get, base + "/runs", query: [("max_results", "2")])
        #expect(first.json["runs"]?.count == 2)
        let token = try #require(first.json["next_page_token"]?.string)
        let second = await call(.get, base + "/runs", query: [("max_results", "2"), ("page_token", token)])
        #expect(second.json["runs"]?.count == 1 && second.json["next_page_token"] == nil)
        let ids =
            ((first.json["runs"].map { Array($0.elements) } ?? [])
            + (second.json["runs"].map { Array($0.elements) } ?? []))
            .compactMap { $0["run_id"]?.string }
        #expect(Set(ids).count == 3)
        #expect(await call(.get, "\(base)/runs/\(ids[0])").json["run"]?["run_id"]?.string == ids[0])
        #expect(await call(.get, "\(base)/runs/nothing").status == 404)

        var ordinals: [Int64?] = []
        var page: String?
        repeat {
            let query = [("max_results", "2")] + (page.map { [("page_token", $0)] } ?? [])
            let rows = await call(.get, "\(base)/runs/\(ids[0])/rows", query: query)
            ordinals += rows.json["rows"]?.elements.map { $0["ordinal"]?.integer } ?? []
            page = rows.json["next_page_token"]?.string
        } while page != nil
        #expect(ordinals == [0, 1, 2, 3, 4])
        let other = await call(.get, "\(base)/runs/\(ids[0])/rows", query: [("page_token", "\(ids[1]).1.0")])
        #expect(other.status == 400)

        let compared = await call(.get, "\(base)/runs/\(ids[0])/compare/\(ids[1])")
        #expect(compared.status == 200 && compared.json["paired"] == 5)
        #expect(await call(.get, "\(base)/runs/\(ids[0])/compare/\(ids[0])").status == 400)
        #expect(await call(.get, "\(base)/runs/\(ids[0])/compare/none").status == 404)
    }

    @Test("the versions of a data set are listed, and what changed between them is told")
    func datasets() async throws {
        let dataset = try await store.createDataset("support", tags: [:], schema: nil)
        for answer in ["4", "four"] {
            _ = try await store.merge(
                [["inputs": ["q": "2+2"], "expectations": ["answer": JSON(answer)]]],
                into: dataset.id,
                check: { _ in nil }
            )
        }
        let versions = await call(.get, base + "/datasets/support/versions")
        let newest = try #require(versions.json["versions"]?[0]?["version"]?.integer)
        #expect(newest == 2 || newest == 3)
        let difference = await call(.get, base + "/datasets/support/diff")
        #expect(difference.json["to"]?.integer == newest && difference.json["differences"]?.count == 1)
        #expect(difference.json["differences"]?[0]?["change"] == "changed")
        let none = await call(
            .get,
            base + "/datasets/support/diff",
            query: [("from", "\(newest)"), ("to", "\(newest)")]
        )
        #expect(none.json["differences"] == [])
        let back = await call(.get, base + "/datasets/support/diff", query: [("from", "\(newest)"), ("to", "1")])
        #expect(back.status == 400)
        #expect(await call(.get, base + "/datasets/support/diff", query: [("to", "99")]).status == 404)
        #expect(await call(.get, base + "/datasets/unknown/versions").status == 404)
    }

    @Test("an evaluation is ordered of a suite, with rows of the store only")
    func ordering() async {
        #expect(await call(.get, base + "/suites").json["suites"]?[0]?["name"] == "support")
        let orders: [(JSON, Int)] = [
            (["suite": "support"], 202), (["suite": "support", "data": "dataset:faq@3"], 202),
            (["suite": "support", "data": "traces:"], 202),
            (["suite": "support", "run_name": "n", "tags": ["a": "b"]], 202),
            (["suite": "other"], 404), ([:], 400), (["suite": ""], 400),
            (["suite": "support", "data": "/etc/passwd"], 400),
            (["suite": "support", "data": "rows.jsonl"], 400), (["suite": "support", "data": "-"], 400),
            (["suite": "support", "data": "dataset:"], 400), (["suite": "support", "data": "dataset:gone"], 400),
            (["suite": "support", "data": ["dataset:faq"]], 400), (["suite": "support", "tags": ["a": 1]], 400),
            (["suite": "../support.yaml"], 404),
        ]
        for (order, status) in orders {
            #expect(await call(.post, base + "/evaluations", order).status == status, "\(order)")
        }
        let made = await starter.orders
        #expect(made.map { $0.rows?.text } == [nil, "dataset:faq@3", "traces:", nil])
        #expect(made.last?.runName == "n" && made.last?.tags == ["a": "b"])
        let listed = await call(.get, base + "/evaluations").json["evaluations"]
        #expect(listed?.count == 4 && listed?[0]?["run_name"] == "n")
        let run = listed?[0]?["run_id"]?.string ?? ""
        #expect(await call(.get, "\(base)/evaluations/\(run)").json["evaluation"]?["state"] == "WAITING")
        #expect(await call(.delete, "\(base)/evaluations/\(run)").json["evaluation"]?["state"] == "INTERRUPTED")
        for unknown in ["0123456789abcdef0123456789abcdef", "x"] {
            #expect(await call(.get, "\(base)/evaluations/\(unknown)").status == 404)
            #expect(await call(.get, "\(base)/evaluations/\(unknown)/events").status == 404)
            #expect(await call(.delete, "\(base)/evaluations/\(unknown)").status == 404)
        }
    }
}
