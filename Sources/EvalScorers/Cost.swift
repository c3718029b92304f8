// cost: what the models of the row's trace cost. What nobody knows is skipped, never 0.

public import EvalCore
internal import EvalJSON

/// What the application's models cost, in US dollars.
public struct Cost: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "cost",
        help: "What the application's models cost for the row.",
        reads: ["trace.cost"],
        value: .number,
        unit: "USD",
        lowerIsBetter: true,
        settings: [
            Setting(
                "max",
                .number,
                range: 0...Double.infinity,
                help: "The highest cost with which a row passes, in USD."
            )
        ]
    )

    /// What the scorer is called, reads and gives; with a greatest cost, when a row passes.
    public let descriptor: ScorerDescriptor

    /// Makes the scorer.
    ///
    /// - Parameter maxUSD: The highest cost with which a row passes, in US dollars; nil for no rule.
    public init(maxUSD: Double? = nil) {
        descriptor = Self.descriptor.passing(atMost: maxUSD)
    }

    init(configuration: JSON) {
        self.init(maxUSD: configuration["max"]?.number)
    }

    /// Reads one row's trace.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        guard let cost = row.trace.costUSD else { return .notMeasured }
        return .number(cost)
    }
}
