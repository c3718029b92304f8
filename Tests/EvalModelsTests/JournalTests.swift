import EvalCore
import EvalJSON
import NIOHTTP1
import Testing

@testable import EvalModels

@Suite struct JournalTests {
    private func answering() async throws -> ScriptedEndpoint {
        try await ScriptedEndpoint { request in
            .reply(chat(#"{"rationale":"Reply \#(request.number)","result":"yes"}"#))
        }
    }

    @Test("a reply is durable before it is used, and says what it cost under which price")
    func order() async throws {
        let endpoint = try await answering()
        let journal = MemoryJournal()
        var options = options(endpoint)
        let run = PublicID.make()
        (options.journal, options.run) = (journal, run)
        _ = try await client(options).ask(question())
        journal.note("used")
        #expect(journal.events == ["probe", "append", "durable", "used"])
        let entry = try #require(journal.entries.first)
        #expect(entry.run == run)
        #expect(entry.asked == "openai:/gpt-5-mini")
        #expect(entry.endpoint == endpoint.url)
        #expect(entry.model == "test-model-2026")
        #expect(entry.refusal == nil)
        #expect(entry.reply["object"]?["result"] == "yes")
        #expect(entry.usage?.totalTokens == 120)
        #expect(entry.price["input"] == 0.25)
        #expect(entry.price["date"]?.string != nil)
        #expect(entry.createdMilliseconds > 1_700_000_000_000)
        #expect("\(entry)".contains(testKey) == false)
    }

    @Test("a journal that can't be written is the row's error and an alarm, and the reply isn't used")
    func unwritable() async throws {
        let endpoint = try await answering()
        let journal = MemoryJournal()
        journal.fail(Diagnostic("the disk is full", category: .unavailable))
        let alarms = Alarms()
        var options = options(endpoint)
        options.journal = journal
        options.alarm = { alarms.tell($0) }
        let client = try client(options)
        for _ in 0..<2 {
            let failure = await error(of: client)
            #expect(failure?.code == "journal_failed")
            #expect(failure?.message.contains("the disk is full") == true)
        }
        #expect(alarms.all.count == 1)
        #expect(endpoint.requests.count == 2)
    }

    @Test("a run that is resumed asks nothing again that it has an answer to, even without a cache")
    func resume() async throws {
        let endpoint = try await answering()
        let journal = MemoryJournal()
        var options = options(endpoint)
        (options.journal, options.run) = (journal, .make())
        let first = try await client(options).ask(question())
        // Another run asks anew.
        options.run = .make()
        #expect(try await client(options).ask(question()).object != first.object)
        #expect(endpoint.requests.count == 2)
        options.run = journal.entries[0].run
        options.resumes = true
        let hub = ModelHub(options)
        let again = try await hub.client(for: ModelChoice()).ask(question())
        #expect(again.object == first.object)
        #expect(again.isFromCache && again.costUSD == first.costUSD)
        #expect(hub.usage.fromCache == 1 && hub.usage.costUSD == 0 && hub.usage.attempts == 0)
        #expect(endpoint.requests.count == 2)
    }

    @Test("record uses what there is, replay calls nothing and needs no key, refresh calls anew")
    func modes() async throws {
        let endpoint = try await answering()
        let journal = MemoryJournal()
        var options = options(endpoint)
        (options.journal, options.cache) = (journal, .record)
        let first = try await client(options).ask(question())
        #expect(!first.isFromCache)
        #expect(try await client(options).ask(question()).isFromCache)
        #expect(endpoint.requests.count == 1)

        options.cache = .replay
        options.environment["OPENAI_API_KEY"] = nil
        let replay = try client(options)
        #expect(try await replay.ask(question()).object == first.object)
        #expect(await error(of: replay, question("Another?"))?.code == "not_cached")
        #expect(await error(of: replay, question(sample: 1))?.code == "not_cached")
        #expect(endpoint.requests.count == 1)

        options.cache = .refresh
        options.environment["OPENAI_API_KEY"] = testKey
        let fresh = try await client(options).ask(question())
        #expect(!fresh.isFromCache && fresh.object != first.object)
        options.cache = .record
        #expect(try await client(options).ask(question()).object == fresh.object)
    }

    @Test("a cache needs a journal")
    func needsJournal() async throws {
        let endpoint = try await answering()
        var options = options(endpoint)
        options.cache = .replay
        #expect(throws: Diagnostic.self) { try client(options) }
    }

    @Test("equal questions at once are one call, and each gets the answer")
    func shared() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .late(milliseconds: 30, .reply(chat(verdict))) }
        var options = options(endpoint)
        (options.journal, options.cache) = (MemoryJournal(), .record)
        let hub = ModelHub(options)
        let client = try hub.client(for: ModelChoice())
        let replies = await withTaskGroup(of: ModelReply?.self) { group in
            for _ in 0..<20 { group.addTask { try? await client.ask(question()) } }
            return await group.reduce(into: [ModelReply]()) { all, reply in if let reply { all.append(reply) } }
        }
        #expect(replies.count == 20)
        #expect(replies.count { !$0.isFromCache } == 1)
        #expect(endpoint.requests.count == 1)
        #expect(hub.usage.calls == 1 && hub.usage.fromCache == 19)
    }

