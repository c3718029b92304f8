// The statements of the hot path, each in several sizes. OR FAIL keeps SQLite from noting, for each statement, the pages
// that it would take to undo it alone: a statement that fails takes its whole transaction with it.

/// An insertion into one table, of as many rows as one of the sizes.
struct Insertion: Sendable {
    /// How many rows the statements insert, the largest first; the last is 1, so that any number can be put together.
    static let sizes = [64, 16, 4, 1]

    /// The statements, one of each size.
    let statements: [String]

    private init(_ head: String, row: String, tail: String = "") {
        statements = Self.sizes.map { head + Array(repeating: row, count: $0).joined(separator: ",") + tail }
    }

    static let traces = Insertion(
        """
        INSERT OR FAIL INTO traces (id, public_id, experiment, state, request_time, duration, session, tags, metadata, \
        format, spans) VALUES\u{20}
        """,
        row: "(?,?,?,?,?,?,?,?,?,?,?)",
        tail: " ON CONFLICT (public_id) DO NOTHING"
    )
    static let rows = Insertion(
        """
        INSERT OR FAIL INTO run_rows (id, run, ordinal, repeat, trace, has_error, record_id, record_digest, input_digest, \
        expectations, skipped, failure_code, failure_message, cluster, session, turn) VALUES\u{20}
        """,
        row: "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        tail: " ON CONFLICT (run, ordinal, repeat) DO NOTHING"
    )
    static let assessments = Insertion(
        """
        INSERT OR FAIL INTO assessments (trace, scorer, n, public_id, run, span, name, type, kind, value, rationale, \
        error_code, error_message, source, metadata, created, valid) VALUES\u{20}
        """,
        row: "(?,?,?,?,?,?,?,0,?,?,?,?,?,?,?,?,1)"
    )
}
