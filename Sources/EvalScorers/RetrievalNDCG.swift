// retrieval_ndcg: the discounted gain of the ranking by that of the best ranking (Järvelin and Kekäläinen 2002).

public import EvalCore
internal import EvalJSON
internal import Foundation

/// The discounted cumulative gain of the first k retrieved documents, by that of the best ranking of the expected ones.
public struct RetrievalNDCG: BuiltInScorer {
    static let descriptor = ScorerDescriptor.retrieval(
        "retrieval_ndcg",
        help: "The normalised discounted cumulative gain of the ranking."
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
        let best = Self.gain(k.map { Array(documents.expected.prefix($0)) } ?? documents.expected)
        return .number(min(1, Self.gain(documents.relevances) / best), rationale: documents.rationale)
    }

    /// The sum of the relevances, each divided by the binary logarithm of its rank plus 1.
    private static func gain(_ relevances: [Double]) -> Double {
        relevances.enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }
}
