// A store in memory, for tests of what stands beside the store. The real stores are held to the same laws.

public import EvalCore
internal import EvalJSON
internal import Synchronization

/// Keeps runs in memory; can be told to fail.
public final class MemoryStore: RunStore {
    /// A session and repetition by the bytes of the name: two strings that look alike are two names.
    private struct SessionKey: Hashable {
        let bytes: [UInt8]
        let repetition: Int

        init(_ place: SessionPlace) {
            bytes = Array(place.session.utf8)
            repetition = place.repetition
        }
    }
    private struct Stored {
        var owner: RunOwner
        var rows: [RowPlace: FinishedRow] = [:]
        var scorers: [ScorerInstance] = []
        var turns: [SessionKey: Set<RowPlace>] = [:]
        var summary: RunSummary?
    }
    private struct State {
        var runs: [PublicID: Stored] = [:]
        var commits: [Int] = []
        var sessionCommits: [Int] = []
        var markPages: [Int] = []
        var sessionsRead = 0
        var failsAfterCommits: Int?
        var failsAfterSessionCommits: Int?

        /// The turns of all sessions, those of a session together and in their order.
        func turns(of run: PublicID, at place: SessionPlace? = nil) -> [FinishedRow] {
            guard let stored = runs[run] else { return [] }
            let places = place.map { stored.turns[SessionKey($0)] ?? [] } ?? Set(stored.turns.values.joined())
            return places.compactMap { stored.rows[$0] }
                .sorted { left, right in
                    guard let first = left.sessionPlace, let second = right.sessionPlace else { return false }
                    if first != second { return first < second }
                    return (left.turnTime, left.ordinal) < (right.turnTime, right.ordinal)
                }
        }

        /// Removes what was said of a row's session.
        mutating func forgetSession(of row: FinishedRow, in run: PublicID) {
            let scorers = runs[run]?.scorers ?? []
            guard let session = row.sessionPlace, let first = turns(of: run, at: session).first else { return }
            let place = RowPlace(ordinal: first.ordinal, repetition: first.repetition)
            for (index, scorer) in scorers.enumerated() where scorer.judgesSessions {
                runs[run]?.rows[place]?.verdicts[index] = nil
            }
        }
    }
    private let state = Mutex(State())

    /// An empty store.
    public init() {}

    /// Makes every commit after the next `count` fail; nil lets all succeed.
    public func fail(afterCommits count: Int?) {
        state.withLock { $0.failsAfterCommits = count.map { extra in extra } }
    }

    /// Makes every commit of sessions after the next `count` fail; nil lets all succeed.
    public func fail(afterSessionCommits count: Int?) {
        state.withLock { $0.failsAfterSessionCommits = count }
    }

