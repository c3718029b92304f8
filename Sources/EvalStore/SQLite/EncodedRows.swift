// Finished rows as the bytes that SQLite gets. Encoding needs nothing of the database, so it is done before a commit
// waits for its turn: one commit's encoding goes on while SQLite writes another.

internal import EvalCore
internal import EvalJSON

/// The rows of one transaction: their texts and blobs one after another, and where each of them lies.
struct EncodedRows: Sendable {
    /// A text or a blob among the bytes, or none.
    struct Bytes: Sendable {
        var start: Int
        var count: Int

        /// NULL.
        static let none = Bytes(start: 0, count: -1)
    }

    /// A value that has no type of its own in the table.
    enum Cell: Sendable {
        case null
        case integer(Int64)
        case number(Double)
        case text(Bytes)
    }

    struct Trace: Sendable {
        var publicID: PublicID
        var id: Bytes
        var state: Int
        var requestTime: Int64
        var duration: Int64?
        var session: Bytes
        var tags: Bytes
        var metadata: Bytes
        var spans: Bytes
    }

    struct Row: Sendable {
        var trace: Trace
        var ordinal: Int
        var repetition: Int
        var hasError: Bool
        var recordID: Bytes
        var recordDigest: Bytes
        var inputDigest: Bytes
        var expectations: Bytes
        var skipped: Bytes
        var failureCode: Bytes
        var failureMessage: Bytes
        var cluster: Bytes
        var session: Bytes
        var turnTime: Int64
        /// The name of the session again, for what is asked by name.
        var sessionID: String?
        /// How many scorers judged it.
        var verdicts: Int
        /// Where its assessments are.
        var assessments: Range<Int>
    }

    struct Assessment: Sendable {
        /// The place of the row among the rows.
        var row: Int
        /// The scorer's place in the run.
        var scorer: Int
        var number: Int64
        var id: Bytes
        var span: Int64?
        /// The name of a further feedback; nil for the scorer's own one.
        var name: String?
        var kind: ValueKind
        var value: Cell
        var rationale: Bytes
        var errorCode: Bytes
        var errorMessage: Bytes
        var metadata: Bytes
    }

    private(set) var rows: [Row] = []
    private(set) var assessments: [Assessment] = []
    private var writer = JSONWriter()

    /// Encodes rows.
    init(_ finished: [FinishedRow]) {
        rows.reserveCapacity(finished.count)
        assessments.reserveCapacity(finished.reduce(0) { $0 + $1.verdicts.count })
        writer.bytes.reserveCapacity(finished.count * Self.usualRow)
        for row in finished { append(row) }
    }

