import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct SessionJudgesTests {
    static func session() throws -> Session {
        try Session(
            ["inputs": ["q": "I am Ann."], "outputs": "Hello Ann."],
            [
                "inputs": ["q": "Who am I?"], "outputs": "Bob.",
                "tool_calls": [["name": "lookup", "arguments": ["id": 7], "output": "Ann"]],
            ]
        )
    }

    static let turns = [
        "turn_1_user": "I am Ann.", "turn_1_assistant": "Hello Ann.", "turn_2_user": "Who am I?",
        "turn_2_assistant": "Bob.",
    ]

    static let plain = [
        Named(UserFrustration()), Named(ConversationCompleteness()), Named(ConversationalSafety()),
        Named(ConversationalRoleAdherence()), Named(KnowledgeRetention()),
    ]

    @Test("each turn's question and answer is a block of its own, and one call judges the session", arguments: plain)
    func blocks(judge: Named) async throws {
        let model = try model(saying: "yes")
        let scorer = try await judge.judge.bound(to: model)
        #expect(scorer.descriptor.scope == .session)
        _ = try await scorer.verdict(try Self.session())
        #expect(model.requests.count == 1)
        #expect(model.requests[0].data == Self.turns)
        #expect(!model.requests[0].words.contains("Ann"))
    }

    @Test("the judge of tool calls sees them at their turn")
    func calls() async throws {
        let model = try model(saying: "no")
        let scorer = try await ConversationalToolCallEfficiency().bound(to: model)
        #expect(try await scorer.verdict(try Self.session()).values.map(\.value) == [.text("no")])
        let call = #"{"name":"lookup","arguments":{"id":7},"outputs":"Ann"}"#
        #expect(model.requests[0].data == Self.turns.merging(["turn_2_call_1": call]) { $1 })
    }

    @Test("frustration is none, resolved or unresolved, as in MLflow", arguments: ["none", "resolved", "unresolved"])
    func frustration(word: String) async throws {
        let scorer = try await UserFrustration()
            .bound(to: try ScriptedModel(says: ["rationale": "r", "result": JSON(word)]))
        #expect(try await scorer.verdict(try Self.session()).values.map(\.value) == [.text(word)])
        #expect(scorer.descriptor.value == .category(["none", "resolved", "unresolved"]))
        #expect(scorer.descriptor.pass?.passes(.text(word)) == (word != "unresolved"))
    }

    @Test("knowledge is judged turn by turn: one turn that forgets is a no, and the reasons name each")
    func retention() async throws {
        let model = try ScriptedModel(says: [
            "rationale": "Forgets the name.",
            "result": [
                "turn_1": ["rationale": "nothing before", "result": "yes"],
                "turn_2": ["rationale": "says Bob", "result": "no"],
            ],
        ])
        let values = try await KnowledgeRetention().bound(to: model).verdict(try Self.session()).values
        #expect(values.map(\.value) == [.text("no")])
        #expect(values[0].rationale == "Forgets the name.\nturn_1: yes. nothing before\nturn_2: no. says Bob")
    }

    @Test("guidelines of conversations are judged one by one")
    func guidelines() async throws {
        let judge = ConversationalGuidelines(guidelines: ["No names", "Be brief"])
        let model = try model(saying: "yes")
        let values = try await judge.bound(to: model).verdict(try Self.session()).values
        #expect(values.map(\.value) == [.text("yes")])
        #expect(values[0].metadata?["guideline"] == "No names\nBe brief")
        #expect(model.requests[0].data["guideline_2"] == "Be brief")
        #expect(model.requests[0].schema?["properties"]?["result"]?["required"] == ["guideline_1", "guideline_2"])
    }

    @Test("a session's requests can be seen before they are sent, with its repetition")
    func questions() async throws {
        let scorer = try await UserFrustration(options: JudgeOptions(samples: 3)).bound(to: try model(saying: "none"))
        let judge = try #require(scorer as? any SessionJudgeScorer)
        #expect(judge.callsPerSession == 3)
        let session = Session(id: "s", turns: [try Row(["inputs": ["q": "x"], "outputs": "y"], repetition: 2)])
        let requests = try judge.questions(about: session)
        #expect(requests.map(\.sample) == [0, 1, 2])
        #expect(requests.map(\.repetition) == [2, 2, 2])
    }

    @Test("a session in which nobody says anything is an error, and rows are refused")
    func nothing() async throws {
        let scorer = try await UserFrustration().bound(to: try model(saying: "none"))
        let verdict = try await scorer.verdict(try Session(["inputs": [:]]))
        #expect(verdict == .errored(.missingField("conversation")))
        #expect(try await scorer.verdict(try Row(["inputs": ["q": "x"]])).error?.code == "scorer_fault")
    }
}
