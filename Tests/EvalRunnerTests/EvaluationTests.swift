import EvalCore
import EvalJSON
import EvalRunner
import EvalTestSupport
import Synchronization
import Testing

@Suite struct EvaluationTests {
    @Test("every row is committed once, with its verdicts, and the metrics are those of all rows")
    func whole() async throws {
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let summary = try await Evaluation(plan, source: RecordSource(sampleRecords(2_000)), store: store).run()
        let rows = store.rows(of: plan.id)
        #expect(rows.map(\.ordinal) == Array(0..<2_000))
        #expect(summary.rows == 2_000)
        #expect(summary.errors == 0)
        #expect(summary.metrics.map(\.name) == ["length/mean"])
        #expect(summary.metrics.first?.value == 5.5)
        #expect(summary.metrics.first?.interval?.units == 2_000)
        #expect(summary.accounts.first?.account.scored == 2_000)
        #expect(rows[3].verdicts == [.number(4)])
        #expect(store.commits.allSatisfy { $0 <= Limits.commitRows })
        #expect(store.summary(of: plan.id)?.status == .finished)
    }

    @Test("a scorer's error lands on its row, and rows = scored + errored + skipped")
    func errors() async throws {
        let picky = ScorerInstance(
            ClosureScorer("picky") { row throws(ScorerError) in
                switch row.outputText?.count ?? 0 {
                case 1: throw ScorerError(code: "no", message: "too short")
                case 2: .skipped("not mine")
                default: .boolean(true)
                }
            },
            pass: .yes
        )
        let store = MemoryStore()
        let plan = samplePlan([picky, lengthScorer()])
        let summary = try await Evaluation(plan, source: RecordSource(sampleRecords(100)), store: store).run()
        let account = try #require(summary.accounts.first?.account)
        #expect((account.scored, account.errored, account.skipped, account.rows) == (80, 10, 10, 100))
        #expect(summary.errors == 10)
        #expect(summary.metrics.first { $0.name == "picky/pass_rate" }?.value == 1)
        #expect(store.rows(of: plan.id)[0].verdicts[0] == .errored(ScorerError(code: "no", message: "too short")))
        #expect(store.rows(of: plan.id)[0].verdicts[1] == .number(1))
    }

    @Test("a scorer that answers too few rows costs those rows, not the run")
    func wrongCount() async throws {
        struct Short: Scorer {
            let descriptor = ScorerDescriptor("short", help: "", reads: [], value: .number)
            func score(_ rows: [Row]) async -> [Verdict] { [] }
        }
        let store = MemoryStore()
        let plan = samplePlan([ScorerInstance(Short()), lengthScorer()])
        let summary = try await Evaluation(plan, source: RecordSource(sampleRecords(10)), store: store).run()
        #expect(summary.accounts.map(\.account.errored) == [10, 0])
    }

    @Test("a missing field is an error, or a skip where the suite says so")
    func missingField() async throws {
        let records = try [Record(inputs: ["q": 1]), Record(inputs: ["q": 2], outputs: "x")]
        let skipping = ScorerInstance(lengthScorer().scorer, name: "lenient", onMissing: .skip)
        let plan = samplePlan([lengthScorer(), skipping])
        let summary = try await Evaluation(plan, source: RecordSource(records), store: MemoryStore()).run()
        #expect(summary.accounts.map(\.account.errored) == [1, 0])
        #expect(summary.accounts.map(\.account.skipped) == [0, 1])
    }

    @Test("median and p90 are linear between neighbours")
    func quantiles() async throws {
        let scorer = ScorerInstance(lengthScorer().scorer, aggregations: [.median, .p90, .variance, .min, .max])
        let plan = samplePlan([scorer])
        let summary = try await Evaluation(plan, source: RecordSource(sampleRecords(10)), store: MemoryStore()).run()
        // numpy.median, numpy.quantile(…, 0.9) and numpy.var of 1…10.
        #expect(summary.metrics.map(\.value) == [5.5, 9.1, 8.25, 1, 10])
    }

    @Test("a scorer that never answers costs its rows, not the run")
    func hangingScorer() async throws {
        struct Hanging: Scorer {
            let descriptor = ScorerDescriptor("hanging", help: "", reads: [], value: .number)
            let isSlow = true
            func score(_ rows: [Row]) async -> [Verdict] {
                // Nobody ever resumes this one.
                await withUnsafeContinuation { (_: UnsafeContinuation<[Verdict], Never>) in }
            }
        }
        var options = Evaluation.Options()
        options.rowTimeout = .milliseconds(50)
        let store = MemoryStore()
        let plan = samplePlan([ScorerInstance(Hanging()), lengthScorer()])
        let source = try RecordSource(sampleRecords(5))
        let summary = try await Evaluation(plan, source: source, store: store, options: options).run()
        #expect(summary.accounts.map(\.account.errored) == [5, 0])
        guard case .errored(let error) = store.rows(of: plan.id)[0].verdicts[0] else {
            Issue.record("there is no error")
            return
        }
        #expect(error.code == "deadline")
    }

