// tool_call_efficiency: tools were called without waste.

public import EvalCore
internal import EvalJSON

/// Whether tools were called without waste: "yes" or "no".
public struct ToolCallEfficiency: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "tool_call_efficiency",
        help: "Tools were called without repeated or needless calls.",
        reads: ["inputs", "spans(TOOL)"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `tool_call_efficiency` where none is given.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(name: String? = nil, model: String? = nil, options: JudgeOptions = JudgeOptions()) {
        descriptor = Self.descriptor.named(name)
        self.options = options.asking(model)
    }

    init(configuration: JSON) throws(Diagnostic) {
        self.init(options: try JudgeOptions(configuration: configuration))
    }

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("question", request: try row.neededInputs())
        evidence.add(callsOf: row.trace)
        return .ask([Question(task: Prompt.toolCallEfficiency, evidence: evidence.content, form: .value(.yesNo))])
    }
}
