// Scorers that judge whole conversations: the loop calls them after all rows are finished, once for each session.

public import EvalJSON

/// A conversation: rows with one `session_id`, as they were stored.
public struct Session: Sendable {
    /// The session's own name.
    public let id: String
    /// The turns in the order of time.
    public let turns: [Row]
    /// Which repetition of its records it is, from 0.
    public var repetition: Int { turns.first?.repetition ?? 0 }

    /// Makes a session.
    public init(id: String, turns: [Row]) {
        self.id = id
        self.turns = turns
    }
}

/// Judges conversations.
///
/// Its descriptor's scope is ``ScorerScope/session``. It is called for several sessions at once, from any task, and it
/// never hangs: what it waits on has a deadline. An error is a verdict about its session.
public protocol SessionScorer: Scorer {
    /// Judges one session, which has a turn at least.
    func score(session: Session) async -> Verdict
}

extension SessionScorer {
    /// The loop never asks a session scorer about rows; whoever does gets an error for each.
    public func score(_ rows: [Row]) async -> [Verdict] {
        let error = ScorerError(code: "scorer_fault", message: "'\(descriptor.name)' judges sessions, not rows")
        return rows.map { _ in .errored(error) }
    }
}

extension ScorerInstance {
    /// Whether it judges sessions instead of rows.
    public var judgesSessions: Bool { scorer.descriptor.scope == .session }

    /// The verdict about a session under this instance's rules.
    public func verdict(about session: Session) async -> Verdict {
        guard let scorer = scorer as? any SessionScorer else {
            return .errored(ScorerError(code: "scorer_fault", message: "the scorer can't judge sessions"))
        }
        let bound: Session
        do throws(ScorerError) {
            bound = try session.bound(reads)
        } catch {
            return .errored(error)
        }
        switch await scorer.score(session: bound) {
        case .errored(let error) where onMissing == .skip && error.code == "missing_field":
            return .skipped(error.message)
        case .feedbacks(let feedbacks) where feedbacks.isEmpty:
            return .skipped("no values")
        case let verdict:
            return verdict
        }
    }
}

extension Session {
    /// The session with fields of its turns in the places where a scorer looks for them.
    fileprivate func bound(_ bindings: [FieldBinding]) throws(ScorerError) -> Session {
        if bindings.isEmpty { return self }
        return Session(id: id, turns: try turns.map { turn throws(ScorerError) in try turn.bound(bindings) })
    }
}

extension Row {
    /// A turn from what a store keeps of its row: the trace has the inputs, the outputs and the tags.
    ///
    /// - Parameters:
    ///   - session: The session's name.
    ///   - recordID: The person's own name of the row.
    ///   - expectations: Ground truth: an object.
    ///   - trace: What happened.
    ///   - repetition: Which repetition of its record it is, from 0.
    /// - Throws: What a record can't have.
    public init(
        turnOf session: String,
        recordID: Text?,
        expectations: JSON?,
        trace: Trace,
        repetition: Int = 0
    ) throws(Diagnostic) {
        let root = trace.root
        let inputs = root?.inputs ?? [:]
        var members: [(String, JSON)] = []
        if let recordID { members.append(("id", JSON(String(recordID)))) }
        // What is not an object still is what went in.
        members.append(("inputs", inputs.kind == .object ? inputs : ["input": inputs]))
        if let outputs = root?.outputs, !outputs.isNull { members.append(("outputs", outputs)) }
        if let expectations { members.append(("expectations", expectations)) }
        if let tags = trace.tags { members.append(("tags", tags)) }
        members.append(("session_id", JSON(session)))
        let record = try Record(row: .object(members))
        self.init(record: record, outputs: record.outputs, trace: trace, repetition: repetition)
    }
}
