import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalJudges

@Suite struct TraceWalkTests {
    /// A trace of many steps, with one long and telling text far inside.
    static func trace(_ steps: Int) -> Trace {
        var spans = [
            Span(
                id: 1,
                name: "agent",
                type: .agent,
                startNanoseconds: 0,
                endNanoseconds: 5_000_000,
                inputs: ["q": "go"],
                outputs: "done"
            )
        ]
        for number in 2...steps {
            let filler = String(repeating: "filler \(number) ", count: number == 2 ? 3000 : 20)
            spans.append(
                Span(
                    id: UInt64(number),
                    parentID: 1,
                    name: "step",
                    type: .tool,
                    startNanoseconds: Int64(number),
                    inputs: ["n": JSON(number)],
                    outputs: JSON(filler + (number == 777 ? "The NEEDLE is here. " : "") + filler)
                )
            )
        }
        return Trace(requestTimeMilliseconds: 0, durationMilliseconds: 5, spans: spans)
    }

    static func row(_ steps: Int) throws -> Row {
        let record = try Record(row: ["inputs": ["q": "go"], "outputs": "done"])
        return Row(record: record, outputs: record.outputs, trace: trace(steps))
    }

    static func judge(maxSteps: Int = 30) throws -> Judge {
        Judge(try JudgeDefinition(name: "walk", instructions: "Did {{ trace }} find it?", maxSteps: maxSteps))
    }

    static func call(_ name: String, _ arguments: JSON = [:], id: String = "c") -> ModelToolCall {
        ModelToolCall(id: id, name: name, arguments: arguments)
    }

    static func calling(_ calls: [ModelToolCall]) -> ModelReply {
        ModelReply(
            text: "let me look",
            toolCalls: calls,
            model: "m",
            usage: TokenUsage(inputTokens: 10, outputTokens: 1),
            costUSD: 1
        )
    }

