// The hot path: a trace, its link to the run and what the scorers said, five insertions for a row with three scorers.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// Writes the rows of one transaction.
struct CommitWriter {
    /// The statements of the hot path, for whoever measures them without us.
    static let insertTrace = """
        INSERT INTO traces (public_id, experiment, state, request_time, duration, session, tags, metadata, format, spans) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (public_id) DO NOTHING
        """
    static let insertRow = """
        INSERT INTO run_rows (run, ordinal, repeat, trace, has_error, record_id, record_digest, input_digest, \
        expectations, skipped, failure_code, failure_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (run, ordinal, repeat) DO NOTHING
        """
    static let insertAssessment = """
        INSERT INTO assessments (trace, scorer, n, public_id, run, span, name, type, kind, value, rationale, error_code, \
        error_message, source, metadata, created, valid) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 1)
        """
    static let updateRow = """
        UPDATE run_rows SET trace = ?4, has_error = ?5, record_id = ?6, record_digest = ?7, input_digest = ?8, \
        expectations = ?9, skipped = ?10, failure_code = ?11, failure_message = ?12 \
        WHERE run = ?1 AND ordinal = ?2 AND repeat = ?3
        """

    private let db: Database
    private let context: RunContext
    private let now: Int64
    private let traces: HotStatement
    private let links: HotStatement
    private let assessments: HotStatement
    private var bytes = BoundBytes()
    /// The row ids of the names of further feedbacks, which are few.
    private var names: [String: Int64] = [:]
    /// What the run's counters grow by.
    private(set) var addedRows = 0
    private(set) var addedErrors = 0

    init(_ db: Database, _ context: RunContext, now: Int64) throws {
        self.db = db
        self.context = context
        self.now = now
        traces = try HotStatement(db, Self.insertTrace)
        links = try HotStatement(db, Self.insertRow)
        assessments = try HotStatement(db, Self.insertAssessment)
    }

    /// Writes a row.
    mutating func write(_ row: FinishedRow) throws {
        precondition(
            row.verdicts.isEmpty || row.verdicts.count == context.scorers.count,
            "a row has a verdict of each scorer of its run, or none"
        )
        let trace = try write(row.trace)
        try link(row, to: trace)
        for (position, verdict) in row.verdicts.enumerated() {
            try write(verdict, of: context.scorers[position], trace: trace, repetition: row.repetition)
        }
    }

    /// Drops what the statements point to.
    func finish() {
        traces.clear()
        links.clear()
        assessments.clear()
    }

    /// Writes a trace, or finds the one that is there: feedback on existing traces lands on them.
    private mutating func write(_ trace: Trace) throws -> Int64 {
        traces.bind(1, trace.id, &bytes)
        traces.bind(2, context.experiment)
        traces.bind(3, trace.state.code)
        traces.bind(4, trace.requestTimeMilliseconds)
        traces.bind(5, trace.durationMilliseconds)
        traces.bind(6, trace.sessionID, &bytes)
        traces.bind(7, trace.tags, &bytes)
        traces.bind(8, trace.metadata, &bytes)
        traces.bind(9, SpanCoding.format)
        traces.bind(10, trace.spans, &bytes)
        if try traces.run(&bytes) { return traces.insertedRow }
        var found: Int64?
        try Query(db, "SELECT id FROM traces WHERE public_id = ?")
            .rows(.id(trace.id)) {
                found = $0.int64(0)
                return false
            }
        guard let found else { throw Damage("a trace is in the index and not in its table") }
        return found
    }

    private mutating func link(_ row: FinishedRow, to trace: Int64) throws {
        let hasError = row.hasError
        bindLink(links, row, trace: trace, hasError: hasError)
        if try links.run(&bytes) {
            if row.repetition == 0 { addedRows += 1 }
            if hasError { addedErrors += 1 }
        } else {
            try replace(row, trace: trace, hasError: hasError)
        }
    }

    private mutating func bindLink(_ statement: HotStatement, _ row: FinishedRow, trace: Int64, hasError: Bool) {
        statement.bind(1, context.run)
        statement.bind(2, row.ordinal)
        statement.bind(3, row.repetition)
        statement.bind(4, trace)
        statement.bind(5, hasError ? 1 : 0)
        statement.bind(6, row.recordID, &bytes)
        statement.bind(7, row.recordDigest, &bytes)
        statement.bind(8, row.inputDigest, &bytes)
        statement.bind(9, row.expectations, &bytes)
        statement.bindSkipped(10, row.verdicts, &bytes)
        statement.bind(11, row.failure?.code, &bytes)
        statement.bind(12, row.failure?.message, &bytes)
    }

