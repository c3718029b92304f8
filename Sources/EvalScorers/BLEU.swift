// bleu: the overlap of runs of words with the expected response (Papineni et al. 2002), for single sentences, with the
// rules and defaults of sacrebleu (Post 2018): tokenizer 13a, exponential smoothing, effective order.

public import EvalCore
public import EvalJSON
internal import Foundation

/// The BLEU of the output against the expected responses, from 0 to 1.
public struct BLEU: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "bleu",
        help: "The BLEU of the output against one or more expected responses, as sacrebleu measures it.",
        reads: ["outputs", "expectations.expected_response"],
        value: .number,
        range: 0...1
    )

    private static let orders = 4

    /// Makes the scorer.
    public init() {}

    init(configuration: JSON) {}

    /// The BLEU of a text against references, of which there must be one at least.
    public static func bleu(_ output: Text, _ references: [Text]) -> Double {
        output.withBLEUTokens { words in
            withTokens(of: references[...], []) { bleu(words, $0) }
        }
    }

    /// Gives the words of all references to `body`; each text's memory lasts while its words are used.
    private static func withTokens<Result>(
        of references: ArraySlice<Text>,
        _ collected: [[Token]],
        _ body: ([[Token]]) -> Result
    ) -> Result {
        guard let first = references.first else { return body(collected) }
        return first.withBLEUTokens { withTokens(of: references.dropFirst(), collected + [$0], body) }
    }

    private static func bleu(_ words: [Token], _ references: [[Token]]) -> Double {
        let shared = SharedNGrams(words, references: references, orders: orders).shared
        guard shared.contains(where: { $0 > 0 }) else { return 0 }
        // Orders that the text is too short for don't count; an order without a hit counts half of the one before.
        var logarithms = 0.0
        var smoothing = 1.0
        let order = min(orders, words.count)
        for n in 1...order {
            var hits = Double(shared[n - 1])
            if hits == 0 {
                smoothing /= 2
                hits = smoothing
            }
            logarithms += log(hits / Double(words.count - n + 1))
        }
        return min(1, brevityPenalty(words.count, references.map(\.count)) * exp(logarithms / Double(order)))
    }

    /// What a text loses that is shorter than the reference of the nearest length; of two, the shorter one.
    private static func brevityPenalty(_ count: Int, _ references: [Int]) -> Double {
        let nearest = references.min { (abs($0 - count), $0) < (abs($1 - count), $1) } ?? count
        return count < nearest ? exp(1 - Double(nearest) / Double(count)) : 1
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .number(Self.bleu(try row.neededOutput(), try row.neededReferences()))
    }
}
