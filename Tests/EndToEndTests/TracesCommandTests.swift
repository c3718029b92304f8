// `evalhost traces`: import, search, show, export and delete.

import EvalJSON
import Foundation
import Testing

@Suite struct TracesCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        var text = ""
        for number in 1...5 {
            text += TraceFiles.mlflow(
                number,
                question: "q \(number)",
                answer: "answer \(number)",
                state: number == 3 ? "ERROR" : "OK",
                tags: ["team": number < 4 ? "help" : "shop"]
            )
        }
        try place.write("traces.jsonl", text)
    }

    private func imported() throws {
        let outcome = try place.succeed(["traces", "import", "traces.jsonl", "--experiment", "bot"])
        #expect(outcome.output == "5 added, 0 completed, 0 unchanged\n")
    }

    private func ids(_ filter: String, _ more: String...) throws -> [String] {
        let outcome = try place.succeed(["traces", "search", filter, "--format", "jsonl"] + more)
        return try outcome.lines().compactMap { $0["trace_id"]?.string }
    }

    @Test("importing again changes nothing, in one experiment or another")
    func twice() throws {
        try imported()
        let again = try place.succeed(["traces", "import", "traces.jsonl", "traces.jsonl"])
        #expect(again.output == "0 added, 0 completed, 10 unchanged\n")
        #expect(try place.json("traces", "list", "--experiment", "bot")["traces"]?.count == 5)
        #expect(try place.json("traces", "list", "--experiment", "Default")["traces"]?.count == 0)
    }

    @Test("MLflow's filters, orders and words find traces")
    func search() throws {
        try imported()
        #expect(try ids("status = 'ERROR'") == [TraceFiles.id(3)])
        #expect(try ids("tags.team = 'help' AND status = 'OK'") == [TraceFiles.id(2), TraceFiles.id(1)])
        #expect(
            try ids("tags.team = 'shop'", "--order-by", "timestamp_ms ASC") == [TraceFiles.id(4), TraceFiles.id(5)]
        )
        #expect(try ids("", "--text", "ANSWER 4") == [TraceFiles.id(4)])
        #expect(try ids("span.type = 'CHAIN'", "--experiment", "bot", "--limit", "1") == [TraceFiles.id(5)])
        let table = try place.succeed(["traces", "search", "status = 'ERROR'"]).output
        #expect(
            table.hasPrefix("\(TraceFiles.id(3))  ERROR  ") && table.contains("250 ms  answer  {\"question\":\"q 3\"}")
        )
        #expect(try place.succeed(["traces", "search", "name = 'x'"]).output == "no traces\n")
    }

    @Test("a page's token gives the next page until there is none")
    func pages() throws {
        try imported()
        var found: [String] = []
        var token: String?
        repeat {
            let arguments = ["traces", "list", "--limit", "2", "--format", "json"]
            let page = try JSON(
                parsing: place.succeed(arguments + (token.map { ["--page-token", $0] } ?? [])).output
            )
            found += page["traces"]?.elements.compactMap { $0["trace_id"]?.string } ?? []
            token = page["next_page_token"]?.string
        } while token != nil
        #expect(found == [5, 4, 3, 2, 1].map(TraceFiles.id))
        let first = try place.succeed(["traces", "list", "--limit", "2"])
        #expect(first.error.hasPrefix("There are more: --page-token "))
    }

    @Test("a trace that came by OTLP is shown with tokens, cost, events and links")
    func otlp() throws {
        try place.write("spans.json", TraceFiles.otlp)
        #expect(try place.succeed(["traces", "import", "spans.json"]).output == "1 added, 0 completed, 0 unchanged\n")
        #expect(try place.succeed(["traces", "import", "spans.json"]).output == "0 added, 0 completed, 1 unchanged\n")
        let text = try place.succeed(["traces", "show", "tr-bbbb"]).output
        #expect(text.contains("120 tokens (100 in, 20 out), 0.0125 USD"), "\(text)")
        #expect(text.contains("\n  CHAT_MODEL chat gpt-5-mini  OK  1000 ms  120 tokens"), "\(text)")
        #expect(text.contains("  event retry after 200 ms {\"attempt\":2}"), "\(text)")
        #expect(text.contains("  link to tr-cccccccccccccccccccccccccccccccc 00000000000000d4"), "\(text)")
        let json = try place.json("traces", "show", "tr-bbbb")
        #expect(json["tokens"] == ["input": 100, "output": 20, "total": 120] && json["cost_usd"] == 0.0125)
        #expect(json["spans"]?[0]?["events"]?[0]?["attributes"] == ["attempt": 2])
        #expect(json["spans"]?[0]?["links"]?[0]?["span_id"] == "00000000000000d4")
        #expect(json["spans"]?[0]?["inputs"] == ["question": "Where?"])
    }

    @Test("what is exported is imported elsewhere as it was", arguments: ["mlflow", "otlp-json"])
    func exported(_ format: String) throws {
        try imported()
        try place.write("spans.json", TraceFiles.otlp)
        _ = try place.succeed(["traces", "import", "spans.json"])
        let told = try place.succeed(["traces", "export", "--output", "all.jsonl", "--format", format])
        #expect(told.output.isEmpty && told.error == "6 traces\n")
        let other = try place.succeed(["traces", "import", "all.jsonl", "--store", "sqlite:other.db"])
        #expect(other.output == "6 added, 0 completed, 0 unchanged\n")
        for id in [TraceFiles.id(3), "tr-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1"] {
            let old = try place.json("traces", "show", id)
            let new = try place.json("traces", "show", id, "--store", "sqlite:other.db")
            #expect(old["spans"] == new["spans"])
            for key in ["state", "request_time", "execution_duration_ms", "tokens", "cost_usd"] {
                #expect(old[key] == new[key], "\(key)")
            }
        }
        let some = try place.succeed(["traces", "export", "tags.team = 'shop'", "--limit", "1"])
        #expect(try some.lines().map { $0["info"]?["trace_id"]?.string } == [TraceFiles.id(5)])
    }

    @Test("a trace of MLflow's own client comes with its assessments, and what is said later is added to it")
    func assessed() throws {
        let file = Workplace.checkout.appendingPathComponent("Tests/EvalWireTests/reference/trace.json").path
        let first = try place.succeed(["traces", "import", file])
        #expect(first.output == "1 added, 0 completed, 0 unchanged; 1 assessment added\n")
        let shown = try place.json("traces", "show", "tr-8e3eae")
        #expect(shown["assessments"]?[0]?["expectation"] == ["value": "On its way"])
        #expect(shown["session_id"] == "s-1" && shown["tokens"]?["total"] == 16)
        // An override comes before what it overrides, as a file may have it.
        let right = TraceFiles.assessment("2", of: 9, "right", ["feedback": ["value": false]], overrides: "1")
        let old = TraceFiles.assessment("1", of: 9, "right", ["feedback": ["value": true]], valid: false)
        try place.write("bare.jsonl", TraceFiles.mlflow(9, question: "q", answer: "a"))
        try place.write("said.jsonl", TraceFiles.mlflow(9, question: "q", answer: "a", assessments: [right, old]))
        _ = try place.succeed(["traces", "import", "bare.jsonl"])
        let said = try place.succeed(["traces", "import", "said.jsonl"])
        #expect(said.output == "0 added, 1 completed, 0 unchanged; 2 assessments added\n")
        #expect(try place.succeed(["traces", "import", "said.jsonl"]).output == "0 added, 0 completed, 1 unchanged\n")
        let all = try place.json("traces", "show", TraceFiles.id(9))["assessments"]?.elements.map { $0 } ?? []
        #expect(all.map { $0["valid"]?.boolean } == [false, true])
        #expect(try ids("feedback.right = 'false'") == [TraceFiles.id(9)])
        #expect(try ids("feedback.right = 'true'").isEmpty)
    }

    @Test("traces are deleted by id, filter and time, and only when that is said twice; rows of runs stay")
    func deleted() throws {
        try imported()
        let asked = try place.run(["traces", "delete", "status = 'ERROR'"])
        #expect(asked.status == 2 && asked.error.contains("1 trace would be deleted") && asked.error.contains("--yes"))
        #expect(try place.succeed(["traces", "delete", "status = 'ERROR'", "--yes"]).output == "1 deleted\n")
        let early = try place.succeed(["traces", "delete", "--before", "2026-09-21T14:14:30Z", "--yes"])
        #expect(early.output == "1 deleted\n", "the first began at 14:14:20")
        _ = try place.succeed([
            "evaluate", "--data", "traces:tags.team = 'help'", "--scorer", "response_length:min_length=1",
        ])
        let both = try place.succeed(["traces", "delete", TraceFiles.id(2), TraceFiles.id(4), "--yes"])
        #expect(both.output == "1 deleted; 1 stays, rows of evaluations\n")
        #expect(try ids("") == [TraceFiles.id(5), TraceFiles.id(2)])
        #expect(try place.succeed(["traces", "delete", "--before", "0d", "--yes"]).output.hasPrefix("1 deleted"))
    }

    @Test(
        "mistakes are told",
        arguments: [
            (["search", "stat = 'OK'"], "stat"),
            (["search", "status = 'OK' OR status = 'ERROR'"], "there is neither OR"),
            (
                ["search", "", "--experiment", "bott"],
                "there is no experiment 'bott' in the store; did you mean 'bot'?"
            ),
            (["search", "", "--order-by", "size"], "size"),
            (["list", "--page-token", "x"], "Invalid page token"),
            (["delete", "--yes"], "give a filter, traces, or --before"),
            (["delete", "tr-aaaa", "status = 'OK'"], "a filter stands alone"),
            (["delete", "tr-ffff"], "there is no trace 'tr-ffff'"),
            (["delete", "--before", "soon"], "'soon' is no time"),
            (["import", "none.jsonl"], "there is no such file"),
            (["import", "bad.jsonl"], "bad.jsonl:2: the trace is not MLflow's trace JSON: it has no span"),
            (["import", "broken.json"], "broken.json"),
        ]
    )
    func mistakes(_ arguments: [String], _ expected: String) throws {
        try imported()
        let good = TraceFiles.mlflow(7, question: "q", answer: "a")
        try place.write("bad.jsonl", good + #"{"info":{"trace_id":"tr-1"},"data":{"spans":[]}}"#)
        try place.write("broken.json", "{\n")
        let outcome = try place.run(["traces"] + arguments)
        #expect(outcome.status == 2 && outcome.error.contains(expected), "\(outcome.status) \(outcome.error)")
        #expect(try ids("").count == 5, "nothing was imported or deleted")
    }
}