    @Test("when the first of equal questions is given up, the next one asks")
    func takeover() async throws {
        let endpoint = try await ScriptedEndpoint { $0.number == 0 ? .hang : .reply(chat(verdict)) }
        var options = options(endpoint)
        (options.journal, options.cache) = (MemoryJournal(), .record)
        let client = try client(options)
        let first = Task { await error(of: client) }
        while endpoint.requests.isEmpty { await Task.yield() }
        let second = Task { await error(of: client) }
        first.cancel()
        #expect(await first.value?.code == "cancelled")
        #expect(await second.value == nil)
    }

    @Test("what decides an answer is in the key, and what doesn't isn't")
    func keys() throws {
        let base = question()
        func digest(_ change: (inout ModelRequest) -> Void, _ key: CacheKey? = nil) throws -> Digest {
            var request = base
            change(&request)
            let usual = CacheKey(model: try ModelName("openai:/gpt-5-mini"), base: "https://a/v1")
            return (key ?? usual).digest(of: request, try request.schema.map { try CompiledSchema($0) })
        }
        let same = try digest { _ in }
        let reordered = try JSON(parsing: verdictSchema.canonical)
        let reorderedDigest = try digest { $0.schema = reordered }
        #expect(reorderedDigest == same)
        let others: [Digest] = [
            try digest { $0.sample = 1 }, try digest { $0.repetition = 1 }, try digest { $0.member = 1 },
            try digest { $0.schema = nil }, try digest { $0.parameters.temperature = 0 },
            try digest { $0.tools = [ModelTool(name: "a", help: "", parameters: [:])] },
            try digest { $0.messages[0].role = .system },
            try digest { $0.messages[0].content = [.data(label: "a", text: "Is it so?")] },
            try digest({ _ in }, CacheKey(model: try ModelName("openai:/gpt-5"), base: "https://a/v1")),
            try digest({ _ in }, CacheKey(model: try ModelName("openai:/gpt-5-mini"), base: "https://b/v1")),
            try digest({ _ in }, CacheKey(model: try ModelName("anthropic:/gpt-5-mini"), base: "https://a/v1")),
        ]
        #expect(Set(others + [same]).count == others.count + 1)
        // Keys in the order of code points, no white space: other programs can make the same digest.
        let canonical: JSON = [
            "base_url": "https://a/v1", "kind": "chat", "member": 0,
            "messages": [["role": "user", "content": [["text": "Is it so?"]]]], "model": "gpt-5-mini",
            "parameters": [:], "provider": "openai", "repetition": 0, "sample": 0, "schema": verdictSchema, "tools": [],
        ]
        #expect(canonical.digest == same)
    }
}
