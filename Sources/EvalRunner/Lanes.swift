// Much work at once with a bound, and one failure of it all: what rows and sessions have in common on their way.

internal import EvalCore

/// Runs work with a bound on how much is on its way, and counts what it adds to the run.
struct Lanes: Sendable {
    let ledger: Ledger
    let progress: RunProgress
    let options: Evaluation.Options
    /// Told that the run ends early, so that nothing waits for more.
    let hurry: @Sendable () async -> Void

    typealias Work = @Sendable () async throws(Diagnostic) -> LedgerPart

    /// Runs what `feed` starts, `width` at once, until `feed` returns or something fails.
    ///
    /// - Parameters:
    ///   - width: How much may be on its way.
    ///   - feed: Starts work, which waits while there is too much; it is told when nothing more is wanted.
    /// - Throws: The failure that the person should hear of.
    func flow(
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
                    if failure == nil, options.isOver { failure = Self.interrupted }
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
                if failure == nil, options.isOver { failure = Self.interrupted }
            } catch {
                failure = Self.worse(failure, error)
            }
            if failure != nil { await hurry() }
            // Where nothing can be kept any more, nothing is worth waiting for.
            if failure?.category == .unavailable { group.cancelAll() }
            while inFlight > 0 { settle(await group.next()) }
            // Whoever is stopped while the last rows are on their way has lost them, though nothing more was to be read.
            if failure == nil, options.isOver { failure = Self.interrupted }
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
