// chrf: the overlap of runs of characters with the expected response (Popović 2015), with the rules and defaults of
// sacrebleu: chrF2, runs of 1 to 6 characters without white space, no words.

public import EvalCore
public import EvalJSON

/// The chrF of the output against the expected responses, from 0 to 1.
public struct ChrF: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "chrf",
        help: "The chrF2 of the output against one or more expected responses, as sacrebleu measures it.",
        reads: ["outputs", "expectations.expected_response"],
        value: .number,
        range: 0...1
    )

    /// Makes the scorer.
    public init() {}

    init(configuration: JSON) {}

    /// The chrF of a text against the reference that gives the most.
    ///
    /// - Throws: That there is no memory.
    public static func chrF(_ output: Text, _ references: [Text]) throws(ScorerError) -> Double {
        var best = 0.0
        for reference in references { best = max(best, try chrF(output, reference)) }
        return best
    }

    /// F2 of the precision and the recall, each the mean over the lengths of runs that both texts have.
    private static func chrF(_ output: Text, _ reference: Text) throws(ScorerError) -> Double {
        var precision = 0.0
        var recall = 0.0
        var orders = 0.0
        for (mine, others, shared) in try CharacterNGrams(output, reference).byLength where mine > 0 && others > 0 {
            precision += Double(shared) / Double(mine)
            recall += Double(shared) / Double(others)
            orders += 1
        }
        guard precision + recall > 0 else { return 0 }
        precision /= orders
        recall /= orders
        return min(1, 5 * precision * recall / (4 * precision + recall))
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .number(try Self.chrF(try row.neededOutput(), try row.neededReferences()))
    }
}
