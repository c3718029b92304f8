import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct PlainJudgesTests {
    static func judge(_ source: JSON) throws -> Judge {
        var members: [(String, JSON)] = [("name", "j")]
        for (key, value) in source.members { members.append((String(key), value)) }
        return Judge(try JudgeDefinition(.object(members)))
    }

    static let row: JSON = [
        "inputs": ["question": "Why?", "user": ["first name": "Ann"]], "outputs": "Because.",
        "expectations": ["tone": "warm"],
    ]

    @Test("variables become names of blocks; what the row has there is data, and never a part of the instructions")
    func blocks() async throws {
        let model = try model(saying: "yes")
        let scorer =
            try await Self.judge([
                "instructions":
                    #"Is {{ outputs }} {{ expectations.tone }} to {{ inputs.user."first name" }}? Look at {{ outputs }}."#
            ])
            .bound(to: model)
        let values = try await scorer.verdict(try Row(Self.row)).values
        #expect(values.map(\.value) == [.text("yes")])
        let request = try #require(model.requests.first)
        #expect(
            request.data == ["outputs": "Because.", "expectations_tone": "warm", "inputs_user__first_name_": "Ann"]
        )
        #expect(
            request.words.contains(
                "Is [outputs] [expectations_tone] to [inputs_user__first_name_]? Look at [outputs]."
            )
        )
        #expect(!request.words.contains("Because.") && !request.words.contains("warm"))
        #expect(values[0].metadata?["judge_version"]?.string == scorer.descriptor.version)
        #expect(scorer.descriptor.reads == ["outputs", "expectations.tone", #"inputs.user."first name""#])
    }

    @Test("of labels the report shows the share of each")
    func shares() async throws {
        let model = try model(saying: "good")
        let scorer = try await Self.judge(["instructions": "{{ outputs }}?", "value": ["good", "bad"]]).bound(to: model)
        #expect(scorer.descriptor.aggregations == [.share("good"), .share("bad")])
        let slashed = try await Self.judge(["instructions": "{{ outputs }}?", "value": ["and/or", "bad"]])
            .bound(to: model)
        #expect(slashed.descriptor.aggregations.isEmpty)
        let yesNo = try await Self.judge(["instructions": "{{ outputs }}?"]).bound(to: model)
        #expect(yesNo.descriptor.aggregations.isEmpty)
    }

    @Test("a variable that the row doesn't have is the row's error")
    func missing() async throws {
        let model = try model(saying: "yes")
        let scorer = try await Self.judge(["instructions": "{{ inputs.answer }} {{ outputs }}"]).bound(to: model)
        #expect(try await scorer.verdict(try Row(Self.row)) == .errored(.missingField("inputs.answer")))
        #expect(model.requests.isEmpty)
    }

    @Test(
        "a value of each kind comes out as it is",
        arguments: [
            (#""boolean""#, "true", FeedbackValue.boolean(true), ValueType.boolean),
            (#""yes_no""#, #""no""#, .text("no"), .yesNo),
            (#"{"type": "number", "min": 0, "max": 2}"#, "1.5", .number(1.5), .number),
            (#"{"type": "integer", "min": 1, "max": 5}"#, "4", .integer(4), .integer),
            (
                #"{"type": "category", "labels": {"good": "fits", "bad": "does not"}}"#, #""bad""#, .text("bad"),
                .category(["good", "bad"])
            ),
        ]
    )
    func values(value: String, said: String, expected: FeedbackValue, type: ValueType) async throws {
        let model = try ScriptedModel(says: ["rationale": "r", "result": try JSON(parsing: said)])
        let scorer =
            try await Self.judge([
                "instructions": "{{ outputs }}?", "value": try JSON(parsing: value),
            ])
            .bound(to: model)
        #expect(try await scorer.verdict(try Row(Self.row)).values.map(\.value) == [expected])
        #expect(scorer.descriptor.value == type)
    }

    @Test("the meanings of labels and the range are told to the model")
    func meanings() async throws {
        let model = try model(saying: "good")
        let labels: JSON = ["type": "category", "labels": ["good": "fits the question", "bad": .null]]
        _ = try await Self.judge(["instructions": "{{ outputs }}", "value": labels]).bound(to: model)
            .verdict(try Row(Self.row))
        #expect(model.requests[0].words.contains(#"The result is one of "good" (fits the question), "bad"."#))
    }

    @Test("of several fields the first is the judge's own value, and each is a feedback by its name")
    func fields() async throws {
        let model = try ScriptedModel(says: ["rationale": "r", "result": ["length": 4, "tone": "warm"]])
        let scorer =
            try await Self.judge([
                "instructions": "{{ outputs }}",
                "value": [
                    "fields": [
                        "length": ["type": "integer", "min": 1, "max": 5, "help": "How long it is."],
                        "tone": ["warm", "cold"],
                    ]
                ],
            ])
            .bound(to: model)
        let values = try await scorer.verdict(try Row(Self.row)).values
        #expect(values.map(\.name) == [nil, "length", "tone"])
        #expect(values.map(\.value) == [.integer(4), .integer(4), .text("warm")])
        #expect(values[0].rationale == "r" && values[1].rationale == nil)
        #expect(scorer.descriptor.feedbacks.map(\.name) == ["length", "tone"])
        #expect(scorer.descriptor.value == .integer)
        #expect(model.requests[0].words.contains("- length: a whole number from 1 to 5. How long it is."))
        #expect(model.requests[0].schema?["properties"]?["result"]?["required"] == ["length", "tone"])
    }

    @Test("examples come before the data, as blocks with the reply that is right for them")
    func examples() async throws {
        let model = try model(saying: "yes")
        let scorer =
            try await Self.judge([
                "instructions": "Is {{ outputs }} polite?",
                "examples": [["outputs": "Get lost", "result": "no", "rationale": "an insult"]],
            ])
            .bound(to: model)
        _ = try await scorer.verdict(try Row(Self.row))
        let data = model.requests[0].data
        #expect(data["example_1_outputs"] == "Get lost")
        #expect(data["example_1_reply"] == #"{"rationale":"an insult","result":"no"}"#)
        #expect(!model.requests[0].words.contains("insult"))
    }

    @Test("a judge of conversations judges sessions, with the expectations that a turn has")
    func sessions() async throws {
        let model = try model(saying: "yes")
        let scorer =
            try await Self.judge([
                "instructions": "Did {{ conversation }} reach {{ expectations.goal }}?"
            ])
            .bound(to: model)
        #expect(scorer.descriptor.scope == .session)
        #expect(scorer.descriptor.reads == ["inputs", "outputs", "expectations.goal"])
        let session = try Session(
            ["inputs": ["q": "a"], "outputs": "b", "expectations": ["goal": "win"]],
            ["inputs": ["q": "c"], "outputs": "d"]
        )
        #expect(try await scorer.verdict(session).values.map(\.value) == [.text("yes")])
        #expect(
            model.requests[0].data == [
                "turn_1_user": "a", "turn_1_assistant": "b", "turn_2_user": "c", "turn_2_assistant": "d",
                "expectations_goal": "win",
            ]
        )
        let without = try Session(["inputs": ["q": "a"], "outputs": "b"])
        #expect(try await scorer.verdict(without) == .errored(.missingField("expectations.goal")))
    }

    @Test("a catalog makes judges; settings stand above what a definition says")
    func catalog() async throws {
        let one = try ScriptedModel("openai:/one", says: ["rationale": "r", "result": 2])
        let two = try ScriptedModel("openai:/two", says: ["rationale": "r", "result": 5])
        let definition = try JudgeDefinition([
            "name": "stars", "help": "Stars.", "instructions": "{{ outputs }}",
            "value": ["type": "integer", "min": 1, "max": 5], "model": "openai:/one", "parameters": ["temperature": 0],
        ])
        let catalog = PlainJudges([definition], models: ScriptedDirectory([one, two]))
        let descriptor = try #require(catalog.descriptors.first)
        #expect(descriptor.help == "Stars." && descriptor.range == 1...5 && descriptor.pass == nil)
        let plain = try await catalog.make(descriptor, configuration: [:])
        #expect(try await plain.verdict(try Row(Self.row)).values.map(\.value) == [.integer(2)])
        let panel = try await catalog.make(
            descriptor,
            configuration: ["model": ["openai:/one", "openai:/two"], "parameters": ["seed": 7]]
        )
        #expect(panel.descriptor.value == .number)
        #expect(try await panel.verdict(try Row(Self.row)).values.map(\.value) == [.number(3.5)])
        #expect(one.requests.last?.parameters == ModelParameters(temperature: 0, seed: 7))
        await #expect(throws: Diagnostic.self) {
            try await catalog.make(descriptor, configuration: ["vote": "all"])
        }
        let other = ScorerDescriptor("star", help: "", reads: [], value: .number)
        await #expect {
            try await catalog.make(other, configuration: [:])
        } throws: {
            ($0 as? Diagnostic)?.suggestion == "stars"
        }
    }

    @Test("another wording is another version")
    func versions() throws {
        let first = try Judge(name: "j", instructions: "{{ outputs }} a")
        let second = try Judge(name: "j", instructions: "{{ outputs }} b")
        #expect(first.descriptor.version != second.descriptor.version)
        #expect(first.descriptor.version.count == 12)
    }
}
