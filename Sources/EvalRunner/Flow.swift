// How rows move: in batches where scorers only compute, one by one where a row waits on something.

internal import EvalCore
internal import EvalJSON

/// Moves the rows of a source through the stages, with a bound on how many are on their way.
struct Flow: Sendable {
    let source: any RowSource
    let stages: Stages
    let committer: Committer
    let ledger: Ledger
    let progress: RunProgress

    /// Rows that are read together where they travel alone.
    private static let readAhead = 32

    /// Batches go through all stages together.
    func batchByBatch(lanes: Int, rows: Int) async throws(Diagnostic) {
        let source = self.source
        try await flow(width: lanes) { start throws(Diagnostic) in
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
    func rowByRow(width: Int) async throws(Diagnostic) {
        let source = self.source
        let sessions = stages.predicting.calls?.sessions
        try await flow(width: width) { start throws(Diagnostic) in
            while let batch = try await source.next(limit: Self.readAhead) {
                var read = LedgerPart(scorers: stages.scoring.scorers.count)
                read.read = batch.count
                ledger.add(read)
                for var candidate in try await stages.unfinished(batch) {
                    // Turns take their places here, where rows are still in their order.
                    if let sessions, case .success(let record) = candidate.record, let session = record.sessionID {
                        candidate.turn = sessions.enter(String(session), repetition: candidate.repetition)
                    }
                    let goesOn = await start { [candidate] () async throws(Diagnostic) in
                        defer { if let turn = candidate.turn { sessions?.leave(turn) } }
                        return try await stages.finish([candidate], to: committer)
                    }
                    if !goesOn { return }
                }
            }
        }
    }

    private typealias Work = @Sendable () async throws(Diagnostic) -> LedgerPart

    /// Runs what `feed` starts, `width` at once, until `feed` returns or something fails.
    ///
    /// - Parameters:
    ///   - width: How much may be on its way.
    ///   - feed: Starts work, which waits while there is too much; it is told when nothing more is wanted.
    /// - Throws: The failure that the person should hear of.
    private func flow(
        width: Int,
        _ feed: (_ start: (@escaping Work) async -> Bool) async throws(Diagnostic) -> Void
    ) async throws(Diagnostic) {
        let result: Result<Void, Diagnostic> = await withTaskGroup(of: Result<Void, Diagnostic>.self) { group in
            var inFlight = 0
            var failure: Diagnostic?
            func settle(_ result: Result<Void, Diagnostic>?) {
                inFlight -= 1
                if case .failure(let error)? = result { failure = Self.worse(failure, error) }
            }
            do throws(Diagnostic) {
                try await feed { work in
                    while inFlight >= width, failure == nil { settle(await group.next()) }
                    if failure == nil, Task.isCancelled { failure = Self.interrupted }
                    if failure != nil { return false }
                    inFlight += 1
                    group.addTask {
                        do throws(Diagnostic) {
                            ledger.add(try await work())
                            progress.committed(ledger.counts)
                            return .success(())
                        } catch {
                            return .failure(error)
                        }
                    }
                    return true
                }
                if failure == nil, Task.isCancelled { failure = Self.interrupted }
            } catch {
                failure = Self.worse(failure, error)
            }
            if failure != nil { await committer.hurry() }
            // Where nothing can be kept any more, nothing is worth waiting for.
            if failure?.category == .unavailable { group.cancelAll() }
            while inFlight > 0 { settle(await group.next()) }
            // Whoever is stopped while the last rows are on their way has lost them, though nothing more was to be read.
            if failure == nil, Task.isCancelled { failure = Self.interrupted }
            return failure.map { .failure($0) } ?? .success(())
        }
        try result.get()
    }

    private static let interrupted = Diagnostic(
        "interrupted; what is finished is kept",
        category: .interrupted,
        help: "`evalhost evaluate --resume latest` goes on from there."
    )

    /// Of two failures the one to tell: the earlier line of a file, and bad data rather than an interruption.
    private static func worse(_ first: Diagnostic?, _ second: Diagnostic) -> Diagnostic {
        guard let first else { return second }
        if first.location.file == second.location.file, let a = first.location.line, let b = second.location.line {
            return a <= b ? first : second
        }
        return first
    }
}
