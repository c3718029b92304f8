// retrieval_groundedness: the answer says nothing that the retrieved documents don't.

public import EvalCore

/// Whether the answer rests on what was retrieved: "yes" or "no" for each retrieval.
public struct RetrievalGroundedness: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "retrieval_groundedness",
        help: "The answer says nothing that the retrieved documents don't support.",
        reads: ["inputs", "outputs", "spans(RETRIEVER)"]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let (inputs, outputs) = (try row.neededInputs(), try row.neededOutputs())
        let questions = try Retrieval.needed(row)
            .map { retrieval in
                var evidence = Evidence()
                evidence.add("question", request: inputs)
                evidence.add("answer", valueOf: outputs)
                evidence.add(documents: retrieval.documents)
                return Question(
                    task: Prompt.retrievalGroundedness,
                    evidence: evidence.content,
                    form: .value(.yesNo),
                    spanID: retrieval.spanID
                )
            }
        return .ask(questions)
    }
}
