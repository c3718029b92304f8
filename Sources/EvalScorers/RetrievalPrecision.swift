// retrieval_precision: the share of the retrieved documents that were expected.

public import EvalCore
internal import EvalJSON

/// The share of the first k retrieved documents that are expected ones; 0 if nothing was retrieved.
public struct RetrievalPrecision: BuiltInScorer {
    static let descriptor = ScorerDescriptor.retrieval(
        "retrieval_precision",
        help: "The share of the retrieved documents that are expected ones."
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
        let retrieved = max(1, documents.relevances.count)
        return .number(Double(documents.hits) / Double(retrieved), rationale: documents.rationale)
    }
}
