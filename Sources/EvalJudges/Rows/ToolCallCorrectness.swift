// tool_call_correctness: the right tools were called with sensible arguments. Where a row expects calls they are
// compared with those, by a model or, with `should_exact_match`, without one.

public import EvalCore
internal import EvalJSON

/// Whether the right tools were called with sensible arguments: "yes" or "no".
public struct ToolCallCorrectness: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "tool_call_correctness",
        help: "The right tools were called with sensible arguments, or those that the row expects.",
        reads: ["inputs", "spans(TOOL)", "expectations.expected_tool_calls?"],
        settings: [
            Setting(
                "should_exact_match",
                .boolean,
                default: false,
                help: "Compare with the expected calls without a model; arguments where every expected call has some."
            ),
            Setting(
                "should_consider_ordering",
                .boolean,
                default: false,
                help: "The order of the calls counts."
            ),
        ]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions
    private let exactMatch: Bool
    private let ordering: Bool

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `tool_call_correctness` where none is given.
    ///   - shouldExactMatch: Whether the expected calls are compared without a model.
    ///   - shouldConsiderOrdering: Whether the order of the calls counts.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(
        name: String? = nil,
        shouldExactMatch: Bool = false,
        shouldConsiderOrdering: Bool = false,
        model: String? = nil,
        options: JudgeOptions = JudgeOptions()
    ) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
        exactMatch = shouldExactMatch
        ordering = shouldConsiderOrdering
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(
            shouldExactMatch: configuration["should_exact_match"]?.boolean ?? false,
            shouldConsiderOrdering: configuration["should_consider_ordering"]?.boolean ?? false,
            options: try JudgeOptions(configuration: configuration)
        )
    }

    var usualQuestions: Double { exactMatch ? 0 : 1 }

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let expected = try Call.expected(row)
        if exactMatch {
            guard let expected else { throw .missingField("expectations.expected_tool_calls") }
            return .decided(compare(Call.made(row.trace), expected))
        }
        var evidence = Evidence()
        evidence.add("question", request: try row.neededInputs())
        evidence.add(callsOf: row.trace)
        var task = Prompt.toolCallCorrectness
        if let expected {
            let withArguments = !expected.contains { $0.arguments == nil }
            if expected.isEmpty { evidence.add("expected_calls", "(no call is expected)") }
            for (place, call) in expected.enumerated() {
                evidence.add("expected_call_\(place + 1)", call.json(withArguments: withArguments).serialized)
            }
            task = withArguments ? Prompt.toolCallsExpected : Prompt.toolNamesExpected
        }
        task += "\n" + (ordering ? Prompt.toolOrderCounts : Prompt.toolOrderIsFree)
        return .ask([Question(task: task, evidence: evidence.content, form: .value(.yesNo))])
    }

    /// MLflow's comparison: the same number of calls, then each call in its place, or each somewhere.
    private func compare(_ made: [Call], _ expected: [Call]) -> Verdict {
        guard made.count == expected.count else {
            return .yesNo(false, rationale: "\(expected.count) calls are expected, \(made.count) were made")
        }
        let withArguments = !expected.contains { $0.arguments == nil }
        func isSame(_ left: Call, _ right: Call) -> Bool {
            left.name == right.name && (!withArguments || left.arguments == right.arguments)
        }
        if ordering {
            guard let place = made.indices.first(where: { !isSame(made[$0], expected[$0]) }) else {
                return .yesNo(true, rationale: "every call is the expected one, in its place")
            }
            return .yesNo(false, rationale: "call \(place + 1) is another one than expected")
        }
        let missing = expected.count { call in !made.contains { isSame($0, call) } }
        let unexpected = made.count { call in !expected.contains { isSame($0, call) } }
        guard missing + unexpected > 0 else { return .yesNo(true, rationale: "every expected call was made") }
        return .yesNo(false, rationale: "\(missing) expected calls are missing, \(unexpected) calls are unexpected")
    }
}
