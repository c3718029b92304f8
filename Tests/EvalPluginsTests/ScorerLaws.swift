// What holds for every scorer, wherever it runs: the law behind `EvalCore.Scorer`.

import EvalCore
import EvalJSON
import Testing

/// Checks the law on some rows.
///
/// - Returns: The verdicts, to be compared with those of the same scorer elsewhere.
@discardableResult
func expectScorerLaws(_ scorer: any Scorer, on rows: [Row]) async -> [Verdict] {
    let verdicts = await scorer.score(rows)
    #expect(verdicts.count == rows.count, "each row has one verdict, in the rows' order")
    #expect(await scorer.score([]).isEmpty, "no rows, no verdicts")
    #expect(await scorer.score(rows) == verdicts, "the same rows, the same verdicts")
    var oneByOne: [Verdict] = []
    for row in rows { oneByOne += await scorer.score([row]) }
    #expect(oneByOne == verdicts, "a row's verdict does not depend on the rows beside it")
    let columns = await withTaskGroup(of: [Verdict].self) { group in
        for _ in 0..<8 { group.addTask { await scorer.score(rows) } }
        return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(columns.allSatisfy { $0 == verdicts }, "batches at once don't mix")
    for verdict in verdicts {
        for feedback in verdict.values {
            let declared = feedback.name.map { name in scorer.descriptor.feedbacks.contains { $0.name == name } }
            #expect(declared ?? true, "only declared feedbacks")
        }
        if case .errored(let error) = verdict { #expect(!error.code.isEmpty && !error.message.isEmpty) }
    }
    return verdicts
}

/// The same for a scorer of sessions.
@discardableResult
func expectScorerLaws(_ scorer: any SessionScorer, on sessions: [EvalCore.Session]) async -> [Verdict] {
    var verdicts: [Verdict] = []
    for session in sessions { verdicts.append(await scorer.score(session: session)) }
    for (session, verdict) in zip(sessions, verdicts) {
        #expect(await scorer.score(session: session) == verdict, "the same session, the same verdict")
    }
    let columns = await withTaskGroup(of: (Int, Verdict).self) { group in
        for (index, session) in sessions.enumerated() {
            group.addTask { (index, await scorer.score(session: session)) }
        }
        return await group.reduce(into: [Int: Verdict]()) { $0[$1.0] = $1.1 }
    }
    #expect(columns.count == verdicts.count && columns.allSatisfy { verdicts[$0.key] == $0.value })
    return verdicts
}
