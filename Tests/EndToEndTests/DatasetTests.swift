// `evalhost datasets`: merging, versions, differences, splits, and runs that say which version they used.

import EvalJSON
import Foundation
import Testing

@Suite struct DatasetTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(_ arguments: String...) throws -> Outcome {
        let outcome = try place.run(["datasets"] + arguments)
        #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
        return outcome
    }

    private func shown(_ name: String = "support", _ more: String...) throws -> JSON {
        try JSON(parsing: place.run(["datasets", "show", name, "--format", "json"] + more).output)
    }

    private static let rows = """
        {"inputs":{"question":"Where?","n":1},"expectations":{"expected_response":"Here"},"tags":{"lang":"en"}}
        {"inputs":{"question":"When?","n":2},"outputs":"Now","source":{"source_type":"DOCUMENT"}}

        """

    @Test("a file becomes a data set; merging it again changes nothing and makes no version")
    func imported() throws {
        try place.write("rows.jsonl", Self.rows)
        #expect(
            try run("import", "support", "rows.jsonl").output
                == "support@2  2 added, 0 changed, 0 unchanged; 2 records\n"
        )
        let again = try run("import", "support", "rows.jsonl")
        #expect(again.output == "support@2  0 added, 0 changed, 2 unchanged; 2 records\n")
        let dataset = try shown()
        #expect(dataset["version"] == 2 && dataset["records"] == 2)
        #expect(dataset["versions"]?.elements.map { $0["change"]?.string } == ["2 added, 0 changed", "made"])
        #expect(dataset["items"]?[0]?["inputs"]?["question"] == "Where?")
        #expect(dataset["items"]?[1]?["source"]?["source_type"] == "DOCUMENT")
        #expect(try run("list").output.hasPrefix("support  version 2  2 records"))
    }

    @Test("expectations and tags merge key by key, whatever the order of the inputs' keys; the rest as a whole")
    func merged() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        let row = """
            {"inputs":{"n":1.0,"question":"Where?"},"outputs":"There","expectations":{"guidelines":["Be brief"]},\
            "tags":{"lang":"de","new":"yes"},"source":{"source_type":"HUMAN"}}
            """
        #expect(
            try run("add", "support", "--row", row).output == "support@3  0 added, 1 changed, 0 unchanged; 2 records\n"
        )
        let record = try shown()["items"]?[0]
        #expect(record?["expectations"] == ["expected_response": "Here", "guidelines": ["Be brief"]])
        #expect(record?["tags"] == ["lang": "de", "new": "yes"])
        #expect(record?["outputs"] == "There")
        let before = try shown("support@2")
        #expect(before["items"]?[0]?["outputs"] == nil && before["version"] == 2)
        let identifier = record?["dataset_record_id"]
        #expect(before["items"]?[0]?["dataset_record_id"] == identifier, "a record that changes stays the same record")
    }

    @Test("differences are told between any two versions, and equal content has an equal digest")
    func differences() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        let digest = try shown()["digest"]
        let record = try #require(try shown()["items"]?[1]?["dataset_record_id"]?.string)
        _ = try run("add", "support", "--row", #"{"inputs":{"question":"Where?","n":1},"tags":{"lang":"fr"}}"#)
        #expect(try run("delete", "support", "--record", record).output == "support: 1 removed\n")
        _ = try run("add", "support", "--row", #"{"inputs":{"question":"Who?"}}"#)
        let all = try JSON(parsing: run("diff", "support", "2", "5", "--format", "json").output)
        #expect(all.elements.map { $0["change"]?.string } == ["changed", "removed", "added"])
        #expect(all[0]?["from"]?["tags"]?["lang"] == "en" && all[0]?["to"]?["tags"]?["lang"] == "fr")
        let last = try run("diff", "support").output
        #expect(last == "support@4 to support@5\n+ {\"inputs\":{\"question\":\"Who?\"}}\n")
        #expect(try run("diff", "support", "5", "5").output.hasSuffix("no difference\n"))
        // Back to what it was.
        _ = try run("add", "support", "rows.jsonl")
        let who = try #require(
            try shown()["items"]?.elements.first { $0["inputs"]?["question"] == "Who?" }?["dataset_record_id"]?.string
        )
        _ = try run("delete", "support", "--record", who)
        #expect(try shown()["digest"] == digest)
        #expect(try run("diff", "support", "2", "7").output.hasSuffix("no difference\n"))
    }

    @Test("a run is about one version, says so, and is resumed with it")
    func evaluated() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        let arguments = [
            "evaluate", "--data", "dataset:support", "--scorer", "response_length:min_length=1", "--format", "json",
        ]
        let begun = try place.run(arguments)
        #expect(begun.status == 3, "one row has no outputs: \(begun.error)")
        _ = try run("add", "support", "--row", #"{"inputs":{"question":"Who?"},"outputs":"Me"}"#)
        let listed = try JSON(parsing: place.run(["runs", "show", "latest", "--format", "json"]).output)
        #expect(listed["data_source"] == "dataset:support@2")
        #expect(listed["data_sha256"] == (try shown("support@2")["digest"]))
        let again = try place.run(["evaluate", "--retry-errors", "latest", "--format", "json"])
        #expect(try JSON(parsing: again.output)["rows"] == 2, "\(again.error)")
        let newest = try place.run(arguments)
        #expect(try JSON(parsing: newest.output)["rows"] == 3)
        let filtered = try place.run(arguments + ["--filter", "outputs IS NOT NULL"])
        #expect(try JSON(parsing: filtered.output)["rows"] == 2)
    }

    @Test("records are made of traces that are in the store, with what people expect of them")
    func fromTraces() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "response_length:min_length=1", "--tag", "a=b",
        ])
        let made = try run("import", "mined", "traces:")
        #expect(made.output == "mined@2  2 added, 0 changed, 0 unchanged; 2 records\n")
        let record = try shown("mined")["items"]?.elements.first { $0["inputs"]?["n"] == 1 }
        #expect(record?["source"]?["source_type"] == "TRACE")
        #expect(record?["source"]?["source_data"]?["trace_id"]?.string?.hasPrefix("tr-") == true)
        #expect(record?["expectations"]?["expected_response"] == "Here")
    }

    @Test("what is exported is imported as the same content, also from a file of MLflow's records")
    func exported() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        _ = try run("export", "support", "--output", "out.jsonl")
        #expect(try place.read("out.jsonl").split(separator: "\n").count == 2)
        _ = try run("import", "copy", "out.jsonl")
        #expect(try shown("copy")["digest"] == shown()["digest"])
        let array = try JSON(parsing: run("export", "support", "--format", "json").output)
        #expect(array.count == 2)
        let mlflow = """
            [{"dataset_record_id":"dr-1","dataset_id":"d-1","inputs":{"q":1},"outputs":null,"expectations":{"e":2},\
            "tags":{"a":"b"},"source_type":"HUMAN","source_id":null,"created_time":1,"last_update_time":2,\
            "created_by":null,"last_updated_by":null}]
            """
        try place.write("mlflow.json", mlflow)
        _ = try run("import", "theirs", "mlflow.json")
        #expect(try shown("theirs")["items"]?[0]?["expectations"] == ["e": 2])
    }

    @Test("splits share the records out for good, and are evaluated by their tag")
    func split() throws {
        try place.write(
            "rows.jsonl",
            (0..<200).map { #"{"inputs":{"n":\#($0)},"outputs":"x"}"# }.joined(separator: "\n")
        )
        _ = try run("import", "many", "rows.jsonl")
        _ = try run("split", "many", "train=80", "test=20")
        func members() throws -> Set<String> {
            let text = try run("export", "many", "--filter", "tags.split = 'test'").output
            return Set(text.split(separator: "\n").map { String($0) })
        }
        let test = try members()
        #expect((20...60).contains(test.count), "\(test.count) of 200")
        _ = try run("add", "many", "--row", #"{"inputs":{"n":1000},"outputs":"x"}"#)
        _ = try run("split", "many", "train=80", "test=20")
        #expect(try members().isSuperset(of: test))
        #expect(try run("split", "many", "train=80", "test=20").output.contains("0 changed"))
    }

    @Test("a schema holds for all that is added, and what it refuses changes nothing")
    func schema() throws {
        try place.write(
            "schema.json",
            #"{"properties":{"inputs":{"required":["question"]},"expectations":{"type":"object"}},"required":["expectations"]}"#
        )
        _ = try run("create", "strict", "--schema", "schema.json", "--tag", "team=help")
        try place.write("rows.jsonl", Self.rows)
        let refused = try place.run(["datasets", "add", "strict", "rows.jsonl"])
        #expect(refused.status == 2 && refused.error.contains("record 2 doesn't satisfy the data set's schema"))
        #expect(try shown("strict")["records"] == 0 && shown("strict")["version"] == 1)
        #expect(try shown("strict")["tags"] == ["team": "help"])
        _ = try run("add", "strict", "rows.jsonl", "--limit", "1")
        #expect(try shown("strict")["records"] == 1)
    }

    @Test("records are found by text and by condition")
    func searched() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        #expect(try shown("support", "--search", "wHeN")["items"]?.count == 1)
        #expect(try shown("support", "--filter", "tags.lang = 'en'")["items"]?[0]?["inputs"]?["n"] == 1)
        #expect(try shown("support", "--search", "nowhere")["items"]?.count == 0)
    }

    @Test(
        "mistakes are told",
        arguments: [
            (["show", "suport"], "there is no data set 'suport'; did you mean 'support'?"),
            (["show", "support@9"], "the data set 'support' has no version '9'"),
            (["create", "support"], "there is a data set 'support' already"),
            (["create", "a@b"], "'a@b' can't be a data set's name"),
            (["add", "support", "none.jsonl"], "none.jsonl"),
            (["add", "support", "--row", "{"], "the row is no JSON"),
            (["add", "support", "--row", #"{"input":{}}"#], "unknown key 'input' in the row; did you mean 'inputs'?"),
            (["add", "support"], "give a file of rows, or --row JSON"),
            (["add", "support", "bad.jsonl"], "bad.jsonl:2"),
            (["delete", "support", "--record", "x"], "'x' is no record's identifier"),
            (["split", "support", "train"], "a split is NAME=SHARE"),
            (["diff", "support", "2", "1"], "version 2 is newer than 1"),
            (["export", "support", "--filter", "inputs.n ="], "--filter"),
        ]
    )
    func mistakes(_ arguments: [String], _ expected: String) throws {
        try place.write("rows.jsonl", Self.rows)
        try place.write("bad.jsonl", "{\"inputs\":{\"new\":1}}\n{\"inputs\":7}\n")
        _ = try run("import", "support", "rows.jsonl")
        let outcome = try place.run(["datasets"] + arguments)
        #expect(outcome.status == 2 && outcome.error.contains(expected), "\(outcome.status) \(outcome.error)")
        #expect(try shown()["version"] == 2, "nothing was added")
    }

    @Test("a data set that is deleted is gone, and runs keep what they evaluated")
    func deleted() throws {
        try place.write("rows.jsonl", Self.rows)
        _ = try run("import", "support", "rows.jsonl")
        _ = try place.run(["evaluate", "--data", "dataset:support", "--scorer", "response_length:min_length=1"])
        #expect(try run("delete", "support").output == "support: deleted, with 2 records\n")
        #expect(try place.run(["datasets", "show", "support"]).status == 2)
        #expect(try place.run(["runs", "export", "latest", "--format", "jsonl"]).lines().count == 2)
        let gone = try place.run(["evaluate", "--data", "dataset:support", "--scorer", "response_length:min_length=1"])
        #expect(gone.status == 2 && gone.error.contains("there is no data set 'support'"))
    }
}
