// The application under test in the loop: attempts, rates, conversations, its own traces.

import EvalCore
import EvalJSON
import EvalRunner
import EvalTestSupport
import Synchronization
import Testing

/// An application that a test writes as a closure of the request and the number of its attempt.
private final class ScriptedPredictor: Predictor {
    private let attempts = Mutex<[PublicID: Int]>([:])
    private let closed = Mutex(0)
    private let body: @Sendable (PredictRequest, Int) async throws -> Prediction

    init(_ body: @escaping @Sendable (PredictRequest, Int) async throws -> Prediction) { self.body = body }

    var timesClosed: Int { closed.withLock { $0 } }
    var calls: Int { attempts.withLock { $0.values.reduce(0, +) } }

    func predict(_ request: PredictRequest) async throws -> Prediction {
        let attempt = attempts.withLock { attempts in
            attempts[request.id, default: 0] += 1
            return attempts[request.id] ?? 0
        }
        return try await body(request, attempt)
    }

    func close() async { closed.withLock { $0 += 1 } }
}

@Suite struct ApplicationTests {
    private func run(
        _ records: [Record],
        _ predictor: ScriptedPredictor,
        store: MemoryStore = MemoryStore(),
        scorers: [ScorerInstance] = [lengthScorer()],
        traces: (any TraceReader)? = nil,
        change: (inout RunPlan, inout Evaluation.Options) -> Void = { _, _ in }
    ) async throws -> (summary: RunSummary, rows: [FinishedRow]) {
        var plan = samplePlan(scorers)
        var options = Evaluation.Options()
        change(&plan, &options)
        let evaluation = Evaluation(
            plan,
            source: RecordSource(records),
            predictor: predictor,
            store: store,
            traces: traces,
            options: options
        )
        let summary = try await evaluation.run()
        return (summary, store.rows(of: plan.id))
    }

    @Test("a failure that may pass is tried again, one that won't is the row's error, and the predictor is closed once")
    func attempts() async throws {
        let predictor = ScriptedPredictor { request, attempt in
            switch request.inputs["q"]?.integer {
            case 1 where attempt < 3: throw PredictFailure("busy", isRetryable: true, retryAfter: .zero)
            case 2: throw PredictFailure("no such model", log: "Traceback")
            default: return Prediction(outputs: "x")
            }
        }
        let (summary, rows) = try await run(sampleRecords(4), predictor)
        #expect(predictor.calls == 6)
        #expect(predictor.timesClosed == 1)
        #expect(summary.errors == 1)
        #expect(rows[1].failure == nil)
        #expect(rows[2].failure?.code == "predict_failed")
        #expect(rows[2].failure?.message == "no such model\nTraceback")
        #expect(rows[2].trace.state == .error)
        #expect(rows[2].trace.root?.events.first?.attributes?["message"] == "Traceback")
        #expect(rows[2].verdicts == [.errored(.predictFailed("no such model\nTraceback"))])
    }

    @Test("attempts have an end, and the error says how many there were")
    func lastAttempt() async throws {
        let predictor = ScriptedPredictor { _, _ in throw PredictFailure("busy", isRetryable: true) }
        let (_, rows) = try await run(sampleRecords(1), predictor) { $1.attempts = 2 }
        #expect(predictor.calls == 2)
        #expect(rows[0].failure?.message == "busy (after 2 attempts)")
    }

    @Test("a record is asked and judged as often as it is repeated, and flaky ones are counted")
    func repeats() async throws {
        let predictor = ScriptedPredictor { request, _ in
            let n = request.inputs["q"]?.integer ?? 0
            // Record 0 always passes, record 1 never, record 2 every second time by its identifier.
            let passes =
                n == 0
                || (n == 2
                    && Self.counter.withLock {
                        $0 += 1; return $0
                    } % 2 == 0)
            return Prediction(outputs: passes ? "xx" : "x")
        }
        let scorer = ScorerInstance(lengthScorer().scorer, pass: PassRule(">= 2"))
        let (summary, rows) = try await run(sampleRecords(3), predictor, scorers: [scorer]) { plan, _ in
            plan.repeats = 4
        }
        #expect(rows.map(\.ordinal) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        #expect(rows.map(\.repetition) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
        #expect(summary.rows == 3)
        #expect(summary.accounts.first?.account.rows == 12)
        #expect(summary.flakyRecords == 1)
        let metrics = Dictionary(uniqueKeysWithValues: summary.metrics.map { ($0.name, $0.value) })
        #expect(metrics["length/mean"] == 1.5)
        #expect(metrics["length/pass_rate"] == 0.5)
        #expect(metrics["length/pass@4"] == 2.0 / 3)
        #expect(metrics["length/pass^4"] == 1.0 / 3)
    }

    private static let counter = Mutex(0)

