// The answers to one question: one of one model, or those of a panel with its disagreement.

internal import EvalCore
internal import EvalJSON

/// The answers to one question.
struct Panel {
    /// What one member said once.
    struct Answer: Sendable {
        let name: ModelName
        let sample: Int
        let account: ReplyAccount
        let result: Result<Reading, ScorerError>
    }

    let answers: [Answer]

    init(_ answers: [Answer]) { self.answers = answers }

    /// What the answers come to.
    ///
    /// - Throws: The first error where the answers that are there don't decide, or that labels are tied.
    func decision(
        on question: Question,
        _ options: JudgeOptions,
        _ version: String
    ) throws(ScorerError) -> Decision {
        if answers.count == 1 {
            let reading = try answers[0].result.get()
            return Decision(
                values: reading.values,
                rationale: reading.rationale,
                metadata: .object(
                    question.metadata + answers[0].account.members + [("judge_version", JSON(version))]
                        + reading.details
                ),
                spanID: question.spanID
            )
        }
        let readings = answers.compactMap { try? $0.result.get() }
        var values: [FeedbackValue] = []
        for (place, kind) in question.form.values.enumerated() {
            let ballot = Ballot(values: readings.map { $0.values[place] }, asked: answers.count)
            let vote = options.vote ?? .standard(for: kind)
            guard let value = ballot.decision(vote, over: kind) else { throw undecided }
            values.append(value)
        }
        return Decision(
            values: values,
            rationale: rationale(values, readings),
            metadata: metadata(values, readings, question, options, version),
            spanID: question.spanID
        )
    }

    /// Why nothing is decided.
    private var undecided: ScorerError {
        var errors: [ScorerError] = []
        for answer in answers { if case .failure(let error) = answer.result { errors.append(error) } }
        guard let first = errors.first else {
            return ScorerError(code: "no_majority", message: "the \(answers.count) answers of the panel are tied")
        }
        return ScorerError(
            code: first.code,
            message: "\(errors.count) of \(answers.count) answers of the panel failed; the first: \(first.message)"
        )
    }

    private func rationale(_ values: [FeedbackValue], _ readings: [Reading]) -> String {
        let agreeing = readings.filter { $0.values == values }
        let said = readings.map { $0.values.map(\.json.shown).joined(separator: "/") }.joined(separator: ", ")
        let why = (agreeing.first ?? readings.first)?.rationale ?? ""
        return "\(agreeing.count) of \(answers.count) answers say so (\(said)). \(why)"
    }

    private func metadata(
        _ values: [FeedbackValue],
        _ readings: [Reading],
        _ question: Question,
        _ options: JudgeOptions,
        _ version: String
    ) -> JSON {
        var account = ReplyAccount()
        for answer in answers where !answer.account.models.isEmpty { account.add(answer.account) }
        let agreeing = readings.count { $0.values == values }
        let vote = options.vote ?? question.form.values.first.map(JudgeVote.standard) ?? .majority
        return .object(
            question.metadata + account.members + [
                ("judge_version", JSON(version)),
                ("vote", JSON(vote.rawValue)),
                ("agreement", JSON(Double(agreeing) / Double(answers.count))),
                ("panel", .array(answers.map { $0.json(question.form) })),
            ]
        )
    }
}

extension Panel.Answer {
    /// What a member said, as metadata has it.
    fileprivate func json(_ form: ReplyForm) -> JSON {
        var members = account.models.isEmpty ? [("model", JSON(name.description))] : account.members
        members.append(("sample", JSON(sample)))
        switch result {
        case .success(let reading):
            let values = reading.values.map(\.json)
            members.append(("result", values.count == 1 ? values[0] : .array(values)))
            members.append(("rationale", JSON(reading.rationale.prefix(bytes: 4 << 10))))
            members += reading.details
        case .failure(let error):
            members.append(("error", ["code": JSON(error.code), "message": JSON(error.message)]))
        }
        return .object(members)
    }
}

extension JSON {
    /// A text as itself, anything else as JSON.
    fileprivate var shown: String { string ?? serialized }
}
