// exact_match: the answer is the expected one, byte for byte or after a normalisation that was asked for.

public import EvalCore
public import EvalJSON

/// Whether the output is the expected response.
public struct ExactMatch: BuiltInScorer {
    /// What is evened out before comparing.
    public enum Normalization: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// Runs of white space are one space, and none is at the ends.
        case whitespace
        /// Unicode's compatibility form NFKC.
        case nfkc
    }

    static let descriptor = ScorerDescriptor(
        "exact_match",
        help: "The output is the expected response.",
        reads: ["outputs", "expectations.expected_response"],
        value: .boolean,
        pass: .yes,
        settings: [
            Setting("ignore_case", .boolean, default: false, help: "Upper and lower case are the same."),
            Setting(
                "normalize",
                .choice(Normalization.allCases.map(\.rawValue)),
                default: "none",
                help: "What is evened out before comparing."
            ),
        ]
    )

    private let ignoreCase: Bool
    private let normalization: Normalization

    /// Makes the scorer.
    public init(ignoreCase: Bool = false, normalize normalization: Normalization = .none) {
        self.ignoreCase = ignoreCase
        self.normalization = normalization
    }

    init(configuration: JSON) {
        self.init(ignoreCase: configuration.flag("ignore_case"), normalize: configuration.choice("normalize") ?? .none)
    }

    /// Whether the two texts are the same for this scorer.
    public func matches(_ output: Text, _ expected: Text) -> Bool {
        if output == expected { return true }
        if !ignoreCase && normalization == .none { return false }
        return output.withUTF8 { output in expected.withUTF8 { matches(output, $0) } }
    }

    private func matches(_ output: UTF8Bytes, _ expected: UTF8Bytes) -> Bool {
        if output.isASCII && expected.isASCII {
            // ASCII is its own NFKC, so only two things can be left to do.
            guard normalization == .whitespace else { return ignoreCase && output.equalsIgnoringASCIICase(expected) }
            return output.hasWords(of: expected, ignoringASCIICase: ignoreCase)
        }
        var left = Array(output)
        var right = Array(expected)
        if normalization == .nfkc { (left, right) = (left.nfkc, right.nfkc) }
        if ignoreCase { (left, right) = (left.lowercased, right.lowercased) }
        guard normalization == .whitespace else { return left == right }
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { left.hasWords(of: $0, ignoringASCIICase: false) }
        }
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .boolean(matches(try row.neededOutput(), try row.neededResponse()))
    }
}
