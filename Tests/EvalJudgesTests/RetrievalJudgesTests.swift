import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct RetrievalJudgesTests {
    /// A row with two retrievals; the second one has a reranking retrieval within it.
    static func row() throws -> Row {
        let record = try Record(row: [
            "inputs": ["question": "Who?"], "outputs": "Ada.", "expectations": ["expected_response": "Ada"],
        ])
        func span(_ id: UInt64, _ parent: UInt64, _ outputs: JSON) -> Span {
            Span(
                id: id,
                parentID: parent,
                name: "search",
                type: .retriever,
                startNanoseconds: Int64(id),
                outputs: outputs
            )
        }
        let spans = [
            Span(id: 1, name: "root", type: .chain, startNanoseconds: 0),
            span(2, 1, [["page_content": "Ada wrote it"], ["content": "Cats purr"], ["text": "Dogs bark"]]),
            span(3, 1, JSON(#"[{"page_content": "Ada again"}]"#)),
            span(4, 3, [["page_content": "a step of 3"]]),
        ]
        let trace = Trace(requestTimeMilliseconds: 0, spans: spans)
        return Row(record: record, outputs: record.outputs, trace: trace)
    }

    @Test("each document is asked about alone; each retrieval has its precision, then its documents")
    func relevance() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            let isAda = request.data["document"]?.contains("Ada") == true
            return .object(["rationale": "r", "result": isAda ? "yes" : "no"])
        }
        let values = try await RetrievalRelevance().bound(to: model).verdict(try Self.row()).values
        #expect(values.map(\.name) == ["precision", nil, nil, nil, "precision", nil])
        #expect(
            values.map(\.value) == [.number(1.0 / 3), .text("yes"), .text("no"), .text("no"), .number(1), .text("yes")]
        )
        #expect(values.map(\.spanID) == [2, 2, 2, 2, 3, 3])
        #expect(values.map { $0.metadata?["chunk_index"]?.integer } == [nil, 0, 1, 2, nil, 0])
        #expect(model.requests.count == 4)
        #expect(model.requests.allSatisfy { $0.data.keys.sorted() == ["document", "question"] })
    }

    @Test("a retrieval that found nothing is nothing to judge")
    func empty() async throws {
        let row = try Row(["inputs": ["q": "x"], "outputs": "y", "retrieved_documents": []])
        let model = try model(saying: "yes")
        #expect(try await RetrievalRelevance().bound(to: model).verdict(row) == .skipped("nothing was retrieved"))
        #expect(model.requests.isEmpty)
    }

    @Test("the error of one document is the row's error")
    func failure() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            if request.data["document"] == "Cats purr" { throw ScorerError(code: "http_500", message: "no") }
            return .object(["rationale": "r", "result": "yes"])
        }
        #expect(try await RetrievalRelevance().bound(to: model).verdict(try Self.row()).error?.code == "http_500")
    }

    @Test("groundedness and sufficiency judge each retrieval with all its documents, on its span")
    func perRetrieval() async throws {
        for judge in [RetrievalGroundedness(), RetrievalSufficiency()] as [any UnboundJudge] {
            let model = try ScriptedModel { request throws(ScorerError) in
                .object(["rationale": "r", "result": request.data["document_2"] == "Cats purr" ? "yes" : "no"])
            }
            let values = try await judge.bound(to: model).verdict(try Self.row()).values
            #expect(values.map(\.value) == [.text("yes"), .text("no")])
            #expect(values.map(\.spanID) == [2, 3])
            #expect(values.map(\.name) == [nil, nil])
        }
    }

    @Test("sufficiency judges each expected fact, and takes the response where a row has both")
    func sufficiency() async throws {
        let model = try model(saying: "no")
        let scorer = try await RetrievalSufficiency().bound(to: model)
        let facts: JSON = ["expected_facts": ["a", "b"]]
        let row = try Row(["inputs": ["q": "x"], "retrieved_documents": ["d"], "expectations": facts])
        #expect(try await scorer.verdict(row).values.map(\.value) == [.text("no")])
        #expect(model.requests[0].data == ["question": "x", "fact_1": "a", "fact_2": "b", "document_1": "d"])
        let both = try Row([
            "inputs": ["q": "x"], "retrieved_documents": ["d"],
            "expectations": ["expected_facts": ["a"], "expected_response": "r"],
        ])
        _ = try await scorer.verdict(both)
        #expect(model.requests[1].data == ["question": "x", "expected": "r", "document_1": "d"])
    }

    static let claims: JSON = [
        "rationale": "One is made up.",
        "result": [
            ["claim": "Ada wrote it", "rationale": "document 1", "supported": "yes"],
            ["claim": "in 1842", "rationale": "nowhere", "supported": "no"],
            ["claim": "in London", "rationale": "nowhere", "supported": "no"],
        ],
    ]

    @Test("hallucination is the share of claims without support, with the claims in the metadata")
    func hallucination() async throws {
        let scorer = try await Hallucination().bound(to: try ScriptedModel(says: Self.claims))
        let feedback = try #require(try await scorer.verdict(try Self.row()).values.first)
        #expect(feedback.value == .number(2.0 / 3))
        #expect(feedback.rationale == "1 of 3 claims are supported. One is made up.")
        #expect(feedback.metadata?["claims"] == Self.claims["result"])
        #expect(scorer.descriptor.lowerIsBetter)
        #expect(scorer.descriptor.pass?.passes(.number(0)) == true)
        #expect(scorer.descriptor.pass?.passes(.number(0.1)) == false)
    }

    @Test("the context may be a field of the inputs or of the expectations")
    func context() async throws {
        let model = try ScriptedModel(says: ["rationale": "none", "result": []])
        let scorer = try await Hallucination().bound(to: model)
        let row = try Row([
            "inputs": ["q": "x", "context": ["one", "two"]], "outputs": "y", "expectations": ["context": "three"],
        ])
        #expect(try await scorer.verdict(row).values.map(\.value) == [.number(0)])
        #expect(
            model.requests[0].data == [
                "question": "x", "answer": "y", "document_1": "one", "document_2": "two", "document_3": "three",
            ]
        )
    }

    @Test("the faithfulness of a summary is the share of supported claims, and 1 without any")
    func faithfulness() async throws {
        let row = try Row(["inputs": ["text": "long"], "outputs": "short"])
        let scorer = try await SummaryFaithfulness().bound(to: try ScriptedModel(says: Self.claims))
        #expect(try await scorer.verdict(row).values.map(\.value) == [.number(1.0 / 3)])
        let none = try ScriptedModel(says: ["rationale": "none", "result": []])
        #expect(try await SummaryFaithfulness().bound(to: none).verdict(row).values.map(\.value) == [.number(1)])
    }
}
