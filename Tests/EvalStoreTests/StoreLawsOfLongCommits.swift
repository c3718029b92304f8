// Commits of more rows than a store may want to write at once: nothing depends on which rows stand together.

import EvalCore
import EvalJSON
import EvalStore
import Testing

extension StoreLaws {
    /// What a run has, row by row.
    private func verdicts(of run: PublicID) async throws -> [[Verdict?]] {
        try await store.finishedVerdicts(of: run, from: 0, limit: 10_000).map(\.verdicts)
    }

    private func mixed(_ ordinal: Int) -> [Verdict] {
        switch ordinal % 7 {
        case 0: [.skipped("not measured"), .errored(ScorerError(code: "timeout", message: "60 s"))]
        case 1:
            [.feedbacks((0..<5).map { Feedback(.integer($0), name: "part \($0 % 3)") }), .number(Double(ordinal))]
        case 2: [.skipped(""), .skipped("x\0y")]
        case 3: [.feedback(Feedback(.text(""))), .number(-0.5)]
        default: [.yesNo(ordinal % 2 == 0, rationale: "r\0\(ordinal)"), .number(Double(ordinal))]
        }
    }

    func everyLengthOfCommitIsWrittenWhole() async throws {
        for count in [1, 3, 4, 5, 16, 63, 64, 65, 127, 213] {
            let plan = Sample.plan("run of \(count)", owner: living)
            try await store.begin(plan)
            let rows = try (0..<count).map { try Sample.row($0, verdicts: mixed($0)) }
            try await store.commit(rows, to: plan.id)
            var back: [FinishedRow] = []
            try await store.forEachRow(of: plan.id, page: 50) { back.append($0) }
            try #require(back.count == count)
            for (now, then) in zip(back, rows) {
                Self.expectEqual(now, then)
                #expect(now.trace.id == then.trace.id)
            }
            let listing = try #require(try await store.runs(experiment: nil, limit: 100).first { $0.id == plan.id })
            #expect(listing.rows == count)
            #expect(listing.errors == rows.count { $0.hasError })
        }
    }

    func rowsThatAreThereAreReplacedAmongOthers() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        let error = Verdict.errored(ScorerError(code: "timeout", message: "60 s"))
        let old = try stride(from: 0, to: 200, by: 3).map { try Sample.row($0, verdicts: [error, .number(0.25)]) }
        try await store.commit(old, to: plan.id)
        // One of them is tried again with the trace that it had.
        let rows = try (0..<200)
            .map { try Sample.row($0, verdicts: mixed($0), trace: $0 == 99 ? old[33].trace : nil) }
        try await store.commit(rows, to: plan.id)
        #expect(try await verdicts(of: plan.id) == rows.map(\.verdicts))
        let listing = try #require(try await store.runs(experiment: nil, limit: 1).first)
        #expect(listing.rows == 200)
        #expect(listing.errors == rows.count { $0.hasError })
        for row in old where row.ordinal != 99 {
            #expect(try await store.trace(named: row.trace.id.traceID).assessments.isEmpty)
        }
    }

    func aRowThatComesTwiceInACommitIsTheLaterOne() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        var rows = try (0..<100).map { try Sample.row($0, verdicts: mixed($0)) }
        // In one piece with the other, far from it, and with the other's trace.
        rows.insert(try Sample.row(10, verdicts: [.feedback(Feedback(.text("near"))), .number(1)]), at: 12)
        rows.append(try Sample.row(20, verdicts: [.feedback(Feedback(.text("far"))), .number(2)]))
        rows.append(
            try Sample.row(99, verdicts: [.feedback(Feedback(.text("same"))), .number(3)], trace: rows[100].trace)
        )
        try await store.commit(rows, to: plan.id)
        var expected = (0..<100).map { mixed($0) }
        expected[10] = [.feedback(Feedback(.text("near"))), .number(1)]
        expected[20] = [.feedback(Feedback(.text("far"))), .number(2)]
        expected[99] = [.feedback(Feedback(.text("same"))), .number(3)]
        #expect(try await verdicts(of: plan.id) == expected)
        #expect(try await store.runs(experiment: nil, limit: 1).map(\.rows) == [100])
        #expect(try await store.trace(named: rows[10].trace.id.traceID).assessments.isEmpty)
    }

    func tracesThatAreThereAreLinkedAmongOthers() async throws {
        let first = Sample.plan("first", owner: living)
        try await store.begin(first)
        let old = try (0..<100).map { try Sample.row($0, verdicts: mixed($0)) }
        try await store.commit(old, to: first.id)
        let second = Sample.plan("second", owner: living)
        try await store.begin(second)
        // Every third trace is there already, and two repetitions judge one new trace.
        var rows = try (0..<100)
            .map { try Sample.row($0, verdicts: mixed($0 + 1), trace: $0 % 3 == 0 ? old[$0].trace : nil) }
        rows.insert(
            try Sample.row(
                50,
                repetition: 1,
                verdicts: [.feedback(Feedback(.text("again"))), .number(9)],
                trace: rows[50].trace
            ),
            at: 51
        )
        try await store.commit(rows, to: second.id)
        #expect(try await verdicts(of: second.id) == rows.map(\.verdicts))
        #expect(try await verdicts(of: first.id) == old.map(\.verdicts))
        var back: [FinishedRow] = []
        try await store.forEachRow(of: second.id, page: 50) { back.append($0) }
        #expect(back.map(\.trace.id) == rows.map(\.trace.id))
        #expect(try await store.runs(experiment: nil, limit: 9).first { $0.id == second.id }?.rows == 100)
    }
}
