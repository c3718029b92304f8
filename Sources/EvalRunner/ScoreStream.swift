// Scoring as a filter: rows in, the same rows with their feedback out, in their order, nothing stored.

public import EvalCore
internal import EvalJSON

/// Scores a stream of rows.
public struct ScoreStream: Sendable {
    /// Rows that may be between the source and the output.
    public static let window = 4096

    private let scorers: [ScorerInstance]
    private let allowance: ErrorAllowance
    private let keepsOrder: Bool
    private let keys: FeedbackKeys
    private let readsTrace: Bool
    /// What scorers that don't look get instead of a trace.
    private static let noTrace = Trace(requestTimeMilliseconds: 0)

    /// Puts a filter together.
    ///
    /// - Parameters:
    ///   - scorers: What judges.
    ///   - allowance: How many malformed records are passed on as errors.
    ///   - keepsOrder: Whether rows come out in the order in which they came in.
    public init(_ scorers: [ScorerInstance], allowance: ErrorAllowance = .none, keepsOrder: Bool = true) {
        self.scorers = scorers
        self.allowance = allowance
        self.keepsOrder = keepsOrder
        keys = FeedbackKeys(scorers.map(\.name))
        readsTrace = scorers.contains { $0.scorer.descriptor.readsTrace }
    }

    /// What a stream came to.
    public struct Outcome: Sendable, Equatable {
        /// Rows that were read.
        public var rows = 0
        /// Rows with an error.
        public var errors = 0
    }

    private struct Piece: Sendable {
        let position: Int
        let bytes: [UInt8]
        let outcome: Outcome
        /// What stops the stream after these bytes.
        let failure: Diagnostic?
    }

    /// Scores until the source ends.
    ///
    /// - Parameters:
    ///   - source: The rows.
    ///   - sink: Takes whole lines; called one call at a time.
    /// - Returns: How many rows there were and how many have errors.
    /// - Throws: The first malformed record that is not allowed for, after the rows before it were written; that a
    ///   scorer judges sessions, before any row.
    public func run(_ source: any RowSource, to sink: ([UInt8]) -> Void) async throws(Diagnostic) -> Outcome {
        if let other = scorers.first(where: \.judgesSessions) {
            throw Diagnostic(
                "'\(other.name)' judges sessions, and a stream of rows has none",
                help: "`evalhost evaluate` judges sessions after all of their rows are stored."
            )
        }
        let gate = ErrorGate(allowance: allowance)
        let unit = scorers.contains { $0.scorer.isSlow } ? 1 : Limits.batchRows
        let width = Self.window / unit
        let result: Result<Outcome, Diagnostic> = await withTaskGroup(of: Piece.self) { group in
            var total = Outcome()
            var failure: Diagnostic?
            var started = 0
            var written = 0
            var early: [Int: Piece] = [:]
            func write(_ piece: Piece) {
                written += 1
                if failure != nil, keepsOrder { return }
                sink(piece.bytes)
                total.rows += piece.outcome.rows
                total.errors += piece.outcome.errors
                failure = failure ?? piece.failure
            }
            func take(_ piece: Piece?) {
                guard let piece else { return }
                guard keepsOrder else { return write(piece) }
                early[piece.position] = piece
                while let next = early.removeValue(forKey: written) { write(next) }
            }
            var readFailure: Diagnostic?
            do throws(Diagnostic) {
                while failure == nil {
                    if started - written >= width {
                        take(await group.next())
                        continue
                    }
                    guard let batch = try await source.next(limit: unit) else { break }
                    let position = started
                    started += 1
                    group.addTask { await piece(batch, position, gate) }
                }
            } catch {
                readFailure = error
            }
            while written < started { take(await group.next()) }
            if let failure = failure ?? readFailure { return .failure(failure) }
            return .success(total)
        }
        return try result.get()
    }

    private func piece(_ batch: any RowBatch, _ position: Int, _ gate: ErrorGate) async -> Piece {
        var decoded = batch.decode()
        var failure: Diagnostic?
        if let stop = gate.firstRefused(decoded) {
            failure = stop.error
            decoded.removeSubrange(stop.index...)
        }
        var rows: [Row] = []
        rows.reserveCapacity(decoded.count)
        for row in decoded {
            guard case .success(let record) = row.record else { continue }
            if let trace = row.trace {
                rows.append(Row(record: record, outputs: record.outputs, trace: trace))
                continue
            }
            let trace =
                readsTrace ? Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0) : Self.noTrace
            rows.append(Row(record: record, outputs: record.outputs, trace: trace))
        }
        let columns = await ScoreStage(scorers: scorers).columns(for: rows)
        var outcome = Outcome()
        var writer = JSONWriter()
        var size = 0
        for row in decoded { size += row.source.count + 64 + 64 * scorers.count }
        writer.bytes.reserveCapacity(size)
        var index = 0
        for row in decoded {
            outcome.rows += 1
            if case .failure(let error) = row.record {
                outcome.errors += 1
                writer.raw(#"{"error":{"code":"malformed_record","message":"#)
                writer.write(error.description)
                writer.raw("}}\n")
                continue
            }
            // The row's own bytes, with `feedback` as its last member.
            writer.raw(row.source[..<row.source.endOfObject])
            writer.raw(#","feedback":{"#)
            var hasError = false
            for scorer in columns.indices {
                if scorer > 0 { writer.raw(",") }
                guard let verdict = columns[scorer]?[index] else { continue }
                if verdict.isError { hasError = true }
                keys.write(verdict, of: scorer, to: &writer)
            }
            writer.raw("}}\n")
            if hasError { outcome.errors += 1 }
            index += 1
        }
        return Piece(position: position, bytes: writer.bytes, outcome: outcome, failure: failure)
    }
}

extension ErrorGate {
    /// The first malformed row that is not allowed for.
    fileprivate func firstRefused(_ rows: [DecodedRow]) -> (index: Int, error: Diagnostic)? {
        for (index, row) in rows.enumerated() {
            if case .failure(let error) = row.record, let refused = refusal(of: error) { return (index, refused) }
        }
        return nil
    }
}

extension Verdict {
    var isError: Bool {
        if case .errored = self { true } else { false }
    }
}

extension ArraySlice<UInt8> {
    /// The place of the last closing brace.
    fileprivate var endOfObject: Int {
        var at = endIndex
        while at > startIndex {
            at -= 1
            if self[at] == UInt8(ascii: "}") { return at }
        }
        return endIndex
    }
}
