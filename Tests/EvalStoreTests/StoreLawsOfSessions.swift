// What every store promises of sessions: which there are, their turns in order, and what is said of them.

import EvalCore
import EvalJSON
import EvalStore
import EvalTestSupport
import Testing

struct SessionLaws<Store: RunStore> {
    let store: Store

    private static var owner: RunOwner { .current }

    /// A run with one scorer of rows, and two of sessions at places 1 and 2.
    private func begin() async throws -> PublicID {
        let plan = Sample.plan(owner: Self.owner, scorers: ["exact_match"], sessionScorers: ["coherence", "tone"])
        try await store.begin(plan)
        return plan.id
    }

    private func row(
        _ ordinal: Int,
        _ session: String?,
        repetition: Int = 0,
        time: Int64 = 0,
        verdict: Verdict? = .yesNo(true),
        failure: ScorerError? = nil
    ) throws -> FinishedRow {
        try Sample.row(
            ordinal,
            repetition: repetition,
            verdicts: [verdict, nil, nil],
            failure: failure,
            session: session,
            turnTime: time
        )
    }

    private func marks(_ run: PublicID, page: Int = 100) async throws -> [SessionMark] {
        var all: [SessionMark] = []
        while true {
            let next = try await store.sessionMarks(of: run, after: all.last?.place, limit: page)
            #expect(next.count <= page)
            if next.isEmpty { return all }
            all += next
        }
    }

    private func judged(_ session: String, _ repetition: Int = 0, _ verdicts: Verdict?...) -> JudgedSession {
        JudgedSession(place: SessionPlace(session: session, repetition: repetition), verdicts: [nil] + verdicts)
    }

    func sessionsComeInPagesInTheOrderOfTheirNames() async throws {
        let run = try await begin()
        let other = try await begin()
        // Two ways to write é are two names, as are an empty one and none.
        let names = ["b", "", "a", "e\u{301}", "\u{e9}", "a\0b"]
        for repetition in 0..<2 {
            for (index, name) in names.enumerated() {
                try await store.commit(
                    [row(2 * index, name, repetition: repetition), row(2 * index + 1, name, repetition: repetition)],
                    to: run
                )
            }
        }
        try await store.commit([row(50, nil)], to: run)
        try await store.commit([row(0, "a"), row(1, "z")], to: other)
        let expected = ["", "a", "a\0b", "b", "e\u{301}", "\u{e9}"]
            .flatMap { name in (0..<2).map { SessionPlace(session: name, repetition: $0) } }
        for page in [1, 2, 5, 100] {
            let found = try await marks(run, page: page)
            #expect(found.map(\.place) == expected)
            #expect(found.allSatisfy { $0.turns == 2 && $0.failure == nil && $0.verdicts == [nil, nil, nil] })
        }
        #expect(try await marks(other).map(\.place.session) == ["a", "z"])
    }

    func turnsComeInTheOrderOfTimeThenSource() async throws {
        let run = try await begin()
        try await store.commit([row(7, "s"), row(2, "s"), row(4, "other"), row(0, "t", time: 9)], to: run)
        try await store.commit([row(5, "s"), row(1, "t", time: 3), row(3, "t", time: 9)], to: run)
        func ids(_ name: String) async throws -> [String?] {
            try await store.session(at: SessionPlace(session: name), of: run).turns
                .map { $0.record.id.map { String($0) } }
        }
        #expect(try await ids("s") == ["q-2", "q-5", "q-7"])
        #expect(try await ids("t") == ["q-1", "q-0", "q-3"])
        // What is said lands on the earliest turn.
        try await store.commit([judged("t", 0, .number(1), nil)], to: run)
        #expect(try await marks(run).last?.verdicts[1]?.values.first?.value == .number(1))
        let page = try await store.finishedVerdicts(of: run, from: 0, limit: 9)
        #expect(page.filter { $0.verdicts[1] != nil }.map(\.mark.ordinal) == [1])
        let first = try #require(try await store.session(at: SessionPlace(session: "s"), of: run).turns.first)
        #expect(first.record.inputs == ["question": "what is 2?"])
        #expect(first.outputs == "it is 2")
        #expect(first.outputText.map { String($0) } == "it is 2")
        #expect(first.record.expectations == ["expected_response": "2", "guidelines": ["short"]])
        #expect(first.record.sessionID.map { String($0) } == "s")
        #expect(first.trace.spans.map(\.name) == ["row"])
    }

