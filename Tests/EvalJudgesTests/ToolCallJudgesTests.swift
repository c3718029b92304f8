import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct ToolCallJudgesTests {
    static func row(_ calls: JSON, expected: JSON = .null) throws -> Row {
        try Row([
            "inputs": ["question": "Weather?"], "outputs": "Rain.", "tool_calls": calls,
            "expectations": ["expected_tool_calls": expected],
        ])
    }

    static let calls: JSON = [
        ["name": "locate", "arguments": ["city": "Oslo"], "output": "59,10"],
        ["name": "forecast", "arguments": ["at": "59,10"]],
    ]

    @Test("each call is a block of its own, in the order of the starts; the tools are told where they were recorded")
    func blocks() async throws {
        let tools: JSON = [["type": "function", "function": ["name": "locate"]]]
        let record = try Record(row: ["inputs": ["q": "Weather?"], "outputs": "Rain."])
        let trace = Trace(
            requestTimeMilliseconds: 0,
            spans: [
                Span(id: 1, name: "root", type: .agent, startNanoseconds: 0),
                Span(id: 2, parentID: 1, name: "llm", type: .chatModel, startNanoseconds: 1, inputs: ["tools": tools]),
                Span(
                    id: 3,
                    parentID: 1,
                    name: "late",
                    type: .tool,
                    startNanoseconds: 9,
                    status: .error,
                    statusMessage: "timed out",
                    inputs: ["a": 1]
                ),
                Span(id: 4, parentID: 1, name: "early", type: .tool, startNanoseconds: 2, outputs: "ok"),
            ]
        )
        let row = Row(record: record, outputs: record.outputs, trace: trace)
        for judge in [ToolCallCorrectness(), ToolCallEfficiency()] as [any UnboundJudge] {
            let model = try model(saying: "no")
            let values = try await judge.bound(to: model).verdict(row).values
            #expect(values.map(\.value) == [.text("no")])
            #expect(
                model.requests[0].data == [
                    "question": "Weather?", "tools": tools.serialized,
                    "call_1": #"{"name":"early","arguments":{},"outputs":"ok"}"#,
                    "call_2": #"{"name":"late","arguments":{"a":1},"error":"timed out"}"#,
                ]
            )
        }
    }

    @Test("a row without calls and tools says so")
    func none() async throws {
        let model = try model(saying: "yes")
        let row = try Row(["inputs": ["q": "Hi"], "outputs": "Hello"])
        _ = try await ToolCallEfficiency().bound(to: model).verdict(row)
        #expect(
            model.requests[0].data == ["question": "Hi", "tools": "(not recorded)", "calls": "(no tool was called)"]
        )
    }

    @Test("expected calls are shown with arguments only if each has some; the order counts if it should")
    func expected() async throws {
        let model = try model(saying: "yes")
        let with: JSON = [["name": "locate", "arguments": ["city": "Oslo"]]]
        _ = try await ToolCallCorrectness().bound(to: model).verdict(try Self.row(Self.calls, expected: with))
        let without: JSON = [["name": "locate", "arguments": ["city": "Oslo"]], ["name": "forecast"]]
        _ = try await ToolCallCorrectness(shouldConsiderOrdering: true).bound(to: model)
            .verdict(try Self.row(Self.calls, expected: without))
        #expect(model.requests[0].data["expected_call_1"] == #"{"name":"locate","arguments":{"city":"Oslo"}}"#)
        #expect(model.requests[1].data["expected_call_1"] == #"{"name":"locate"}"#)
        #expect(model.requests[0].words.contains("order of the calls doesn't matter"))
        #expect(model.requests[1].words.contains("order of the calls counts"))
    }

    @Test(
        "an exact match needs no model, and is MLflow's",
        arguments: [
            (
                #"[{"name": "locate", "arguments": {"city": "Oslo"}}, {"name": "forecast", "arguments": {"at": "59,10"}}]"#,
                true, "yes"
            ),
            (
                #"[{"name": "forecast", "arguments": {"at": "59,10"}}, {"name": "locate", "arguments": {"city": "Oslo"}}]"#,
                false, "yes"
            ),
            (#"[{"name": "forecast"}, {"name": "locate"}]"#, true, "no"),
            (#"[{"name": "locate"}, {"name": "forecast"}]"#, true, "yes"),
            (
                #"[{"name": "locate", "arguments": {"city": "Bergen"}}, {"name": "forecast", "arguments": {}}]"#, false,
                "no"
            ),
            (#"[{"name": "locate"}]"#, false, "no"),
        ]
    )
    func exact(expected: String, ordering: Bool, value: String) async throws {
        let model = try model(saying: "perhaps")
        let judge = ToolCallCorrectness(shouldExactMatch: true, shouldConsiderOrdering: ordering)
        let scorer = try await judge.bound(to: model)
        let row = try Self.row(Self.calls, expected: try JSON(parsing: expected))
        #expect(try await scorer.verdict(row).values.map(\.value) == [.text(value)])
        #expect(model.requests.isEmpty)
        let bound = try #require(scorer as? any JudgeScorer)
        #expect(bound.callsPerRow == 0)
        #expect(try bound.questions(about: row).isEmpty)
    }

    @Test("an exact match without expected calls is an error, and so are expected calls that are none")
    func wrong() async throws {
        let exact = try await ToolCallCorrectness(shouldExactMatch: true).bound(to: try model(saying: "yes"))
        let missing = try await exact.verdict(try Self.row(Self.calls))
        #expect(missing == .errored(.missingField("expectations.expected_tool_calls")))
        let fuzzy = try await ToolCallCorrectness().bound(to: try model(saying: "yes"))
        for expected in [["x": 1], [["arguments": [:]]], [["name": "a", "arguments": "text"]]] as [JSON] {
            let verdict = try await fuzzy.verdict(try Self.row(Self.calls, expected: expected))
            #expect(verdict.error?.code == "field_type")
        }
    }
}
