// retrieval_sufficiency: what was retrieved is enough to give the expected answer.

public import EvalCore
internal import EvalJSON

/// Whether what was retrieved is enough for the expected answer: "yes" or "no" for each retrieval.
public struct RetrievalSufficiency: RowJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor.judge(
        "retrieval_sufficiency",
        help: "What was retrieved is enough to give the expected answer.",
        reads: ["inputs", "spans(RETRIEVER)", "expectations.expected_response?", "expectations.expected_facts?"]
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `retrieval_sufficiency` where none is given.
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
