// Rows of every kind through the command line.

import EvalJSON
import Foundation
import Testing

@Suite struct InputTests {
    @Test("CSV is mapped, filtered and limited, and the run can be resumed with nothing else said")
    func csv() throws {
        let place = try Workplace()
        var csv = "question,answer,gold,lang\r\n"
        for index in 0..<20 {
            csv += "\"Q, \(index)\",A\(index),A\(index % 2 == 0 ? index : -1),\(index < 10 ? "en" : "de")\r\n"
        }
        try place.write("rows.csv", csv)
        let arguments = [
            "evaluate", "--data", "rows.csv", "--map", "question=inputs.question", "--map", "answer=outputs",
            "--map", "gold=expectations.expected_response", "--map", "lang=tags.lang", "--filter", "tags.lang = 'en'",
            "--limit", "8", "--scorer", "exact_match", "--format", "json",
        ]
        let outcome = try place.run(arguments)
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["rows"]?.integer == 8)
        #expect(report["metrics"]?["exact_match/mean"]?.number == 0.5)
        #expect(report["intervals"]?["exact_match/mean"]?["method"]?.string == "wilson")
        let rows = try place.run(["runs", "export", "latest"]).lines()
        #expect(rows[7]["inputs"]?["question"]?.string == "Q, 7")
        let again = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(again.status == 0)
        #expect(try JSON(parsing: again.output)["metrics"] == report["metrics"])
        let other = try place.run(["evaluate", "--resume", "latest", "--limit", "9"])
        #expect(other.status == 2)
        #expect(other.error.contains("the run was begun with the limit 8, not 9"))
    }

    @Test("an unknown header says which option maps it")
    func unknownHeader() throws {
        let place = try Workplace()
        try place.write("rows.csv", "question,answer\nQ,A\n")
        let outcome = try place.run(["evaluate", "--data", "rows.csv", "--scorer", "exact_match"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("rows.csv:1: unknown header 'question'"))
        #expect(outcome.error.contains("--map question=inputs.question"))
    }

    @Test("feedback on traces of the store lands on them, and a new run links them")
    func traces() throws {
        let place = try Workplace()
        try place.writeRows(12)
        #expect(try place.run(["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"]).status == 0)
        let before = try place.run(["runs", "export", "latest"]).lines().compactMap { $0["trace_id"]?.string }
        let outcome = try place.run(
            [
                "evaluate", "--data", "traces:inputs.question LIKE 'q 1%'", "--scorer", "token_f1", "--format", "jsonl",
            ]
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        let rows = try outcome.lines()
        #expect(rows.compactMap { $0["trace_id"]?.string } == [before[1], before[10], before[11]])
        let trace = try place.run(["traces", "show", before[10], "--format", "json"])
        let assessments = try JSON(parsing: trace.output)["assessments"]?.elements.compactMap { $0["name"]?.string }
        #expect(Set(assessments ?? []).isSuperset(of: ["exact_match", "token_f1", "expected_response"]))
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(try JSON(parsing: resumed.output)["rows"]?.integer == 3)
    }

    @Test("an MLflow trace in a row brings inputs, outputs, expectations and its spans")
    func mlflowTrace() throws {
        let place = try Workplace()
        let file = Workplace.checkout.appendingPathComponent("Tests/EvalWireTests/reference/trace.json")
        let trace = try JSON(parsing: Data(contentsOf: file))
        try place.write("rows.jsonl", (["trace": JSON(trace.serialized)] as JSON).serialized)
        let outcome = try place.run(
            [
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--scorer", "token_usage", "--format",
                "jsonl",
            ]
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        let first = try #require(try outcome.lines().first)
        #expect(first["inputs"]?["question"]?.string == "Where is my order 7?")
        #expect(first["outputs"]?.string == "It is on its way.")
        #expect(first["feedback"]?["token_usage"]?["value"]?.number == 16)
        #expect(first["trace_id"]?.string == trace["info"]?["trace_id"]?.string)
    }

    @Test("two rows of one trace are refused, and name both")
    func traceTwice() throws {
        let place = try Workplace()
        let file = Workplace.checkout.appendingPathComponent("Tests/EvalWireTests/reference/trace.json")
        let row = (["trace": try JSON(parsing: Data(contentsOf: file))] as JSON).serialized
        try place.write("rows.jsonl", row + "\n" + #"{"inputs":{},"outputs":"x"}"# + "\n" + row + "\n")
        let outcome = try place.run(["evaluate", "--data", "rows.jsonl", "--scorer", "pii_detection"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("rows 1 and 3 of the data have one trace, tr-"))
    }

    @Test("where there are no rows to read, no store is made")
    func noStore() throws {
        let place = try Workplace()
        for data in ["nothing.jsonl", "traces:"] {
            let outcome = try place.run(["evaluate", "--data", data, "--scorer", "exact_match"])
            #expect(outcome.status == 2)
            #expect(outcome.error.contains(data == "traces:" ? "there is no store" : "there is no such file"))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.folder.path) == ["cache"]
                || FileManager.default.contentsOfDirectory(atPath: place.folder.path).isEmpty
        )
    }

    @Test("the same data compressed is the same run")
    func gzip() throws {
        let place = try Workplace()
        try place.writeRows(10)
        #expect(try place.run(["-k", "rows.jsonl"], program: "/bin/gzip").status == 0)
        let digests = try ["rows.jsonl", "rows.jsonl.gz"]
            .map { name in
                #expect(try place.run(["evaluate", "--data", name, "--scorer", "exact_match"]).status == 0)
                return try JSON(parsing: place.run(["runs", "show", "latest", "--format", "json"]).output)[
                    "data_sha256"
                ]
            }
        #expect(digests[0]?.string == digests[1]?.string)
    }
}
