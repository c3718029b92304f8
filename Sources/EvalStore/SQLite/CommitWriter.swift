// The hot path: a trace, its link to the run and what the scorers said, five insertions for a row with three scorers.
// Rows are written by the chunk, a few statements for all of them; a chunk with rows that are there already is taken
// row by row.

internal import EvalCore
internal import GRDB

/// Writes the rows of one transaction.
struct CommitWriter {
    private static let updateRow = """
        UPDATE run_rows SET trace = ?4, has_error = ?5, record_id = ?6, record_digest = ?7, input_digest = ?8, \
        expectations = ?9, skipped = ?10, failure_code = ?11, failure_message = ?12, cluster = ?13, session = ?14, turn = ?15 \
        WHERE run = ?1 AND ordinal = ?2 AND repeat = ?3
        """
    private static let chunk = 64

    private let db: Database
    private let context: RunContext
    private let now: Int64
    private let encoded: EncodedRows
    private let base: UnsafeRawPointer
    private let traces: HotInsertion
    private let links: HotInsertion
    private let assessments: HotInsertion
    /// The ids that the next trace and the next link get.
    ///
    /// The transaction holds the lock for writing, so that nobody else takes them.
    private var nextTrace: Int64
    private var nextLink: Int64
    /// The row ids of the names of further feedbacks, which are few.
    private var names: [String: Int64] = [:]
    /// What the run's counters grow by.
    private(set) var addedRows = 0
    private(set) var addedErrors = 0

    /// Begins to write rows, whose bytes stay at `base` until `finish`.
    init(_ db: Database, _ context: RunContext, _ encoded: EncodedRows, base: UnsafeRawPointer, now: Int64) throws {
        self.db = db
        self.context = context
        self.encoded = encoded
        self.base = base
        self.now = now
        traces = HotInsertion(db, .traces, base: base)
        links = HotInsertion(db, .rows, base: base)
        assessments = HotInsertion(db, .assessments, base: base)
        nextTrace = try Self.freeID(db, "SELECT max(id) FROM traces")
        nextLink = try Self.freeID(db, "SELECT max(id) FROM run_rows")
    }

    private static func freeID(_ db: Database, _ sql: String) throws -> Int64 {
        var last: Int64 = 0
        try Query(db, sql)
            .rows {
                last = $0.int64(0)
                return false
            }
        guard last < .max >> 1 else { throw Damage("an id is larger than any that was given") }
        return last + 1
    }

    /// Writes all rows.
    mutating func write() throws {
        for row in encoded.rows {
            precondition(
                row.verdicts == 0 || row.verdicts == context.scorers.count,
                "a row has a verdict of each scorer of its run, or none"
            )
        }
        for start in stride(from: 0, to: encoded.rows.count, by: Self.chunk) {
            try write(start..<min(start + Self.chunk, encoded.rows.count))
        }
    }

    /// Drops what the statements point to.
    func finish() {
        traces.clear()
        links.clear()
        assessments.clear()
    }

    private mutating func write(_ chunk: Range<Int>) throws {
        try forgetSessions(of: chunk)
        let ids = try writeTraces(of: chunk)
        let first = nextLink
        if try link(chunk, to: ids[...]) == chunk.count {
            for row in encoded.rows[chunk] {
                if row.repetition == 0 { addedRows += 1 }
                if row.hasError { addedErrors += 1 }
            }
            let said = encoded.rows[chunk.lowerBound].assessments.lowerBound
            try writeAssessments(said..<encoded.rows[chunk.upperBound - 1].assessments.upperBound, of: chunk, ids)
            return
        }
        // Some are there already, or twice in this chunk. The others are taken back, and all of them come in their
        // order, so that each sees what those before it left.
        try Query(db, "DELETE FROM run_rows WHERE id >= ?").rows(.integer(first)) { _ in true }
        for row in chunk {
            let trace = ids[(row - chunk.lowerBound)...].prefix(1)
            if try link(row..<row + 1, to: trace) == 1 {
                if encoded.rows[row].repetition == 0 { addedRows += 1 }
                if encoded.rows[row].hasError { addedErrors += 1 }
            } else {
                try replace(encoded.rows[row], trace: ids[row - chunk.lowerBound])
            }
            try writeAssessments(encoded.rows[row].assessments, of: chunk, ids)
        }
    }

    /// Whoever judged the session of a row that comes now judged another conversation than it will be.
    private mutating func forgetSessions(of chunk: Range<Int>) throws {
        if context.sessionScorers.isEmpty { return }
        let writer = SessionWriter(db, context, now: now)
        for row in encoded.rows[chunk] {
            guard let session = row.sessionID else { continue }
            addedErrors -= try writer.forget(SessionPlace(session: session, repetition: row.repetition))
        }
    }

    /// Writes traces, or finds those that are there: feedback on existing traces lands on them.
    ///
    /// - Returns: Their row ids.
    private mutating func writeTraces(of chunk: Range<Int>) throws -> [Int64] {
        let first = nextTrace
        nextTrace += Int64(chunk.count)
        let written = try traces.insert(chunk) { binder, index in
            let trace = encoded.rows[index].trace
            binder.bind(first + Int64(index - chunk.lowerBound))
            binder.bind(blob: trace.id)
            binder.bind(context.experiment)
            binder.bind(trace.state)
            binder.bind(trace.requestTime)
            binder.bind(trace.duration)
            binder.bind(text: trace.session)
            binder.bind(text: trace.tags)
            binder.bind(text: trace.metadata)
            binder.bind(SpanCoding.format)
            binder.bind(text: trace.spans)
        }
        if written == chunk.count { return Array(first..<nextTrace) }
        let ids = try encoded.rows[chunk]
            .map { row in
                var found: Int64?
                try Query(db, "SELECT id FROM traces WHERE public_id = ?")
                    .rows(.id(row.trace.publicID)) {
                        found = $0.int64(0)
                        return false
                    }
                guard let found else { throw Damage("a trace is in the index and not in its table") }
                return found
            }
        try refuseShared(ids, of: chunk)
        return ids
    }

