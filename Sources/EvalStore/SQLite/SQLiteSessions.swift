// Sessions of a run: which there are, their turns, and what is said of them. All of it goes by the index of sessions.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The sessions of a run's finished rows after a place, in the order of their places.
    public func sessionMarks(
        of run: PublicID,
        after place: SessionPlace?,
        limit: Int
    ) async throws(Diagnostic) -> [SessionMark] {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            let reader = try VerdictReader(db, context)
            var marks: [SessionMark] = []
            // Before the first session there is an empty name without a repetition.
            try Query(db, Self.turnsOfSessions)
                .rows(.integer(context.run), .text(place?.session ?? ""), .int(place?.repetition ?? -1)) { row in
                    let place = SessionPlace(session: row.text(0), repetition: row.int(1))
                    if marks.last?.place != place {
                        if marks.count >= limit { return false }
                        let verdicts = try reader.sessionVerdicts(
                            trace: row.int64(6),
                            repetition: place.repetition,
                            skipped: row.json(7)
                        )
                        marks.append(
                            SessionMark(
                                place: place,
                                turns: 0,
                                hasRowError: row.int64(2) & RowErrors.own != 0,
                                cluster: row.optionalText(3),
                                verdicts: verdicts
                            )
                        )
                    }
                    let last = marks.count - 1
                    if marks[last].failure == nil, let code = row.optionalText(4) {
                        let error = ScorerError(code: code, message: row.text(5))
                        marks[last].failure = SessionMark.Failure(turn: marks[last].turns, error: error)
                    }
                    marks[last].turns += 1
                    return true
                }
            return marks
        }
    }

    /// A session with all its turns in the order of their times, then of the source.
    public func session(at place: SessionPlace, of run: PublicID) async throws(Diagnostic) -> Session {
        let fault = fault
        return try await read { db in
            let context = try RunContext(db, run, fault)
            var turns: [EvalCore.Row] = []
            try Query(db, Self.turnsOfSession)
                .rows(.integer(context.run), .text(place.session), .int(place.repetition)) { row in
                    turns.append(
                        try EvalCore.Row(
                            turnOf: place.session,
                            recordID: row.optionalText(11).map { Text($0) },
                            expectations: row.json(12),
                            trace: Trace(row, db),
                            repetition: place.repetition
                        )
                    )
                    return true
                }
            return Session(id: place.session, turns: turns)
        }
    }

    /// All turns of a run after a session, those of a session together and in their order.
    package static let turnsOfSessions = """
        SELECT session, repeat, has_error, cluster, failure_code, failure_message, trace, skipped
        FROM run_rows INDEXED BY run_rows_by_session
        WHERE run = ? AND session IS NOT NULL AND (session, repeat) > (?, ?)
        ORDER BY session, repeat, turn, ordinal
        """

    /// The turns of one session with their traces.
    package static let turnsOfSession = """
        SELECT \(traceColumns), r.record_id, r.expectations
        FROM run_rows r INDEXED BY run_rows_by_session CROSS JOIN traces t ON t.id = r.trace
        WHERE r.run = ? AND r.session = ? AND r.repeat = ? ORDER BY r.turn, r.ordinal
        """

    /// Writes what was said of sessions onto their first traces: all of it, or nothing when it throws.
    public func commit(_ sessions: [JudgedSession], to run: PublicID) async throws(Diagnostic) {
        if sessions.isEmpty { return }
        let now = options.now()
        let fault = fault
        try await write { db in
            let context = try RunContext(db, run, fault)
            let writer = SessionWriter(db, context, now: now)
            var errors = 0
            for session in sessions { errors += try writer.write(session) }
            try Query(db, "UPDATE runs SET errors = errors + ?, heartbeat = ? WHERE id = ?")
                .rows(.int(errors), .integer(now), .integer(context.run)) { _ in true }
        }
    }
}
