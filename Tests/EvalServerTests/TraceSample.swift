// A trace in a store, for calls that name one.

import EvalCore
import EvalJSON
import EvalStore

enum TraceSample {
    /// Commits as many traces as asked for.
    static func make(_ count: Int, in store: SQLiteStore) async throws -> [Trace] {
        let plan = RunPlan(
            name: "sample",
            experiment: "Default",
            tags: [:],
            hostVersion: "1.0.0",
            configuration: [:],
            dataSource: "none",
            gitCommit: nil,
            gitDirty: nil,
            machine: "here",
            owner: .current,
            startedMilliseconds: 1_800_000_000_000,
            scorers: [],
            notes: []
        )
        try await store.begin(plan)
        let traces = (0..<count).map { Trace(requestTimeMilliseconds: 1_800_000_000_000 + Int64($0)) }
        var rows: [FinishedRow] = []
        for (ordinal, trace) in traces.enumerated() {
            let record = try Record(inputs: ["n": JSON(ordinal)], outputs: nil, expectations: [:], id: nil)
            var writer = JSONWriter()
            let digests = record.digests(using: &writer)
            rows.append(
                FinishedRow(
                    ordinal: ordinal,
                    repetition: 0,
                    recordID: nil,
                    recordDigest: digests.record,
                    inputDigest: digests.inputs,
                    expectations: record.expectations,
                    trace: trace,
                    verdicts: [],
                    failure: nil,
                    sessionID: nil,
                    turnTime: 0
                )
            )
        }
        try await store.commit(rows, to: plan.id)
        return traces
    }
}
