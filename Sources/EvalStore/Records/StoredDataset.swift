// `dataset:NAME`: the records of a version as the rows of a run.

public import EvalCore
public import EvalJSON
internal import Synchronization

/// The records of one version of a data set, in the order in which they were added.
public final class StoredDataset: RowSource {
    /// The version that is read, as `dataset:NAME@VERSION`.
    public let name: String
    private let store: SQLiteStore
    private let dataset: EvaluationDataset
    private let state = Mutex((place: Int64(0), ordinal: 0))

    /// Takes a data set as a version of it was.
    public init(_ store: SQLiteStore, _ dataset: EvaluationDataset) {
        self.store = store
        self.dataset = dataset
        name = "dataset:\(dataset.reference)"
    }

    /// The next records.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let (place, ordinal) = state.withLock { $0 }
        let page = try await store.records(of: dataset, after: place, limit: limit)
        guard !page.records.isEmpty else { return nil }
        state.withLock { $0 = (page.place, ordinal + page.records.count) }
        return Batch(firstOrdinal: ordinal, records: page.records)
    }

    /// The version's digest.
    public func digest() async -> Digest? { dataset.digest }

    private struct Batch: RowBatch {
        let firstOrdinal: Int
        let records: [DatasetRecord]
        var count: Int { records.count }

        func decode() -> [DecodedRow] {
            records.map { stored in
                do throws(Diagnostic) {
                    return DecodedRow(record: .success(try Record(row: stored.content)))
                } catch {
                    return DecodedRow(record: .failure(error))
                }
            }
        }
    }
}
