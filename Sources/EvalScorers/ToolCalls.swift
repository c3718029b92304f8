// tool_calls: the application called the expected tools. The rules are MLflow's `ToolCallCorrectness` with
// `should_exact_match`, which needs no model.

public import EvalCore
internal import EvalJSON

/// Whether the TOOL spans of the trace are the expected calls: "yes" or "no".
public struct ToolCalls: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "tool_calls",
        help: "The application called the expected tools, and no others.",
        reads: ["spans(TOOL)", "expectations.expected_tool_calls"],
        value: .yesNo,
        pass: .yes,
        settings: [
            Setting(
                "exact",
                .boolean,
                default: true,
                help: "Arguments must be the same, where every expected call has some; false compares names only."
            ),
            Setting("ordering", .boolean, default: false, help: "The calls must come in the expected order."),
        ]
    )

    private let exact: Bool
    private let ordering: Bool

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - exact: Whether arguments are compared, where every expected call has some.
    ///   - ordering: Whether the order of the calls counts.
    public init(exact: Bool = true, ordering: Bool = false) {
        self.exact = exact
        self.ordering = ordering
    }

    init(configuration: JSON) {
        self.init(exact: configuration.flag("exact"), ordering: configuration.flag("ordering"))
    }

    /// Judges one row; the rationale names tools, never arguments.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let expected = try ToolCall.expected(row)
        let comparesArguments = exact && expected.allSatisfy { $0.arguments != nil }
        let made = ToolCall.made(row.trace)
        let difference =
            ordering
            ? ToolCall.differenceInOrder(made, expected, comparingArguments: comparesArguments)
            : ToolCall.difference(made, expected, comparingArguments: comparesArguments)
        return .yesNo(difference == nil, rationale: difference)
    }
}
