// Which rows an earlier part of the run has finished, and whether they are still the same rows.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// Leaves out what is finished already.
final class ResumeStage: Sendable {
    private struct Place: Hashable {
        let ordinal: Int
        let repetition: Int
    }

    private let run: PublicID
    private let store: any RunStore
    private let retriesErrors: Bool

    init(run: PublicID, store: any RunStore, retriesErrors: Bool) {
        self.run = run
        self.store = store
        self.retriesErrors = retriesErrors
    }

    /// The rows of a batch that are still to be done.
    ///
    /// - Throws: The first row that is not the one that was finished then.
    func unfinished(_ candidates: [Candidate], of batch: any RowBatch) async throws(Diagnostic) -> [Candidate] {
        let marks = try await store.finishedMarks(of: run, from: batch.firstOrdinal, limit: batch.count)
        var finished: [Place: FinishedMark] = [:]
        for mark in marks where mark.ordinal < batch.firstOrdinal + batch.count {
            finished[Place(ordinal: mark.ordinal, repetition: mark.repetition)] = mark
        }
        var result: [Candidate] = []
        for candidate in candidates {
            let place = Place(ordinal: candidate.ordinal, repetition: candidate.repetition)
            guard let mark = finished[place] else {
                result.append(candidate)
                continue
            }
            guard mark.recordDigest == candidate.recordDigest else {
                throw Diagnostic(
                    "row \(candidate.ordinal + 1) of the data is not the row that the run has finished there",
                    help: "Resume with the data that the run began with, or begin a new run."
                )
            }
            if retriesErrors, mark.hasError { result.append(candidate) }
        }
        return result
    }

    /// Fails if the run has finished rows that the data doesn't have any more.
    func checkEnd(rows: Int) async throws(Diagnostic) {
        guard let mark = try await store.finishedMarks(of: run, from: rows, limit: 1).first else { return }
        throw Diagnostic(
            "the data has \(rows) rows, but the run has finished row \(mark.ordinal + 1)",
            help: "Resume with the data that the run began with, or begin a new run."
        )
    }
}
