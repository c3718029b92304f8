import EvalCore
import EvalJSON
import NIOHTTP1
import Testing

@testable import EvalModels

@Suite struct StructuredTests {
    /// Which way to ask for an object a request takes.
    private static func level(_ request: ServedRequest) -> String {
        if let type = request.json["response_format"]?["type"]?.string { return type }
        return request.json["tools"] == nil ? "text" : "tool"
    }

    @Test("an endpoint that knows no format is asked in simpler ways, and the one that works is remembered")
    func stepsDown() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            switch Self.level(request) {
            case "json_schema":
                .reply(
                    status: 400,
                    apiError("response_format type json_schema is unsupported", param: "response_format")
                )
            case "json_object": .reply(status: 422, #"{"detail":[{"msg":"unknown field response_format"}]}"#)
            case "tool": .reply(status: 400, apiError("this server has no tool calling"))
            default: .reply(chat("Sure.\n\(verdict)"))
            }
        }
        let client = try client(options(endpoint))
        #expect(try await client.ask(question()).object == verdictJSON)
        #expect(try await client.ask(question()).object == verdictJSON)
        #expect(endpoint.requests.map(Self.level) == ["json_schema", "json_object", "tool", "text", "text"])
        let words = endpoint.requests[4].json["messages"]?[0]
        #expect(words?["role"] == "system")
        #expect(words?["content"]?.string?.contains(verdictSchema.serialized) == true)
    }

    @Test("the arguments of a tool are the object where a person asks for that level")
    func tool() async throws {
        let endpoint = try await ScriptedEndpoint { _ in
            let call: JSON = ["id": "1", "function": ["name": "give_reply", "arguments": JSON(verdict)]]
            let reply: JSON = [
                "choices": [["message": ["content": nil, "tool_calls": [call]], "finish_reason": "stop"]]
            ]
            return .reply(reply.serialized)
        }
        var options = options(endpoint)
        options.defaultEndpoint = ["structured": "tool"]
        let reply = try await client(options).ask(question())
        #expect(reply.object == verdictJSON)
        #expect(reply.toolCalls.isEmpty)
        #expect(reply.model == "gpt-5-mini")
        #expect(endpoint.requests[0].json["tool_choice"]?["function"]?["name"] == "give_reply")
    }

    @Test("parameters that a model doesn't take are left out, and that is remembered")
    func parameters() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            let json = request.json
            if json["max_completion_tokens"] != nil {
                return .reply(
                    status: 400,
                    apiError("Unknown parameter: 'max_completion_tokens'.", param: "max_completion_tokens")
                )
            }
            if json["temperature"] != nil {
                let words = "Unsupported value: 'temperature' does not support 0 with this model."
                return .reply(status: 400, apiError(words, code: "unsupported_value", param: "temperature"))
            }
            return .reply(chat(verdict))
        }
        var options = options(endpoint)
        options.defaultParameters = ModelParameters(temperature: 0, maxTokens: 50, reasoningEffort: "low")
        let client = try client(options)
        _ = try await client.ask(question())
        _ = try await client.ask(question())
        #expect(endpoint.requests.count == 4)
        #expect(endpoint.requests[3].json["max_tokens"] == 50)
        #expect(endpoint.requests[3].json["reasoning_effort"] == "low")
    }

    @Test("a reply that the schema refuses is kept as refused, repaired once, and paid for in the end")
    func repair() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            .reply(chat(request.number == 0 ? #"{"rationale":"It says so.","result":"perhaps"}"# : verdict))
        }
        let journal = MemoryJournal()
        var options = options(endpoint)
        options.journal = journal
        let hub = ModelHub(options)
        let reply = try await hub.client(for: ModelChoice()).ask(question())
        #expect(reply.object == verdictJSON)
        #expect(reply.usage?.totalTokens == 240)
        #expect(reply.costUSD.map { abs($0 - 2 * (100 * 0.25 + 20 * 2) / 1e6) < 1e-12 } == true)
        #expect(journal.entries.map(\.refusal) == ["reply_invalid", nil])
        #expect(journal.entries[0].key == journal.entries[1].key)
        #expect(hub.usage.refused == 1)
        let turn = endpoint.requests[1].json["messages"]
        #expect(turn?.count == 3)
        #expect(turn?[1]?["role"] == "assistant")
        #expect(turn?[1]?["content"]?.string?.contains("perhaps") == true)
        #expect(turn?[2]?["content"]?.string?.contains("/result") == true)
    }

    @Test("after one repair turn the question is put afresh, until its attempts end")
    func repairsOnce() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(chat("yes, I think")) }
        let journal = MemoryJournal()
        var options = options(endpoint)
        (options.attempts, options.journal) = (4, journal)
        options.defaultEndpoint = ["structured": "json_schema"]
        let failure = await error(of: try client(options))
        #expect(failure?.code == "reply_invalid")
        #expect(failure?.message.contains("it is not one JSON object (4 attempts)") == true)
        #expect(endpoint.requests.map { $0.json["messages"]?.count } == [1, 3, 1, 1])
        #expect(journal.entries.map(\.refusal) == Array(repeating: "reply_invalid", count: 4))
    }

    @Test("an endpoint that passes over the format without a word is told the schema in the prompt")
    func ignored() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            .reply(chat(request.text.contains("must fit this JSON Schema") ? verdict : "I like it."))
        }
        let client = try client(options(endpoint))
        for _ in 0..<4 { #expect(try await client.ask(question()).object == verdictJSON) }
        #expect(Self.level(endpoint.requests[0]) == "json_schema")
        #expect(endpoint.requests.last.map(Self.level) == "json_object")
    }

    @Test(
        "an object is found in a text only where there is no doubt",
        arguments: [
            (#"{"a":1}"#, true), ("  {\"a\":1}\n", true), ("```json\n{\"a\":1}\n```", true),
            ("Here:\n```\n{\"a\":1}\n```\n", true), ("The verdict is {\"a\":1}", true),
            ("<think>{\"b\":2}?</think>{\"a\":1}", true), ("{\"a\":1} or {\"a\":1}", false), ("{\"a\":1", false),
            ("{\"a\":1} I mean no", false), ("[1]", false), ("```{\"b\":2}``` ```{\"a\":1}```", false), ("", false),
        ]
    )
    func objects(_ text: String, _ isFound: Bool) {
        #expect(ObjectInText.find(text) == (isFound ? ["a": 1] : nil))
    }

    @Test("strict mode is asked only of schemas that it takes")
    func strict() throws {
        #expect(try CompiledSchema(verdictSchema).isStrict)
        let open: JSON = ["type": "object", "properties": ["a": ["type": "string"]], "required": ["a"]]
        #expect(try !CompiledSchema(open).isStrict)
        let optional: JSON = [
            "type": "object", "properties": ["a": ["type": "string"]], "required": [], "additionalProperties": false,
        ]
        #expect(try !CompiledSchema(optional).isStrict)
        let nested: JSON = [
            "type": "object", "properties": ["a": ["type": "array", "items": open]], "required": ["a"],
            "additionalProperties": false,
        ]
        #expect(try !CompiledSchema(nested).isStrict)
    }
}