    /// A row that is tried again: the old trace stays in the experiment, without this run's verdicts on it.
    private mutating func replace(_ row: FinishedRow, trace: Int64, hasError: Bool) throws {
        var old: (trace: Int64, hadError: Bool)?
        let sql = "SELECT trace, has_error FROM run_rows WHERE run = ? AND ordinal = ? AND repeat = ?"
        try Query(db, sql)
            .rows(.integer(context.run), .int(row.ordinal), .int(row.repetition)) {
                old = ($0.int64(0), $0.int64(1) != 0)
                return false
            }
        guard let old else { throw Damage("a row is in the index and not in its table") }
        let first = RunContext.firstNumber(of: row.repetition)
        let delete = "DELETE FROM assessments WHERE trace = ? AND scorer BETWEEN ? AND ? AND n >= ? AND n < ?"
        try Query(db, delete)
            .rows(
                .integer(old.trace),
                .integer(context.scorerRange.lowerBound),
                .integer(context.scorerRange.upperBound),
                .integer(first),
                .integer(RunContext.firstNumber(of: row.repetition + 1))
            ) { _ in true }
        let update = try HotStatement(db, Self.updateRow)
        bindLink(update, row, trace: trace, hasError: hasError)
        try update.run(&bytes)
        update.clear()
        addedErrors += (hasError ? 1 : 0) - (old.hadError ? 1 : 0)
    }

    private mutating func write(
        _ verdict: Verdict,
        of scorer: RunContext.Scorer,
        trace: Int64,
        repetition: Int
    ) throws {
        let first = RunContext.firstNumber(of: repetition)
        switch verdict {
        case .feedback(let feedback):
            try write(feedback, of: scorer, trace: trace, number: first)
        case .feedbacks(let feedbacks):
            precondition(feedbacks.count < 1 << RunContext.numberBits, "more feedbacks than a row may have")
            for (position, feedback) in feedbacks.enumerated() {
                try write(feedback, of: scorer, trace: trace, number: first + Int64(position))
            }
        case .errored(let error):
            bindKey(scorer, trace: trace, number: first, name: scorer.nameID)
            assessments.bindNull(6)
            assessments.bind(8, ValueKind.absent.rawValue)
            assessments.bindNull(9)
            assessments.bindNull(10)
            assessments.bind(11, error.code, &bytes)
            assessments.bind(12, error.message, &bytes)
            assessments.bindNull(14)
            try assessments.run(&bytes)
        case .skipped:
            // It is in the row's link: nothing was said of the trace.
            break
        }
    }

    private mutating func write(
        _ feedback: Feedback,
        of scorer: RunContext.Scorer,
        trace: Int64,
        number: Int64
    ) throws {
        bindKey(scorer, trace: trace, number: number, name: try nameID(of: feedback, of: scorer))
        assessments.bind(6, feedback.spanID.map { Int64(bitPattern: $0) })
        assessments.bind(kind: 8, value: 9, feedback.value, &bytes)
        assessments.bind(10, feedback.rationale, &bytes)
        assessments.bindNull(11)
        assessments.bindNull(12)
        assessments.bind(14, feedback.metadata, &bytes)
        try assessments.run(&bytes)
    }

    private mutating func bindKey(_ scorer: RunContext.Scorer, trace: Int64, number: Int64, name: Int64) {
        assessments.bind(1, trace)
        assessments.bind(2, scorer.id)
        assessments.bind(3, number)
        assessments.bind(4, PublicID.make(), &bytes)
        assessments.bind(5, context.run)
        assessments.bind(7, name)
        assessments.bind(13, scorer.sourceID)
        assessments.bind(15, now)
    }

    private mutating func nameID(of feedback: Feedback, of scorer: RunContext.Scorer) throws -> Int64 {
        guard let own = feedback.name else { return scorer.nameID }
        let name = "\(scorer.name)/\(own)"
        if let known = names[name] { return known }
        let id = try Interning.name(db, name)
        names[name] = id
        return id
    }
}

extension HotStatement {
    /// Binds the block of a trace's spans.
    fileprivate func bind(_ column: Int32, _ spans: [Span], _ bytes: inout BoundBytes) {
        let start = bytes.writer.bytes.count
        SpanCoding.write(spans, to: &bytes.writer)
        bytes.add(column, from: start, isText: true)
    }

    /// Binds the skipped verdicts: an object of reasons by the scorer's place, or NULL if none was skipped.
    fileprivate func bindSkipped(_ column: Int32, _ verdicts: [Verdict], _ bytes: inout BoundBytes) {
        let start = bytes.writer.bytes.count
        for (position, verdict) in verdicts.enumerated() {
            let reason: String
            switch verdict {
            case .skipped(let why): reason = why
            case .feedbacks(let feedbacks) where feedbacks.isEmpty: reason = SkippedVerdicts.noValues
            default: continue
            }
            bytes.writer.raw(bytes.writer.bytes.count == start ? #"{""# : #",""#)
            bytes.writer.write(Int64(position))
            bytes.writer.raw("\":")
            bytes.writer.write(reason)
        }
        guard bytes.writer.bytes.count > start else { return bindNull(column) }
        bytes.writer.raw("}")
        bytes.add(column, from: start, isText: true)
    }
}

enum SkippedVerdicts {
    /// The reason of a verdict that has no value.
    static let noValues = "no values"
}
