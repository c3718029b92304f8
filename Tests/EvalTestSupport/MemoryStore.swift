// A store in memory, for tests of what stands beside the store. The real stores are held to the same laws.

public import EvalCore
internal import EvalJSON
internal import Synchronization

/// Keeps runs in memory; can be told to fail.
public final class MemoryStore: RunStore {
    private struct Stored {
        var owner: RunOwner
        var rows: [RowPlace: FinishedRow] = [:]
        var summary: RunSummary?
    }
    private struct State {
        var runs: [PublicID: Stored] = [:]
        var commits: [Int] = []
        var failsAfterCommits: Int?
    }
    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// Makes every commit after the next `count` fail; nil lets all succeed.
    public func fail(afterCommits count: Int?) {
        state.withLock { $0.failsAfterCommits = count.map { extra in extra } }
    }

    /// The rows of a run by their ordinals.
    public func rows(of run: PublicID) -> [FinishedRow] {
        state.withLock { state in
            (state.runs[run]?.rows ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// How many rows each commit had.
    public var commits: [Int] { state.withLock { $0.commits } }

    /// What the run came to.
    public func summary(of run: PublicID) -> RunSummary? { state.withLock { $0.runs[run]?.summary } }

    /// Opens a run.
    public func begin(_ plan: RunPlan) async throws(Diagnostic) {
        state.withLock { $0.runs[plan.id] = Stored(owner: plan.owner) }
    }

    /// Takes a run over.
    public func reopen(_ run: PublicID, owner: RunOwner) async throws(Diagnostic) {
        let found = state.withLock { state in
            state.runs[run]?.owner = owner
            return state.runs[run] != nil
        }
        guard found else { throw Diagnostic("there is no such run") }
    }

    /// Keeps rows, unless it was told to fail.
    public func commit(_ rows: [FinishedRow], to run: PublicID) async throws(Diagnostic) {
        let fails = state.withLock { state in
            if let left = state.failsAfterCommits {
                if left == 0 { return true }
                state.failsAfterCommits = left - 1
            }
            state.commits.append(rows.count)
            for row in rows {
                state.runs[run]?.rows[RowPlace(ordinal: row.ordinal, repetition: row.repetition)] = row
            }
            return false
        }
        if fails { throw Diagnostic("the disk is full", category: .unavailable) }
    }

    /// Does nothing: nobody else can have the run.
    public func heartbeat(_ run: PublicID) async throws(Diagnostic) {}

    /// Closes a run.
    public func finish(_ run: PublicID, _ summary: RunSummary) async throws(Diagnostic) {
        state.withLock { $0.runs[run]?.summary = summary }
    }

    /// The finished rows at and after a place.
    public func finishedMarks(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [FinishedMark] {
        page(of: run, from: ordinal, limit: limit).map(mark)
    }

    /// The verdicts of finished rows at and after a place.
    public func finishedVerdicts(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [(mark: FinishedMark, verdicts: [Verdict])] {
        page(of: run, from: ordinal, limit: limit).map { (mark($0), $0.verdicts) }
    }

    /// The numbers at the ranks.
    public func orderedValues(
        of run: PublicID,
        scorer: Int,
        feedback: String?,
        ranks: [Int]
    ) async throws(Diagnostic) -> [Double] {
        let values = rows(of: run)
            .flatMap { $0.verdicts[scorer].values }
            .filter { $0.name == feedback }
            .compactMap(\.value.numeric)
            .sorted()
        return ranks.map { values[$0] }
    }

    /// The turns of a conversation before a row.
    public func turns(
        of session: String,
        in run: PublicID,
        before ordinal: Int,
        repetition: Int
    ) async throws(Diagnostic) -> [PredictRequest.Turn] {
        rows(of: run)
            .filter { $0.trace.sessionID == session && $0.ordinal < ordinal && $0.repetition == repetition }
            .map { .init(inputs: $0.trace.root?.inputs ?? [:], outputs: $0.trace.root?.outputs ?? .null) }
    }

    /// What the rows took.
    public func modelUsage(of run: PublicID) async throws(Diagnostic) -> ModelUsage {
        var usage = ModelUsage()
        for row in rows(of: run) { usage.add(row.trace) }
        return usage
    }

    private func page(of run: PublicID, from ordinal: Int, limit: Int) -> [FinishedRow] {
        let rows = rows(of: run).drop { $0.ordinal < ordinal }
        guard rows.count > limit, let last = rows.dropFirst(limit - 1).first else { return Array(rows) }
        return Array(rows.prefix { $0.ordinal <= last.ordinal })
    }

    private func mark(_ row: FinishedRow) -> FinishedMark {
        FinishedMark(
            ordinal: row.ordinal,
            repetition: row.repetition,
            recordDigest: row.recordDigest,
            hasError: row.hasError,
            cluster: row.cluster
        )
    }
}
