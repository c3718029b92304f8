// retrieval_groundedness: the answer says nothing that the retrieved documents don't.

public import EvalCore
internal import EvalJSON

/// Whether the answer rests on what was retrieved: "yes" or "no" for each retrieval.
public struct RetrievalGroundedness: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "retrieval_groundedness",
        help: "The answer says nothing that the retrieved documents don't support.",
        reads: ["inputs", "outputs", "spans(RETRIEVER)"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `retrieval_groundedness` where none is given.
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
