import EvalCore
import EvalJSON
import Testing

@testable import EvalJudges

@Suite struct SemanticSimilarityTests {
    static func row(_ output: String, _ expected: String) throws -> Row {
        try Row(["inputs": ["q": "x"], "outputs": JSON(output), "expectations": ["expected_response": JSON(expected)]])
    }

    @Test("the value is the cosine of the two embeddings, with the model and the cost in the metadata")
    func cosine() async throws {
        let model = try ScriptedModel(says: .null)
        let scorer = try await SemanticSimilarity(model: "openai:/scripted").bound(to: model)
        let feedback = try #require(try await scorer.verdict(try Self.row("a b c", "not d e")).values.first)
        #expect(feedback.value == .number(0.8))
        #expect(feedback.metadata == ["model": "scripted", "judge_version": "1", "cost_usd": 0.5])
        #expect(model.texts == [["a b c", "not d e"]])
        #expect(try await scorer.verdict(try Self.row("a b", "c d")).values.map(\.value) == [.number(1)])
    }

    @Test("vectors without a direction or of two lengths can't be compared")
    func impossible() {
        #expect(BoundSimilarity.cosine([1, 0], [0, 1]) == 0)
        #expect(BoundSimilarity.cosine([1, 2], [-1, -2]) == -1)
        #expect(BoundSimilarity.cosine([0, 0], [1, 1]) == nil)
        #expect(BoundSimilarity.cosine([1], [1, 1]) == nil)
        #expect(BoundSimilarity.cosine([.infinity], [1]) == nil)
        #expect(BoundSimilarity.cosine([], []) == nil)
    }

    @Test("a model that gives no embeddings is the row's error")
    func failure() async throws {
        let scorer = try await SemanticSimilarity(model: "openai:/scripted").bound(to: try ScriptedModel(says: .null))
        let verdict = try await scorer.verdict(
            try Row(["inputs": ["q": "x"], "expectations": ["expected_response": "e"]])
        )
        #expect(verdict == .errored(.missingField("outputs")))
    }
}
