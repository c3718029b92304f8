// regex_match: the answer matches a regular expression. Patterns are written as for Python's `re`.

public import EvalCore
public import EvalJSON

/// Whether the output matches a regular expression: "yes" or "no".
public struct RegexMatch: BuiltInScorer {
    /// Where the pattern must match.
    public enum MatchType: String, Sendable, CaseIterable {
        /// Anywhere.
        case search
        /// From the first character to the last.
        case fullmatch
    }

    static let descriptor = ScorerDescriptor(
        "regex_match",
        help: "The output matches a regular expression.",
        reads: ["outputs"],
        value: .yesNo,
        pass: .yes,
        settings: [
            Setting("pattern", .text, required: true, help: "The regular expression, as for Python's re."),
            Setting(
                "match_type",
                .choice(["search", "fullmatch"]),
                default: "search",
                help: "Whether it may match anywhere or must match the whole output."
            ),
            Setting("case_insensitive", .boolean, default: false, help: "Upper and lower case are the same."),
        ]
    )

    private let pattern: Pattern

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - source: The regular expression.
    ///   - type: Where it must match.
    ///   - caseInsensitive: Whether upper and lower case are the same.
    /// - Throws: What is wrong with the regular expression, and where.
    public init(
        _ source: String,
        matching type: MatchType = .search,
        caseInsensitive: Bool = false
    ) throws(Diagnostic) {
        pattern = try Pattern(source, of: "regex_match", whole: type == .fullmatch, ignoreCase: caseInsensitive)
    }

    init(configuration: JSON) throws(Diagnostic) {
        try self.init(
            configuration["pattern"]?.string ?? "",
            matching: configuration.choice("match_type") ?? .search,
            caseInsensitive: configuration.flag("case_insensitive")
        )
    }

    /// Whether the text matches.
    ///
    /// - Throws: `pattern_limit` when there is too much backtracking.
    public func matches(_ text: Text) throws(ScorerError) -> Bool {
        try text.withUTF8 { utf8 throws(ScorerError) in try pattern.matches(utf8) }
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        .yesNo(try matches(try row.neededOutput()))
    }
}
