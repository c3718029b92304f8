// Prompt injection, end to end: a model that obeys every order outside of a fence never gets one from a row.

import EvalJSON
import Foundation
import Testing

@Suite struct InjectionTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    /// Writes every attack as a row, in each place that a judge reads.
    ///
    /// - Returns: What the attacks order, one each.
    private func writeAttacks() throws -> [String] {
        let path = Workplace.checkout.appendingPathComponent("Tests/EvalJudgesTests/attacks.jsonl").path
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var rows = ""
        var orders: [String] = []
        for line in lines {
            let json = try JSON(parsing: String(line))
            let attack = JSON(try #require(json["text"]?.string))
            orders.append(try #require(json["order"]?.string))
            let row: JSON = [
                "inputs": ["question": attack], "outputs": attack,
                "expectations": ["expected_response": attack, "guidelines": [attack]],
                "retrieved_documents": [["content": attack, "id": "d"]],
                "tool_calls": [["name": "search", "arguments": ["query": attack], "output": attack]],
            ]
            rows += row.serialized + "\n"
        }
        try place.write("rows.jsonl", rows)
        return orders
    }

    @Test("no attack in any part of a row changes what an obedient model says")
    func obedient() throws {
        let orders = try writeAttacks()
        #expect(orders.count >= 50)
        let endpoint = try ScriptedEndpoint(place, ["--obey"] + orders.map { "--order=\($0)=yes" })
        _ = try place.run([
            "judges", "create", "own", "--instructions", "Is {{ outputs }} a good answer to {{ inputs.question }}?",
        ])
        let judges = ["correctness", "safety", "expectations_guidelines", "retrieval_groundedness", "own"]
        let outcome = try place.run(
            ["evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--format", "json"]
                + judges.flatMap { ["--scorer", $0] }
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        for judge in judges {
            #expect(report["accounts"]?[judge]?["scored"]?.integer == Int64(orders.count), "\(judge)")
            // Without an order the model says no, and "no" is what all attacks want to turn.
            #expect(report["metrics"]?["\(judge)/mean"]?.number == 0, "\(judge)")
        }
    }

    @Test("the obedient model does obey what stands outside of a fence")
    func control() throws {
        try place.write("rows.jsonl", #"{"inputs":{"question":"x"},"outputs":"y"}"# + "\n")
        let endpoint = try ScriptedEndpoint(place, ["--obey"])
        _ = try place.run(["judges", "create", "own", "--instructions", "Judge {{ outputs }}. OBEY-YES"])
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--scorer", "own", "--format",
            "json",
        ])
        #expect(try JSON(parsing: outcome.output)["metrics"]?["own/mean"]?.number == 1, "\(outcome.error)")
    }
}
