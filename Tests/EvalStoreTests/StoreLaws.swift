// What every store promises, whatever it is made of: each law gets an empty store.

import EvalCore
import EvalJSON
import EvalStore
import Testing

struct StoreLaws<Store: RunStore & RunRecords> {
    let store: Store

    /// A process that lives: this one.
    let living = RunOwner.current
    /// One that doesn't: it has our number, and began before the machine did.
    let dead = RunOwner(pid: RunOwner.current.pid, bootID: RunOwner.current.bootID, startTicks: 1)

    /// Every kind of value, as awkward as it comes.
    static var values: [FeedbackValue] {
        [
            .boolean(true), .boolean(false),
            .integer(0), .integer(.max), .integer(.min), .integer(1 << 53 + 1),
            .number(0.1), .number(1), .number(-0.0), .number(.leastNonzeroMagnitude), .number(.greatestFiniteMagnitude),
            .number(.infinity), .number(-.infinity), .number(5e-324), .number(0.1 + 0.2),
            .text(""), .text("yes"), .text("a\0b"), .text("\0"), .text("é̂ 👩‍👩‍👧 \u{FFFD}"), .text("12"), .text("1.50"),
            .json([:]), .json([]), .json(["a": [1, 0.1, nil, "x\0y"], "b": ["c": true]]),
            .json([9_007_199_254_740_993]),
        ]
    }

