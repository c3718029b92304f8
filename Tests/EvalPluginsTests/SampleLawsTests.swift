// The samples of each kind keep the law of scorers in process and in workers, with equal results.

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Synchronization
import Testing

/// A judge whose reply depends on the question alone; it counts, and answers after a while if it is told to.
final class TestJudge: JudgeClient {
    let model = "judge-of-tests"
    let concurrency: Int
    private let delay: Duration
    private let counts = Mutex((now: 0, most: 0, all: 0))
    private let repetitions = Mutex<[Int]>([])

    /// The repetitions that it was asked about, in ascending order.
    var askedRepetitions: [Int] { repetitions.withLock { $0.sorted() } }

    init(concurrency: Int = 4, delay: Duration = .zero) {
        self.concurrency = concurrency
        self.delay = delay
    }

    /// The most questions at once, and how many there were.
    var asked: (most: Int, all: Int) { counts.withLock { ($0.most, $0.all) } }

    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        counts.withLock { counts in
            counts.now += 1
            counts.all += 1
            counts.most = max(counts.most, counts.now)
        }
        defer { counts.withLock { $0.now -= 1 } }
        repetitions.withLock { $0.append(question.repetition) }
        if delay > .zero { try? await Task.sleep(for: delay) }
        let text = question.messages.map(\.content).joined(separator: "\n")
        if text.contains("no judge for this") {
            throw ScorerError(code: "judge_refused", message: "the judge won't say")
        }
        return JudgeAnswer(
            reply: [
                "rationale": JSON("read \(text.utf8.count) bytes"),
                "result": JSON(text.utf8.count % 2 == 0 ? "yes" : "no"),
            ],
            model: "\(model)-1",
            inputTokens: Int64(text.utf8.count),
            outputTokens: 3,
            costUSD: 0.001
        )
    }
}

@Suite struct SampleLawsTests {
    private static let samples = [
        "Plugins/edit_distance", "Plugins/text_statistics", "Plugins/readability", "Plugins/citation_check",
        "Examples/plugins/keyword_coverage", "Examples/plugins/second_opinion", "Examples/plugins/repetition",
        "Examples/plugins/code_compiles", "Examples/plugins/language_id", "Examples/plugins/ssdeep_similarity",
        "Examples/plugins/toxicity_wordlist",
    ]
    private let judge = TestJudge()

    private func options(_ isolation: PluginIsolation) -> PluginOptions {
        var options = PluginOptions(hostVersion: HostVersion.current)
        options.isolation = isolation
        options.worker = Workshop.worker
        options.judge = judge
        return options
    }

    private func scorers(_ folder: String, _ isolation: PluginIsolation) async throws -> [any Scorer] {
        let catalog = await PluginCatalog.open(["\(Workshop.root)/\(folder)"], options: options(isolation))
        try #require(catalog.refusals.isEmpty, "\(catalog.refusals)")
        try #require(!catalog.descriptors.isEmpty, "`make plugins` builds the samples")
        var scorers: [any Scorer] = []
        for descriptor in catalog.descriptors {
            let configuration = try descriptor.resolve([:])
            scorers.append(try await catalog.make(descriptor, configuration: configuration, timeout: nil))
        }
        return scorers
    }

    private func rows() throws -> [Row] {
        let texts: [JSON?] = [
            "Paris is the capital of France [1]. It has two million inhabitants [2].", "", "no judge for this",
            "Größe 🦊 [1] [2]",
            "a\u{0}b", nil, JSON(String(repeating: "lorem ipsum ", count: 5000)), ["content": "not a text"], 7, .null,
        ]
        return try texts.enumerated()
            .map { index, text in
                var span = Span(id: UInt64(index + 1), name: "search", type: .retriever, startNanoseconds: 1)
                span.outputs = [["content": "Paris is the capital of France.", "id": "a"]]
                let record = try Record(
                    inputs: ["question": "Capital of France?"],
                    outputs: text,
                    expectations: ["expected_response": "Paris", "expected_keywords": ["Paris", "France"]]
                )
                var trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
                if index % 2 == 0 { trace.spans.append(span) }
                return Row(record: record, outputs: record.outputs, trace: trace)
            }
    }

    private func sessions() throws -> [EvalCore.Session] {
        let long = "please send me your number"
        let turns = try ["Hello.", long, "thank you, I have it now", long].map { try row(JSON($0)) }
        return (1...4).map { EvalCore.Session(id: "s\($0)", turns: Array(turns.prefix($0))) }
    }