    @Test("the model looks, is answered with blocks of data, and decides; the cost of all steps is counted")
    func walk() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            switch request.messages.count {
            case 2:
                return Self.calling([
                    Self.call("get_root", id: "a"), Self.call("search_text", ["text": "needle"], id: "b"),
                ])
            case 5:
                return Self.calling([Self.call("get_span", ["span_id": "0309", "part": "outputs"], id: "d")])
            default: return .object(["rationale": "found", "result": "yes"], costUSD: 1)
            }
        }
        let feedback = try #require(try await Self.judge().bound(to: model).verdict(try Self.row(1500)).values.first)
        #expect(feedback.value == .text("yes"))
        #expect(feedback.metadata?["steps"] == 3)
        #expect(feedback.metadata?["cost_usd"] == 3)
        #expect(feedback.metadata?["input_tokens"] == 120)
        let last = try #require(model.requests.last)
        #expect(last.messages.map(\.role) == [.system, .user, .assistant, .tool, .tool, .assistant, .tool])
        #expect(last.messages.map(\.toolCallID) == [nil, nil, nil, "a", "b", nil, "d"])
        #expect(last.data["trace"] == "a trace of 1500 steps, state OK, 5 ms")
        #expect(last.data["result_2"]?.contains("The NEEDLE is here") == true)
        #expect(last.data["result_2"]?.hasPrefix("1 places, page 1 of 1\n0000000000000309 outputs at ") == true)
        #expect(!last.words.contains("filler") && !last.words.contains("let me look"))
        #expect(model.requests.allSatisfy { $0.tools.map(\.name) == TraceTools.all.map(\.name) })
    }

    @Test("no answer is longer than its bound, so that what is sent stays small however large the trace is")
    func bounded() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            guard request.messages.count == 2 else { return .object(["rationale": "r", "result": "no"]) }
            return Self.calling([
                Self.call("get_root"), Self.call("list_spans"), Self.call("get_span", ["span_id": "2", "part": "all"]),
                Self.call("search_text", ["text": "filler"]),
            ])
        }
        _ = try await Self.judge().bound(to: model).verdict(try Self.row(1200))
        let data = try #require(model.requests.last).data
        #expect((1...4).allSatisfy { (data["result_\($0)"]?.utf8.count ?? .max) <= TraceTools.resultBytes })
        #expect(data["result_2"]?.hasPrefix("page 1 of 24\n") == true)
    }

    @Test("at the last step the tools are gone and the model must decide")
    func lastStep() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            guard request.tools.isEmpty else { return Self.calling([Self.call("list_spans")]) }
            return .object(["rationale": "enough", "result": "no"])
        }
        let feedback = try #require(
            try await Self.judge(maxSteps: 4).bound(to: model).verdict(try Self.row(10)).values.first
        )
        #expect(feedback.value == .text("no"))
        #expect(feedback.metadata?["steps"] == 4)
        #expect(model.requests.count == 4)
        #expect(model.requests.last?.messages.last?.role == .user)
        let stubborn = try ScriptedModel { _ throws(ScorerError) in Self.calling([Self.call("list_spans")]) }
        let verdict = try await Self.judge(maxSteps: 3).bound(to: stubborn).verdict(try Self.row(10))
        #expect(verdict.error?.code == "invalid_reply")
        #expect(stubborn.requests.count == 3)
    }

    @Test("one step asks for no more than eight look-ups")
    func manyCalls() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            guard request.messages.count == 2 else { return .object(["rationale": "r", "result": "no"]) }
            return Self.calling((0..<12).map { Self.call("get_root", id: "c\($0)") })
        }
        _ = try await Self.judge().bound(to: model).verdict(try Self.row(10))
        let last = try #require(model.requests.last)
        #expect(last.messages.filter { $0.role == .tool }.count == 12)
        #expect(last.data["result_8"]?.hasPrefix("a trace of 10 steps") == true)
        #expect(last.data["result_9"] == "error: at most 8 look-ups at a time")
    }

    @Test("a text too long for one answer is read piece by piece, and the pieces are the text")
    func pieces() throws {
        var trace = Self.trace(3)
        trace.spans[1].outputs = JSON(String(repeating: "año 漢字 🐈 ", count: 3000))
        let tools = TraceTools(trace)
        var text = ""
        var offset = 0
        while true {
            let arguments: JSON = ["span_id": "2", "part": "outputs", "offset": JSON(offset)]
            let answer = tools.answer(Self.call("get_span", arguments))
            let line = answer.prefix { $0 != "\n" }
            text += answer.dropFirst(line.count + 1)
            guard let mark = line.range(of: "go on with offset ") else { break }
            offset = try #require(Int(line[mark.upperBound...]))
        }
        #expect(text == trace.spans[1].outputs?.serialized)
    }

    @Test(
        "a look-up that makes no sense is answered with why",
        arguments: [
            ("list_spans", #"{"page": 99}"#, "error: there are 1 pages"),
            ("get_span", #"{"span_id": "zz"}"#, "error: there is no step with this id; list_spans lists them"),
            ("get_span", #"{"span_id": "1", "part": "soul"}"#, "error: a step has the parts all, inputs"),
            ("get_span", #"{"span_id": "1", "part": "outputs", "offset": 99}"#, "error: this part has 6 bytes"),
            ("get_span", #"{"span_id": "1", "part": "outputs", "offset": -1}"#, "error: this part has 6 bytes"),
            ("search_text", #"{"text": ""}"#, "error: 'text' is empty"),
            ("search_text", #"{"text": "done", "page": 2}"#, "error: there are 1 pages"),
            ("search_text", #""no object""#, "error: 'text' is empty"),
            ("rm", "{}", "error: there is no such tool; there are get_root, list_spans"),
        ]
    )
    func nonsense(tool: String, arguments: String, answer: String) throws {
        let tools = TraceTools(Self.trace(3))
        #expect(tools.answer(Self.call(tool, try JSON(parsing: arguments))).hasPrefix(answer))
    }

    @Test("a trace without spans can be asked about too")
    func empty() {
        let tools = TraceTools(Trace(requestTimeMilliseconds: 0))
        #expect(tools.answer(Self.call("get_root")) == "a trace of 0 steps, state OK; no step is the first one")
        #expect(tools.answer(Self.call("list_spans")) == "page 1 of 1")
        #expect(tools.answer(Self.call("search_text", ["text": "x"])) == "0 places, page 1 of 1")
    }

    @Test("the members of a panel walk alone")
    func panel() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            guard request.messages.count == 2, request.sample == 1 else {
                return .object(["rationale": "r", "result": "yes"])
            }
            return Self.calling([Self.call("get_root")])
        }
        let definition = try JudgeDefinition(name: "walk", instructions: "{{ trace }}", samples: 2)
        let feedback = try #require(
            try await Judge(definition).bound(to: model).verdict(try Self.row(5)).values.first
        )
        #expect(feedback.metadata?["panel"]?.elements.map { $0["steps"]?.integer } == [1, 2])
    }
}
