import EvalCore
import EvalJSON
import NIOHTTP1
import Testing

@testable import EvalModels

@Suite struct FaultTests {
    /// An endpoint that misbehaves once and then answers.
    private func recovers(
        from fault: ServedReply,
        timeout: Duration = .seconds(5)
    ) async throws -> (reply: ModelReply, requests: Int, usage: HubUsage) {
        let endpoint = try await ScriptedEndpoint { $0.number == 0 ? fault : .reply(chat(verdict)) }
        var options = options(endpoint)
        options.timeout = timeout
        let hub = ModelHub(options)
        let reply = try await hub.client(for: ModelChoice()).ask(question())
        return (reply, endpoint.requests.count, hub.usage)
    }

    @Test(
        "faults that pass are tried again",
        arguments: [
            ServedReply.reply(status: 429, apiError("slow down")),
            .reply(status: 500, "oops"), .reply(status: 502, "<html><body>bad gateway</body></html>"),
            .reply(status: 503, headers: [("Retry-After", "0")], ""), .reply(status: 529, apiError("overloaded")),
            .reply(status: 408, ""), .reset, .half(chat(verdict)), .reply("{\"choices\":"), .reply("[]"), .reply(""),
            .reply(apiError("provider is down", code: "502")),
        ]
    )
    func passing(_ fault: ServedReply) async throws {
        let (reply, requests, usage) = try await recovers(from: fault)
        #expect(reply.object == verdictJSON)
        #expect(requests == 2)
        #expect(usage.calls == 1 && usage.retries == 1 && usage.failed == 0)
    }

    @Test(
        "what has no end within the time of an attempt is left, and asked again",
        arguments: [ServedReply.hang, .drip(chat(verdict))]
    )
    func deadlines(_ fault: ServedReply) async throws {
        let (reply, requests, _) = try await recovers(from: fault, timeout: .milliseconds(150))
        #expect(reply.object == verdictJSON)
        #expect(requests >= 2)
    }

    @Test("a timeout says how far the attempt came")
    func phases() async throws {
        let endpoint = try await ScriptedEndpoint { $0.lastContent == "Hang" ? .hang : .drip(chat(verdict)) }
        var options = options(endpoint)
        (options.timeout, options.attempts) = (.milliseconds(400), 1)
        let client = try client(options)
        let first = await error(of: client, question("Hang"))
        #expect(first?.code == "timeout")
        #expect(first?.message.contains("no answer of gpt-5-mini at \(endpoint.host) within") == true)
        let second = await error(of: client, question("Drip"))
        #expect(second?.message.contains("began, but had no end") == true)
    }

