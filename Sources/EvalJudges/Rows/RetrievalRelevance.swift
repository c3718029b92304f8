// retrieval_relevance: each retrieved document has something to do with what was asked.
//
// Each document is a question of its own: no document can speak for another one, the order doesn't matter, and a
// document that comes again for the same question is paid for once where replies are cached.

public import EvalCore
internal import EvalJSON

/// Whether each retrieved document is of use for what was asked: "yes" or "no" for each, and their share.
public struct RetrievalRelevance: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "retrieval_relevance",
        help: "Each retrieved document is of use for what was asked; its precision is the share of those that are.",
        reads: ["inputs", "spans(RETRIEVER)"],
        feedbacks: [.init(name: "precision", value: .number)]
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    var usualQuestions: Double { 5 }

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let inputs = try row.neededInputs()
        let questions = try Retrieval.needed(row)
            .flatMap { retrieval in
                retrieval.documents.enumerated()
                    .map { place, document in
                        var evidence = Evidence()
                        evidence.add("question", request: inputs)
                        evidence.add("document", document)
                        return Question(
                            task: Prompt.retrievalRelevance,
                            evidence: evidence.content,
                            form: .value(.yesNo),
                            spanID: retrieval.spanID,
                            metadata: [("chunk_index", JSON(place))]
                        )
                    }
            }
        return questions.isEmpty ? .decided(.skipped("nothing was retrieved")) : .ask(questions)
    }

    /// For each retrieval its precision, then its documents.
    func verdict(_ decisions: [Decision]) -> Verdict {
        var feedbacks: [Feedback] = []
        var rest = decisions[...]
        while let first = rest.first {
            let same = rest.prefix { $0.spanID == first.spanID }
            let relevant = same.count { $0.values.first == .text("yes") }
            feedbacks.append(
                Feedback(
                    .number(Double(relevant) / Double(same.count)),
                    name: "precision",
                    rationale: "\(relevant) of \(same.count) documents are relevant",
                    spanID: first.spanID
                )
            )
            feedbacks += same.map(\.feedback)
            rest = rest.dropFirst(same.count)
        }
        return .feedbacks(feedbacks)
    }
}
