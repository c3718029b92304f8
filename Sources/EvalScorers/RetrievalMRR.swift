// retrieval_mrr: one by the rank of the first expected document (Voorhees, TREC-8 Question Answering Track, 1999).

public import EvalCore
internal import EvalJSON

/// One by the rank of the first expected document among the first k, 0 without one; its mean over rows is the MRR.
public struct RetrievalMRR: BuiltInScorer {
    static let descriptor = ScorerDescriptor.retrieval(
        "retrieval_mrr",
        help: "One by the rank of the first expected document."
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
        guard let place = documents.relevances.firstIndex(where: { $0 > 0 }) else {
            return .number(0, rationale: documents.rationale)
        }
        return .number(1 / Double(place + 1), rationale: "the first expected document has rank \(place + 1)")
    }
}