    func everyValueComesBackAsItWas() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let rows = try Self.values.enumerated()
            .map { position, value in
                try Sample.row(
                    position,
                    verdicts: [.feedback(Feedback(value)), .feedback(Feedback(value, rationale: "r\0s"))]
                )
            }
        try await store.commit(rows, to: plan.id)
        let page = try await store.finishedVerdicts(of: plan.id, from: 0, limit: 1000)
        #expect(page.map(\.verdicts) == rows.map(\.verdicts))
        // -0.0 equals 0.0, so the bits are asked for.
        guard case .feedback(let zero) = page[8].verdicts[0], case .number(let number) = zero.value else {
            Issue.record("the ninth value is a number")
            return
        }
        #expect(number.bitPattern == (-0.0).bitPattern)
    }

    func notANumberComesBackAsOne() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        try await store.commit([Sample.row(0, verdicts: [.number(.nan), .number(1)])], to: plan.id)
        let page = try await store.finishedVerdicts(of: plan.id, from: 0, limit: 1)
        guard case .feedback(let feedback) = page[0].verdicts[0], case .number(let number) = feedback.value else {
            Issue.record("the value is a number")
            return
        }
        #expect(number.isNaN)
    }

    func everyVerdictComesBackAsItWas() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let full = Feedback(.integer(7), name: "precision", rationale: "why", metadata: ["k": [1]], spanID: .max)
        let verdicts: [[Verdict]] = [
            [.skipped("not measured\0!"), .errored(ScorerError(code: "missing_field", message: "the row has no 'x'"))],
            [.feedbacks([Feedback(.text("a")), full, Feedback(.text("b"), name: "recall")]), .feedback(full)],
            [.skipped(""), .skipped("no values")],
        ]
        let rows = try verdicts.enumerated().map { try Sample.row($0, verdicts: $1) }
        let failed = try Sample.row(3, verdicts: [], failure: ScorerError(code: "predict_failed", message: "HTTP 500"))
        try await store.commit(rows + [failed], to: plan.id)
        let page = try await store.finishedVerdicts(of: plan.id, from: 0, limit: 10)
        #expect(page.map(\.verdicts) == verdicts + [[]])
        #expect(page.map(\.mark.hasError) == [true, false, false, true])
    }

    func rowsComeBackInOrderAsTheyWere() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        var rows = try (0..<7)
            .flatMap { ordinal in
                try (0..<2)
                    .map { try Sample.row(ordinal, repetition: $0, verdicts: [.yesNo(ordinal % 2 == 0), .number(1)]) }
            }
        rows[3].trace = Self.fullTrace
        rows[4].expectations = nil
        rows[4].recordID = nil
        try await store.commit(rows.reversed(), to: plan.id)
        var back: [FinishedRow] = []
        try await store.forEachRow(of: plan.id, page: 3) { back.append($0) }
        try #require(back.count == rows.count)
        for (now, then) in zip(back, rows) { Self.expectEqual(now, then) }
    }

    static var fullTrace: Trace {
        Trace(
            state: .error,
            requestTimeMilliseconds: .max,
            durationMilliseconds: 12,
            sessionID: "s\0t",
            tags: ["k": "v"],
            metadata: ["m": "n"],
            spans: [
                Span(
                    id: .max,
                    name: "root \"quoted\"\0",
                    type: SpanType(rawValue: "MY_OWN"),
                    startNanoseconds: .min,
                    endNanoseconds: .max,
                    status: .error,
                    statusMessage: "failed",
                    inputs: ["n": 18_446_744_073_709_551_615.0, "i": JSON(Int64.min)],
                    outputs: [1, -0.0, 1e300],
                    attributes: ["a": nil],
                    events: [SpanEvent(name: "exception", timestampNanoseconds: 7, attributes: ["t": "x"])]
                ),
                Span(id: 2, parentID: .max, name: "", type: .tool, startNanoseconds: 0, status: .unset),
            ]
        )
    }

    static func expectEqual(_ now: FinishedRow, _ then: FinishedRow) {
        #expect(now.ordinal == then.ordinal)
        #expect(now.repetition == then.repetition)
        #expect(now.recordID == then.recordID)
        #expect(now.recordDigest == then.recordDigest)
        #expect(now.inputDigest == then.inputDigest)
        #expect(now.expectations == then.expectations)
        #expect(now.verdicts == then.verdicts)
        #expect(now.failure == then.failure)
        #expect("\(now.trace)" == "\(then.trace)")
    }

    func marksComeInPagesOfWholeRecords() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let rows = try [0, 1, 2, 5]
            .flatMap { ordinal in
                try (0..<3).map { try Sample.row(ordinal, repetition: $0) }
            }
        try await store.commit(rows, to: plan.id)
        let first = try await store.finishedMarks(of: plan.id, from: 0, limit: 4)
        #expect(first.map(\.ordinal) == [0, 0, 0, 1, 1, 1])
        #expect(first.map(\.repetition) == [0, 1, 2, 0, 1, 2])
        #expect(first[0].recordDigest == rows[0].recordDigest)
        let rest = try await store.finishedVerdicts(of: plan.id, from: 2, limit: 4)
        #expect(rest.map(\.mark.ordinal) == [2, 2, 2, 5, 5, 5])
        let none = try await store.finishedMarks(of: plan.id, from: 6, limit: 4)
        #expect(none.isEmpty)
    }

    func aRetriedRowReplacesTheOldOne() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let error = Verdict.errored(ScorerError(code: "timeout", message: "60 s"))
        let old = try (0..<3).map { try Sample.row($0, verdicts: [error, .number(0.25)]) }
        try await store.commit(old, to: plan.id)
        #expect(try await store.runs(experiment: nil, limit: 1).map(\.errors) == [3])
        let again = try Sample.row(1, verdicts: [.yesNo(true), .number(0.75)])
        try await store.commit([again], to: plan.id)
        let page = try await store.finishedVerdicts(of: plan.id, from: 0, limit: 10)
        #expect(page.map(\.verdicts) == [old[0].verdicts, again.verdicts, old[2].verdicts])
        #expect(page.map(\.mark.hasError) == [true, false, true])
        let listing = try #require(try await store.runs(experiment: nil, limit: 1).first)
        #expect(listing.rows == 3)
        #expect(listing.errors == 2)
        // The old trace is still there, without this run's verdicts.
        let trace = try await store.trace(named: old[1].trace.id.traceID)
        #expect(trace.assessments.isEmpty)
        // The same trace again, too.
        try await store.commit([again], to: plan.id)
        #expect(try await store.finishedVerdicts(of: plan.id, from: 1, limit: 1).map(\.verdicts) == [again.verdicts])
    }

    func feedbackLandsOnTracesThatAreThere() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let row = try Sample.row(0)
        try await store.commit([row], to: plan.id)
        let second = Sample.plan("second", owner: living)
        try await store.begin(second)
        // Two repetitions judge one trace: both keep their verdicts.
        let repeats = try (0..<2)
            .map {
                try Sample.row(0, repetition: $0, verdicts: [.yesNo($0 == 0), .number(Double($0))], trace: row.trace)
            }
        try await store.commit(repeats, to: second.id)
        let page = try await store.finishedVerdicts(of: second.id, from: 0, limit: 9)
        #expect(page.map(\.verdicts) == repeats.map(\.verdicts))
        let trace = try await store.trace(named: row.trace.id.traceID)
        #expect(trace.assessments.filter { $0.runID == second.id && $0.source.kind == .code }.count == 4)
        #expect(trace.assessments.filter { $0.runID == plan.id && $0.source.kind == .code }.count == 2)
    }

    func orderedValuesAreThoseOfTheRanks() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let values: [FeedbackValue] = [
            .number(3), .integer(-2), .boolean(true), .text("no"), .text("no number"), .json([1]), .number(0.5),
        ]
        var rows = try values.enumerated()
            .map { position, value in
                try Sample.row(position, verdicts: [.feedback(Feedback(value)), .skipped("not measured")])
            }
        rows.append(
            try Sample.row(
                7,
                verdicts: [
                    .feedbacks([Feedback(.number(10)), Feedback(.number(20)), Feedback(.number(99), name: "other")]),
                    .errored(ScorerError(code: "x", message: "y")),
                ]
            )
        )
        try await store.commit(rows, to: plan.id)
        let all = try await store.orderedValues(of: plan.id, scorer: 0, feedback: nil, ranks: Array(0..<6))
        #expect(all == [-2, 0, 0.5, 1, 3, 15])
        #expect(
            try await store.orderedValues(of: plan.id, scorer: 0, feedback: nil, ranks: [5, 0, 5]) == [15, -2, 15]
        )
        #expect(try await store.orderedValues(of: plan.id, scorer: 0, feedback: "other", ranks: [0]) == [99])
        await #expect(throws: Diagnostic.self) {
            try await store.orderedValues(of: plan.id, scorer: 1, feedback: nil, ranks: [0])
        }
    }

    func aLivingOwnersRunIsRefused() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let other = RunOwner(pid: 1, bootID: "another", startTicks: 0)
        let refusal = await #expect(throws: Diagnostic.self) { try await store.reopen(plan.id, owner: other) }
        #expect(refusal?.category == .usage)
        #expect(refusal?.message.contains("going on in process \(living.pid)") == true)
        #expect(try await store.record(of: plan.id).owner == living)
    }

    func aDeadOwnersRunIsInterruptedAndCanBeTakenOver() async throws {
        let plan = Sample.plan(owner: dead)
        try await store.begin(plan)
        #expect(try await store.runs(experiment: nil, limit: 1).map(\.status) == [.interrupted])
        try await store.reopen(plan.id, owner: living)
        let record = try await store.record(of: plan.id)
        #expect(record.listing.status == .running)
        #expect(record.owner == living)
        await #expect(throws: Diagnostic.self) { try await store.reopen(plan.id, owner: dead) }
    }

    func aFinishedRunIsKeptWhole() async throws {
        let plan = Sample.plan(experiment: "support-bot", owner: living)
        try await store.begin(plan)
        try await store.commit([Sample.row(0)], to: plan.id)
        try await store.heartbeat(plan.id)
        var account = Account()
        account.scored = 8
        account.skipped = 1
        let interval = Interval(low: 0.1, high: 0.5, method: .wilson, units: 9)
        let metrics = [
            Metric(name: "exact_match/mean", value: 0.1 + 0.2, interval: interval),
            Metric(name: "similarity/mean", value: nil),
            Metric(name: "similarity/min", value: -0.0),
        ]
        let digest = Digest(of: [1, 2, 3])
        try await store.finish(
            plan.id,
            RunSummary(
                status: .finished,
                rows: 10,
                errors: 1,
                metrics: metrics,
                accounts: [("similarity", account)],
                dataDigest: digest,
                durationMilliseconds: 4321,
                repeats: 3,
                flakyRecords: 2,
                tokens: TokenTotal(TokenUsage(inputTokens: 3, outputTokens: 4, totalTokens: 8), isPartial: true),
                costUSD: CostTotal(0.25, isPartial: false)
            )
        )
        let record = try await store.record(of: plan.id)
        check(record, of: plan, metrics, account, digest)
        // A finished run may be taken up again: its errors are tried anew.
        try await store.reopen(plan.id, owner: living)
        #expect(try await store.record(of: plan.id).listing.metrics.isEmpty)
    }

    // Apart from the function that awaits: one frame with all of these is larger than Swift 6.3.1 makes room for.
    private func check(
        _ record: RunRecord,
        of plan: RunPlan,
        _ metrics: [Metric],
        _ account: Account,
        _ digest: Digest
    ) {
        #expect(record.listing.status == .finished)
        #expect(record.repeats == 3)
        #expect(record.flakyRecords == 2)
        #expect(record.tokens?.value == TokenUsage(inputTokens: 3, outputTokens: 4, totalTokens: 8))
        #expect(record.tokens?.isPartial == true)
        #expect(record.costUSD == CostTotal(0.25, isPartial: false))
        #expect(record.listing.experiment == "support-bot")
        #expect(record.listing.metrics == metrics)
        #expect(record.listing.metrics[2].value?.sign == .minus)
        #expect(record.listing.rows == 10)
        #expect(record.listing.errors == 1)
        #expect(record.listing.durationMilliseconds == 4321)
        #expect(record.listing.endedMilliseconds != nil)
        #expect(record.configuration.serialized == plan.configuration.serialized)
        #expect(record.configurationDigest == plan.configuration.digest)
        #expect(record.tags == plan.tags)
        #expect(record.notes == plan.notes)
        #expect(record.dataDigest == digest)
        #expect(record.gitCommit == plan.gitCommit)
        #expect(record.gitDirty == true)
        #expect(record.scorers.map(\.name) == ["exact_match", "similarity"])
        #expect(record.scorers.map(\.account) == [nil, account])
        #expect(record.scorers[0].provenance == plan.scorers[0].provenance)
        #expect(record.scorers[0].source == AssessmentSource(kind: .code, id: "exact_match"))
    }

    func runsAreListedNewestFirst() async throws {
        for (position, name) in ["a", "b", "c"].enumerated() {
            let experiment = name == "b" ? "other" : "Default"
            try await store.begin(
                Sample.plan(name, experiment: experiment, owner: living, started: 1000 + Int64(position))
            )
        }
        #expect(try await store.runs(experiment: nil, limit: .max).map(\.name) == ["c", "b", "a"])
        #expect(try await store.runs(experiment: nil, limit: 2).map(\.name) == ["c", "b"])
        let runs = try await store.runs(experiment: "Default", limit: .max)
        #expect(runs.map(\.name) == ["c", "a"])
        #expect(runs.map(\.experimentID) == [0, 0])
        #expect(try await store.runs(experiment: "nobody's", limit: .max).isEmpty)
    }

    func runsAreFoundByTheirWords() async throws {
        let none = await #expect(throws: Diagnostic.self) { try await store.run(named: "latest") }
        #expect(none?.category == .usage)
        let plans = [
            Sample.plan("nightly", owner: living, started: 1), Sample.plan("nightly", owner: living, started: 3),
            Sample.plan("release", owner: living, started: 2),
        ]
        for plan in plans { try await store.begin(plan) }
        #expect(try await store.run(named: "latest") == plans[1].id)
        #expect(try await store.run(named: "release") == plans[2].id)
        for plan in plans {
            #expect(try await store.run(named: plan.id.hexadecimal) == plan.id)
            #expect(try await store.run(named: String(plan.id.hexadecimal.prefix(31))) == plan.id)
        }
        let ambiguous = await #expect(throws: Diagnostic.self) { try await store.run(named: "nightly") }
        for plan in plans.prefix(2) { #expect(ambiguous?.help?.contains(plan.id.hexadecimal) == true) }
        let short = await #expect(throws: Diagnostic.self) {
            try await store.run(named: String(plans[0].id.hexadecimal.prefix(4)))
        }
        #expect(short?.message.contains("more than one run") == true)
        let unknown = await #expect(throws: Diagnostic.self) { try await store.run(named: "relaese") }
        #expect(unknown?.suggestion == "release")
        await #expect(throws: Diagnostic.self) { try await store.record(of: .make()) }
        await #expect(throws: Diagnostic.self) { try await store.heartbeat(.make()) }
    }

    func aTraceIsReadWithAllThatWasSaidOfIt() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let row = try Sample.row(
            0,
            verdicts: [
                .feedback(Feedback(.number(0.5), rationale: "half", spanID: 1)),
                .errored(ScorerError(code: "timeout", message: "60 s")),
            ]
        )
        try await store.commit([row], to: plan.id)
        let found = try await store.trace(named: row.trace.id.traceID)
        #expect(found.trace.spans.count == 1)
        #expect(found.experiment == "Default")
        #expect(found.assessments.map(\.name) == ["exact_match", "similarity", "expected_response", "guidelines"])
        #expect(found.assessments[0].content == .feedback(.number(0.5)))
        #expect(found.assessments[0].rationale == "half")
        #expect(found.assessments[0].spanID == 1)
        #expect(found.assessments[0].runID == plan.id)
        #expect(found.assessments[1].content == .failed(ScorerError(code: "timeout", message: "60 s")))
        #expect(found.assessments[2].content == .expectation("0"))
        let again = try await store.trace(named: String(row.trace.id.traceID.prefix(30)))
        #expect(again.assessments.map(\.id) == found.assessments.map(\.id))
        await #expect(throws: Diagnostic.self) { try await store.trace(named: "tr-00") }
        await #expect(throws: Diagnostic.self) { try await store.trace(named: "nonsense") }
    }
}
