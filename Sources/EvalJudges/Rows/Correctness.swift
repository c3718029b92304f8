// correctness: the answer says what is expected, as a whole or fact by fact.

public import EvalCore
internal import EvalJSON

/// Whether the answer says what is expected: "yes" or "no".
///
/// With `expected_facts` each fact gets a verdict of its own, and only all of them together are a yes. As in MLflow a
/// row has one of the two; both are an error, since they could contradict each other.
public struct Correctness: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "correctness",
        help: "The answer says what is expected: the expected response, or each expected fact.",
        reads: ["inputs", "outputs", "expectations.expected_response?", "expectations.expected_facts?"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("question", request: try row.neededInputs())
        evidence.add("answer", valueOf: try row.neededOutputs())
        let truth = try GroundTruth(row)
        truth.add(to: &evidence)
        switch truth {
        case .response:
            return .ask([
                Question(task: Prompt.correctness, evidence: evidence.content, form: .value(.yesNo))
            ])
        case .facts(let facts):
            let form = ReplyForm.items("fact", count: facts.count)
            return .ask([Question(task: Prompt.correctnessOfFacts, evidence: evidence.content, form: form)])
        }
    }
}

/// What a good answer says.
enum GroundTruth {
    case response(JSON)
    case facts([String])

    /// Reads a row's expectations.
    ///
    /// - Throws: That it has neither, or both.
    init(_ row: Row) throws(ScorerError) {
        let response = row.expectation("expected_response")
        switch (response, try row.expectedTexts("expected_facts")) {
        case (.some, .some):
            throw ScorerError(
                code: "ambiguous_field",
                message: "the row has both 'expectations.expected_response' and 'expectations.expected_facts'"
            )
        case (.some(let response), nil): self = .response(response)
        case (nil, .some(let facts)): self = .facts(facts)
        case (nil, nil): throw .missingField("expectations.expected_response or expectations.expected_facts")
        }
    }

    /// Adds it as a block `expected`, or as blocks `fact_1`, `fact_2` and so on.
    func add(to evidence: inout Evidence) {
        switch self {
        case .response(let response): evidence.add("expected", valueOf: response)
        case .facts(let facts):
            for (place, fact) in facts.enumerated() { evidence.add("fact_\(place + 1)", fact) }
        }
    }
}
