// The journal of models' replies, the fence's secret and registered judges, through the door that everybody uses.

import EvalCore
import EvalJSON
import EvalStore
import Testing

@Suite struct ReplyJournalTests {
    private let store: SQLiteStore
    private let journal: SQLiteReplyJournal

    init() throws {
        store = try SQLiteStore(path: ":memory:")
        journal = SQLiteReplyJournal(store)
    }

    private func reply(
        _ question: String,
        _ text: String,
        run: PublicID? = nil,
        refusal: String? = nil,
        cost: Double? = 0.25,
        tokens: Int64? = 10
    ) -> JournaledReply {
        JournaledReply(
            key: Digest(of: Array(question.utf8)),
            run: run,
            asked: "openai:/gpt-5-mini",
            endpoint: "api.openai.com",
            model: "gpt-5-mini-2025",
            refusal: refusal,
            reply: ["text": JSON(text)],
            usage: tokens.map { TokenUsage(inputTokens: $0, outputTokens: 2) },
            costUSD: cost,
            price: cost == nil ? .null : ["input": 1, "date": "2026-01-01"],
            createdMilliseconds: 7,
            latencyMilliseconds: 8
        )
    }

    @Test("a reply comes back as it was")
    func roundTrip() async throws {
        for kept in [reply("a", "yes\0é"), reply("b", "no", run: .make(), cost: nil, tokens: nil)] {
            try await journal.append(kept)
            #expect(try await journal.reply(to: kept.key, in: .all) == kept)
        }
    }

    @Test("the newest answer counts, and none that was refused")
    func newest() async throws {
        try await journal.append(reply("a", "first"))
        try await journal.append(reply("a", "second"))
        try await journal.append(reply("a", "third", refusal: "reply_invalid"))
        let found = try await journal.reply(to: Digest(of: Array("a".utf8)), in: .all)
        #expect(found?.reply == ["text": "second"])
        try await journal.append(reply("b", "x", refusal: "reply_invalid"))
        #expect(try await journal.reply(to: Digest(of: Array("b".utf8)), in: .all) == nil)
    }

    @Test("a run sees its own replies only")
    func scopes() async throws {
        let (mine, other) = (PublicID.make(), PublicID.make())
        try await journal.append(reply("a", "other's", run: other))
        let key = Digest(of: Array("a".utf8))
        #expect(try await journal.reply(to: key, in: .run(mine)) == nil)
        #expect(try await journal.hasReplies(of: mine) == false)
        try await journal.append(reply("a", "mine", run: mine))
        try await journal.append(reply("a", "nobody's"))
        #expect(try await journal.reply(to: key, in: .run(mine))?.reply == ["text": "mine"])
        #expect(try await journal.hasReplies(of: mine))
        #expect(try await journal.reply(to: key, in: .all)?.reply == ["text": "nobody's"])
    }

    @Test("replies that come at once are all kept")
    func many() async throws {
        let run = PublicID.make()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<700 {
                group.addTask { try? await journal.append(reply("q\(index)", "\(index)", run: run)) }
            }
        }
        let found = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<700 {
                group.addTask {
                    let key = Digest(of: Array("q\(index)".utf8))
                    return (try? await journal.reply(to: key, in: .run(run)))??.reply["text"]?.string == "\(index)"
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 700)
        #expect(try await store.judgeUsage(of: run)?.replies == 700)
    }

    @Test("usage counts every reply, and says when it is only known in part")
    func usage() async throws {
        let run = PublicID.make()
        #expect(try await store.judgeUsage(of: run) == nil)
        try await journal.append(reply("a", "x", run: run))
        try await journal.append(reply("a", "y", run: run, refusal: "reply_invalid"))
        var usage = try #require(try await store.judgeUsage(of: run))
        #expect(usage.replies == 2 && usage.refused == 1)
        #expect(usage.costUSD == CostTotal(0.5, isPartial: false))
        #expect(usage.tokens == TokenTotal(TokenUsage(inputTokens: 20, outputTokens: 4), isPartial: false))
        try await journal.append(reply("b", "z", run: run, cost: nil, tokens: nil))
        usage = try #require(try await store.judgeUsage(of: run))
        #expect(usage.costUSD == CostTotal(0.5, isPartial: true))
        #expect(usage.tokens?.isPartial == true)
        let unpriced = PublicID.make()
        try await journal.append(reply("b", "z", run: unpriced, cost: nil, tokens: nil))
        #expect(try await store.judgeUsage(of: unpriced) == JudgeUsage(replies: 1))
    }

    @Test("the fence's secret is made once")
    func secret() async throws {
        let secret = try await store.fenceSecret()
        #expect(secret.count == 32)
        #expect(try await store.fenceSecret() == secret)
        #expect(try await SQLiteStore(path: ":memory:").fenceSecret() != secret)
        #expect(try await journal.fence().mark(of: "a", label: "b") == Fence(secret: secret).mark(of: "a", label: "b"))
    }

    @Test("a judge has versions, and the same one is not kept twice")
    func judges() async throws {
        let first: JSON = ["instructions": "Is {{ outputs }} polite?"]
        let second: JSON = ["instructions": "Is {{ outputs }} kind?"]
        #expect(try await store.register("polite", first, in: "Default").judge.version == 1)
        let again = try await store.register("polite", first, in: "Default")
        #expect(again.isNew == false && again.judge.version == 1)
        #expect(try await store.register("polite", second, in: "Default").judge.version == 2)
        #expect(try await store.register("polite", first, in: "Default").judge.version == 3)
        #expect(try await store.register("polite", second, in: "other").judge.version == 1)
        #expect(try await store.versions(of: "polite", in: "Default").map(\.version) == [3, 2, 1])
        #expect(try await store.versions(of: "rude", in: "Default").isEmpty)
        let all = try await store.judges(of: nil)
        #expect(all.map { "\($0.name) \($0.experiment) \($0.version)" } == ["polite Default 3", "polite other 1"])
        #expect(try await store.judges(of: "other").map(\.definition) == [second])
    }
}
