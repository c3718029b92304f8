// Runs and rows that the laws write.

import EvalCore
import EvalJSON

/// A scorer that is never asked.
struct NamedScorer: Scorer {
    let descriptor: ScorerDescriptor

    init(_ name: String, origin: ScorerOrigin = .builtIn, scope: ScorerScope = .row) {
        descriptor = ScorerDescriptor(name, origin: origin, help: "", reads: [], value: .number, scope: scope)
    }

    func score(_ rows: [Row]) async -> [Verdict] { [] }
}

enum Sample {
    static func plan(
        _ name: String = "nightly",
        experiment: String = "Default",
        owner: RunOwner,
        scorers: [String] = ["exact_match", "similarity"],
        sessionScorers: [String] = [],
        started: Int64 = 1_800_000_000_000
    ) -> RunPlan {
        RunPlan(
            name: name,
            experiment: experiment,
            tags: ["team": "búsqueda", "nul": "a\0b"],
            hostVersion: "1.0.0",
            configuration: ["concurrency": 64, "scorers": ["exact_match", "similarity"], "ratio": 0.1],
            dataSource: "questions.jsonl",
            gitCommit: "0123456789abcdef0123456789abcdef01234567",
            gitDirty: true,
            machine: "build-7",
            owner: owner,
            startedMilliseconds: started,
            scorers: scorers.map { ScorerInstance(NamedScorer($0), configuration: ["k": 1]) }
                + sessionScorers.map { ScorerInstance(NamedScorer($0, scope: .session)) },
            notes: ["a plugin was skipped", "two\nlines"]
        )
    }

    static func row(
        _ ordinal: Int,
        repetition: Int = 0,
        verdicts: [Verdict?] = [.yesNo(true), .number(0.5)],
        failure: ScorerError? = nil,
        trace: Trace? = nil,
        session: String? = nil,
        turnTime: Int64 = 0
    ) throws -> FinishedRow {
        let record = try Record(
            inputs: ["question": JSON("what is \(ordinal)?")],
            outputs: JSON("it is \(ordinal)"),
            expectations: ["expected_response": JSON("\(ordinal)"), "guidelines": ["short"]],
            id: "q-\(ordinal)"
        )
        var writer = JSONWriter()
        let digests = record.digests(using: &writer)
        return FinishedRow(
            ordinal: ordinal,
            repetition: repetition,
            recordID: record.id,
            recordDigest: digests.record,
            inputDigest: digests.inputs,
            expectations: record.expectations,
            trace: trace
                ?? .pregenerated(record, outputs: record.outputs, nowMilliseconds: 1_800_000_000_000 + Int64(ordinal)),
            verdicts: verdicts,
            failure: failure,
            sessionID: session,
            turnTime: turnTime
        )
    }
}
