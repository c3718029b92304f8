// What was said of sessions, on their first traces. There are far fewer sessions than rows, so that statements are bound one
// by one.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// What `run_rows.has_error` counts, a bit each: only the row's own error makes it be done again.
enum RowErrors {
    /// The row could not be read, predicted or scored.
    static let own: Int64 = 1
    /// It is the first of a session that could not be scored.
    static let session: Int64 = 2
}

/// Writes and removes the verdicts of one run's session scorers.
struct SessionWriter {
    private static let turnsOfSession = """
        run_rows INDEXED BY run_rows_by_session WHERE run = ?1 AND session = ?2 AND repeat = ?3
        """

    private let db: Database
    private let context: RunContext
    private let now: Int64

    init(_ db: Database, _ context: RunContext, now: Int64) {
        self.db = db
        self.context = context
        self.now = now
    }

    private struct FirstTurn {
        var row: Int64
        var trace: Int64
        var errors: Int64
        var skipped: JSON?
    }

    /// Writes what was said of a session.
    ///
    /// - Returns: By how many the run's rows with an error grow.
    func write(_ judged: JudgedSession) throws -> Int {
        precondition(judged.verdicts.count == context.scorers.count, "a session has a place for each scorer of its run")
        guard let first = try firstTurn(judged.place) else { throw Damage("a session that was judged has no turn") }
        var skipped = first.skipped?.members.map { (String($0.key), $0.value) } ?? []
        for (position, verdict) in judged.verdicts.enumerated() {
            guard let verdict else { continue }
            let scorer = context.scorers[position]
            precondition(scorer.judgesSessions, "a scorer of rows says nothing of sessions")
            try remove(scorer, from: first.trace, judged.place)
            skipped.removeAll { $0.0 == String(position) }
            switch verdict.about(session: judged.place.session) {
            case .feedback(let feedback): try insert([feedback], of: scorer, on: first.trace, judged.place)
            case .feedbacks(let feedbacks) where feedbacks.isEmpty:
                skipped.append((String(position), JSON(SkippedVerdicts.noValues)))
            case .feedbacks(let feedbacks): try insert(feedbacks, of: scorer, on: first.trace, judged.place)
            case .skipped(let reason): skipped.append((String(position), JSON(reason)))
            case .errored(let error): try insert(error, of: scorer, on: first.trace, judged.place)
            }
        }
        let errors = first.errors & RowErrors.own | (try hasError(first.trace, judged.place) ? RowErrors.session : 0)
        try Query(db, "UPDATE run_rows SET skipped = ?, has_error = ? WHERE id = ?")
            .rows(
                skipped.isEmpty ? .null : .text(JSON.object(skipped).serialized),
                .integer(errors),
                .integer(first.row)
            ) { _ in true }
        return (errors != 0 ? 1 : 0) - (first.errors != 0 ? 1 : 0)
    }

    /// Removes what was said of a session, which gets a row, or gets one anew.
    ///
    /// - Returns: By how many the run's rows with an error shrink.
    func forget(_ place: SessionPlace) throws -> Int {
        guard let first = try firstTurn(place) else { return 0 }
        let all = first.skipped?.members.map { (String($0.key), $0.value) } ?? []
        let kept = all.filter { key, _ in !(Int(key).map { context.scorers[$0].judgesSessions } ?? false) }
        let judged = try context.sessionScorers.filter { try exists($0, on: first.trace, place) }
        // Nearly always there is nothing: the rows come before anybody judges their sessions.
        guard !judged.isEmpty || kept.count < all.count else { return 0 }
        for scorer in judged { try remove(scorer, from: first.trace, place) }
        try Query(db, "UPDATE run_rows SET skipped = ?, has_error = ? WHERE id = ?")
            .rows(
                kept.isEmpty ? .null : .text(JSON.object(kept).serialized),
                .integer(first.errors & RowErrors.own),
                .integer(first.row)
            ) { _ in true }
        return first.errors == RowErrors.session ? 1 : 0
    }

