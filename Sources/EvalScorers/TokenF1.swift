// token_f1: how many words the answer and the expected answer share, as SQuAD 1.1 measures it
// (Rajpurkar et al. 2016, arXiv:1606.05250, section 6.1 and its evaluation script).

public import EvalCore
public import EvalJSON

/// The F1 of the words that the output and the expected response share, from 0 to 1.
public struct TokenF1: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "token_f1",
        help: "The F1 of the words shared with the expected response, as SQuAD measures it.",
        reads: ["outputs", "expectations.expected_response"],
        value: .number,
        range: 0...1
    )

    /// Makes the scorer.
    public init() {}

    init(configuration: JSON) {}

    /// The F1 of two texts; 1 if neither has a word.
    public static func f1(_ output: Text, _ expected: Text) -> Double {
        output.withSQuADTokens { words in expected.withSQuADTokens { f1(words, $0) } }
    }

    private static func f1(_ words: [Token], _ expected: [Token]) -> Double {
        if words.isEmpty || expected.isEmpty { return words.count == expected.count ? 1 : 0 }
        let shared = SharedNGrams(words, references: [expected], orders: 1).shared[0]
        if shared == 0 { return 0 }
        let precision = Double(shared) / Double(words.count)
        let recall = Double(shared) / Double(expected.count)
        return 2 * precision * recall / (precision + recall)
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .number(Self.f1(try row.neededOutput(), try row.neededResponse()))
    }
}
