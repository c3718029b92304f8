// contains: words that must be in the answer.

public import EvalCore
internal import EvalJSON

/// Whether the output contains all, or any, of some texts.
public struct Contains: BuiltInScorer {
    /// How many of the texts must be there.
    public enum Mode: String, Sendable, CaseIterable {
        /// Every one.
        case all
        /// At least one.
        case any
    }

    static let descriptor = ScorerDescriptor(
        "contains",
        help: "The output contains the given texts, or else the expected response.",
        reads: ["outputs", "expectations.expected_response?"],
        value: .boolean,
        pass: .yes,
        settings: [
            Setting("value", .text, help: "The text that must be there; without it, the expected response."),
            Setting("values", .texts, help: "Several texts, in place of 'value'."),
            Setting("mode", .choice(["all", "any"]), default: "all", help: "Whether all or any must be there."),
            Setting("ignore_case", .boolean, default: false, help: "Upper and lower case are the same."),
        ]
    )

    private let needles: [Text]
    private let mode: Mode
    private let ignoreCase: Bool

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - values: The texts; none means the row's expected response.
    ///   - mode: How many of them must be there.
    ///   - ignoreCase: Whether upper and lower case are the same.
    public init(_ values: String..., mode: Mode = .all, ignoreCase: Bool = false) {
        self.init(needles: values.map { Text($0) }, mode: mode, ignoreCase: ignoreCase)
    }

    private init(needles: [Text], mode: Mode, ignoreCase: Bool) {
        self.needles = ignoreCase ? needles.map(\.lowercased) : needles
        self.mode = mode
        self.ignoreCase = ignoreCase
    }

    init(configuration: JSON) throws(Diagnostic) {
        let one = configuration["value"]?.text
        let several = configuration["values"]?.elements.compactMap(\.text)
        if one != nil && several != nil {
            throw Diagnostic("'contains' takes 'value' or 'values', not both")
        }
        if several?.isEmpty == true {
            throw Diagnostic(
                "'values' of 'contains' is empty",
                help: "Name at least one text, or leave it out to look for the expected response."
            )
        }
        self.init(
            needles: several ?? one.map { [$0] } ?? [],
            mode: configuration.choice("mode") ?? .all,
            ignoreCase: configuration.flag("ignore_case")
        )
    }

    /// Whether the needle, lower-cased already if case is ignored, is in the text.
    private func isFound(_ needle: Text, in text: Text) -> Bool {
        guard ignoreCase else { return text.contains(needle) }
        return text.withUTF8 { hay in
            if hay.isASCII { return needle.withUTF8 { hay.containsIgnoringASCIICase(lowercased: $0) } }
            return text.lowercased.contains(needle)
        }
    }

    /// Judges one row.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let text = try row.neededOutput()
        guard !needles.isEmpty else {
            let needle = try row.neededResponse()
            return .boolean(isFound(ignoreCase ? needle.lowercased : needle, in: text))
        }
        switch mode {
        case .all: return .boolean(needles.allSatisfy { isFound($0, in: text) })
        case .any: return .boolean(needles.contains { isFound($0, in: text) })
        }
    }
}
