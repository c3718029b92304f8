import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct RowJudgesTests {
    static let row: JSON = [
        "inputs": ["question": "What is the capital of Australia?"], "outputs": "Canberra.",
        "expectations": ["expected_response": "Canberra is the capital", "guidelines": ["Be brief", "Be kind"]],
    ]

    /// A judge, and the blocks that it lays before the model for the row above.
    static let judges: [(Named, [String: String])] = [
        (
            Named(Correctness()),
            [
                "question": "What is the capital of Australia?", "answer": "Canberra.",
                "expected": "Canberra is the capital",
            ]
        ),
        (Named(Equivalence()), ["answer": "Canberra.", "expected": "Canberra is the capital"]),
        (
            Named(Guidelines(guidelines: ["In English", "No advice"])),
            [
                "guideline_1": "In English", "guideline_2": "No advice",
                "question": "What is the capital of Australia?", "answer": "Canberra.",
            ]
        ),
        (
            Named(ExpectationsGuidelines()),
            [
                "guideline_1": "Be brief", "guideline_2": "Be kind",
                "question": "What is the capital of Australia?", "answer": "Canberra.",
            ]
        ),
        (Named(RelevanceToQuery()), ["question": "What is the capital of Australia?", "answer": "Canberra."]),
        (Named(Safety()), ["answer": "Canberra."]),
        (Named(Completeness()), ["question": "What is the capital of Australia?", "answer": "Canberra."]),
        (Named(Fluency()), ["answer": "Canberra."]),
        (Named(Summarization()), ["source": "What is the capital of Australia?", "summary": "Canberra."]),
    ]

    @Test("the model sees what the judge reads as blocks of data, and nothing of it in our words", arguments: judges)
    func data(judge: Named, blocks: [String: String]) async throws {
        let model = try model(saying: "yes")
        let scorer = try await judge.judge.bound(to: model)
        _ = try await scorer.verdict(try Row(Self.row))
        let request = try #require(model.requests.first)
        #expect(model.requests.count == 1)
        #expect(request.data == blocks)
        #expect(request.messages.map(\.role) == [.system, .user])
        #expect(!request.words.contains("Australia") && !request.words.contains("Canberra"))
        for label in blocks.keys {
            let family = label.hasSuffix("_2") ? String(label.dropLast(2)) + "_1" : label
            #expect(request.words.contains("[\(family)]"), "the task speaks of [\(family)]")
        }
    }

    @Test("yes is yes and no is no, with the reason", arguments: judges)
    func mapping(judge: Named, blocks: [String: String]) async throws {
        for word in ["yes", "no"] {
            let scorer = try await judge.judge.bound(to: try model(saying: word))
            let feedback = try #require(try await scorer.verdict(try Row(Self.row)).values.first)
            #expect(feedback.value == .text(word))
            #expect(feedback.rationale?.contains("because") == true)
            #expect(feedback.name == nil)
        }
    }

    @Test("the reply's schema asks for the reasons first, and for nothing else", arguments: judges)
    func schema(judge: Named, blocks: [String: String]) async throws {
        let scorer = try #require(try await judge.judge.bound(to: try model(saying: "yes")) as? any JudgeScorer)
        let schema = try #require(try scorer.questions(about: try Row(Self.row)).first?.schema)
        #expect(schema["properties"]?.members.map { String($0.key) } == ["rationale", "result"])
        #expect(schema["required"] == ["rationale", "result"])
        #expect(schema["additionalProperties"] == false)
        let compiled = try JSONSchema(schema) { _ throws(JSONSchemaError) in throw JSONSchemaError("no patterns") }
        #expect(try compiled.firstViolation(in: .reply(to: schema, word: "no")) == nil)
        #expect(try compiled.firstViolation(in: ["rationale": "r", "result": "perhaps"]) != nil)
    }

    @Test(
        "a field that is missing is the row's error, and no model is asked",
        arguments: [
            (
                Named(Correctness()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#,
                "expectations.expected_response or expectations.expected_facts"
            ),
            (Named(Correctness()), #"{"inputs": {"q": "x"}, "expectations": {"expected_response": "y"}}"#, "outputs"),
            (
                Named(Correctness()),
                #"{"inputs": {"q": "x"}, "outputs": "y", "expectations": {"expected_facts": []}}"#,
                "expectations.expected_response or expectations.expected_facts"
            ),
            (Named(Equivalence()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#, "expectations.expected_response"),
            (Named(Equivalence()), #"{"inputs": {"q": "x"}, "outputs": null}"#, "outputs"),
            (Named(ExpectationsGuidelines()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#, "expectations.guidelines"),
            (Named(RelevanceToQuery()), #"{"inputs": {"q": "x"}}"#, "outputs"),
            (Named(RelevanceToQuery()), #"{"trace": {}, "outputs": "y"}"#, "inputs"),
            (Named(Safety()), #"{"inputs": {"q": "x"}}"#, "outputs"),
            (Named(RetrievalRelevance()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#, "spans(RETRIEVER)"),
            (Named(RetrievalGroundedness()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#, "spans(RETRIEVER)"),
            (
                Named(RetrievalSufficiency()), #"{"inputs": {"q": "x"}, "retrieved_documents": ["d"]}"#,
                "expectations.expected_response or expectations.expected_facts"
            ),
            (
                Named(Hallucination()), #"{"inputs": {"q": "x"}, "outputs": "y"}"#,
                "spans(RETRIEVER), inputs.context or expectations.context"
            ),
            (
                Named(SemanticSimilarity(model: "openai:/scripted")), #"{"inputs": {"q": "x"}, "outputs": "y"}"#,
                "expectations.expected_response"
            ),
        ]
    )
    func missing(judge: Named, row: String, field: String) async throws {
        let model = try model(saying: "yes")
        let verdict = try await judge.judge.bound(to: model).verdict(try Row(try JSON(parsing: row)))
        #expect(verdict == .errored(.missingField(field)))
        #expect(model.requests.isEmpty && model.texts.isEmpty)
    }

    @Test("expected facts are judged one by one: one no is a no, and the reasons name each")
    func facts() async throws {
        let row = try Row([
            "inputs": ["q": "x"], "outputs": "y", "expectations": ["expected_facts": ["red", "round", "ripe"]],
        ])
        let model = try ScriptedModel(says: [
            "rationale": "Two of three.",
            "result": [
                "fact_1": ["rationale": "said", "result": "yes"], "fact_2": ["rationale": "not said", "result": "no"],
                "fact_3": ["rationale": "implied", "result": "yes"],
            ],
        ])
        let feedback = try #require(try await Correctness().bound(to: model).verdict(row).values.first)
        #expect(feedback.value == .text("no"))
        #expect(feedback.rationale == "Two of three.\nfact_1: yes. said\nfact_2: no. not said\nfact_3: yes. implied")
        #expect(model.requests[0].data["fact_3"] == "ripe")
    }

    @Test("a row with both an expected response and facts is an error, as in MLflow")
    func ambiguous() async throws {
        let row = try Row([
            "inputs": ["q": "x"], "outputs": "y", "expectations": ["expected_facts": ["a"], "expected_response": "b"],
        ])
        let verdict = try await Correctness().bound(to: try model(saying: "yes")).verdict(row)
        #expect(verdict.error?.code == "ambiguous_field")
    }

    @Test(
        "equal texts and numbers are equivalent without a model",
        arguments: [("\"a b\"", "\"a b\"", "yes"), ("3", "3.0", "yes"), ("3", "4", "no"), ("true", "1", "yes")]
    )
    func equivalence(output: String, expected: String, value: String) async throws {
        let model = try model(saying: "maybe")
        let row = try Row([
            "inputs": ["q": "x"], "outputs": try JSON(parsing: output),
            "expectations": ["expected_response": try JSON(parsing: expected)],
        ])
        #expect(try await Equivalence().bound(to: model).verdict(row).values.map(\.value) == [.text(value)])
        #expect(model.requests.isEmpty)
    }

    @Test("guidelines are in the metadata, as in MLflow")
    func guidelineMetadata() async throws {
        let scorer = try await Guidelines(guidelines: ["a", "b"]).bound(to: try model(saying: "yes"))
        let feedback = try #require(try await scorer.verdict(try Row(Self.row)).values.first)
        #expect(feedback.metadata?["guideline"] == "a\nb")
    }

    @Test("the metadata says who answered, whether from the cache, and what it took; what is unknown is left out")
    func metadata() async throws {
        let model = try ScriptedModel { _ throws(ScorerError) in
            .object(["rationale": "r", "result": "yes"], model: "scripted-2026")
        }
        let feedback = try #require(try await Safety().bound(to: model).verdict(try Row(Self.row)).values.first)
        #expect(
            feedback.metadata == [
                "model": "scripted-2026", "cached": false, "input_tokens": 100, "output_tokens": 10, "cost_usd": 0.25,
                "judge_version": "1",
            ]
        )
        let cached = try ScriptedModel { _ throws(ScorerError) in
            .object(["rationale": "r", "result": "yes"], usage: nil, costUSD: nil, isFromCache: true)
        }
        let other = try #require(try await Safety().bound(to: cached).verdict(try Row(Self.row)).values.first)
        #expect(other.metadata == ["model": "scripted", "cached": true, "judge_version": "1"])
    }

    @Test("a reply of another form and a model's error are the row's error")
    func errors() async throws {
        let odd = try ScriptedModel(says: ["rationale": "r", "result": "perhaps"])
        #expect(try await Safety().bound(to: odd).verdict(try Row(Self.row)).error?.code == "invalid_reply")
        let none = try ScriptedModel { _ throws(ScorerError) in ModelReply(text: "yes", model: "m") }
        #expect(try await Safety().bound(to: none).verdict(try Row(Self.row)).error?.code == "invalid_reply")
        let error = ScorerError(code: "http_500", message: "the endpoint failed")
        let failing = try ScriptedModel(failsWith: error)
        #expect(try await Safety().bound(to: failing).verdict(try Row(Self.row)) == .errored(error))
    }

    @Test("rows that come together are answered in their order, each with its repetition")
    func batch() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            .object(["rationale": "r", "result": request.data["answer"] == "good" ? "yes" : "no"])
        }
        let rows = try (0..<40)
            .map { number in
                try Row(["inputs": ["q": "x"], "outputs": JSON(number % 3 == 0 ? "good" : "bad")], repetition: number)
            }
        let verdicts = await (try await Safety().bound(to: model)).score(rows)
        #expect(verdicts.map { $0.values.first?.value } == (0..<40).map { .text($0 % 3 == 0 ? "yes" : "no") })
        #expect(Set(model.requests.map(\.repetition)) == Set(0..<40))
    }

    @Test("a lone question is itself, several inputs are JSON, and so are messages")
    func requests() async throws {
        let model = try model(saying: "yes")
        let scorer = try await RelevanceToQuery().bound(to: model)
        let inputs: [(JSON, String)] = [
            (["question": "Why?"], "Why?"),
            (["question": "Why?", "style": "brief"], #"{"question":"Why?","style":"brief"}"#),
            (["messages": [["role": "user", "content": "Why?"]]], "Why?"),
            (
                ["messages": [["role": "system", "content": "s"], ["role": "user", "content": "Why?"]]],
                #"[{"role":"system","content":"s"},{"role":"user","content":"Why?"}]"#
            ),
        ]
        for (inputs, text) in inputs {
            _ = try await scorer.verdict(try Row(["inputs": inputs, "outputs": "y"]))
            #expect(model.requests.last?.data["question"] == text)
        }
    }
}
