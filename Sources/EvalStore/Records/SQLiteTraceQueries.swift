// One trace with everything that was said of it.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The trace that a word means: `tr-…`, or the unique beginning of one.
    public func trace(named word: String) async throws(Diagnostic) -> TraceRecord {
        let fault = fault
        return try await read { db in
            let digits = word.hasPrefix("tr-") ? String(word.dropFirst(3)) : word
            guard let range = PublicID.range(ofPrefix: digits) else { throw fault.noTrace(word) }
            var rows: [(row: Int64, id: PublicID)] = []
            let sql = "SELECT id, public_id FROM traces WHERE public_id BETWEEN ? AND ? ORDER BY public_id LIMIT 9"
            try Query(db, sql)
                .rows(.id(range.lowerBound), .id(range.upperBound)) {
                    rows.append(($0.int64(0), try $0.publicID(1)))
                    return true
                }
            guard let first = rows.first else { throw fault.noTrace(word) }
            guard rows.count == 1 else {
                throw Diagnostic(
                    "'\(word)' means more than one trace",
                    at: .init(file: fault.path),
                    help: "Give more of the id:" + rows.prefix(8).map { "\n    \($0.id.traceID)" }.joined()
                        + (rows.count > 8 ? "\n    …" : "")
                )
            }
            return try Self.traceRecord(db, first.row, fault, word)
        }
    }

    private static func traceRecord(_ db: Database, _ id: Int64, _ fault: SQLiteFault, _ word: String) throws
        -> TraceRecord
    {
        var record: TraceRecord?
        let sql =
            "SELECT \(traceColumns), e.name FROM traces t JOIN experiments e ON e.id = t.experiment WHERE t.id = ?"
        try Query(db, sql)
            .rows(.integer(id)) {
                record = TraceRecord(trace: try Trace($0, db), experiment: $0.text(11), assessments: [])
                return false
            }
        guard var record else { throw fault.noTrace(word) }
        record.assessments = try assessments(db, id, of: record.trace.id)
        return record
    }

    /// What counts of what was said of a trace by name, the newest of each: ground truth, and values of feedback.
    static func counting(
        _ db: Database,
        _ row: Int64,
        of trace: PublicID
    ) throws -> (expectations: JSON?, feedback: JSON?) {
        var expectations: [(String, JSON)] = []
        var feedback: [(String, JSON)] = []
        for assessment in try derived(db, row, of: trace) + stored(db, row, of: trace) where assessment.isValid {
            switch assessment.content {
            case .expectation(let value):
                expectations.removeAll { $0.0 == assessment.name }
                expectations.append((assessment.name, value))
            case .feedback(let value):
                feedback.removeAll { $0.0 == assessment.name }
                feedback.append((assessment.name, value.json))
            case .failed, .issue: break
            }
        }
        return (expectations.isEmpty ? nil : .object(expectations), feedback.isEmpty ? nil : .object(feedback))
    }

    /// All that was said of a trace: what is kept, then the ground truth of the rows that it is of.
    static func assessments(_ db: Database, _ row: Int64, of trace: PublicID) throws -> [Assessment] {
        try stored(db, row, of: trace) + derived(db, row, of: trace)
    }

    /// What `Assessment.init(_:of:)` reads, in its order.
    static let assessmentColumns = """
        a.public_id, r.public_id, a.span, n.name, a.type, a.kind, a.value, a.rationale, a.error_code,
            a.error_message, c.kind, c.name, a.metadata, a.created, a.updated, a.overrides, a.valid, a.error_stack
        """
    static let assessmentJoins = """
        JOIN names n ON n.id = a.name JOIN sources c ON c.id = a.source LEFT JOIN runs r ON r.id = a.run
        """

    private static func stored(_ db: Database, _ row: Int64, of trace: PublicID) throws -> [Assessment] {
        let sql = """
            SELECT \(assessmentColumns) FROM assessments a \(assessmentJoins)
            WHERE a.trace = ? ORDER BY a.scorer, a.n
            """
        var assessments: [Assessment] = []
        try Query(db, sql)
            .rows(.integer(row)) {
                assessments.append(try Assessment($0, of: trace))
                return true
            }
        return assessments
    }

    /// Ground truth is kept once, on the row; here each key is shown as an assessment.
    private static func derived(_ db: Database, _ row: Int64, of trace: PublicID) throws -> [Assessment] {
        let sql = """
            SELECT l.expectations, r.public_id, r.started FROM run_rows l JOIN runs r ON r.id = l.run
            WHERE l.trace = ? AND l.expectations IS NOT NULL ORDER BY l.id
            """
        var assessments: [Assessment] = []
        var seen: Set<PublicID> = []
        try Query(db, sql)
            .rows(.integer(row)) { link in
                for (key, value) in try link.json(0)?.members ?? JSON.null.members {
                    let name = String(key)
                    let id = expectationID(trace: trace, name: name, value: value)
                    // Repetitions and runs over the same data say the same thing again.
                    guard seen.insert(id).inserted else { continue }
                    assessments.append(
                        Assessment(
                            id: id,
                            traceID: trace,
                            runID: try link.publicID(1),
                            name: name,
                            content: .expectation(value),
                            source: AssessmentSource(kind: .human, id: "unknown"),
                            createdMilliseconds: link.int64(2),
                            updatedMilliseconds: link.int64(2)
                        )
                    )
                }
                return true
            }
        return assessments
    }

    /// The same for the same words about the same trace, whoever asks and whenever.
    private static func expectationID(trace: PublicID, name: String, value: JSON) -> PublicID {
        var writer = JSONWriter()
        writer.raw(trace.blob)
        writer.write(name)
        writer.writeCanonical(value)
        return PublicID(bytes: Digest(of: writer.bytes).bytes.prefix(16)) ?? trace
    }
}

extension Assessment {
    /// Reads `SQLiteStore.assessmentColumns`.
    init(_ row: QueryRow, of trace: PublicID) throws {
        let content: Content
        if !row.isNull(8) {
            content = .failed(ScorerError(code: row.text(8), message: row.text(9), stackTrace: row.optionalText(17)))
        } else if let value = try row.feedbackValue(kind: 5, value: 6) {
            switch AssessmentType(rawValue: row.int(4)) {
            case .expectation: content = .expectation(value.json)
            case .issue: content = .issue(value.json.string ?? "")
            case .feedback, nil: content = .feedback(value)
            }
        } else {
            throw Damage("an assessment has neither a value nor an error")
        }
        self.init(
            id: try row.publicID(0),
            traceID: trace,
            spanID: row.optionalInt64(2).map { UInt64(bitPattern: $0) },
            runID: row.isNull(1) ? nil : try row.publicID(1),
            name: row.text(3),
            content: content,
            rationale: row.optionalText(7),
            source: try AssessmentSource(row, kind: 10),
            metadata: try row.json(12),
            createdMilliseconds: row.int64(13),
            updatedMilliseconds: row.optionalInt64(14) ?? row.int64(13),
            overrides: row.isNull(15) ? nil : try row.publicID(15),
            isValid: row.int(16) != 0
        )
        if case .failed = content { partialValue = try row.feedbackValue(kind: 5, value: 6) }
    }
}