    func whatIsSaidOfASessionComesBack() async throws {
        let run = try await begin()
        try await store.commit([row(0, "a"), row(1, "b"), row(2, "a"), row(3, "c")], to: run)
        let several = Verdict.feedbacks([
            Feedback(.number(0.5), rationale: "r", metadata: ["k": 1]), Feedback(.text("warm"), name: "label"),
        ])
        let error = ScorerError(code: "timeout", message: "60 s")
        try await store.commit(
            [judged("a", 0, .boolean(true), several), judged("b", 0, .skipped("too short"), nil)],
            to: run
        )
        try await store.commit([judged("c", 0, .errored(error), .number(.infinity))], to: run)
        let found = try await marks(run)
        #expect(found.map(\.place.session) == ["a", "b", "c"])
        #expect(found[0].verdicts == [nil, Verdict.boolean(true).about(session: "a"), several.about(session: "a")])
        #expect(found[1].verdicts == [nil, .skipped("too short"), nil])
        #expect(found[2].verdicts == [nil, .errored(error), Verdict.number(.infinity).about(session: "c")])
        guard case .feedback(let feedback)? = found[0].verdicts[1] else {
            Issue.record("there is no feedback")
            return
        }
        #expect(feedback.metadata == ["mlflow.trace.session": "a"])

        // The first turn's row shows it, the others have nothing of these scorers.
        let page = try await store.finishedVerdicts(of: run, from: 0, limit: 9)
        #expect(page[0].verdicts == [.yesNo(true)] + found[0].verdicts[1...])
        #expect(page[2].verdicts == [.yesNo(true), nil, nil])
        #expect(page[3].verdicts == [.yesNo(true), .errored(error), found[2].verdicts[2]])
        // A session's error is none of its row, which is not done again for it.
        #expect(page.allSatisfy { !$0.mark.hasError })
        #expect(try await store.finishedMarks(of: run, from: 0, limit: 9).allSatisfy { !$0.hasError })

        // What is said again replaces what that scorer said before, and nothing else.
        try await store.commit([judged("c", 0, .skipped("no"), nil), judged("b", 0, .number(1), nil)], to: run)
        let again = try await marks(run)
        #expect(again[2].verdicts == [nil, .skipped("no"), found[2].verdicts[2]])
        #expect(again[1].verdicts == [nil, Verdict.number(1).about(session: "b"), nil])
        #expect(again[0].verdicts == found[0].verdicts)
    }

    func repetitionsAreJudgedApart() async throws {
        let run = try await begin()
        let trace = try row(0, "a").trace
        // Two repetitions of stored traces are about one trace.
        for repetition in 0..<2 {
            var turn = try row(0, "a", repetition: repetition)
            turn.trace = trace
            try await store.commit([turn], to: run)
        }
        try await store.commit([judged("a", 1, .number(1), nil), judged("a", 0, .number(0), .skipped("x"))], to: run)
        let found = try await marks(run)
        #expect(found.map { $0.verdicts[1]?.values.first?.value.numeric } == [0, 1])
        #expect(found.map { $0.verdicts[2] } == [.skipped("x"), nil])
    }

    func aTurnWithoutAnAnswerIsNamed() async throws {
        let run = try await begin()
        let error = ScorerError.predictFailed("HTTP 500")
        try await store.commit(
            [row(0, "a"), row(1, "a", verdict: .errored(error), failure: error), row(2, "b"), row(3, "a")],
            to: run
        )
        let found = try await marks(run)
        #expect(found[0].failure == SessionMark.Failure(turn: 1, error: error))
        #expect(!found[0].hasRowError)
        #expect(found[1].failure == nil)
        #expect(found.map(\.turns) == [3, 1])
    }

    func aRowThatIsDoneAgainUndoesItsSession() async throws {
        let run = try await begin()
        let error = ScorerError(code: "x", message: "y")
        try await store.commit([row(0, "a"), row(1, "a", verdict: .errored(error)), row(2, "b")], to: run)
        try await store.commit(
            [judged("a", 0, .errored(error), .skipped("s")), judged("b", 0, .number(1), .skipped("s"))],
            to: run
        )
        try await store.commit([row(1, "a")], to: run)
        let found = try await marks(run)
        #expect(found[0].verdicts == [nil, nil, nil])
        #expect(found[1].verdicts == [nil, Verdict.number(1).about(session: "b"), .skipped("s")])
        let page = try await store.finishedVerdicts(of: run, from: 0, limit: 9)
        #expect(page.map { $0.verdicts[0] } == [.yesNo(true), .yesNo(true), .yesNo(true)])
    }

