// equivalence: the answer means the same as the expected one. Equal texts and numbers need no model.

public import EvalCore
internal import EvalJSON

/// Whether the answer means the same as the expected one: "yes" or "no".
public struct Equivalence: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "equivalence",
        help: "The answer means the same as the expected response; equal texts and numbers need no model.",
        reads: ["outputs", "expectations.expected_response"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let outputs = try row.neededOutputs()
        guard let expected = row.expectation("expected_response") else {
            throw .missingField("expectations.expected_response")
        }
        if let left = outputs.magnitude, let right = expected.magnitude {
            let same = left.isClose(to: right)
            return .decided(.yesNo(same, rationale: same ? "the numbers are the same" : "the numbers differ"))
        }
        if outputs.textOfValue == expected.textOfValue {
            return .decided(.yesNo(true, rationale: "the texts are the same"))
        }
        var evidence = Evidence()
        evidence.add("answer", valueOf: outputs)
        evidence.add("expected", valueOf: expected)
        return .ask([Question(task: Prompt.equivalence, evidence: evidence.content, form: .value(.yesNo))])
    }
}

extension JSON {
    /// The number that a number or a truth value is.
    fileprivate var magnitude: Double? { number ?? boolean.map { $0 ? 1 : 0 } }
}

extension Double {
    /// Whether two numbers differ by a billionth of the greater one at most, as MLflow has it.
    fileprivate func isClose(to other: Double) -> Bool {
        self == other || abs(self - other) <= 1e-9 * Swift.max(abs(self), abs(other))
    }
}
