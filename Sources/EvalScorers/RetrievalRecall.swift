// retrieval_recall: the share of the expected documents that were retrieved.

public import EvalCore
internal import EvalJSON

/// The share of the expected documents that are among the first k retrieved ones.
public struct RetrievalRecall: BuiltInScorer {
    static let descriptor = ScorerDescriptor.retrieval(
        "retrieval_recall",
        help: "The share of the expected documents that were retrieved."
    )

    private let k: Int?

    /// Makes the scorer.
    ///
    /// - Parameter k: How many of the retrieved documents count; nil for all.
    public init(k: Int? = nil) {
        self.k = k
    }

    init(configuration: JSON) {
        self.init(k: configuration["k"]?.integer.map(Int.init))
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        guard let documents = try RetrievedDocuments(row, k: k) else { return .nothingExpected }
        return .number(Double(documents.hits) / Double(documents.expected.count), rationale: documents.rationale)
    }
}
