// latency: how long the application took for the row, as its trace says. What nobody measured is skipped, never 0.

public import EvalCore
internal import EvalJSON

/// How long the application took, in milliseconds.
public struct Latency: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "latency",
        help: "How long the application took for the row.",
        reads: ["trace.duration"],
        value: .number,
        unit: "ms",
        lowerIsBetter: true,
        aggregations: [.mean, .p90],
        settings: [
            Setting(
                "max_ms",
                .number,
                range: 0...Double.infinity,
                help: "The most milliseconds with which a row passes."
            )
        ]
    )

    /// What the scorer is called, reads and gives; with a greatest time, when a row passes.
    public let descriptor: ScorerDescriptor

    /// Makes the scorer.
    ///
    /// - Parameter maxMilliseconds: The longest time with which a row passes; nil for no rule.
    public init(maxMilliseconds: Double? = nil) {
        descriptor = Self.descriptor.passing(atMost: maxMilliseconds)
    }

    init(configuration: JSON) {
        self.init(maxMilliseconds: configuration["max_ms"]?.number)
    }

    /// Reads one row's trace.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        guard let duration = row.trace.durationMilliseconds else { return .notMeasured }
        return .number(Double(duration))
    }
}
