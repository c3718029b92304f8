// Assessments that come one by one: from people, and from judges and code elsewhere. They lie beside those of
// evaluations, under a scorer's number that no run has.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: FeedbackStore {
    /// The place of assessments that belong to no run's scorer.
    private static let loose: Int64 = 0

    /// Keeps a token.
    public func add(_ assessment: Assessment) async throws -> Assessment {
        try await transact { db in
            let trace = try Self.traceRow(db, assessment.traceID)
            if let old = assessment.overrides {
                try db.run(
                    "UPDATE assessments SET valid = 0 WHERE trace = ? AND public_id = ?",
                    .integer(trace),
                    .id(old)
                )
                guard db.changesCount > 0 else { throw Self.noAssessment(old, assessment.traceID) }
            }
            try Self.insert(db, assessment, trace)
            return assessment
        }
    }

    /// An assessment of a trace.
    public func assessment(_ id: PublicID, of trace: PublicID) async throws -> Assessment {
        try await look { db in
            let row = try Self.traceRow(db, trace)
            guard let found = try Self.assessments(db, row, of: trace).first(where: { $0.id == id }) else {
                throw Self.noAssessment(id, trace)
            }
            return found
        }
    }

    /// Changes an assessment.
    public func revise(
        _ id: PublicID,
        of trace: PublicID,
        _ change: @escaping @Sendable (inout Assessment) throws -> Void
    ) async throws -> Assessment {
        let now = options.now()
        return try await transact { db in
            let row = try Self.traceRow(db, trace)
            guard var found = try Self.assessments(db, row, of: trace).first(where: { $0.id == id }) else {
                throw Self.noAssessment(id, trace)
            }
            try change(&found)
            found.updatedMilliseconds = max(now, found.createdMilliseconds)
            try Self.update(db, found, row)
            guard db.changesCount > 0 else {
                throw Refusal.invalid(
                    "Assessment \(id.assessmentID) is ground truth of the data that a run evaluated; log an expectation of the same name instead."
                )
            }
            return found
        }
    }

    /// Takes an assessment away; what it overrode counts again.
    public func deleteAssessment(_ id: PublicID, of trace: PublicID) async throws {
        try await transact { db in
            let row = try Self.traceRow(db, trace)
            let overridden = try db.first(
                "SELECT overrides FROM assessments WHERE trace = ? AND public_id = ?",
                .integer(row),
                .id(id)
            ) { $0.isNull(0) ? nil : try $0.publicID(0) }
            try db.run("DELETE FROM assessments WHERE trace = ? AND public_id = ?", .integer(row), .id(id))
            if let old = overridden ?? nil {
                try db.run(
                    "UPDATE assessments SET valid = 1 WHERE trace = ? AND public_id = ?",
                    .integer(row),
                    .id(old)
                )
            }
        }
    }

    private static func noAssessment(_ id: PublicID, _ trace: PublicID) -> Refusal {
        .missing("Trace \(trace.traceID) has no assessment with the id \(id.assessmentID).")
    }

    private static func insert(_ db: Database, _ assessment: Assessment, _ trace: Int64) throws {
        let run = try assessment.runID.flatMap { id in
            try db.first("SELECT id FROM runs WHERE public_id = ?", .id(id)) { $0.int64(0) }
        }
        let sql = """
            INSERT INTO assessments (trace, scorer, n, public_id, run, span, name, type, kind, value, rationale,
                error_code, error_message, source, metadata, created, updated, overrides, valid, error_stack)
            SELECT ?1, ?2, ifnull(max(n), -1) + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                ?18, ?19
            FROM assessments WHERE trace = ?1 AND scorer = ?2
            """
        let content = ContentColumns(assessment)
        try db.run(
            sql,
            .integer(trace),
            .integer(loose),
            .id(assessment.id),
            run.map { .integer($0) } ?? .null,
            assessment.spanID.map { .integer(Int64(bitPattern: $0)) } ?? .null,
            .integer(try Interning.name(db, assessment.name)),
            .int(content.type.rawValue),
            .int(content.kind.rawValue),
            content.value,
            .optional(assessment.rationale),
            .optional(content.errorCode),
            .optional(content.errorMessage),
            .integer(try Interning.source(db, assessment.source)),
            .optional(assessment.metadata?.serialized),
            .integer(assessment.createdMilliseconds),
            .integer(assessment.updatedMilliseconds),
            assessment.overrides.map { .id($0) } ?? .null,
            .int(assessment.isValid ? 1 : 0),
            .optional(content.errorStack)
        )
    }

    private static func update(_ db: Database, _ assessment: Assessment, _ trace: Int64) throws {
        let sql = """
            UPDATE assessments SET name = ?, type = ?, kind = ?, value = ?, rationale = ?, error_code = ?,
                error_message = ?, metadata = ?, updated = ?, valid = ?, error_stack = ?, source = ?
            WHERE trace = ? AND public_id = ?
            """
        let content = ContentColumns(assessment)
        try db.run(
            sql,
            .integer(try Interning.name(db, assessment.name)),
            .int(content.type.rawValue),
            .int(content.kind.rawValue),
            content.value,
            .optional(assessment.rationale),
            .optional(content.errorCode),
            .optional(content.errorMessage),
            .optional(assessment.metadata?.serialized),
            .integer(assessment.updatedMilliseconds),
            .int(assessment.isValid ? 1 : 0),
            .optional(content.errorStack),
            .integer(try Interning.source(db, assessment.source)),
            .integer(trace),
            .id(assessment.id)
        )
    }
}

/// What an assessment says, as its columns have it.
private struct ContentColumns {
    var type = AssessmentType.feedback
    var kind = ValueKind.absent
    var value = Query.Argument.null
    var errorCode: String?
    var errorMessage: String?
    var errorStack: String?

    init(_ assessment: Assessment) {
        switch assessment.content {
        case .feedback(let feedback): set(feedback)
        case .expectation(let json):
            type = .expectation
            set(json.asFeedback)
        case .issue(let name):
            type = .issue
            set(.text(name))
        case .failed(let error):
            errorCode = error.code
            errorMessage = error.message
            errorStack = error.stackTrace
            if let value = assessment.partialValue { set(value) }
        }
    }

    private mutating func set(_ feedback: FeedbackValue) {
        switch feedback {
        case .boolean(let boolean): (kind, value) = (.boolean, .integer(boolean ? 1 : 0))
        case .integer(let integer): (kind, value) = (.integer, .integer(integer))
        case .number(let number): (kind, value) = (.number, .number(number))
        case .text(let text): (kind, value) = (.text, .text(text))
        case .json(let json): (kind, value) = (.json, .text(json.serialized))
        }
    }
}

extension JSON {
    /// The value of the kind that keeps it as it is.
    fileprivate var asFeedback: FeedbackValue {
        if let boolean { return .boolean(boolean) }
        if let integer { return .integer(integer) }
        if let number { return .number(number) }
        if let string { return .text(string) }
        return .json(self)
    }
}

extension PublicID {
    /// The identifier of an assessment, `a-` and 32 digits.
    public var assessmentID: String { "a-" + hexadecimal }
}