    @Test("a run with repetitions that was interrupted goes on with those that are missing")
    func resumedRepeats() async throws {
        let store = MemoryStore()
        let predictor = ScriptedPredictor { _, _ in Prediction(outputs: "x") }
        var plan = samplePlan([lengthScorer()])
        plan.repeats = 3
        var options = Evaluation.Options()
        options.concurrency = 1
        store.fail(afterCommits: 1)
        let records = try sampleRecords(40)
        await #expect(throws: Diagnostic.self) {
            let source = RecordSource(records)
            _ = try await Evaluation(plan, source: source, predictor: predictor, store: store, options: options).run()
        }
        let before = store.rows(of: plan.id).count
        #expect(before > 0 && before < 120)
        store.fail(afterCommits: nil)
        options.resumes = true
        let again = ScriptedPredictor { _, _ in Prediction(outputs: "x") }
        let source = RecordSource(records)
        let summary = try await Evaluation(plan, source: source, predictor: again, store: store, options: options).run()
        #expect(again.calls == 120 - before)
        #expect(summary.rows == 40)
        #expect(summary.accounts.first?.account.scored == 120)
    }

    @Test("turns of a conversation happen in order, and each gets the earlier ones")
    func conversations() async throws {
        let records = try (0..<30)
            .map { index in
                try Record(row: ["inputs": ["n": JSON(index)], "session_id": JSON(index % 3 == 0 ? "a" : "b")])
            }
        let predictor = ScriptedPredictor { request, _ in
            let n = request.inputs["n"]?.integer ?? -1
            if n == 9 { throw PredictFailure("no") }
            let history = request.history ?? []
            let seen = history.map { "\($0.inputs["n"]?.integer ?? -1):\($0.outputs.string == nil ? "-" : "+")" }
            return Prediction(outputs: JSON(seen.joined(separator: " ")))
        }
        let (_, rows) = try await run(records, predictor)
        #expect(rows[12].trace.root?.outputs == "0:+ 3:+ 6:+ 9:-")
        #expect(rows[0].trace.root?.outputs == "")
        #expect(rows[4].trace.root?.outputs == "1:+ 2:+")
        #expect(rows[29].trace.sessionID == "b")
    }

    @Test("calls are no more at once than allowed, and tokens and costs are added up")
    func concurrencyAndUsage() async throws {
        let open = Mutex((now: 0, most: 0))
        let predictor = ScriptedPredictor { request, _ in
            open.withLock { open in
                open.now += 1
                open.most = max(open.most, open.now)
            }
            await Task.yield()
            open.withLock { $0.now -= 1 }
            let usage = TokenUsage(inputTokens: 2, outputTokens: 1)
            let isPriced = request.inputs["q"]?.integer != 0
            return Prediction(outputs: "x", usage: usage, costUSD: isPriced ? 0.25 : nil)
        }
        let (summary, _) = try await run(sampleRecords(50), predictor) { $1.predictConcurrency = 3 }
        #expect(open.withLock { $0.most } <= 3)
        #expect(summary.tokens == TokenTotal(TokenUsage(inputTokens: 100, outputTokens: 50), isPartial: false))
        #expect(summary.costUSD == CostTotal(12.25, isPartial: true))
    }

    @Test("the application's own trace hangs below the row's root, and one that can't be read is the row's error")
    func ownTraces() async throws {
        struct Reader: TraceReader {
            func trace(_ json: JSON) throws(Diagnostic) -> TraceInJSON {
                guard json.kind == .object else { throw Diagnostic("no trace") }
                let spans = [
                    Span(id: 1, name: "own root", type: .agent, startNanoseconds: 0),
                    Span(id: 7, parentID: 1, name: "tool", type: .tool, startNanoseconds: 0),
                ]
                return TraceInJSON(trace: Trace(requestTimeMilliseconds: 0, spans: spans))
            }
        }
        let predictor = ScriptedPredictor { request, _ in
            Prediction(outputs: "x", trace: request.inputs["q"]?.integer == 0 ? [:] : "nonsense")
        }
        let (_, rows) = try await run(sampleRecords(2), predictor, traces: Reader())
        let spans = rows[0].trace.spans
        #expect(spans.map(\.name) == ["predict", "own root", "tool"])
        #expect(spans[1].parentID == spans[0].id)
        #expect(spans[2].parentID == spans[1].id)
        #expect(Set(spans.map(\.id)).count == 3)
        #expect(rows[1].failure?.message == "the application's trace can't be read: no trace")
    }

    @Test("records of one cluster are one unit")
    func clusters() async throws {
        let records = try (0..<60)
            .map { try Record(row: ["inputs": ["doc": JSON($0 / 6), "n": JSON($0)], "outputs": "xx"]) }
        var plan = samplePlan([lengthScorer()])
        plan.cluster = try JSONPath("inputs.doc")
        let store = MemoryStore()
        let summary = try await Evaluation(plan, source: RecordSource(records), store: store).run()
        #expect(summary.metrics.first?.interval?.units == 10)
        #expect(store.rows(of: plan.id)[59].cluster == "9")
    }
}