    @Test("a 429 with Retry-After waits for it and isn't counted")
    func retryAfter() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            request.number < 4
                ? .reply(status: 429, headers: [("retry-after-ms", "20")], apiError("slow down"))
                : .reply(chat(verdict))
        }
        var options = options(endpoint)
        options.attempts = 1
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try await client(options).ask(question()).object == verdictJSON)
        #expect(endpoint.requests.count == 5)
        #expect(clock.now - began >= .milliseconds(80))
    }

    @Test("when the headers say that nothing is left, the next call waits for the reset")
    func rateHeaders() async throws {
        let headers = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "120ms")]
        let endpoint = try await ScriptedEndpoint { _ in .reply(headers: headers, chat(verdict)) }
        let client = try client(options(endpoint))
        let clock = ContinuousClock()
        let began = clock.now
        _ = try await client.ask(question())
        _ = try await client.ask(question())
        #expect(clock.now - began >= .milliseconds(120))
    }

    @Test("attempts end, and the error says how many there were and what the endpoint said")
    func attempts() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(status: 500, apiError("the disk is full")) }
        var options = options(endpoint)
        options.attempts = 3
        let failure = await error(of: try client(options))
        #expect(failure?.code == "model_unavailable")
        let words = "gpt-5-mini at \(endpoint.host) answered 500 Internal Server Error: the disk is full (3 attempts)"
        #expect(failure?.message == words)
        #expect(endpoint.requests.count == 3)
    }

    @Test("a refused key ends everything at once, is told once, and is in no word")
    func wrongKey() async throws {
        let endpoint = try await ScriptedEndpoint { _ in
            .reply(
                status: 401,
                apiError("Incorrect API key provided: \(testKey) or sk-other-key****cdef.", code: "invalid_api_key")
            )
        }
        let alarms = Alarms()
        var options = options(endpoint)
        options.alarm = { alarms.tell($0) }
        let hub = ModelHub(options)
        let client = try hub.client(for: ModelChoice())
        for _ in 0..<3 {
            let failure = await error(of: client)
            #expect(failure?.code == "model_key")
            #expect(failure?.message.contains("401") == true)
            #expect(failure?.message.contains("Incorrect API key provided: *** or ***") == true)
        }
        #expect(endpoint.requests.count == 1)
        #expect(alarms.all.count == 1)
        #expect(alarms.all.first?.category == .unavailable)
        #expect("\(alarms.all) \(hub) \(client) \(options)".contains(testKey) == false)
        #expect(hub.usage.failed == 3)
    }

    @Test("an unknown model ends its own calls, not those of another one")
    func unknownModel() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            request.json["model"] == "gpt-9"
                ? .reply(status: 404, apiError("The model `gpt-9` does not exist", code: "model_not_found"))
                : .reply(chat(verdict))
        }
        let alarms = Alarms()
        var options = options(endpoint, model: "openai:/gpt-9")
        options.alarm = { alarms.tell($0) }
        let hub = ModelHub(options)
        let lost = try hub.client(for: ModelChoice())
        #expect(await error(of: lost)?.code == "model_unknown")
        #expect(await error(of: lost)?.code == "model_unknown")
        #expect(endpoint.requests.count == 1)
        #expect(alarms.all.count == 1)
        let found = try hub.client(for: ModelChoice(model: "openai:/gpt-5-mini"))
        #expect(try await found.ask(question()).object == verdictJSON)
    }

    @Test("a web page is said to be one, with a hint at the base URL", arguments: [200, 404])
    func page(_ status: Int) async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(status: status, "<!DOCTYPE html><html></html>") }
        let failure = await error(of: try client(options(endpoint)))
        #expect(failure?.code == "bad_request")
        #expect(failure?.message.contains("a web page: does the base URL end where the API begins") == true)
        #expect(endpoint.requests.count == 1)
    }

    @Test("a filter, a refusal and a question that is too long are errors of their row, without another attempt")
    func rowErrors() async throws {
        let replies: [ServedReply] = [
            .reply(chat("", finish: "content_filter")), .reply(chat("", refusal: "I can't help with that.")),
            .reply(status: 400, apiError("The response was filtered", code: "content_filter")),
            .reply(
                status: 400,
                apiError("This model's maximum context length is 8192 tokens", code: "context_length_exceeded")
            ),
            .reply(chat("{\"rationale\":\"It", finish: "length")),
            .reply(status: 400, apiError("messages: bad role")),
        ]
        let endpoint = try await ScriptedEndpoint { replies[$0.number] }
        let client = try client(options(endpoint))
        var codes: [String] = []
        for _ in replies { codes.append(await error(of: client)?.code ?? "") }
        let expected = [
            "content_filter", "refused", "content_filter", "context_too_long", "reply_truncated", "bad_request",
        ]
        #expect(codes == expected)
        #expect(endpoint.requests.count == replies.count)
    }

    @Test("an endpoint that refuses connections is given up with an alarm, not asked for ever")
    func down() async throws {
        let alarms = Alarms()
        let port = try await ScriptedEndpoint { _ in .hang }.port
        var options = ModelHubOptions(timeout: .seconds(1), defaultModel: "endpoint:/http://127.0.0.1:\(port)/v1#m")
        options.tuning = .init(
            retryBase: .milliseconds(1),
            breakerPause: .milliseconds(5),
            patience: .milliseconds(40),
            newPatience: .milliseconds(40)
        )
        options.alarm = { alarms.tell($0) }
        options.attempts = 100
        let client = try client(options)
        let failure = await error(of: client)
        #expect(failure?.code == "model_unavailable")
        #expect(failure?.message.contains("refuses connections") == true)
        #expect(alarms.all.count == 1)
    }

    @Test("an endpoint that was given up is asked again now and then, and works when it answers")
    func comesBack() async throws {
        let isUp = Flag()
        let endpoint = try await ScriptedEndpoint { _ in
            isUp.isSet ? .reply(chat(verdict)) : .reply(status: 502, "down")
        }
        let alarms = Alarms()
        var options = options(endpoint)
        options.tuning.newPatience = .milliseconds(20)
        options.alarm = { alarms.tell($0) }
        options.attempts = 100
        let client = try client(options)
        #expect(await error(of: client)?.code == "model_unavailable")
        isUp.set()
        var tries = 0
        while await error(of: client) != nil, tries < 100_000 { tries += 1 }
        #expect(try await client.ask(question()).object == verdictJSON)
        #expect(alarms.all.count == 1)
    }

    @Test("a cancelled question ends at once, wherever it is")
    func cancellation() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .hang }
        var options = options(endpoint)
        (options.concurrency, options.timeout) = (1, .seconds(30))
        let client = try client(options)
        let clock = ContinuousClock()
        let began = clock.now
        let tasks = (0..<3).map { _ in Task { await error(of: client) } }
        while endpoint.requests.isEmpty { await Task.yield() }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value?.code == "cancelled") }
        #expect(clock.now - began < .seconds(10))
        #expect(endpoint.requests.count == 1)
    }

    @Test("with 10 % 429, 5 % 500, 5 % broken replies and 1 % hangs nothing is lost, for at most 1.35 times the calls")
    func storm() async throws {
        let endpoint = try await ScriptedEndpoint { request in
            switch (request.number &* 2_654_435_761) % 100 {
            case 0..<10: .reply(status: 429, headers: [("retry-after-ms", "5")], apiError("slow down"))
            case 10..<15: .reply(status: 500, "oops")
            case 15..<18: .reply(String(chat(verdict).prefix(60)))
            case 18..<20: .reply(chat(String(verdict.prefix(20))))
            case 20: .hang
            default: .reply(chat(verdict))
            }
        }
        var options = options(endpoint)
        (options.timeout, options.concurrency) = (.seconds(1), 32)
        let journal = MemoryJournal()
        options.journal = journal
        let hub = ModelHub(options)
        let client = try hub.client(for: ModelChoice())
        let answered = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<400 { group.addTask { await error(of: client, question("Question \(index)")) == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(answered == 400)
        #expect(endpoint.requests.count <= 540)
        #expect(journal.entries.count { $0.refusal == nil } == 400)
        #expect(hub.usage.attempts >= endpoint.requests.count)
        #expect(endpoint.mostUnderWay <= 32)
    }
}