    @Test("a data set without a record is refused")
    func empty() async throws {
        let evaluation = Evaluation(samplePlan([lengthScorer()]), source: RecordSource([]), store: MemoryStore())
        await #expect {
            _ = try await evaluation.run()
        } throws: {
            "\($0)" == "records: the data set has no record"
        }
    }
}

@Suite struct MalformedRowTests {
    private struct Lines: RowSource {
        let name = "rows.jsonl"
        let lines: [Result<Record, Diagnostic>]
        let position = Position()
        final class Position: Sendable {
            let value = Mutex(0)
        }
        struct Batch: RowBatch {
            let firstOrdinal: Int
            let lines: ArraySlice<Result<Record, Diagnostic>>
            var count: Int { lines.count }
            func decode() -> [DecodedRow] { lines.map { DecodedRow(record: $0, source: [1, 2]) } }
        }
        func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
            let start = position.value.withLock { value in
                defer { value += limit }
                return value
            }
            guard start < lines.count else { return nil }
            return Batch(firstOrdinal: start, lines: lines[start..<min(start + limit, lines.count)])
        }
        func digest() async -> Digest? { nil }
    }

    private func source(malformed: Set<Int>) throws -> Lines {
        let records = try sampleRecords(20)
        return Lines(
            lines: records.enumerated()
                .map { index, record in
                    malformed.contains(index)
                        ? .failure(
                            Diagnostic("the text is not valid JSON", at: .init(file: "rows.jsonl", line: index + 1))
                        )
                        : .success(record)
                }
        )
    }

    @Test("a malformed record stops the run at its line")
    func stops() async throws {
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let evaluation = Evaluation(plan, source: try source(malformed: [7, 9]), store: store)
        await #expect {
            _ = try await evaluation.run()
        } throws: {
            "\($0)".hasPrefix("rows.jsonl:8: the text is not valid JSON")
        }
        #expect(store.summary(of: plan.id)?.status == .failed)
    }

    @Test("malformed records that are allowed are errors of every scorer", arguments: ["2", "10%"])
    func allowed(allowance: String) async throws {
        var options = Evaluation.Options()
        options.allowance = try #require(ErrorAllowance(allowance))
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let evaluation = Evaluation(plan, source: try source(malformed: [7, 9]), store: store, options: options)
        let summary = try await evaluation.run()
        #expect(summary.rows == 20)
        #expect(summary.errors == 2)
        #expect(summary.accounts[0].account.errored == 2)
        #expect(store.rows(of: plan.id)[7].failure?.code == "malformed_record")
    }
}

@Suite struct PredictTests {
    @Test("a closure answers each row, and its error is the row's")
    func closure() async throws {
        struct Refusal: Error, CustomStringConvertible { let description = "the application refused" }
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let predictor = ClosurePredictor { inputs in
            let number = inputs["q"]?.integer ?? 0
            if number % 10 == 3 { throw Refusal() }
            return JSON(String(repeating: "y", count: Int(number)))
        }
        let records = try (0..<50).map { try Record(inputs: ["q": JSON($0)]) }
        let summary = try await Evaluation(plan, source: RecordSource(records), predictor: predictor, store: store)
            .run()
        #expect(summary.errors == 5)
        let rows = store.rows(of: plan.id)
        #expect(rows[4].verdicts == [.number(4)])
        #expect(rows[4].trace.root?.outputs == "yyyy")
        #expect(rows[4].trace.durationMilliseconds != nil)
        #expect(rows[3].verdicts == [.errored(.predictFailed("the application refused"))])
        #expect(rows[3].trace.state == .error)
    }

    @Test("an application that never answers costs its row, also when it ignores its cancellation")
    func hangs() async throws {
        let predictor = ClosurePredictor { inputs in
            if inputs["q"]?.integer == 1 {
                // Nobody ever resumes this one.
                return await withUnsafeContinuation { (_: UnsafeContinuation<JSON, Never>) in }
            }
            return "fine"
        }
        var options = Evaluation.Options()
        options.rowTimeout = .milliseconds(50)
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let records = try (0..<3).map { try Record(inputs: ["q": JSON($0)]) }
        let evaluation = Evaluation(
            plan,
            source: RecordSource(records),
            predictor: predictor,
            store: store,
            options: options
        )
        let summary = try await evaluation.run()
        #expect(summary.errors == 1)
        #expect(store.rows(of: plan.id)[1].failure?.code == "predict_failed")
        #expect(store.rows(of: plan.id)[1].failure?.message.contains("no answer within") == true)
    }

