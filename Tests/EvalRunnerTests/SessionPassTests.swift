import EvalCore
import EvalJSON
import EvalTestSupport
import Synchronization
import Testing

@testable import EvalRunner

@Suite struct SessionPassTests {
    private func run(
        _ plan: RunPlan,
        _ records: [Record],
        _ store: MemoryStore,
        predictor: (any Predictor)? = nil,
        progress: RunProgress = RunProgress(),
        _ change: (inout Evaluation.Options) -> Void = { _ in }
    ) async throws -> RunSummary {
        var options = Evaluation.Options()
        change(&options)
        let source = RecordSource(records)
        return try await Evaluation(plan, source: source, predictor: predictor, store: store, options: options)
            .run(progress: progress)
    }

    /// The verdicts of one scorer by the ordinals of the rows that have one.
    private func said(_ store: MemoryStore, _ plan: RunPlan, by scorer: Int) -> [Int: Verdict] {
        var said: [Int: Verdict] = [:]
        for row in store.rows(of: plan.id) { if let verdict = row.verdicts[scorer] { said[row.ordinal] = verdict } }
        return said
    }

    @Test("sessions that are spread over the source are judged once, with their turns in order, on their first rows")
    func spread() async throws {
        let store = MemoryStore()
        let order = ScorerInstance(
            ClosureSessionScorer("order", value: .text) { session in
                let ids = session.turns.compactMap { $0.record.id.map { String($0) } }
                return .feedback(Feedback(.text("\(session.id): \(ids.joined(separator: " "))")))
            }
        )
        let plan = samplePlan([order, lengthScorer(), turnsScorer()])
        let records = try conversations(10) { $0 == 4 ? nil : "s\($0 % 3)" }
        let progress = RunProgress()
        let summary = try await run(plan, records, store, progress: progress)
        #expect(
            said(store, plan, by: 0).mapValues { $0.values[0].value } == [
                0: .text("s0: 0 3 6 9"), 1: .text("s1: 1 7"), 2: .text("s2: 2 5 8"),
            ]
        )
        #expect(said(store, plan, by: 0).values.allSatisfy { $0.values[0].metadata?["mlflow.trace.session"] != nil })
        // The scorer of rows judged every row, those without a session too.
        #expect(said(store, plan, by: 1).count == 10)
        #expect(summary.accounts.map(\.account.rows) == [3, 10, 3])
        #expect(summary.accounts.map(\.account.scope) == [.session, .row, .session])
        #expect(summary.metrics.first { $0.name == "turns/mean" }?.value == 3)
        #expect((summary.rows, summary.errors, summary.notes) == (10, 0, []))
        #expect(progress.counts.finished == 10)
        #expect(progress.counts.sessions == 3)
    }

    @Test("turns of traces are in the order of their times")
    func times() async throws {
        struct Traces: RowSource {
            let name = "traces"
            let rows: [DecodedRow]
            let isRead = Flag()
            final class Flag: Sendable { let value = Mutex(false) }
            struct Batch: RowBatch {
                let rows: [DecodedRow]
                var firstOrdinal: Int { 0 }
                var count: Int { rows.count }
                func decode() -> [DecodedRow] { rows }
            }
            func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
                let wasRead = isRead.value.withLock { value in
                    defer { value = true }
                    return value
                }
                return wasRead ? nil : Batch(rows: rows)
            }
            func digest() async -> Digest? { nil }
        }
        let rows = try [30, 10, 20]
            .map { time in
                let span = Span(id: 1, name: "t", type: .chain, startNanoseconds: 0, inputs: [:], outputs: JSON(time))
                let trace = Trace(requestTimeMilliseconds: Int64(time), sessionID: "s", spans: [span])
                let record = try Record(inputs: ["t": JSON(time)], outputs: JSON(time))
                return DecodedRow(record: .success(record), trace: trace)
            }
        let outputs = ScorerInstance(
            ClosureSessionScorer("outputs") { .feedback(Feedback(.json(.array($0.turns.compactMap(\.outputs))))) }
        )
        let store = MemoryStore()
        let plan = samplePlan([outputs])
        _ = try await Evaluation(plan, source: Traces(rows: rows), store: store).run()
        // The row with the earliest trace is the session's first one, wherever it is in the source.
        #expect(said(store, plan, by: 0).mapValues { $0.values[0].value } == [1: .json([10, 20, 30])])
    }

    @Test("memory is flat: sessions are looked up by the page, and no more are read than are judged at once")
    func flat() async throws {
        final class Gauge: Sendable { let value = Mutex((now: 0, most: 0)) }
        let gauge = Gauge()
        let slow = ScorerInstance(
            ClosureSessionScorer("slow", isSlow: true) { session in
                gauge.value.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                for _ in 0..<5 { await Task.yield() }
                gauge.value.withLock { $0.now -= 1 }
                return .number(Double(session.turns.count))
            }
        )
        let store = MemoryStore()
        let plan = samplePlan([slow])
        let summary = try await run(plan, conversations(1_200) { "s\($0 % 600)" }, store) { $0.concurrency = 5 }
        #expect(summary.accounts[0].account.scored == 600)
        #expect(gauge.value.withLock { $0.most } <= 5)
        #expect(store.markPages == [256, 256, 88, 0])
        #expect(store.sessionsRead == 600)
        #expect(store.sessionCommits.reduce(0, +) == 600)
        #expect(store.sessionCommits.allSatisfy { $0 <= Limits.commitRows })
    }

    @Test("a pass that broke off goes on where it was, and ends like an undisturbed one", arguments: [true, false])
    func resumed(isSlow: Bool) async throws {
        let records = try conversations(600) { "s\($0 / 2)" }
        func plan() -> RunPlan {
            samplePlan([turnsScorer(isSlow: isSlow), turnsScorer("again", aggregations: [.median]), lengthScorer()])
        }
        let whole = try await run(plan(), records, MemoryStore())

        let store = MemoryStore()
        let plan = plan()
        // So few are on their way at once that one commit can't have all of them.
        store.fail(afterSessionCommits: 1)
        await #expect {
            _ = try await run(plan, records, store) {
                $0.concurrency = 100
                $0.lanes = 2
            }
        } throws: {
            ($0 as? Diagnostic)?.category == .unavailable
        }
        store.fail(afterSessionCommits: nil)
        let before = said(store, plan, by: 0).count
        #expect(before > 0 && before < 300)
        let read = store.sessionsRead
        let summary = try await run(plan, records, store) { $0.resumes = true }
        #expect(store.sessionsRead - read == 300 - before)
        #expect(summary.metrics == whole.metrics)
        #expect(summary.accounts.map(\.account) == whole.accounts.map(\.account))
        #expect(said(store, plan, by: 1).count == 300)
        // Once more there is nothing to do, and the account is the same.
        let third = try await run(plan, records, store) { $0.resumes = true }
        #expect(store.sessionsRead - read == 300 - before)
        #expect(third.accounts.map(\.account) == whole.accounts.map(\.account))
        #expect(third.metrics == whole.metrics)
    }

    @Test("a cancelled pass is interrupted, and what is judged is kept")
    func cancelled() async throws {
        let records = try conversations(600) { "s\($0)" }
        let store = MemoryStore()
        final class Box: Sendable { let task = Mutex<Task<RunSummary, any Error>?>(nil) }
        let box = Box()
        let scorer = ScorerInstance(
            ClosureSessionScorer("stops") { session in
                if session.id == "s300" { box.task.withLock { $0?.cancel() } }
                return Task.isCancelled ? .errored(ScorerError(code: "stopped", message: "…")) : .number(1)
            }
        )
        let plan = samplePlan([scorer])
        let task = Task {
            while box.task.withLock({ $0 == nil }) { await Task.yield() }
            return try await run(plan, records, store)
        }
        box.task.withLock { $0 = task }
        await #expect {
            _ = try await task.value
        } throws: {
            ($0 as? Diagnostic)?.category == .interrupted
        }
        #expect(store.summary(of: plan.id)?.status == .interrupted)
        #expect(!said(store, plan, by: 0).values.contains { $0.isError })
        let summary = try await run(plan, records, store) { $0.resumes = true }
        #expect(summary.accounts[0].account.scored == 600)
    }

    @Test("errors and skips are kept, and only errors are tried again, without their rows")
    func retried() async throws {
        final class Box: Sendable { let state = Mutex((fails: true, calls: 0)) }
        let box = Box()
        let flaky = ScorerInstance(
            ClosureSessionScorer("flaky") { session in
                box.state.withLock { state in
                    state.calls += 1
                    if session.id == "s1" { return .skipped("not mine") }
                    if session.id == "s2" { return .feedbacks([]) }
                    if session.id == "s3", state.fails { return .errored(ScorerError(code: "down", message: "…")) }
                    return .boolean(true)
                }
            },
            pass: .yes
        )
        let records = try conversations(20) { "s\($0 % 10)" }
        let store = MemoryStore()
        let plan = samplePlan([flaky, lengthScorer()])
        let first = try await run(plan, records, store)
        let account = first.accounts[0].account
        #expect((account.scored, account.errored, account.skipped, account.rows) == (7, 1, 2, 10))
        // The session's error counts as an error of its first row.
        #expect(first.errors == 1)
        #expect(said(store, plan, by: 0)[2] == .skipped("no values"))
        box.state.withLock { $0.fails = false }
        // Resuming alone tries nothing again, and restores the account.
        let second = try await run(plan, records, store) { $0.resumes = true }
        #expect(second.accounts[0].account == account)
        #expect(second.errors == 1)
        #expect(box.state.withLock { $0.calls } == 10)
        let third = try await run(plan, records, store) {
            $0.resumes = true
            $0.retriesErrors = true
        }
        #expect(box.state.withLock { $0.calls } == 11)
        #expect((third.accounts[0].account.scored, third.errors) == (8, 0))
        #expect(third.metrics.first { $0.name == "flaky/pass_rate" }?.interval?.method == .wilson)
        #expect(third.metrics.first { $0.name == "flaky/pass_rate" }?.interval?.units == 8)
        #expect(store.commits.reduce(0, +) == 20)
    }

    @Test("a session with a turn that failed is an error until that turn is done again", arguments: [0, 1])
    func failedTurn(turn: Int) async throws {
        final class Box: Sendable { let fails = Mutex(true) }
        let box = Box()
        let predictor = ClosurePredictor { inputs in
            let fails = inputs["q"]?.integer == Int64(1 + 3 * turn) && box.fails.withLock { $0 }
            if fails { throw PredictFailure("no such model") }
            return "fine"
        }
        let records = try (0..<9)
            .map { try Record(row: ["inputs": ["q": JSON($0)], "session_id": JSON("s\($0 % 3)")]) }
        let store = MemoryStore()
        let plan = samplePlan([turnsScorer(), lengthScorer()])
        let first = try await run(plan, records, store, predictor: predictor)
        #expect(first.accounts.map(\.account.errored) == [1, 1])
        // The session's error counts as one of its first row, which may have its own.
        #expect(first.errors == 1 + turn)
        #expect(
            said(store, plan, by: 0)[1]
                == .errored(ScorerError(code: "predict_failed", message: "turn \(turn + 1) of 3: no such model"))
        )
        box.fails.withLock { $0 = false }
        let second = try await run(plan, records, store, predictor: predictor) {
            $0.resumes = true
            $0.retriesErrors = true
        }
        #expect(second.errors == 0)
        let values = said(store, plan, by: 0).mapValues { $0.values[0].value }
        #expect(values == [0: .number(3), 1: .number(3), 2: .number(3)])
        #expect(store.commits.reduce(0, +) == 10)
    }

    @Test("a scorer that never answers costs its sessions, not the run")
    func hanging() async throws {
        let hanging = ScorerInstance(
            ClosureSessionScorer("hanging", isSlow: true) { _ in
                // Nobody ever resumes this one.
                await withUnsafeContinuation { (_: UnsafeContinuation<Verdict, Never>) in }
            }
        )
        let store = MemoryStore()
        let plan = samplePlan([hanging, turnsScorer()])
        let records = try conversations(6) { "s\($0 % 3)" }
        let summary = try await run(plan, records, store) { $0.rowTimeout = .milliseconds(50) }
        #expect(summary.accounts.map(\.account.errored) == [3, 0])
        guard case .errored(let error)? = said(store, plan, by: 0)[0] else {
            Issue.record("there is no error")
            return
        }
        #expect(error.code == "deadline")
    }

    @Test("where no row has a session, scorers of sessions judge nothing, and the run says so")
    func none() async throws {
        let store = MemoryStore()
        let plan = samplePlan([turnsScorer(), lengthScorer()])
        let summary = try await run(plan, sampleRecords(10), store)
        #expect(summary.accounts.map(\.account.rows) == [0, 10])
        #expect(summary.metrics.first { $0.name == "turns/mean" }.map(\.value) == .some(nil))
        #expect(summary.notes == ["no row has a session_id: turns judged nothing"])
        #expect(store.summary(of: plan.id)?.notes == summary.notes)
    }

    @Test("a session is judged in each repetition, and is one unit of the statistics")
    func repeated() async throws {
        let predictor = ClosurePredictor { _ in "an answer" }
        let records = try (0..<12)
            .map { try Record(row: ["inputs": ["q": JSON($0)], "session_id": JSON("s\($0 % 6)")]) }
        final class Seen: Sendable { let values = Mutex<[String: Int]>([:]) }
        let seen = Seen()
        // The first repetition that is judged has 0, the second 1: each session's mean is 0.5.
        let scorer = ScorerInstance(
            ClosureSessionScorer("half") { session in
                let earlier = seen.values.withLock { values in
                    defer { values[session.id, default: 0] += 1 }
                    return values[session.id, default: 0]
                }
                return .boolean(earlier == 1)
            },
            pass: .yes
        )
        var plan = samplePlan([scorer, lengthScorer()])
        plan.repeats = 2
        let store = MemoryStore()
        let summary = try await run(plan, records, store, predictor: predictor)
        #expect(summary.accounts.map(\.account.rows) == [12, 24])
        let mean = try #require(summary.metrics.first { $0.name == "half/mean" })
        #expect(mean.value == 0.5)
        #expect(mean.interval?.units == 6)
        // What differs from one repetition to the other is a session, not a record.
        #expect(summary.flakyRecords == 0)
        let judged = store.rows(of: plan.id).filter { $0.verdicts[0] != nil }
        #expect(judged.map(\.ordinal) == (0..<6).flatMap { [$0, $0] })
    }

    @Test("intervals of sessions: t of a mean, a bootstrap of a quantile, clusters of their first rows")
    func intervals() async throws {
        let records = try conversations(60) { "s\(min($0 / 2, 19))" }
        let scorer = turnsScorer(aggregations: [.mean, .median, .max])
        let summary = try await run(samplePlan([scorer]), records, MemoryStore())
        #expect(summary.metrics.map(\.value) == [3, 2, 22])
        #expect(summary.metrics.map(\.interval?.method) == [.studentT, .bootstrap, nil])
        #expect(summary.metrics[0].interval?.units == 20)

        var plan = samplePlan([scorer])
        plan.cluster = try JSONPath("session_id")
        let clustered = try await run(plan, records, MemoryStore())
        #expect(clustered.metrics[0].value == 3)
        #expect(clustered.metrics[0].interval?.units == 20)
    }

    @Test("a stream of rows refuses scorers of sessions")
    func stream() async throws {
        let stream = ScoreStream([turnsScorer()])
        await #expect {
            _ = try await stream.run(RecordSource([]), to: { _ in })
        } throws: {
            "\($0)".hasPrefix("'turns' judges sessions, and a stream of rows has none")
        }
    }
}
