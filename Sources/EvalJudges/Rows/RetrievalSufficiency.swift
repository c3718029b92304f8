// retrieval_sufficiency: what was retrieved is enough to give the expected answer.

public import EvalCore

/// Whether what was retrieved is enough for the expected answer: "yes" or "no" for each retrieval.
public struct RetrievalSufficiency: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "retrieval_sufficiency",
        help: "What was retrieved is enough to give the expected answer.",
        reads: ["inputs", "spans(RETRIEVER)", "expectations.expected_response?", "expectations.expected_facts?"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let inputs = try row.neededInputs()
        let truth = try GroundTruth(sufficientFor: row)
        var questions: [Question] = []
        for retrieval in try Retrieval.needed(row) {
            var evidence = Evidence()
            evidence.add("question", request: inputs)
            truth.add(to: &evidence)
            evidence.add(documents: retrieval.documents)
            let form: ReplyForm
            if case .facts(let facts) = truth {
                form = .items("fact", count: facts.count)
            } else {
                form = .value(.yesNo)
            }
            questions.append(
                Question(
                    task: Prompt.retrievalSufficiency,
                    evidence: evidence.content,
                    form: form,
                    spanID: retrieval.spanID
                )
            )
        }
        return .ask(questions)
    }
}

extension GroundTruth {
    /// Reads a row's expectations for its retrievals: the expected response counts where there are facts besides, as
    /// in MLflow.
    ///
    /// - Throws: That it has neither.
    fileprivate init(sufficientFor row: Row) throws(ScorerError) {
        if let response = row.expectation("expected_response") {
            self = .response(response)
        } else {
            self = try GroundTruth(row)
        }
    }
}
