import EvalCore
import EvalJSON
import Testing

@testable import EvalJudges

@Suite struct PanelTests {
    static let row: JSON = ["inputs": ["q": "x"], "outputs": "y"]

    static func panel(_ words: [String?]) throws -> (JudgeOptions, [ScriptedModel]) {
        let names = words.indices.map { "openai:/m\($0)" }
        let models = try zip(names, words)
            .map { name, word in
                guard let word else {
                    return try ScriptedModel(name, failsWith: ScorerError(code: "http_500", message: "down"))
                }
                return try ScriptedModel(name, says: ["rationale": JSON("\(name) says \(word)"), "result": JSON(word)])
            }
        return (JudgeOptions(models: names), models)
    }

    @Test("the panel's majority decides; each member's model, result and reason are kept")
    func majority() async throws {
        let (options, models) = try Self.panel(["no", "yes", "no"])
        let scorer = try await Safety(options: options).bound(to: ScriptedDirectory(models) as any ModelDirectory)
        #expect((scorer as? any JudgeScorer)?.callsPerRow == 3)
        #expect(scorer.descriptor.origin == .judge(model: "openai:/m0, openai:/m1, openai:/m2"))
        let feedback = try #require(try await scorer.verdict(try Row(Self.row)).values.first)
        #expect(feedback.value == .text("no"))
        #expect(feedback.rationale == "2 of 3 answers say so (no, yes, no). openai:/m0 says no")
        let metadata = try #require(feedback.metadata)
        #expect(metadata["vote"] == "majority")
        #expect(metadata["agreement"]?.number == 2.0 / 3)
        #expect(metadata["cost_usd"] == 0.75)
        #expect(metadata["input_tokens"] == 300)
        #expect(metadata["panel"]?.elements.map { $0["model"]?.string } == ["m0", "m1", "m2"])
        #expect(metadata["panel"]?.elements.map { $0["result"]?.string } == ["no", "yes", "no"])
        #expect(metadata["panel"]?[1]?["rationale"] == "openai:/m1 says yes")
        #expect(models.map { $0.requests.map(\.member) } == [[0], [1], [2]])
    }

    static let yesNo = JudgeValue.yesNo
    static let labels = JudgeValue.category([JudgeLabel("a"), JudgeLabel("b"), JudgeLabel("c")])
    static let numbers = JudgeValue.number(0...1)

    @Test(
        "votes of two values: a tie is a no, and what is missing may still decide",
        arguments: [
            (["yes", "yes", "no"], 3, JudgeVote.majority, "yes"), (["yes", "no"], 2, .majority, "no"),
            (["yes", "yes"], 3, .majority, "yes"), (["yes", "no"], 3, .majority, nil),
            (["no", "no"], 4, .majority, "no"),
            (["no"], 3, .majority, nil), (["yes", "yes"], 2, .all, "yes"), (["yes", "no"], 2, .all, "no"),
            (["yes"], 2, .all, nil), (["no"], 2, .all, "no"), (["no", "yes"], 2, .any, "yes"),
            (["no", "no"], 2, .any, "no"),
            (["yes"], 5, .any, "yes"), (["no"], 2, .any, nil), ([], 1, .majority, nil),
        ] as [([String], Int, JudgeVote, String?)]
    )
    func truth(words: [String], asked: Int, vote: JudgeVote, result: String?) {
        let ballot = Ballot(values: words.map { .text($0) }, asked: asked)
        #expect(ballot.decision(vote, over: Self.yesNo) == result.map { .text($0) })
        let booleans = Ballot(values: words.map { .boolean($0 == "yes") }, asked: asked)
        #expect(booleans.decision(vote, over: .boolean) == result.map { .boolean($0 == "yes") })
    }

    @Test(
        "votes among labels: the one that nothing could overtake",
        arguments: [
            (["a", "b", "a"], 3, "a"), (["a", "b"], 2, nil), (["a", "a"], 3, "a"), (["a", "b", "a"], 4, nil),
            (["a", "a", "a", "b"], 5, "a"), (["c"], 1, "c"), ([], 2, nil),
        ] as [([String], Int, String?)]
    )
    func categories(words: [String], asked: Int, result: String?) {
        let ballot = Ballot(values: words.map { .text($0) }, asked: asked)
        #expect(ballot.decision(.majority, over: Self.labels) == result.map { .text($0) })
    }

