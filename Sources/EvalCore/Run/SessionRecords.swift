// Sessions of a run as a store tells of them, and what is written about them.

public import EvalJSON

/// A session's place in a run: its name, and which repetition of the run's records it is.
///
/// Places are ordered by the bytes of the names, then by repetition, so that repetitions of a session are neighbours.
public struct SessionPlace: Sendable, Comparable {
    /// The session's name.
    public var session: String
    /// The repetition, from 0.
    public var repetition: Int

    /// Names a place.
    public init(session: String, repetition: Int = 0) {
        self.session = session
        self.repetition = repetition
    }

    /// Whether both are of one session; names are compared by their bytes, as stores do.
    public func isOfSameSession(as other: SessionPlace) -> Bool {
        session.utf8.elementsEqual(other.session.utf8)
    }

    /// Whether both are the same place.
    public static func == (left: SessionPlace, right: SessionPlace) -> Bool {
        left.repetition == right.repetition && left.isOfSameSession(as: right)
    }

    /// Whether `left` comes before `right`.
    public static func < (left: SessionPlace, right: SessionPlace) -> Bool {
        left.isOfSameSession(as: right)
            ? left.repetition < right.repetition : left.session.utf8.lexicographicallyPrecedes(right.session.utf8)
    }
}

/// A session whose rows are finished, with what was said of it so far.
public struct SessionMark: Sendable, Equatable {
    /// Which session.
    public var place: SessionPlace
    /// How many turns it has.
    public var turns: Int
    /// Whether the first turn's row has an error of its own.
    public var hasRowError: Bool
    /// The value of the run's cluster field in the first turn.
    public var cluster: String?
    /// The first turn that could not be predicted, from 0, and why.
    public var failure: Failure?
    /// What each session scorer said, by its place in the run; nil for those that have not judged, and for scorers of
    /// rows.
    public var verdicts: [Verdict?]

    /// A turn that has no answer.
    public struct Failure: Sendable, Equatable {
        /// The turn, from 0.
        public var turn: Int
        /// Why.
        public var error: ScorerError

        /// Names a turn.
        public init(turn: Int, error: ScorerError) {
            self.turn = turn
            self.error = error
        }
    }

    /// Makes a mark.
    public init(
        place: SessionPlace,
        turns: Int,
        hasRowError: Bool = false,
        cluster: String? = nil,
        failure: Failure? = nil,
        verdicts: [Verdict?]
    ) {
        self.place = place
        self.turns = turns
        self.hasRowError = hasRowError
        self.cluster = cluster
        self.failure = failure
        self.verdicts = verdicts
    }
}

/// What session scorers said of a session; it lands on the session's first trace.
public struct JudgedSession: Sendable {
    /// Which session.
    public var place: SessionPlace
    /// What scorers said, by their places in the run; nil leaves alone what one said before.
    public var verdicts: [Verdict?]

    /// Makes what is written about a session.
    public init(place: SessionPlace, verdicts: [Verdict?]) {
        self.place = place
        self.verdicts = verdicts
    }
}

/// The key under which feedback about a session names it, which is MLflow's.
public let sessionMetadataKey = "mlflow.trace.session"

extension Feedback {
    /// The feedback with its session in the metadata.
    public func about(session: String) -> Feedback {
        var copy = self
        let others = metadata?.members.map { (String($0.key), $0.value) }.filter { $0.0 != sessionMetadataKey } ?? []
        copy.metadata = .object(others + [(sessionMetadataKey, JSON(session))])
        return copy
    }
}

extension Verdict {
    /// The verdict whose feedbacks name their session.
    public func about(session: String) -> Verdict {
        switch self {
        case .feedback(let feedback): .feedback(feedback.about(session: session))
        case .feedbacks(let feedbacks): .feedbacks(feedbacks.map { $0.about(session: session) })
        case .skipped, .errored: self
        }
    }
}
