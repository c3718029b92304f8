// numeric_match: the number that the answer comes to is the expected one.

public import EvalCore
internal import EvalJSON

/// Whether the last number of the output is the expected one.
public struct NumericMatch: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "numeric_match",
        help: "The last number in the output is the expected one.",
        reads: ["outputs", "expectations.expected_response"],
        value: .boolean,
        pass: .yes,
        settings: [
            Setting(
                "tolerance",
                .number,
                default: 0,
                range: 0...Double.infinity,
                help: "How far the number may be from the expected one."
            ),
            Setting(
                "relative",
                .number,
                default: 0,
                range: 0...Double.infinity,
                help: "The same as a part of the expected number; the larger of the two counts."
            ),
        ]
    )

    private let tolerance: Double
    private let relative: Double

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - tolerance: How far the number may be from the expected one.
    ///   - relative: The same as a part of the expected number; the larger of the two counts.
    public init(tolerance: Double = 0, relative: Double = 0) {
        self.tolerance = tolerance
        self.relative = relative
    }

    init(configuration: JSON) {
        self.init(
            tolerance: configuration["tolerance"]?.number ?? 0,
            relative: configuration["relative"]?.number ?? 0
        )
    }

    /// Judges one row; the rationale of a no is what was read.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let output = try row.neededOutput()
        guard let expected = try row.neededResponse().lastNumber else {
            let message = "'expectations.expected_response' has no number"
            throw ScorerError(code: "invalid_expectation", message: message)
        }
        guard let number = output.lastNumber else {
            return .boolean(false, rationale: "the output has no number")
        }
        let isExact = tolerance == 0 && relative == 0
        if number.equals(expected) { return .boolean(true) }
        if !isExact, number.isNear(expected, tolerance: tolerance, relative: relative) { return .boolean(true) }
        return .boolean(false, rationale: "read \(number.plain.prefix(40)), expected \(expected.plain.prefix(40))")
    }
}
