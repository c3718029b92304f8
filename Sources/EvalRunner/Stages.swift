// What happens to one batch between the source and the store.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// The stages that a batch passes.
struct Stages: Sendable {
    let scoring: ScoreStage
    let predicting: PredictStage
    let resuming: ResumeStage?

    /// Takes a batch through all stages; its rows are durable when this returns.
    func pass(
        _ batch: any RowBatch,
        gate: ErrorGate,
        to committer: Committer,
        scorers: [ScorerInstance]
    ) async throws(Diagnostic) -> LedgerPart {
        let decoded = batch.decode()
        var part = LedgerPart(scorers: scorers.count)
        part.read = decoded.count
        let candidates = try gate.candidates(decoded, from: batch.firstOrdinal)
        let wanted = try await resuming?.unfinished(candidates, of: batch) ?? candidates
        if wanted.isEmpty { return part }
        let predicted = await predicting.predict(wanted)
        let finished = await scoring.score(predicted)
        try await committer.commit(finished)
        for row in finished { part.add(row, scorers: scorers) }
        return part
    }
}

/// A row that was read, with what identifies it.
struct Candidate: Sendable {
    let ordinal: Int
    let record: Result<Record, Diagnostic>
    let recordDigest: Digest
    let inputDigest: Digest
}

/// Malformed records stop the run, unless they are allowed for.
final class ErrorGate: Sendable {
    private let allowance: ErrorAllowance
    private let malformed = Counter()

    init(allowance: ErrorAllowance) { self.allowance = allowance }

    /// The rows with their digests.
    ///
    /// - Throws: The first malformed record that is not allowed for.
    func candidates(_ rows: [DecodedRow], from firstOrdinal: Int) throws(Diagnostic) -> [Candidate] {
        var writer = JSONWriter()
        var result: [Candidate] = []
        result.reserveCapacity(rows.count)
        for (position, row) in rows.enumerated() {
            let digests: (record: Digest, inputs: Digest)
            switch row.record {
            case .success(let record):
                digests = record.digests(using: &writer)
            case .failure(let error):
                if let refused = refusal(of: error) { throw refused }
                let digest = Digest(of: row.source)
                digests = (digest, digest)
            }
            result.append(
                Candidate(
                    ordinal: firstOrdinal + position,
                    record: row.record,
                    recordDigest: digests.record,
                    inputDigest: digests.inputs
                )
            )
        }
        return result
    }

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
