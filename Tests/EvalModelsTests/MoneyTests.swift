import EvalCore
import EvalJSON
import Testing

@testable import EvalModels

@Suite struct MoneyTests {
    @Test("a version at the end of a name has the price of its model, and a server of one's own has none")
    func builtIn() throws {
        func input(_ name: String) throws -> Double? { PriceTable.builtIn.price(for: try ModelName(name))?.input }
        #expect(try input("openai:/gpt-5-mini") == 0.25)
        #expect(try input("openai:/gpt-5-mini-2025-08-07") == 0.25)
        #expect(try input("anthropic:/claude-sonnet-4-5-20250929") == 3)
        #expect(try input("anthropic:/claude-3-5-haiku-latest") == 0.8)
        #expect(try input("openai:/gpt-5-enormous") == nil)
        #expect(try input("endpoint:/http://h/v1#gpt-5-mini") == nil)
    }

    @Test("a person's prices stand above the built-in ones, by provider or by bare name")
    func own() throws {
        let table = try PriceTable([
            "gpt-5-mini": ["input": 1, "output": 2, "date": "2026-11-24"],
            "endpoint:/http://h/v1#llama": ["input": 3, "cached_input": 1, "date": "2026-11-24"],
        ])
        #expect(table.price(for: try ModelName("openai:/gpt-5-mini"))?.input == 1)
        #expect(table.price(for: try ModelName("openai:/gpt-5"))?.input == 1.25)
        let llama = try #require(table.price(for: try ModelName("endpoint:/http://h/v1#llama")))
        #expect(llama == ModelPrice(input: 3, output: 0, cachedInput: 1, date: "2026-11-24"))
        #expect(llama.cost(of: CountedTokens(input: 3_000_000, cachedInput: 1_000_000, output: 5)) == 7)
    }

    @Test(
        "prices that are wrong are named",
        arguments: [
            (#"{"m":{"input":1}}"#, "needs 'date'"), (#"{"m":{"date":"d"}}"#, "needs 'input'"),
            (#"{"m":{"input":-1,"date":"d"}}"#, "'input' of the price of 'm'"),
            (#"{"m":{"inptu":1,"input":1,"date":"d"}}"#, "did you mean 'input'"), ("[]", "object of models"),
            (#"{"m":3}"#, "needs 'input'"),
        ]
    )
    func wrong(_ text: String, _ words: String) throws {
        let json = try JSON(parsing: text)
        do throws(Diagnostic) {
            _ = try PriceTable(json)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains(words))
        }
    }

    @Test("a limit of cost without a price is refused before a call")
    func unpriced() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .hang }
        var options = options(endpoint, model: "openai:/gpt-unheard-of")
        options.budget = ModelBudget(maxCostUSD: 1)
        #expect(throws: Diagnostic.self) { try client(options) }
    }

    @Test("what a question would take is estimated without asking")
    func estimate() throws {
        let hub = ModelHub(ModelHubOptions())
        var request = question(String(repeating: "word ", count: 800))
        request.parameters.maxTokens = 100
        let (tokens, cost) = hub.estimate(request, for: try ModelName("openai:/gpt-5-mini"))
        #expect(tokens.inputTokens > 1000 && tokens.inputTokens < 1200)
        #expect(tokens.outputTokens == 100)
        #expect(cost == (Double(tokens.inputTokens) * 0.25 + 200) / 1e6)
        #expect(hub.estimate(request, for: try ModelName("openai:/unheard-of")).costUSD == nil)
    }

    @Test("a budget of calls counts every attempt that reaches the endpoint, then ends with one alarm")
    func calls() async throws {
        let endpoint = try await ScriptedEndpoint { $0.number == 0 ? .reply(status: 500, "") : .reply(chat(verdict)) }
        let alarms = Alarms()
        var options = options(endpoint)
        options.budget = ModelBudget(maxCalls: 3)
        options.alarm = { alarms.tell($0) }
        let client = try client(options)
        var codes: [String?] = []
        for _ in 0..<4 { codes.append(await error(of: client)?.code) }
        #expect(codes == [nil, nil, "budget", "budget"])
        #expect(endpoint.requests.count == 3)
        #expect(alarms.all.map(\.message) == ["the budget of 3 calls of models is spent"])
    }

    @Test("a budget of money isn't overshot by calls at once")
    func money() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .late(milliseconds: 5, .reply(chat(verdict))) }
        var options = options(endpoint)
        // One call costs 0.000065; its estimate with 200 tokens of answer is more than 0.0004.
        options.defaultParameters = ModelParameters(maxTokens: 200)
        options.budget = ModelBudget(maxCostUSD: 0.002)
        options.concurrency = 32
        let hub = ModelHub(options)
        let client = try hub.client(for: ModelChoice())
        let answered = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<100 { group.addTask { await error(of: client, question("\(index)")) == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(hub.usage.costUSD <= 0.002)
        // All but the room of one estimate is used.
        #expect(hub.usage.costUSD > 0.0015)
        #expect(answered == endpoint.requests.count)
        #expect(answered < 100)
    }

    @Test("usage without a price or without tokens is partial, not nothing")
    func partial() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(chat(verdict, usage: false)) }
        let hub = ModelHub(options(endpoint))
        let reply = try await hub.client(for: ModelChoice()).ask(question())
        #expect(reply.usage == nil && reply.costUSD == nil)
        #expect(hub.usage.isCostPartial && hub.usage.isTokensPartial)
    }

    @Test("a rate holds for all calls of an endpoint")
    func rate() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(chat(verdict)) }
        var options = options(endpoint)
        options.rate = CallRate("50/s")
        let client = try client(options)
        let began = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<6 { group.addTask { _ = await error(of: client, question("\(index)")) } }
        }
        #expect(ContinuousClock.now - began >= .milliseconds(100))
        #expect(endpoint.requests.count == 6)
    }

    @Test("a plugin's judge asks the same client, and tells what it took")
    func judge() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(chat(verdict)) }
        var options = options(endpoint)
        let journal = MemoryJournal()
        (options.journal, options.cache) = (journal, .record)
        let judge = JudgeService(try client(options))
        #expect(judge.model == "openai:/gpt-5-mini")
        #expect(judge.concurrency == 64)
        let messages = [JudgeMessage(role: "system", content: "Judge."), JudgeMessage(role: "user", content: "A")]
        let answer = try await judge.ask(
            JudgeQuestion(messages: messages, schema: verdictSchema, sample: 1, repetition: 2)
        )
        #expect(answer.reply == verdictJSON)
        #expect(answer.inputTokens == 100 && answer.outputTokens == 20 && answer.costUSD != nil)
        #expect(!answer.isFromCache)
        let again = try await judge.ask(
            JudgeQuestion(messages: messages, schema: verdictSchema, sample: 1, repetition: 2)
        )
        #expect(again.isFromCache)
        for other in [(0, 2), (1, 0)] {
            let question = JudgeQuestion(
                messages: messages,
                schema: verdictSchema,
                sample: other.0,
                repetition: other.1
            )
            #expect(try await judge.ask(question).isFromCache == false)
        }
        let wrong = JudgeQuestion(messages: [JudgeMessage(role: "tool", content: "A")], schema: verdictSchema)
        await #expect(throws: ScorerError.self) { try await judge.ask(wrong) }
    }
}
