import EvalCore
import EvalJSON
import NIOHTTP1
import Testing

@testable import EvalModels

@Suite struct AnthropicTests {
    private let model = "anthropic:/claude-sonnet-4-5"

    @Test("a question is put as Anthropic's documentation has it, and the object is the input of a forced tool")
    func plain() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(message(toolUse(verdictJSON))) }
        var request = question()
        request.messages.insert(ModelMessage(.system, "You judge."), at: 0)
        request.parameters = ModelParameters(temperature: 0, seed: 5)
        let reply = try await client(options(endpoint, model: model)).ask(request)
        #expect(reply.object == verdictJSON)
        #expect(reply.model == "claude-test")
        // 90 fresh tokens, 10 of the cache, 20 of the answer.
        #expect(reply.usage == TokenUsage(inputTokens: 100, outputTokens: 20))
        let cost = try #require(reply.costUSD)
        #expect(abs(cost - (90 * 3 + 10 * 0.3 + 20 * 15) / 1e6) < 1e-12)
        let sent = try #require(endpoint.requests.first)
        #expect(sent.path == "/v1/messages")
        #expect(sent.headers.first(name: "x-api-key") == "sk-ant-0123456789")
        #expect(sent.headers.first(name: "authorization") == nil)
        #expect(sent.headers.first(name: "anthropic-version") == "2023-06-01")
        #expect(sent.json["system"] == "You judge.")
        #expect(sent.json["messages"] == [["role": "user", "content": "Is it so?"]])
        #expect(sent.json["max_tokens"] == 4096)
        #expect(sent.json["seed"] == nil)
        #expect(sent.json["tool_choice"] == ["type": "tool", "name": "give_reply"])
        #expect(sent.json["tools"]?[0]?["input_schema"] == verdictSchema)
    }

    @Test("where tools can't be forced the schema goes into the prompt, and that is remembered")
    func stepDown() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            if request.json["tool_choice"] != nil {
                return .reply(status: 400, apiError("Thinking may not be enabled when tool_choice forces tool use."))
            }
            return .reply(message([["type": "text", "text": JSON("Here it is:\n```json\n\(verdict)\n```")]]))
        }
        let client = try client(options(endpoint, model: model))
        #expect(try await client.ask(question()).object == verdictJSON)
        #expect(try await client.ask(question()).object == verdictJSON)
        #expect(endpoint.requests.count == 3)
        #expect(endpoint.requests[2].json["system"]?.string?.contains("\"rationale\"") == true)
    }

    @Test("tools are called among others, their results travel in one message, and pictures become sources")
    func tools() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            request.number == 0
                ? .reply(message(toolUse(["id": "a"], name: "get_span"), stop: "tool_use"))
                : .reply(message(toolUse(verdictJSON), stop: "tool_use"))
        }
        let client = try client(options(endpoint, model: model))
        var request = question()
        request.messages = [
            ModelMessage(
                .user,
                [.text("Look"), .image(url: "data:image/png;base64,AAAA"), .image(url: "https://a/b.png")]
            )
        ]
        request.tools = [ModelTool(name: "get_span", help: "Gets a span.", parameters: ["type": "object"])]
        let first = try await client.ask(request)
        #expect(first.toolCalls == [ModelToolCall(id: "t1", name: "get_span", arguments: ["id": "a"])])
        #expect(first.object == nil)
        let calls = first.toolCalls + [ModelToolCall(id: "t2", name: "get_span", arguments: ["id": "b"])]
        request.messages.append(ModelMessage(.assistant, [.text("I look.")], toolCalls: calls))
        request.messages.append(ModelMessage(.tool, [.text("span a")], toolCallID: "t1"))
        request.messages.append(ModelMessage(.tool, [.text("span b")], toolCallID: "t2"))
        #expect(try await client.ask(request).object == verdictJSON)
        let sent = endpoint.requests[1].json
        #expect(sent["tool_choice"] == ["type": "any"])
        #expect(
            sent["messages"]?[0]?["content"]?[1]?["source"]
                == ["type": "base64", "media_type": "image/png", "data": "AAAA"]
        )
        #expect(sent["messages"]?[0]?["content"]?[2]?["source"] == ["type": "url", "url": "https://a/b.png"])
        #expect(sent["messages"]?.count == 3)
        #expect(sent["messages"]?[1]?["content"]?[2]?["input"] == ["id": "b"])
        #expect(sent["messages"]?[2]?["role"] == "user")
        #expect(sent["messages"]?[2]?["content"]?.elements.map { $0["tool_use_id"] } == ["t1", "t2"])
    }

    @Test("an answer that our own limit cut off is asked for with more, once; a person's limit is an error")
    func truncated() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            request.json["max_tokens"] == 4096
                ? .reply(message([["type": "text", "text": "{\"rationale\":"]], stop: "max_tokens"))
                : .reply(message(toolUse(verdictJSON)))
        }
        var options = options(endpoint, model: model)
        let reply = try await client(options).ask(question())
        #expect(reply.usage?.outputTokens == 40)
        #expect(endpoint.requests.map { $0.json["max_tokens"] } == [4096, 16384])
        options.defaultParameters = ModelParameters(maxTokens: 4096)
        let failure = await error(of: try client(options))
        #expect(failure?.code == "reply_truncated")
        #expect(failure?.message.contains("after 20 tokens; max_tokens is 4096") == true)
        #expect(endpoint.requests.count == 3)
    }

    @Test("a refusal is an error that isn't tried again, and embeddings are nothing of Anthropic")
    func refusals() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(message([], stop: "refusal")) }
        let client = try client(options(endpoint, model: model))
        #expect(await error(of: client)?.code == "refused")
        #expect(endpoint.requests.count == 1)
        await #expect(throws: ScorerError.self) { try await client.embed(["a"]) }
        #expect(endpoint.requests.count == 1)
    }

    @Test("a question that is too long is said with its size")
    func tooLong() async throws {
        let words = "prompt is too long: 210000 tokens > 200000 maximum"
        let endpoint = try await ScriptedEndpoint { _ in .reply(status: 400, apiError(words)) }
        let failure = await error(
            of: try client(options(endpoint, model: model)),
            question(String(repeating: "a", count: 400))
        )
        #expect(failure?.code == "context_too_long")
        #expect(failure?.message.contains("400 bytes") == true)
        #expect(failure?.message.contains("210000 tokens > 200000 maximum") == true)
        #expect(endpoint.requests.count == 1)
    }

    @Test("what Anthropic doesn't know is refused before a call")
    func effort() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .hang }
        var options = options(endpoint, model: model)
        options.defaultParameters = ModelParameters(reasoningEffort: "high")
        #expect(throws: Diagnostic.self) { try client(options) }
    }
}
