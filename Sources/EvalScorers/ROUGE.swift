// rouge: the overlap of words with the expected response (Lin 2004), with the rules and defaults of rouge-score, which
// are those of ROUGE 1.5.5 without stemming.

public import EvalCore
public import EvalJSON

/// The ROUGE F-measure of the output against the expected responses, from 0 to 1.
public struct ROUGE: BuiltInScorer {
    /// What is shared.
    public enum Variant: String, Sendable, CaseIterable {
        /// Words.
        case rouge1
        /// Pairs of neighbouring words.
        case rouge2
        /// The longest common subsequence of words.
        case rougeL
    }

    static let descriptor = ScorerDescriptor(
        "rouge",
        help: "The ROUGE F-measure of the output against one or more expected responses.",
        reads: ["outputs", "expectations.expected_response"],
        value: .number,
        range: 0...1,
        settings: [
            Setting(
                "variant",
                .choice(Variant.allCases.map(\.rawValue)),
                default: "rougeL",
                help: "What is shared: words, pairs of words, or the longest common subsequence of words."
            )
        ]
    )

    /// The greatest product of two texts' words for rougeL: some seconds of work.
    private static let wordPairLimit = 200_000 * 200_000

    private let variant: Variant

    /// Makes the scorer.
    public init(_ variant: Variant = .rougeL) {
        self.variant = variant
    }

    init(configuration: JSON) {
        self.init(configuration.choice("variant") ?? .rougeL)
    }

    /// The F-measure of a text against the reference that gives the most.
    ///
    /// - Throws: `too_long` for rougeL of texts with more than 200,000 words each.
    public func rouge(_ output: Text, _ references: [Text]) throws(ScorerError) -> Double {
        var best = 0.0
        for reference in references {
            let found = output.withROUGETokens { words in reference.withROUGETokens { measure(words, $0) } }
            guard let found else {
                throw ScorerError(code: "too_long", message: "rougeL of texts with more than 200000 words each")
            }
            best = max(best, found)
        }
        return best
    }

    private func measure(_ words: [Token], _ reference: [Token]) -> Double? {
        let shared: Int
        var length = 1
        switch variant {
        case .rouge1:
            shared = SharedNGrams(words, references: [reference], orders: 1).shared[0]
        case .rouge2:
            length = 2
            shared = SharedNGrams(words, references: [reference], orders: 2).shared[1]
        case .rougeL:
            guard words.count.multipliedReportingOverflow(by: reference.count).partialValue <= Self.wordPairLimit
            else { return nil }
            shared = longestCommonSubsequence(words, reference)
        }
        if shared == 0 { return 0 }
        let precision = Double(shared) / Double(words.count - length + 1)
        let recall = Double(shared) / Double(reference.count - length + 1)
        return 2 * precision * recall / (precision + recall)
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .number(try rouge(try row.neededOutput(), try row.neededReferences()))
    }
}
