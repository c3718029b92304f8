// `reads`: a scorer gets another field of the row than the one that it reads.

import EvalJSON
import Foundation
import Testing

@Suite struct BoundFieldTests {
    private func feedback(_ scorer: String, of row: JSON, in place: Workplace) throws -> (JSON?, String) {
        try place.write("rows.jsonl", row.serialized + "\n")
        let outcome = try place.run(["score", "--data", "rows.jsonl", "--scorer", scorer])
        return (try? JSON(parsing: outcome.output)["feedback"]?.members.first { _ in true }?.value, outcome.error)
    }

    @Test("expectations, outputs and parts of them stand where the scorer looks")
    func bound() throws {
        let place = try Workplace()
        let row: JSON = [
            "inputs": ["given": "Lyon"], "outputs": ["answer": "Paris", "note": 1], "expectations": ["answer": "Paris"],
        ]
        let both =
            #"exact_match:{"reads":{"outputs":"outputs.answer","expectations.expected_response":"expectations.answer"}}"#
        #expect(try feedback(both, of: row, in: place).0?["value"] == true)
        let other =
            #"exact_match:{"reads":{"outputs":"inputs.given","expectations.expected_response":"expectations.answer"}}"#
        #expect(try feedback(other, of: row, in: place).0?["value"] == false)
        let short =
            #"exact_match:reads={"outputs":"outputs.answer","expectations.expected_response":"outputs.answer"},name=same"#
        #expect(try feedback(short, of: row, in: place).0?["value"] == true)
    }

    @Test("a field whose source is missing is missing")
    func missing() throws {
        let place = try Workplace()
        let row: JSON = ["inputs": [:], "outputs": "Paris", "expectations": ["expected_response": "Paris"]]
        let scorer = #"exact_match:{"reads":{"expectations.expected_response":"expectations.answer"}}"#
        let error = try feedback(scorer, of: row, in: place).0?["error"]
        #expect(error?["code"] == "missing_field")
    }

    @Test(
        "what can't be bound is told before any row",
        arguments: [
            (#"{"expectations.expected":"inputs.x"}"#, "'exact_match' doesn't read 'expectations.expected'"),
            (#"{"answer":"inputs.x"}"#, "'answer' is no field of a row"),
            (#"{"outputs":"input.x"}"#, "did you mean 'inputs'?"), (#"{"outputs[0]":"inputs.x"}"#, "lies in an array"),
            (#"{"outputs":7}"#, "'reads' of outputs must be the path of a field"), ("[]", "'reads' must be an object"),
        ]
    )
    func refused(_ reads: String, _ expected: String) throws {
        let place = try Workplace()
        let (_, error) = try feedback("exact_match:{\"reads\":\(reads)}", of: ["inputs": [:]], in: place)
        #expect(error.contains(expected), "\(error)")
    }

    @Test("a suite binds plugins' fields, and a resumed run keeps the bindings")
    func suite() throws {
        let place = try Workplace()
        _ = try place.run(["plugin", "new", "shouting"])
        #expect(try place.run(["plugin", "build", "shouting"]).status == 0)
        let rows = (0..<3).map { #"{"inputs":{"n":\#($0)},"outputs":"it is Paris","expectations":{"answer":"Paris"}}"# }
        try place.write("rows.jsonl", rows.joined(separator: "\n") + "\n")
        try place.write(
            "evalhost.yaml",
            """
            data: rows.jsonl
            plugins: [.]
            scorers:
              - shouting: { reads: { expectations.expected_response: expectations.answer } }
            """
        )
        let run = try place.run(["evaluate", "--format", "json"])
        #expect(run.status == 0, "\(run.error)")
        #expect(try JSON(parsing: run.output)["metrics"]?["shouting/mean"] == 1)
        let again = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(again.status == 0, "\(again.error)")
        #expect(try JSON(parsing: again.output)["metrics"]?["shouting/mean"] == 1)
    }
}
