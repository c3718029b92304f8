// token_usage: how many tokens the models of the row's trace read and wrote. What nobody counted is skipped, never 0.

public import EvalCore
internal import EvalJSON

/// How many tokens the application's models took.
public struct TokenCount: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "token_usage",
        help: "How many tokens the application's models read and wrote for the row.",
        reads: ["trace.token_usage"],
        value: .integer,
        unit: "tokens",
        lowerIsBetter: true,
        settings: [
            Setting("max", .integer, range: 0...0x1p53, help: "The most tokens with which a row passes.")
        ]
    )

    /// What the scorer is called, reads and gives; with a greatest number, when a row passes.
    public let descriptor: ScorerDescriptor

    /// Makes the scorer.
    ///
    /// - Parameter maxTokens: The most tokens with which a row passes; nil for no rule.
    public init(maxTokens: Int64? = nil) {
        descriptor = Self.descriptor.passing(atMost: maxTokens.map(Double.init))
    }

    init(configuration: JSON) {
        self.init(maxTokens: configuration["max"]?.integer)
    }

    /// Reads one row's trace; the rationale has the two parts.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        guard let usage = row.trace.tokenUsage else { return .notMeasured }
        let parts = "\(usage.inputTokens) read, \(usage.outputTokens) written"
        return .feedback(Feedback(.integer(usage.totalTokens), rationale: parts))
    }
}