    @Test("no more calls are open than the concurrency allows")
    func bounded() async throws {
        final class Gauge: Sendable { let value = Mutex((now: 0, most: 0)) }
        let gauge = Gauge()
        let predictor = ClosurePredictor { _ in
            gauge.value.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<20 { await Task.yield() }
            gauge.value.withLock { $0.now -= 1 }
            return "x"
        }
        var options = Evaluation.Options()
        options.concurrency = 5
        let records = try (0..<200).map { try Record(inputs: ["q": JSON($0)]) }
        let plan = samplePlan([lengthScorer()])
        _ = try await Evaluation(
            plan,
            source: RecordSource(records),
            predictor: predictor,
            store: MemoryStore(),
            options: options
        )
        .run()
        #expect(gauge.value.withLock { $0.most } <= 5)
    }
}

@Suite struct ResumeTests {
    private func run(
        _ plan: RunPlan,
        _ records: [Record],
        _ store: MemoryStore,
        _ change: (inout Evaluation.Options) -> Void = { _ in }
    ) async throws -> RunSummary {
        var options = Evaluation.Options()
        change(&options)
        return try await Evaluation(plan, source: RecordSource(records), store: store, options: options).run()
    }

    @Test("a run that broke off goes on where it was, and ends like an undisturbed one", arguments: [0, 1, 3, 7])
    func resumed(commits: Int) async throws {
        let records = try sampleRecords(5_000)
        let undisturbed = MemoryStore()
        let whole = try await run(samplePlan([lengthScorer()]), records, undisturbed)

        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        store.fail(afterCommits: commits)
        await #expect {
            _ = try await run(plan, records, store)
        } throws: {
            ($0 as? Diagnostic)?.category == .unavailable
        }
        store.fail(afterCommits: nil)
        let before = store.rows(of: plan.id).count
        #expect(before < 5_000)
        let summary = try await run(plan, records, store) { $0.resumes = true }
        #expect(summary.metrics == whole.metrics)
        #expect(summary.rows == 5_000)
        #expect(store.commits.reduce(0, +) == 5_000)
        #expect(store.rows(of: plan.id).map(\.ordinal) == Array(0..<5_000))
    }

    @Test("data that changed is refused at its first differing row")
    func changed() async throws {
        var records = try sampleRecords(1_000)
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        _ = try await run(plan, records, store)
        records[700] = try Record(inputs: ["q": "other"], outputs: "y")
        records[300] = try Record(inputs: ["q": "other"], outputs: "y")
        await #expect {
            _ = try await run(plan, records, store) { $0.resumes = true }
        } throws: {
            "\($0)".hasPrefix("row 301 of the data is not the row")
        }
        await #expect {
            _ = try await run(plan, Array(records[..<200]), store) { $0.resumes = true }
        } throws: {
            "\($0)".hasPrefix("the data has 200 rows, but the run has finished row 201")
        }
    }

    @Test("rows with errors are done again, the others are not")
    func retried() async throws {
        let flaky = Mutex(true)
        final class Box: Sendable {
            let fails: Mutex<Bool>
            init(_ fails: consuming Mutex<Bool>) { self.fails = fails }
        }
        let box = Box(flaky)
        let scorer = ScorerInstance(
            ClosureScorer("flaky") { row throws(ScorerError) in
                if row.outputText?.count == 2, box.fails.withLock({ $0 }) {
                    throw ScorerError(code: "down", message: "…")
                }
                return .number(1)
            }
        )
        let records = try sampleRecords(100)
        let store = MemoryStore()
        let plan = samplePlan([scorer])
        #expect(try await run(plan, records, store).errors == 10)
        box.fails.withLock { $0 = false }
        let summary = try await run(plan, records, store) {
            $0.resumes = true
            $0.retriesErrors = true
        }
        #expect(summary.errors == 0)
        #expect(summary.rows == 100)
        #expect(summary.metrics.first?.value == 1)
        #expect(store.commits.reduce(0, +) == 110)
    }

    @Test("a cancelled run is interrupted, keeps what is finished and can be resumed")
    func cancelled() async throws {
        let records = try sampleRecords(20_000)
        let store = MemoryStore()
        let plan = samplePlan([lengthScorer()])
        let task = Task { try await run(plan, records, store) }
        while store.commits.isEmpty { await Task.yield() }
        task.cancel()
        await #expect {
            _ = try await task.value
        } throws: {
            ($0 as? Diagnostic)?.category == .interrupted
        }
        #expect(store.summary(of: plan.id)?.status == .interrupted)
        let summary = try await run(plan, records, store) { $0.resumes = true }
        #expect(summary.rows == 20_000)
        #expect(store.commits.reduce(0, +) == 20_000)
    }
}
