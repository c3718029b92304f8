// What happens to one batch between the source and the store.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// The stages that a batch passes.
struct Stages: Sendable {
    let options: Evaluation.Options
    let scoring: ScoreStage
    let predicting: PredictStage
    let resuming: ResumeStage?
    let reading: ReadStage

    /// Takes a batch through all stages, or those of its rows that are known to be unfinished; they are durable when
    /// this returns.
    func pass(
        _ batch: any RowBatch,
        _ checked: [Candidate]?,
        to committer: Committer<FinishedRow>
    ) async throws(Diagnostic) -> LedgerPart {
        var part = LedgerPart(scoring.scorers)
        part.read = batch.count
        let candidates: [Candidate]
        if let checked { candidates = checked } else { candidates = try await unfinished(batch) }
        part.add(try await finish(candidates, to: committer))
        return part
    }

    /// The rows of a batch that are still to be done, each as often as it is repeated.
    func unfinished(_ batch: any RowBatch) async throws(Diagnostic) -> [Candidate] {
        let candidates = try reading.candidates(batch.decode(), from: batch.firstOrdinal)
        return try await resuming?.unfinished(candidates, of: batch) ?? candidates
    }

    /// Takes rows through the stages after reading; they are durable when this returns.
    ///
    /// - Parameters:
    ///   - candidates: The rows.
    ///   - committer: Where they go.
    ///   - afterScoring: Called once when they are scored, or can't be, and wait for nothing but the store.
    /// - Returns: What they add to the run.
    /// - Throws: Why the store can't be used.
    func finish(
        _ candidates: [Candidate],
        to committer: Committer<FinishedRow>,
        afterScoring: () -> Void = {}
    ) async throws(Diagnostic) -> LedgerPart {
        var part = LedgerPart(scoring.scorers)
        var finished: [FinishedRow]
        do {
            defer { afterScoring() }
            if candidates.isEmpty { return part }
            finished = await scoring.score(try await predicting.predict(candidates))
        }
        // Whoever was stopped in the middle says so with an error that is none of the row's: it has not happened.
        if options.isOver { finished.removeAll(where: \.hasError) }
        try await committer.commit(finished)
        for row in finished { part.add(row, scorers: scoring.scorers) }
        return part
    }
}

/// A row that was read, with what identifies it.
struct Candidate: Sendable {
    let ordinal: Int
    var repetition = 0
    let record: Result<Record, Diagnostic>
    let recordDigest: Digest
    let inputDigest: Digest
    /// The trace that the row is about, where it brings one.
    let trace: Trace?
    /// The value of the run's cluster field.
    let cluster: String?
    /// The row's place in its conversation, where the application is asked turn by turn.
    var turn: SessionGate.Turn?
}

/// From decoded rows to candidates.
struct ReadStage: Sendable {
    let gate: ErrorGate
    let repeats: Int
    let cluster: JSONPath?

    /// The rows with their digests, each as often as it is repeated.
    ///
    /// - Throws: The first malformed record that is not allowed for.
    func candidates(_ rows: [DecodedRow], from firstOrdinal: Int) throws(Diagnostic) -> [Candidate] {
        var writer = JSONWriter()
        var result: [Candidate] = []
        result.reserveCapacity(rows.count * repeats)
        for (position, row) in rows.enumerated() {
            var digests: (record: Digest, inputs: Digest)
            var field: String?
            switch row.record {
            case .success(let record):
                digests = record.digests(using: &writer)
                field = cluster.flatMap { $0.value(in: record.row) }
                    .flatMap { $0.isNull ? nil : String($0.textOfValue) }
            case .failure(let error):
                if let refused = gate.refusal(of: error) { throw refused }
                let digest = Digest(of: row.source)
                digests = (digest, digest)
            }
            let candidate = Candidate(
                ordinal: firstOrdinal + position,
                record: row.record,
                recordDigest: digests.record,
                inputDigest: digests.inputs,
                trace: row.trace,
                cluster: field
            )
            result.append(candidate)
            for repetition in 1..<max(1, repeats) {
                var again = candidate
                again.repetition = repetition
                result.append(again)
            }
        }
        return result
    }
}

/// Malformed records stop the run, unless they are allowed for.
final class ErrorGate: Sendable {
    private let allowance: ErrorAllowance
    private let malformed = Counter()

    init(allowance: ErrorAllowance) { self.allowance = allowance }

    /// Counts a malformed record; nil if it is allowed for.
    func refusal(of error: Diagnostic) -> Diagnostic? {
        let earlier = malformed.advance(by: 1)
        // A share can only be judged at the end, when the rows are counted.
        guard case .count(let allowed) = allowance.bound, earlier >= allowed else { return nil }
        var error = error
        error.help = error.help ?? "`--max-errors N` goes on after malformed records."
        return error
    }
}