    @Test(
        "a judge hears which repetition of its record a row is",
        arguments: [PluginIsolation.inprocess, PluginIsolation.process]
    )
    func repetitions(isolation: PluginIsolation) async throws {
        let scorer = try #require(try await scorers("Examples/plugins/second_opinion", isolation).first)
        let record = try Record(inputs: ["question": "Capital?"], outputs: "Paris")
        let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
        let rows = (0..<3).map { Row(record: record, outputs: record.outputs, trace: trace, repetition: $0) }
        let verdicts = await scorer.score(rows)
        #expect(verdicts.allSatisfy { !$0.values.isEmpty }, "\(verdicts)")
        #expect(Set(judge.askedRepetitions) == [0, 1, 2])
    }

    @Test("a sample keeps the law in process and in workers, with equal results", arguments: samples)
    func laws(folder: String) async throws {
        let here = try await scorers(folder, .inprocess)
        let apart = try await scorers(folder, .process)
        #expect(here.map(\.descriptor.name) == apart.map(\.descriptor.name))
        for (inProcess, isolated) in zip(here, apart) {
            if let inProcess = inProcess as? any SessionScorer, let isolated = isolated as? any SessionScorer {
                let sessions = try sessions()
                let verdicts = await expectScorerLaws(inProcess, on: sessions)
                #expect(await expectScorerLaws(isolated, on: sessions) == verdicts)
                #expect(verdicts.contains { !$0.values.isEmpty }, "\(verdicts)")
            } else {
                let rows = try rows()
                let verdicts = await expectScorerLaws(inProcess, on: rows)
                let others = await expectScorerLaws(isolated, on: rows)
                for (one, other) in zip(verdicts, others) { #expect(one == other) }
                #expect(verdicts.contains { !$0.values.isEmpty }, "\(verdicts)")
            }
        }
    }

    @Test("a sample's own golden rows pass in process and in workers", arguments: samples, PluginIsolation.allCases)
    func goldenRows(folder: String, isolation: PluginIsolation) async throws {
        let project = try PluginProject(folder: "\(Workshop.root)/\(folder)")
        let outcome = try await project.test(options: options(isolation))
        #expect(!outcome.cases.isEmpty && outcome.isSuccess, "\(outcome)")
    }

    @Test("the judge's own error is the row's where the plugin says nothing else", arguments: PluginIsolation.allCases)
    func judgeErrors(isolation: PluginIsolation) async throws {
        let scorer = try #require(try await scorers("Examples/plugins/second_opinion", isolation).first)
        let verdict = await scorer.score([try row("no judge for this", inputs: ["question": "?"])])[0]
        #expect(verdict.errorMessage?.contains("the judge won't say") == true, "\(verdict)")
    }
}

@Suite struct JudgeCallsTests {
    @Test("questions go to the judge at once, as many as it takes, and a row's deadline stands still meanwhile")
    func concurrency() async throws {
        let judge = TestJudge(concurrency: 16, delay: .milliseconds(300))
        var options = PluginOptions(hostVersion: HostVersion.current, rowDeadline: .milliseconds(150))
        options.worker = Workshop.worker
        options.judge = judge
        let folder = "\(Workshop.root)/Examples/plugins/second_opinion"
        let catalog = await PluginCatalog.open([folder], options: options)
        let descriptor = try #require(catalog.descriptors.first)
        let scorer = try await catalog.make(descriptor, configuration: try descriptor.resolve([:]), timeout: nil)
        #expect(scorer.isSlow)
        let verdicts = try await withThrowingTaskGroup(of: Verdict.self) { group in
            for index in 0..<48 {
                let row = try row(JSON("answer \(index)"), inputs: ["question": "?"])
                group.addTask { await scorer.score([row])[0] }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(
            verdicts.count == 48 && verdicts.allSatisfy { !$0.values.isEmpty },
            "\(verdicts.filter { $0.values.isEmpty })"
        )
        #expect(judge.asked.all == 48 && judge.asked.most > 8 && judge.asked.most <= 16)
    }

    @Test("a scorer that asks a judge is refused where there is none")
    func noJudge() async throws {
        var options = PluginOptions(hostVersion: HostVersion.current)
        options.worker = Workshop.worker
        let folder = "\(Workshop.root)/Examples/plugins/second_opinion"
        let catalog = await PluginCatalog.open([folder], options: options)
        let descriptor = try #require(catalog.descriptors.first)
        let error = await #expect(throws: Diagnostic.self) {
            try await catalog.make(descriptor, configuration: [:], timeout: nil)
        }
        #expect(error?.message == "'second_opinion' asks a judge model, and there is none")
    }
}