    /// Two records of a run can't be about one trace: what is said of the one would be said of the other.
    private func refuseShared(_ ids: [Int64], of chunk: Range<Int>) throws {
        var ordinals: [Int64: Int] = [:]
        for (id, row) in zip(ids, encoded.rows[chunk]) {
            var other = ordinals.updateValue(row.ordinal, forKey: id).flatMap { $0 == row.ordinal ? nil : $0 }
            let sql = "SELECT ordinal FROM run_rows WHERE trace = ? AND run = ? AND ordinal <> ? LIMIT 1"
            try Query(db, sql)
                .rows(.integer(id), .integer(context.run), .int(row.ordinal)) {
                    other = $0.int(0)
                    return false
                }
            guard let other else { continue }
            throw Diagnostic(
                "rows \(min(other, row.ordinal) + 1) and \(max(other, row.ordinal) + 1) of the data have one trace, "
                    + row.trace.publicID.traceID,
                help: "A run judges a trace once; --repeats judges each several times."
            )
        }
    }

    /// Links rows to their traces, where there is no link yet.
    ///
    /// - Returns: How many links were made.
    private mutating func link(_ rows: Range<Int>, to traces: ArraySlice<Int64>) throws -> Int {
        let first = nextLink
        nextLink += Int64(rows.count)
        return try links.insert(rows) { binder, index in
            let place = index - rows.lowerBound
            binder.bind(first + Int64(place))
            bindLink(&binder, encoded.rows[index], trace: traces[traces.startIndex + place])
        }
    }

    private func bindLink(_ binder: inout HotStatement.Binder, _ row: EncodedRows.Row, trace: Int64) {
        binder.bind(context.run)
        binder.bind(row.ordinal)
        binder.bind(row.repetition)
        binder.bind(trace)
        binder.bind(row.hasError ? RowErrors.own : 0)
        binder.bind(text: row.recordID)
        binder.bind(blob: row.recordDigest)
        binder.bind(blob: row.inputDigest)
        binder.bind(text: row.expectations)
        binder.bind(text: row.skipped)
        binder.bind(text: row.failureCode)
        binder.bind(text: row.failureMessage)
        binder.bind(text: row.cluster)
        binder.bind(text: row.session)
        binder.bind(row.turnTime)
    }

    /// A row that is tried again: the old trace stays in the experiment, without this run's verdicts on it.
    private mutating func replace(_ row: EncodedRows.Row, trace: Int64) throws {
        var old: (trace: Int64, hadError: Bool)?
        let sql = "SELECT trace, has_error FROM run_rows WHERE run = ? AND ordinal = ? AND repeat = ?"
        try Query(db, sql)
            .rows(.integer(context.run), .int(row.ordinal), .int(row.repetition)) {
                old = ($0.int64(0), $0.int64(1) & RowErrors.own != 0)
                return false
            }
        guard let old else { throw Damage("a row is in the index and not in its table") }
        let delete = "DELETE FROM assessments WHERE trace = ? AND scorer BETWEEN ? AND ? AND n >= ? AND n < ?"
        try Query(db, delete)
            .rows(
                .integer(old.trace),
                .integer(context.scorerRange.lowerBound),
                .integer(context.scorerRange.upperBound),
                .integer(RunContext.firstNumber(of: row.repetition)),
                .integer(RunContext.firstNumber(of: row.repetition + 1))
            ) { _ in true }
        let update = try HotStatement(db, Self.updateRow, base: base)
        defer { update.clear() }
        var binder = update.binder
        bindLink(&binder, row, trace: trace)
        try update.run()
        addedErrors += (row.hasError ? 1 : 0) - (old.hadError ? 1 : 0)
    }

    private mutating func writeAssessments(_ range: Range<Int>, of chunk: Range<Int>, _ traces: [Int64]) throws {
        _ = try assessments.insert(range) { binder, index in
            let assessment = encoded.assessments[index]
            let scorer = context.scorers[assessment.scorer]
            binder.bind(traces[assessment.row - chunk.lowerBound])
            binder.bind(scorer.id)
            binder.bind(assessment.number)
            binder.bind(blob: assessment.id)
            binder.bind(context.run)
            binder.bind(assessment.span)
            binder.bind(try nameID(assessment.name, of: scorer))
            binder.bind(assessment.kind.rawValue)
            binder.bind(assessment.value)
            binder.bind(text: assessment.rationale)
            binder.bind(text: assessment.errorCode)
            binder.bind(text: assessment.errorMessage)
            binder.bind(scorer.sourceID)
            binder.bind(text: assessment.metadata)
            binder.bind(now)
        }
    }

    private mutating func nameID(_ own: String?, of scorer: RunContext.Scorer) throws -> Int64 {
        guard let own else { return scorer.nameID }
        let name = "\(scorer.name)/\(own)"
        if let known = names[name] { return known }
        let id = try Interning.name(db, name)
        names[name] = id
        return id
    }
}