    /// The rows of a run by their ordinals.
    public func rows(of run: PublicID) -> [FinishedRow] {
        state.withLock { state in
            (state.runs[run]?.rows ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// How many rows each commit had.
    public var commits: [Int] { state.withLock { $0.commits } }

    /// How many sessions each commit had.
    public var sessionCommits: [Int] { state.withLock { $0.sessionCommits } }

    /// How many sessions each page of marks had.
    public var markPages: [Int] { state.withLock { $0.markPages } }

    /// How many sessions were read with their turns.
    public var sessionsRead: Int { state.withLock { $0.sessionsRead } }

    /// What the run came to.
    public func summary(of run: PublicID) -> RunSummary? { state.withLock { $0.runs[run]?.summary } }

    /// Opens a run.
    public func begin(_ plan: RunPlan) async throws(Diagnostic) {
        state.withLock { $0.runs[plan.id] = Stored(owner: plan.owner, scorers: plan.scorers) }
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
                let place = RowPlace(ordinal: row.ordinal, repetition: row.repetition)
                state.forgetSession(of: row, in: run)
                state.runs[run]?.rows[place] = row
                if let session = row.sessionPlace.map(SessionKey.init) {
                    state.runs[run]?.turns[session, default: []].insert(place)
                }
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
        let scorers = scorers(of: run)
        return page(of: run, from: ordinal, limit: limit).map { mark($0, scorers) }
    }

    /// The verdicts of finished rows at and after a place.
    public func finishedVerdicts(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [(mark: FinishedMark, verdicts: [Verdict?])] {
        let scorers = scorers(of: run)
        return page(of: run, from: ordinal, limit: limit).map { (mark($0, scorers), $0.verdicts) }
    }

    /// The numbers at the ranks.
    public func orderedValues(
        of run: PublicID,
        scorer: Int,
        feedback: String?,
        ranks: [Int]
    ) async throws(Diagnostic) -> [Double] {
        let values = rows(of: run)
            .flatMap { $0.verdicts[scorer]?.values ?? [] }
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
            .filter { $0.sessionID == session && $0.ordinal < ordinal && $0.repetition == repetition }
            .map { .init(inputs: $0.trace.root?.inputs ?? [:], outputs: $0.trace.root?.outputs ?? .null) }
    }

    /// What the rows took.
    public func modelUsage(of run: PublicID) async throws(Diagnostic) -> ModelUsage {
        var usage = ModelUsage()
        for row in rows(of: run) { usage.add(row.trace) }
        return usage
    }

    /// No judge's reply is kept here.
    public func judgeUsage(of run: PublicID) async throws(Diagnostic) -> JudgeUsage? { nil }

    /// The sessions after a place.
    public func sessionMarks(
        of run: PublicID,
        after place: SessionPlace?,
        limit: Int
    ) async throws(Diagnostic) -> [SessionMark] {
        let scorers = scorers(of: run)
        var marks: [SessionMark] = []
        for row in state.withLock({ $0.turns(of: run) }) {
            guard let own = row.sessionPlace else { continue }
            if let place, own <= place { continue }
            if marks.last?.place != own {
                if marks.count == limit { break }
                let verdicts = zip(row.verdicts, scorers).map { $1.judgesSessions ? $0 : nil }
                let mark = mark(row, scorers)
                marks.append(
                    SessionMark(
                        place: own,
                        turns: 0,
                        hasRowError: mark.hasError,
                        cluster: mark.cluster,
                        verdicts: verdicts
                    )
                )
            }
            let last = marks.count - 1
            if marks[last].failure == nil, let failure = row.failure {
                marks[last].failure = SessionMark.Failure(turn: marks[last].turns, error: failure)
            }
            marks[last].turns += 1
        }
        state.withLock { [count = marks.count] in $0.markPages.append(count) }
        return marks
    }

    /// A session with its turns.
    public func session(at place: SessionPlace, of run: PublicID) async throws(Diagnostic) -> Session {
        let rows = state.withLock { state in
            state.sessionsRead += 1
            return state.turns(of: run, at: place)
        }
        var turns: [Row] = []
        for row in rows {
            turns.append(
                try Row(
                    turnOf: place.session,
                    recordID: row.recordID,
                    expectations: row.expectations,
                    trace: row.trace
                )
            )
        }
        return Session(id: place.session, turns: turns)
    }

    /// Keeps what was said of sessions, unless it was told to fail.
    public func commit(_ sessions: [JudgedSession], to run: PublicID) async throws(Diagnostic) {
        let fails = state.withLock { state in
            if let left = state.failsAfterSessionCommits {
                if left == 0 { return true }
                state.failsAfterSessionCommits = left - 1
            }
            state.sessionCommits.append(sessions.count)
            for session in sessions {
                guard var first = state.turns(of: run, at: session.place).first else {
                    preconditionFailure("a session that was judged has a turn")
                }
                for (index, verdict) in session.verdicts.enumerated() {
                    if let verdict { first.verdicts[index] = verdict.about(session: session.place.session) }
                }
                state.runs[run]?.rows[RowPlace(ordinal: first.ordinal, repetition: first.repetition)] = first
            }
            return false
        }
        if fails { throw Diagnostic("the disk is full", category: .unavailable) }
    }

    private func scorers(of run: PublicID) -> [ScorerInstance] { state.withLock { $0.runs[run]?.scorers ?? [] } }

    private func page(of run: PublicID, from ordinal: Int, limit: Int) -> [FinishedRow] {
        let rows = rows(of: run).drop { $0.ordinal < ordinal }
        guard rows.count > limit, let last = rows.dropFirst(limit - 1).first else { return Array(rows) }
        return Array(rows.prefix { $0.ordinal <= last.ordinal })
    }

    private func mark(_ row: FinishedRow, _ scorers: [ScorerInstance]) -> FinishedMark {
        var own = row
        own.verdicts = zip(row.verdicts, scorers).map { $1.judgesSessions ? nil : $0 }
        return FinishedMark(
            ordinal: row.ordinal,
            repetition: row.repetition,
            recordDigest: row.recordDigest,
            hasError: own.hasError,
            cluster: row.cluster
        )
    }
}

extension FinishedRow {
    /// The session that the row is a turn of, and in which repetition.
    fileprivate var sessionPlace: SessionPlace? {
        sessionID.map { SessionPlace(session: $0, repetition: repetition) }
    }
}
