// hallucination: what part of the answer's claims nothing in the context supports; summary_faithfulness: what part of
// a summary's claims its source supports.
//
// The field counts hallucinations up (a rate of made-up claims, the lower the better) and faithfulness down from 1 (a
// share of supported claims, the higher the better); so do these two.

public import EvalCore
internal import EvalJSON

/// The share of the answer's claims that the context doesn't support: 0 where nothing is made up.
///
/// The context is what was retrieved, or the field `context` of inputs or expectations.
public struct Hallucination: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "hallucination",
        help: "The share of the answer's claims that the context doesn't support; 0 is best.",
        reads: ["inputs?", "outputs", "spans(RETRIEVER)?", "inputs.context?", "expectations.context?"],
        value: .number(0...1),
        range: 0...1,
        lowerIsBetter: true,
        pass: .bound(Bound(.atMost, 0))
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let outputs = try row.neededOutputs()
        var evidence = Evidence()
        if let inputs = row.record.inputs {
            evidence.add(
                "question",
                request: .object(
                    inputs.members.filter { !$0.key.equals("context") }.map { (String($0.key), $0.value) }
                )
            )
        }
        evidence.add("answer", valueOf: outputs)
        evidence.add(documents: try Self.context(row))
        let form = ReplyForm.claims { supported, all in all == 0 ? 0 : Double(all - supported) / Double(all) }
        return .ask([Question(task: Prompt.hallucination, evidence: evidence.content, form: form)])
    }

    /// The texts that the answer may rest on.
    private static func context(_ row: Row) throws(ScorerError) -> [String] {
        let given = [row.record.inputs?["context"], row.record.expectations?["context"]].compactMap { $0 }
            .filter { !$0.isNull }
            .flatMap { $0.kind == .array ? Array($0.elements) : [$0] }
            .map { String($0.textOfValue) }
        let retrievals = Retrieval.all(row.trace)
        guard !given.isEmpty || !retrievals.isEmpty else {
            throw .missingField("spans(RETRIEVER), inputs.context or expectations.context")
        }
        let documents = given + retrievals.flatMap(\.documents)
        guard documents.count <= Retrieval.mostDocuments else {
            throw ScorerError(code: "too_many", message: "the context has over \(Retrieval.mostDocuments) documents")
        }
        return documents
    }
}

/// The share of a summary's claims that its source supports: 1 where all are.
public struct SummaryFaithfulness: RowJudge, StandardJudge, BuiltInJudge {
    /// What the judge is called, reads and gives.
    public var descriptor = ScorerDescriptor.judge(
        "summary_faithfulness",
        help: "The share of a summary's claims that its source supports; 1 is best.",
        reads: ["inputs", "outputs"],
        value: .number(0...1),
        range: 0...1,
        pass: .bound(Bound(.atLeast, 1))
    )
    /// Whom it asks, how often, and how several answers become one.
    public var options = JudgeOptions()

    /// Makes the judge.
    public init() {}

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        var evidence = Evidence()
        evidence.add("source", request: try row.neededInputs())
        evidence.add("summary", valueOf: try row.neededOutputs())
        let form = ReplyForm.claims { supported, all in all == 0 ? 1 : Double(supported) / Double(all) }
        return .ask([Question(task: Prompt.summaryFaithfulness, evidence: evidence.content, form: form)])
    }
}
