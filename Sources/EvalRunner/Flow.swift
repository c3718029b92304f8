// How rows move: in batches where scorers only compute, one by one where a row waits on something.

internal import EvalCore
internal import EvalJSON

/// Moves the rows of a source through the stages, with a bound on how many are on their way.
struct Flow: Sendable {
    let source: any RowSource
    let stages: Stages
    let committer: Committer<FinishedRow>
    let ledger: Ledger
    let progress: RunProgress
    let options: Evaluation.Options

    /// Rows that may wait for their commit besides: what is being written, and what gathers meanwhile.
    private static let committing = 4 * Limits.commitRows

    /// Rows that are read together where they travel alone.
    private static let readAhead = 32

    private var lanes: Lanes {
        Lanes(ledger: ledger, progress: progress, options: options) { [committer] in await committer.hurry() }
    }

    /// Batches go through all stages together.
    func batchByBatch(lanes: Int, rows: Int) async throws(Diagnostic) {
        let source = self.source
        try await self.lanes.flow(width: lanes) { start throws(Diagnostic) in
            while let batch = try await source.next(limit: rows) {
                // A run that goes on looks at its rows in order: nothing of other data is kept before that shows.
                let checked = stages.resuming == nil ? nil : try await stages.unfinished(batch)
                let goesOn = await start { () async throws(Diagnostic) in
                    try await stages.pass(batch, checked, to: committer)
                }
                if !goesOn { return }
            }
        }
    }

    /// Rows are read in their order and finish in any.
    ///
    /// - Parameter width: How many wait on something at once; those that only wait for their commit are more.
    /// - Throws: The failure that the person should hear of.
    func rowByRow(width: Int) async throws(Diagnostic) {
        let source = self.source
        let slots = AsyncSemaphore(width)
        let sessions = stages.predicting.calls?.sessions
        try await self.lanes.flow(width: width + Self.committing) { start throws(Diagnostic) in
            while let batch = try await source.next(limit: Self.readAhead) {
                var read = LedgerPart(stages.scoring.scorers)
                read.read = batch.count
                ledger.add(read)
                for var candidate in try await stages.unfinished(batch) {
                    // Turns take their places here, where rows are still in their order.
                    if let sessions, case .success(let record) = candidate.record, let session = record.sessionID {
                        candidate.turn = sessions.enter(String(session), repetition: candidate.repetition)
                    }
                    // Here and not in the row's task: an earlier turn must never wait for the slot of a later one.
                    await slots.acquire()
                    let goesOn = await start { [candidate] () async throws(Diagnostic) in
                        defer { if let turn = candidate.turn { sessions?.leave(turn) } }
                        return try await stages.finish([candidate], to: committer, afterScoring: slots.release)
                    }
                    if !goesOn { return }
                }
            }
        }
    }
}