    func aTurnThatComesLaterUndoesItsSession() async throws {
        let run = try await begin()
        try await store.commit([row(2, "a"), row(3, "a"), row(4, "b")], to: run)
        try await store.commit([judged("a", 0, .number(1), .skipped("s")), judged("b", 0, .number(1), nil)], to: run)
        // It is the session's first turn from now on.
        try await store.commit([row(1, "a")], to: run)
        let found = try await marks(run)
        #expect(found[0].verdicts == [nil, nil, nil])
        #expect(found[1].verdicts[1] != nil)
        try await store.commit([judged("a", 0, .number(3), .number(3))], to: run)
        let page = try await store.finishedVerdicts(of: run, from: 0, limit: 9)
        #expect(page.map { $0.verdicts[1]?.values[0].value } == [.number(3), nil, nil, .number(1)])
        #expect(page.map { $0.verdicts[2] == nil } == [false, true, true, true])
    }

    func valuesOfSessionsAreOrdered() async throws {
        let run = try await begin()
        try await store.commit((0..<6).map { try row($0, "s\($0 % 3)") }, to: run)
        try await store.commit(
            [judged("s0", 0, .number(3), nil), judged("s1", 0, .number(1), nil), judged("s2", 0, .skipped("x"), nil)],
            to: run
        )
        #expect(try await store.orderedValues(of: run, scorer: 1, feedback: nil, ranks: [0, 1]) == [1, 3])
    }
}

@Suite struct MemorySessionLaws {
    let laws = SessionLaws(store: MemoryStore())

    @Test("sessions come in pages in the order of their names")
    func pages() async throws { try await laws.sessionsComeInPagesInTheOrderOfTheirNames() }
    @Test("turns come in the order of time, then of the source")
    func order() async throws { try await laws.turnsComeInTheOrderOfTimeThenSource() }
    @Test("what is said of a session comes back, on its first row")
    func said() async throws { try await laws.whatIsSaidOfASessionComesBack() }
    @Test("repetitions of a session are judged apart")
    func repetitions() async throws { try await laws.repetitionsAreJudgedApart() }
    @Test("a turn without an answer is named")
    func failures() async throws { try await laws.aTurnWithoutAnAnswerIsNamed() }
    @Test("a row that is done again undoes what was said of its session")
    func again() async throws { try await laws.aRowThatIsDoneAgainUndoesItsSession() }
    @Test("a turn that comes later undoes what was said of its session")
    func later() async throws { try await laws.aTurnThatComesLaterUndoesItsSession() }
    @Test("values of sessions are ordered")
    func ordered() async throws { try await laws.valuesOfSessionsAreOrdered() }
}

@Suite struct SQLiteSessionLaws {
    let folder: TemporaryFolder
    let store: SQLiteStore
    let laws: SessionLaws<SQLiteStore>

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.file("sessions.db"))
        laws = SessionLaws(store: store)
    }

    @Test("sessions come in pages in the order of their names")
    func pages() async throws { try await laws.sessionsComeInPagesInTheOrderOfTheirNames() }
    @Test("turns come in the order of time, then of the source")
    func order() async throws { try await laws.turnsComeInTheOrderOfTimeThenSource() }
    @Test("what is said of a session comes back, on its first row")
    func said() async throws { try await laws.whatIsSaidOfASessionComesBack() }
    @Test("repetitions of a session are judged apart")
    func repetitions() async throws { try await laws.repetitionsAreJudgedApart() }
    @Test("a turn without an answer is named")
    func failures() async throws { try await laws.aTurnWithoutAnAnswerIsNamed() }
    @Test("a row that is done again undoes what was said of its session")
    func again() async throws { try await laws.aRowThatIsDoneAgainUndoesItsSession() }
    @Test("a turn that comes later undoes what was said of its session")
    func later() async throws { try await laws.aTurnThatComesLaterUndoesItsSession() }
    @Test("values of sessions are ordered")
    func ordered() async throws { try await laws.valuesOfSessionsAreOrdered() }
}
