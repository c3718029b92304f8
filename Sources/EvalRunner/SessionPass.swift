// After all rows: the sessions of the run, read from the store a page at a time, judged, and committed like rows.

internal import EvalCore
internal import EvalJSON

/// Lets the scorers of sessions judge what the rows have made.
///
/// In memory there are one page of marks and the turns of the sessions that are being judged, whatever the run has.
struct SessionPass: Sendable {
    let plan: RunPlan
    let store: any RunStore
    let ledger: Ledger
    let progress: RunProgress
    let options: Evaluation.Options

    /// Sessions that are looked up together.
    static let page = 256
    /// Sessions that one task judges one after another, where nothing is slow; all tasks together fill a commit.
    private static let batch = 64

    /// Judges every session that has no verdict of a scorer yet, or an error that is to be tried again.
    func run() async throws(Diagnostic) {
        let (store, run) = (self.store, plan.id)
        let committer = Committer<JudgedSession> { (sessions) async throws(Diagnostic) in
            try await store.commit(sessions, to: run)
        }
        let isSlow = plan.scorers.contains { $0.judgesSessions && $0.scorer.isSlow }
        let lanes = Lanes(ledger: ledger, progress: progress, options: options) { await committer.hurry() }
        // Whoever waits for the commit judges nothing meanwhile, so that more are on their way than are judged at once.
        let slots = AsyncSemaphore(isSlow ? options.concurrency : options.lanes)
        let batch = isSlow ? 1 : Self.batch
        try await lanes.flow(width: isSlow ? max(2 * options.concurrency, Self.page) : options.lanes) {
            start throws(Diagnostic) in
            var place: SessionPlace?
            repeat {
                let marks = try await store.sessionMarks(of: run, after: place, limit: Self.page)
                place = marks.last?.place
                // What an earlier part judged counts at once, and takes nobody's turn.
                var kept = LedgerPart(plan.scorers)
                for mark in marks where unjudged(mark).isEmpty {
                    kept.add(session: mark.verdicts, hasRowError: mark.hasRowError, scorers: plan.scorers)
                }
                ledger.add(kept)
                progress.committed(ledger.counts)
                let left = marks.filter { !unjudged($0).isEmpty }
                for first in stride(from: 0, to: left.count, by: batch) {
                    let some = Array(left[first..<min(first + batch, left.count)])
                    let goesOn = await start { () async throws(Diagnostic) in
                        try await judge(some, slots, committer)
                    }
                    if !goesOn { return }
                }
            } while place != nil
        }
    }

    /// The scorers that have not judged a session, or are to judge it again.
    private func unjudged(_ mark: SessionMark) -> [Int] {
        plan.scorers.indices.filter { index in
            guard plan.scorers[index].judgesSessions else { return false }
            guard let verdict = mark.verdicts[index] else { return true }
            return options.retriesErrors && verdict.isError
        }
    }

    /// Judges sessions; what was said of them is durable when this returns.
    private func judge(
        _ marks: [SessionMark],
        _ slots: AsyncSemaphore,
        _ committer: Committer<JudgedSession>
    ) async throws(Diagnostic) -> LedgerPart {
        var part = LedgerPart(plan.scorers)
        var judged: [JudgedSession] = []
        await slots.acquire()
        do throws(Diagnostic) {
            for mark in marks {
                if options.isOver { break }
                let verdicts = try await verdicts(about: mark)
                // Whoever was stopped in the middle says so with an error that is none of the session's.
                if options.isOver, verdicts.contains(where: { $0?.isError ?? false }) { break }
                judged.append(JudgedSession(place: mark.place, verdicts: verdicts))
                let all = zip(mark.verdicts, verdicts).map { $1 ?? $0 }
                part.add(session: all, hasRowError: mark.hasRowError, scorers: plan.scorers)
            }
        } catch {
            slots.release()
            throw error
        }
        slots.release()
        try await committer.commit(judged)
        return part
    }

    /// The verdicts of the scorers that are to judge a session, by their places.
    private func verdicts(about mark: SessionMark) async throws(Diagnostic) -> [Verdict?] {
        var verdicts = [Verdict?](repeating: nil, count: plan.scorers.count)
        let asked = unjudged(mark)
        if let failure = mark.failure {
            // As with rows: where the application failed, no scorer is called.
            let error = ScorerError(
                code: failure.error.code,
                message: "turn \(failure.turn + 1) of \(mark.turns): \(failure.error.message)"
            )
            for index in asked { verdicts[index] = .errored(error) }
            return verdicts
        }
        let session = try await store.session(at: mark.place, of: plan.id)
        await withTaskGroup(of: (Int, Verdict).self) { group in
            for index in asked {
                let scorer = plan.scorers[index]
                if scorer.scorer.isSlow {
                    group.addTask { (index, await timed(scorer) { await patiently(scorer, session) }) }
                } else {
                    verdicts[index] = await timed(scorer) { await scorer.verdict(about: session) }
                }
            }
            for await (index, verdict) in group { verdicts[index] = verdict }
        }
        return verdicts
    }

    /// The verdict of a scorer that waits on something, or an error when it is still waiting at the deadline.
    private func patiently(_ scorer: ScorerInstance, _ session: Session) async -> Verdict {
        let timeout = options.rowTimeout
        do {
            return try await withDeadline(timeout) { await scorer.verdict(about: session) }
        } catch {
            return .errored(ScorerError(code: "deadline", message: "no answer within \(timeout)"))
        }
    }

    private func timed(_ scorer: ScorerInstance, _ judge: () async -> Verdict) async -> Verdict {
        let start = ContinuousClock.now
        let verdict = await judge()
        progress.judged(1, by: scorer.name, in: .now - start)
        return verdict
    }
}
