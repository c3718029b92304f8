// What the loop needs of a store. It never learns which one it is.

public import EvalJSON

/// A row that is complete: its trace and what every scorer said of it.
///
/// It is stored in one transaction or not at all.
public struct FinishedRow: Sendable {
    /// The place of the record in its source, from 0.
    public var ordinal: Int
    /// Which repetition of the record this is, from 0.
    public var repetition: Int
    /// The person's own name of the row.
    public var recordID: Text?
    /// SHA-256 of the record's canonical JSON.
    public var recordDigest: Digest
    /// SHA-256 of its inputs' canonical JSON.
    public var inputDigest: Digest
    /// Ground truth: an object.
    public var expectations: JSON?
    /// What happened.
    public var trace: Trace
    /// What each scorer said, in the order of the run's scorers; empty if the row could not be read.
    ///
    /// A scorer of sessions says nothing, which is nil, but of a session's first row once it has judged the session.
    public var verdicts: [Verdict?]
    /// Why the row could not be read or predicted.
    public var failure: ScorerError?
    /// The value of the run's cluster field in this record, as text; nil where the run has none.
    public var cluster: String?
    /// The session that the row is a turn of.
    public var sessionID: String?
    /// The time that orders the turns of a session, in milliseconds since 1970; 0 where rows are in order by themselves.
    public var turnTime: Int64

    /// Makes a finished row; without a session of its own it is a turn of its trace's.
    public init(
        ordinal: Int,
        repetition: Int = 0,
        recordID: Text? = nil,
        recordDigest: Digest,
        inputDigest: Digest,
        expectations: JSON?,
        trace: Trace,
        verdicts: [Verdict?],
        failure: ScorerError? = nil,
        cluster: String? = nil,
        sessionID: String? = nil,
        turnTime: Int64 = 0
    ) {
        self.ordinal = ordinal
        self.repetition = repetition
        self.recordID = recordID
        self.recordDigest = recordDigest
        self.inputDigest = inputDigest
        self.expectations = expectations
        self.trace = trace
        self.verdicts = verdicts
        self.failure = failure
        self.cluster = cluster
        self.sessionID = sessionID ?? trace.sessionID
        self.turnTime = turnTime
    }

    /// Whether the row counts among the run's errors.
    public var hasError: Bool {
        failure != nil
            || verdicts.contains {
                if case .errored = $0 { true } else { false }
            }
    }
}

/// A row that an earlier part of a run finished.
public struct FinishedMark: Sendable, Equatable {
    /// The place of the record in its source.
    public var ordinal: Int
    /// The repetition.
    public var repetition: Int
    /// The record as it was then.
    public var recordDigest: Digest
    /// Whether it has an error of its own; that of a session is none of its first row.
    public var hasError: Bool
    /// The value of the run's cluster field, where it has one.
    public var cluster: String?

    /// Makes a mark.
    public init(ordinal: Int, repetition: Int, recordDigest: Digest, hasError: Bool, cluster: String? = nil) {
        self.ordinal = ordinal
        self.repetition = repetition
        self.recordDigest = recordDigest
        self.hasError = hasError
        self.cluster = cluster
    }
}

/// Keeps runs while they go.
///
/// Every call is durable when it returns. Errors are of the category `unavailable` when the store can't be used.
public protocol RunStore: Sendable {
    /// Opens a run that begins.
    func begin(_ plan: RunPlan) async throws(Diagnostic)

    /// Takes an interrupted run over for `owner`.
    func reopen(_ run: PublicID, owner: RunOwner) async throws(Diagnostic)

    /// Writes rows: all of them, or none when it throws.
    ///
    /// A row whose ordinal and repetition are there already replaces the verdicts of the old one, which is how errors
    /// are tried again. What was said of the row's session before is gone.
    func commit(_ rows: [FinishedRow], to run: PublicID) async throws(Diagnostic)

    /// Says that the owner lives.
    func heartbeat(_ run: PublicID) async throws(Diagnostic)

    /// Closes a run.
    func finish(_ run: PublicID, _ summary: RunSummary) async throws(Diagnostic)

    /// The finished rows at and after a place, in their order.
    ///
    /// A page never splits the repetitions of a record; so it may be longer than `limit`.
    func finishedMarks(of run: PublicID, from ordinal: Int, limit: Int) async throws(Diagnostic) -> [FinishedMark]

    /// What the scorers said of finished rows, in the order of the run's scorers, a page at a time.
    ///
    /// - Returns: The verdicts by ordinal and repetition at and after the place.
    func finishedVerdicts(
        of run: PublicID,
        from ordinal: Int,
        limit: Int
    ) async throws(Diagnostic) -> [(mark: FinishedMark, verdicts: [Verdict?])]

    /// The sessions of a run's finished rows after a place, in the order of their places.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - place: The last session that is not wanted; nil to begin.
    ///   - limit: The most sessions that are wanted.
    /// - Returns: The sessions with what was said of them; none after the last one.
    /// - Throws: Why the store can't be read.
    func sessionMarks(
        of run: PublicID,
        after place: SessionPlace?,
        limit: Int
    ) async throws(Diagnostic) -> [SessionMark]

    /// A session with all its turns in the order of their times, then of the source.
    func session(at place: SessionPlace, of run: PublicID) async throws(Diagnostic) -> Session

    /// Writes what was said of sessions onto their first traces: all of it, or nothing when it throws.
    ///
    /// Every feedback gets the session's name in its metadata. What the same scorers said before is gone.
    func commit(_ sessions: [JudgedSession], to run: PublicID) async throws(Diagnostic)

    /// What the finished rows of a run took of their models.
    func modelUsage(of run: PublicID) async throws(Diagnostic) -> ModelUsage

    /// What the judges of a run took of their models; nil where it asked none.
    func judgeUsage(of run: PublicID) async throws(Diagnostic) -> JudgeUsage?

    /// The finished turns of a conversation before a row, in their order.
    ///
    /// - Parameters:
    ///   - session: The conversation.
    ///   - run: The run.
    ///   - ordinal: The row whose history is wanted.
    ///   - repetition: Which repetition of the conversation.
    /// - Returns: What was asked and answered; the outputs of a row that failed are null.
    /// - Throws: Why the store can't be read.
    func turns(
        of session: String,
        in run: PublicID,
        before ordinal: Int,
        repetition: Int
    ) async throws(Diagnostic) -> [PredictRequest.Turn]

    /// The numbers of one feedback of a run in ascending order, at the given ranks.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - scorer: The scorer's place in the run.
    ///   - feedback: Which of its feedbacks; nil for its own one.
    ///   - ranks: Places in the order, from 0.
    /// - Returns: The numbers at the ranks.
    /// - Throws: Why the store can't be read.
    func orderedValues(
        of run: PublicID,
        scorer: Int,
        feedback: String?,
        ranks: [Int]
    ) async throws(Diagnostic) -> [Double]
}