    private func firstTurn(_ place: SessionPlace) throws -> FirstTurn? {
        var first: FirstTurn?
        let sql = "SELECT id, trace, has_error, skipped FROM \(Self.turnsOfSession) ORDER BY turn, ordinal LIMIT 1"
        try Query(db, sql)
            .rows(.integer(context.run), .text(place.session), .int(place.repetition)) {
                first = FirstTurn(row: $0.int64(0), trace: $0.int64(1), errors: $0.int64(2), skipped: try $0.json(3))
                return false
            }
        return first
    }

    private func hasError(_ trace: Int64, _ place: SessionPlace) throws -> Bool {
        try context.sessionScorers.contains { try exists($0, on: trace, place, " AND error_code IS NOT NULL") }
    }

    private func exists(
        _ scorer: RunContext.Scorer,
        on trace: Int64,
        _ place: SessionPlace,
        _ condition: String = ""
    ) throws -> Bool {
        var found = false
        try Query(db, "SELECT 1 FROM assessments WHERE \(Self.ofScorer)\(condition) LIMIT 1")
            .rows(key(scorer, trace, place)) { _ in
                found = true
                return false
            }
        return found
    }

    private static let ofScorer = "trace = ? AND scorer = ? AND n >= ? AND n < ?"

    private func key(_ scorer: RunContext.Scorer, _ trace: Int64, _ place: SessionPlace) -> [Query.Argument] {
        [
            .integer(trace), .integer(scorer.id), .integer(RunContext.firstNumber(of: place.repetition)),
            .integer(RunContext.firstNumber(of: place.repetition + 1)),
        ]
    }

    private func remove(_ scorer: RunContext.Scorer, from trace: Int64, _ place: SessionPlace) throws {
        try Query(db, "DELETE FROM assessments WHERE \(Self.ofScorer)").rows(key(scorer, trace, place)) { _ in true }
    }

    private func insert(
        _ feedbacks: [Feedback],
        of scorer: RunContext.Scorer,
        on trace: Int64,
        _ place: SessionPlace
    ) throws {
        precondition(feedbacks.count < 1 << RunContext.numberBits, "more feedbacks than a session may have")
        for (position, feedback) in feedbacks.enumerated() {
            let (kind, value) = Self.cell(feedback.value)
            let name = try feedback.name.map { try Interning.name(db, "\(scorer.name)/\($0)") } ?? scorer.nameID
            try insert(
                [
                    .integer(trace), .integer(scorer.id),
                    .integer(RunContext.firstNumber(of: place.repetition) + Int64(position)),
                    .id(.make()), .integer(context.run),
                    feedback.spanID.map { .integer(Int64(bitPattern: $0)) } ?? .null, .integer(name),
                    .int(kind.rawValue),
                    value, .optional(feedback.rationale), .null, .null, .integer(scorer.sourceID),
                    .optional(feedback.metadata?.serialized), .integer(now),
                ]
            )
        }
    }

    private func insert(
        _ error: ScorerError,
        of scorer: RunContext.Scorer,
        on trace: Int64,
        _ place: SessionPlace
    ) throws {
        let metadata: JSON = [sessionMetadataKey: JSON(place.session)]
        try insert(
            [
                .integer(trace), .integer(scorer.id), .integer(RunContext.firstNumber(of: place.repetition)),
                .id(.make()), .integer(context.run), .null, .integer(scorer.nameID), .int(ValueKind.absent.rawValue),
                .null, .null, .text(error.code), .text(error.message), .integer(scorer.sourceID),
                .text(metadata.serialized), .integer(now),
            ]
        )
    }

    private func insert(_ arguments: [Query.Argument]) throws {
        let sql = """
            INSERT INTO assessments (trace, scorer, n, public_id, run, span, name, type, kind, value, rationale,
                error_code, error_message, source, metadata, created, valid)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """
        try Query(db, sql).rows(arguments) { _ in true }
    }

    private static func cell(_ value: FeedbackValue) -> (ValueKind, Query.Argument) {
        switch value {
        case .boolean(let value): (.boolean, .integer(value ? 1 : 0))
        case .integer(let value): (.integer, .integer(value))
        case .number(let value): (.number, .number(value))
        case .text(let value): (.text, .text(value))
        case .json(let value): (.json, .text(value.serialized))
        }
    }
}