    @Test("numbers come together as mean, greatest or least, and only if all are there")
    func combining() {
        let values: [FeedbackValue] = [.number(0.25), .number(1), .number(0.25)]
        let ballot = Ballot(values: values, asked: 3)
        #expect(ballot.decision(.mean, over: Self.numbers) == .number(0.5))
        #expect(ballot.decision(.max, over: Self.numbers) == .number(1))
        #expect(ballot.decision(.min, over: Self.numbers) == .number(0.25))
        #expect(Ballot(values: values, asked: 4).decision(.max, over: Self.numbers) == nil)
        let integers = Ballot(values: [.integer(1), .integer(2)], asked: 2)
        #expect(integers.decision(.mean, over: .integer(1...5)) == .number(1.5))
        #expect(integers.decision(.max, over: .integer(1...5)) == .integer(2))
        #expect(Ballot(values: [.integer(2)], asked: 1).decision(.mean, over: .integer(1...5)) == .integer(2))
    }

    @Test("a member that fails doesn't matter where the others decide, and is named in the metadata")
    func spareMember() async throws {
        let (options, models) = try Self.panel(["yes", nil, "yes"])
        let scorer = try await Safety(options: options).bound(to: ScriptedDirectory(models) as any ModelDirectory)
        let feedback = try #require(try await scorer.verdict(try Row(Self.row)).values.first)
        #expect(feedback.value == .text("yes"))
        #expect(feedback.rationale?.hasPrefix("2 of 3 answers say so (yes, yes).") == true)
        #expect(feedback.metadata?["panel"]?[1]?["model"] == "openai:/m1")
        #expect(feedback.metadata?["panel"]?[1]?["error"]?["code"] == "http_500")
        #expect(feedback.metadata?["cost_usd"] == 0.5)
    }

    @Test("where the answers that are left don't decide, the row has the first failure's error")
    func undecided() async throws {
        let (options, models) = try Self.panel(["yes", nil, "no"])
        let scorer = try await Safety(options: options).bound(to: ScriptedDirectory(models) as any ModelDirectory)
        let error = try await scorer.verdict(try Row(Self.row)).error
        #expect(error?.code == "http_500")
        #expect(error?.message == "1 of 3 answers of the panel failed; the first: down")
    }

    @Test("a tie among labels is an error of its own")
    func tie() async throws {
        let (options, models) = try Self.panel(["none", "resolved"])
        let scorer = try await UserFrustration(options: options)
            .bound(
                to: ScriptedDirectory(models) as any ModelDirectory
            )
        let session = Session(id: "s", turns: [try Row(Self.row)])
        #expect(try await scorer.verdict(session).error?.code == "no_majority")
    }

    @Test("samples are independent questions to one model; an unknown cost of one leaves the sum unknown")
    func samples() async throws {
        let model = try ScriptedModel { request throws(ScorerError) in
            .object(
                ["rationale": "r", "result": request.sample == 1 ? "no" : "yes"],
                costUSD: request.sample == 2 ? nil : 0.5,
                isFromCache: request.sample == 0
            )
        }
        let scorer = try await Safety(options: JudgeOptions(samples: 3)).bound(to: model)
        let feedback = try #require(try await scorer.verdict(try Row(Self.row)).values.first)
        #expect(feedback.value == .text("yes"))
        #expect(model.requests.map(\.sample).sorted() == [0, 1, 2])
        #expect(feedback.metadata?["cost_usd"] == nil)
        #expect(feedback.metadata?["cached"] == false)
        #expect(feedback.metadata?["model"] == "scripted")
        #expect(feedback.metadata?["panel"]?.elements.map { $0["sample"]?.integer } == [0, 1, 2])
    }

    @Test("the vote that a setting names decides, and parameters and repetition travel with the request")
    func settings() async throws {
        let (_, models) = try Self.panel(["yes", "no"])
        let catalog = BuiltInJudges(models: ScriptedDirectory(models))
        let descriptor = try #require(catalog.descriptors.first { $0.name == "safety" })
        for (vote, value) in [("any", "yes"), ("all", "no")] {
            let scorer = try await catalog.make(
                descriptor,
                configuration: [
                    "model": ["openai:/m0", "openai:/m1"], "vote": JSON(vote), "parameters": ["temperature": 0.5],
                ]
            )
            let row = try Row(Self.row, repetition: 3)
            #expect(try await scorer.verdict(row).values.map(\.value) == [.text(value)])
        }
        #expect(models[1].requests.allSatisfy { $0.parameters.temperature == 0.5 && $0.repetition == 3 })
    }
}
