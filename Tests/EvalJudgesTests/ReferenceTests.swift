// Our judges beside MLflow 3.17.2's, with a model that says the same to both: names, values, spans and what is an error.
// `reference/judge_values.py` made the file and says how to make it anew.

import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalJudges

@Suite struct ReferenceTests {
    /// One row that MLflow judged.
    struct Case: Sendable, CustomTestStringConvertible {
        let json: JSON
        var judge: String { json["judge"]?.string ?? "" }
        var word: String { json["word"]?.string ?? "" }
        var testDescription: String { "\(judge) \(word) \(json["row"]?.serialized.prefix(80) ?? "")" }
    }

    static let cases: [Case] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/judge_values.json")
        let json = (try? Data(contentsOf: file)).flatMap { try? JSON(parsing: $0) }
        return json?.elements.map(Case.init) ?? []
    }()

    /// A row with its retrievals and calls as spans; span 10 is the first retrieval.
    static func row(_ json: JSON) throws -> Row {
        let keys = ["inputs", "outputs", "expectations"]
        let record = try Record(row: .object(keys.compactMap { key in json[key].map { (key, $0) } }))
        var spans = [Span(id: 1, name: "row", type: .chain, startNanoseconds: 0)]
        for (place, documents) in (json["retrievals"] ?? []).elements.enumerated() {
            spans.append(
                Span(
                    id: UInt64(10 + place),
                    parentID: 1,
                    name: "search",
                    type: .retriever,
                    startNanoseconds: Int64(1 + place),
                    outputs: documents
                )
            )
        }
        for (place, call) in (json["tool_calls"] ?? []).elements.enumerated() {
            spans.append(
                Span(
                    id: UInt64(100 + place),
                    parentID: 1,
                    name: call["name"]?.string ?? "",
                    type: .tool,
                    startNanoseconds: Int64(50 + place),
                    inputs: call["arguments"]
                )
            )
        }
        return Row(record: record, outputs: record.outputs, trace: Trace(requestTimeMilliseconds: 0, spans: spans))
    }

    /// The model of the reference: one word, or a yes for documents that say they are useful.
    static func model(_ word: String) throws -> ScriptedModel {
        try ScriptedModel { request throws(ScorerError) in
            let isUseful = request.data["document"]?.contains("USEFUL") == true
            let word = word == "by document" ? isUseful ? "yes" : "no" : word
            return .object(.reply(to: request.schema ?? [:], word: word))
        }
    }

    @Test("the file has every judge of MLflow, with values and with errors")
    func complete() {
        let ours = Set(BuiltInJudges.all.map { $0.descriptor.name })
        let theirs = Set(Self.cases.map(\.judge))
        #expect(ours.subtracting(theirs) == ["hallucination", "semantic_similarity", "summary_faithfulness"])
        #expect(theirs.isSubset(of: ours))
        #expect(Self.cases.count == 84)
        #expect(Self.cases.count { $0.json["result"] == "error" } == 18)
    }

    @Test("names, values, spans and errors are MLflow's, with no more calls", arguments: cases)
    func values(reference: Case) async throws {
        let model = try Self.model(reference.word)
        let catalog = BuiltInJudges(models: ScriptedDirectory([model]))
        let descriptor = try #require(catalog.descriptors.first { $0.name == reference.judge })
        let scorer = try await catalog.make(descriptor, configuration: reference.json["settings"] ?? [:])
        let row = try #require(reference.json["row"])
        let verdict: Verdict
        if descriptor.scope == .session {
            let turns = try row.elements.map { try Self.row($0) }
            verdict = try await scorer.verdict(Session(id: "s", turns: turns))
        } else {
            verdict = try await scorer.verdict(try Self.row(row))
        }
        let calls = try #require(reference.json["calls"]?.integer)
        #expect(model.requests.count <= calls)
        let result = try #require(reference.json["result"])
        guard result != "error" else {
            #expect(verdict.error != nil)
            return
        }
        let ours = verdict.values.map { feedback -> JSON in
            [
                "name": JSON(feedback.name.map { "\(reference.judge)/\($0)" } ?? reference.judge),
                "value": feedback.value.json,
                "retrieval": feedback.spanID.map { JSON(Int64($0) - 10) } ?? .null,
                "chunk": feedback.metadata?["chunk_index"] ?? .null,
            ]
        }
        #expect(JSON.array(ours) == result)
    }
}