    /// Gives `body` the address of the bytes, which are there until it returns.
    func withBytes<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
        try writer.bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { preconditionFailure("each row has bytes, if only its ids") }
            return try body(base)
        }
    }

    /// Bytes that are set aside for a row; a larger one takes more.
    private static let usualRow = 2048

    private mutating func append(_ row: FinishedRow) {
        let first = assessments.count
        for (position, verdict) in row.verdicts.enumerated() {
            if let verdict { append(verdict, of: position, row) }
        }
        rows.append(
            Row(
                trace: add(row.trace),
                ordinal: row.ordinal,
                repetition: row.repetition,
                hasError: row.hasError,
                recordID: add(row.recordID),
                recordDigest: add(row.recordDigest),
                inputDigest: add(row.inputDigest),
                expectations: add(row.expectations),
                skipped: addSkipped(row.verdicts),
                failureCode: add(row.failure?.code),
                failureMessage: add(row.failure?.message),
                cluster: add(row.cluster),
                session: add(row.sessionID),
                turnTime: row.turnTime,
                sessionID: row.sessionID,
                verdicts: row.verdicts.count,
                assessments: first..<assessments.count
            )
        )
    }

    private mutating func append(_ verdict: Verdict, of scorer: Int, _ row: FinishedRow) {
        let first = RunContext.firstNumber(of: row.repetition)
        switch verdict {
        case .feedback(let feedback): append(feedback, of: scorer, number: first)
        case .feedbacks(let feedbacks):
            precondition(feedbacks.count < 1 << RunContext.numberBits, "more feedbacks than a row may have")
            for (position, feedback) in feedbacks.enumerated() {
                append(feedback, of: scorer, number: first + Int64(position))
            }
        case .errored(let error):
            assessments.append(
                Assessment(
                    row: rows.count,
                    scorer: scorer,
                    number: first,
                    id: add(PublicID.make()),
                    kind: .absent,
                    value: .null,
                    rationale: .none,
                    errorCode: add(error.code),
                    errorMessage: add(error.message),
                    metadata: .none
                )
            )
        case .skipped:
            // It is in the row's link: nothing was said of the trace.
            break
        }
    }

    private mutating func append(_ feedback: Feedback, of scorer: Int, number: Int64) {
        let (kind, value) = add(feedback.value)
        assessments.append(
            Assessment(
                row: rows.count,
                scorer: scorer,
                number: number,
                id: add(PublicID.make()),
                span: feedback.spanID.map { Int64(bitPattern: $0) },
                name: feedback.name,
                kind: kind,
                value: value,
                rationale: add(feedback.rationale),
                errorCode: .none,
                errorMessage: .none,
                metadata: add(feedback.metadata)
            )
        )
    }

    private mutating func add(_ trace: EvalCore.Trace) -> Trace {
        Trace(
            publicID: trace.id,
            id: add(trace.id),
            state: trace.state.code,
            requestTime: trace.requestTimeMilliseconds,
            duration: trace.durationMilliseconds,
            session: add(trace.sessionID),
            tags: add(trace.tags),
            metadata: add(trace.metadata),
            spans: add { SpanCoding.write(trace.spans, to: &$0) }
        )
    }

    private mutating func add(_ value: FeedbackValue) -> (ValueKind, Cell) {
        switch value {
        case .boolean(let value): (.boolean, .integer(value ? 1 : 0))
        case .integer(let value): (.integer, .integer(value))
        case .number(let value): (.number, .number(value))
        case .text(let value): (.text, .text(add(value)))
        case .json(let value): (.json, .text(add(value)))
        }
    }

    /// The skipped verdicts: an object of reasons by the scorer's place, or none if none was skipped.
    private mutating func addSkipped(_ verdicts: [Verdict?]) -> Bytes {
        let bytes = add { writer in
            let start = writer.bytes.count
            for (position, verdict) in verdicts.enumerated() {
                let reason: String
                switch verdict {
                case .skipped(let why): reason = why
                case .feedbacks(let feedbacks) where feedbacks.isEmpty: reason = SkippedVerdicts.noValues
                default: continue
                }
                writer.raw(writer.bytes.count == start ? #"{""# : #",""#)
                writer.write(Int64(position))
                writer.raw("\":")
                writer.write(reason)
            }
            if writer.bytes.count > start { writer.raw("}") }
        }
        return bytes.count == 0 ? .none : bytes
    }

    private mutating func add(_ text: String?) -> Bytes {
        guard let text else { return .none }
        return add { $0.bytes.append(contentsOf: text.utf8) }
    }

    private mutating func add(_ text: Text?) -> Bytes {
        guard let text else { return .none }
        return add { writer in text.withUTF8 { writer.bytes.append(contentsOf: $0) } }
    }

    private mutating func add(_ json: JSON?) -> Bytes {
        guard let json else { return .none }
        return add { $0.write(json) }
    }

    private mutating func add(_ id: PublicID) -> Bytes {
        add { writer in withUnsafeBytes(of: id.bits.bigEndian) { writer.bytes.append(contentsOf: $0) } }
    }

    private mutating func add(_ digest: Digest) -> Bytes {
        add { writer in digest.withBytes { writer.bytes.append(contentsOf: $0) } }
    }

    private mutating func add(_ write: (inout JSONWriter) -> Void) -> Bytes {
        let start = writer.bytes.count
        write(&writer)
        return Bytes(start: start, count: writer.bytes.count - start)
    }
}

enum SkippedVerdicts {
    /// The reason of a verdict that has no value.
    static let noValues = "no values"
}
