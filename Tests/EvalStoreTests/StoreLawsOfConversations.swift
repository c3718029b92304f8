// What the loop asks a store for beside its rows: conversations, what models took, and traces that are there.

import EvalCore
import EvalJSON
import EvalStore
import Testing

extension StoreLaws {
    func turnsComeInTheirOrder() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        func turn(_ ordinal: Int, _ session: String, repetition: Int = 0, outputs: JSON?) throws -> FinishedRow {
            let trace = Trace(
                state: outputs == nil ? .error : .ok,
                requestTimeMilliseconds: Int64(100 - ordinal),
                sessionID: session,
                spans: [
                    Span(
                        id: 1,
                        name: "predict",
                        type: .chain,
                        startNanoseconds: 0,
                        inputs: ["n": JSON(ordinal)],
                        outputs: outputs
                    )
                ]
            )
            return try Sample.row(ordinal, repetition: repetition, trace: trace)
        }
        try await store.commit(
            [
                turn(3, "a", outputs: "three"), turn(0, "a", outputs: "zero"), turn(1, "b", outputs: "other"),
                turn(2, "a", outputs: nil), turn(2, "a", repetition: 1, outputs: "again"),
                turn(5, "a", outputs: "five"),
            ],
            to: plan.id
        )
        let turns = try await store.turns(of: "a", in: plan.id, before: 5, repetition: 0)
        #expect(turns.map { $0.inputs["n"]?.integer } == [0, 2, 3])
        #expect(turns.map(\.outputs) == ["zero", nil, "three"])
        #expect(try await store.turns(of: "a", in: plan.id, before: 3, repetition: 1).map(\.outputs) == ["again"])
        #expect(try await store.turns(of: "c", in: plan.id, before: 3, repetition: 0).isEmpty)
    }

    func whatModelsTookIsAddedUp() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        func row(_ ordinal: Int, tokens: Int64?, cost: Double?) throws -> FinishedRow {
            let usage = tokens.map { TokenUsage(inputTokens: $0, outputTokens: 1) }
            let span = Span(
                id: 1,
                name: "llm",
                type: .llm,
                startNanoseconds: 0,
                usage: usage,
                costUSD: cost
            )
            let trace = Trace(requestTimeMilliseconds: 0, spans: [span])
            return try Sample.row(ordinal, trace: trace)
        }
        try await store.commit([row(0, tokens: 10, cost: 0.5), row(1, tokens: 20, cost: nil)], to: plan.id)
        let usage = try await store.modelUsage(of: plan.id)
        #expect(usage.tokenTotal?.value == TokenUsage(inputTokens: 30, outputTokens: 2))
        #expect(usage.tokenTotal?.isPartial == false)
        #expect(usage.costTotal == CostTotal(0.5, isPartial: true))
    }

    func clustersComeBack() async throws {
        let plan = Sample.plan(owner: living)
        try await store.begin(plan)
        var rows = try (0..<3).map { try Sample.row($0) }
        rows[0].cluster = "a\0b"
        rows[1].cluster = ""
        try await store.commit(rows, to: plan.id)
        #expect(try await store.finishedMarks(of: plan.id, from: 0, limit: 9).map(\.cluster) == ["a\0b", "", nil])
        let page = try await store.finishedVerdicts(of: plan.id, from: 0, limit: 9)
        #expect(page.map(\.mark.cluster) == ["a\0b", "", nil])
        #expect(try await store.rows(of: plan.id, after: nil, limit: 9).map(\.cluster) == ["a\0b", "", nil])
    }
}

@Suite struct StoredTracesTests {
    private let store: SQLiteStore
    private let owner = RunOwner(pid: 1, bootID: "b", startTicks: 1)

    init() throws { store = try SQLiteStore(path: ":memory:") }

    private func read(_ source: StoredTraces, limit: Int = 256) async throws -> [DecodedRow] {
        var rows: [DecodedRow] = []
        while let batch = try await source.next(limit: limit) {
            #expect(batch.firstOrdinal == rows.count)
            #expect(batch.count <= limit)
            rows += batch.decode()
        }
        return rows
    }

    @Test("traces that satisfy a condition become rows with what they have", arguments: [1, 256])
    func filtered(limit: Int) async throws {
        let plan = Sample.plan(owner: owner)
        try await store.begin(plan)
        try await store.commit((0..<600).map { try Sample.row($0) }, to: plan.id)
        let all = try await read(StoredTraces(store), limit: limit)
        #expect(all.count == 600)
        let filter = try RowFilter("inputs.question LIKE 'what is 59_?' AND state = 'OK'")
        let rows = try await read(StoredTraces(store, .row(filter)), limit: limit)
        #expect(rows.count == 10)
        let record = try rows[0].record.get()
        #expect(record.inputs == ["question": "what is 590?"])
        #expect(record.outputs == "it is 590")
        #expect(record.expectations == ["expected_response": "590", "guidelines": ["short"]])
        #expect(record.id.map { String($0) } == rows[0].trace?.id.traceID)
    }

    @Test("the list of traces is that of the beginning, also when a run is resumed")
    func frozen() async throws {
        let plan = Sample.plan(owner: owner)
        try await store.begin(plan)
        try await store.commit((0..<5).map { try Sample.row($0) }, to: plan.id)
        let first = try await StoredTraces(store)
        try await store.commit((5..<9).map { try Sample.row($0) }, to: plan.id)
        #expect(try await read(first).count == 5)
        #expect(try await read(StoredTraces(store, last: first.lastPlace)).count == 5)
        #expect(try await read(StoredTraces(store)).count == 9)
    }
}
