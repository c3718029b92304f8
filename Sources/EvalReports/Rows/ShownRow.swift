// A row as reports show it: cut to what there is room for, with what each scorer said.

internal import EvalCore
internal import EvalJSON

/// A row with its texts cut.
struct ShownRow: Sendable {
    /// A part of an object.
    struct Field: Sendable {
        var name: String
        var text: Excerpt
    }

    /// What a scorer said.
    struct Judgement: Sendable {
        /// What it means.
        enum Outcome: Sendable {
            case passed, failed, scored, errored, skipped

            /// One word for people.
            var word: String {
                switch self {
                case .passed: "pass"
                case .failed: "fail"
                case .scored: "scored"
                case .errored: "error"
                case .skipped: "skipped"
                }
            }
        }

        /// The instance, or `instance/feedback`.
        var scorer: String
        var outcome: Outcome
        /// The value, or the error's code.
        var value: Excerpt
        /// The rationale, the error's message or the reason of the skip.
        var rationale: Excerpt?
    }

    /// Fields of an object that are shown.
    private static let mostFields = 12

    var name: String
    var inputs: [Field]
    var outputs: Excerpt?
    var expectations: [Field]
    var judgements: [Judgement]

    /// Cuts a row.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - scorers: What is known of the scorers.
    ///   - repeats: How often each record is evaluated.
    ///   - limit: The most bytes of one text.
    init(_ row: FinishedRow, scorers: [ScorerFacts], repeats: Int, limit: Int) {
        name = row.name(repeats: repeats)
        let root = row.trace.root
        inputs = Self.fields(root?.inputs, limit)
        outputs = root?.outputs.map { Excerpt($0.textOfValue, limit: limit) }
        expectations = Self.fields(row.expectations, limit)
        judgements = scorers.enumerated()
            .flatMap { index, facts in
                row.verdict(of: index).map { Self.judgements($0, facts, limit / 2) } ?? []
            }
    }

    private static func fields(_ json: JSON?, _ limit: Int) -> [Field] {
        guard let json, !json.isNull else { return [] }
        guard json.kind == .object else { return [Field(name: "", text: Excerpt(json.textOfValue, limit: limit))] }
        var fields: [Field] = []
        var left = limit
        var others = 0
        for (key, value) in json.members {
            if fields.count == mostFields || left <= 0 {
                others += 1
                continue
            }
            let text = Excerpt(value.textOfValue, limit: left)
            left -= text.text.utf8.count
            fields.append(Field(name: Excerpt(key, limit: 80).cell(80), text: text))
        }
        if others > 0 {
            fields.append(Field(name: "…", text: Excerpt("\(Numbers.count(others, "more key"))", limit: 80)))
        }
        return fields
    }

    private static func judgements(_ verdict: Verdict, _ facts: ScorerFacts, _ limit: Int) -> [Judgement] {
        func one(_ outcome: Judgement.Outcome, _ value: String, _ rationale: String?, _ name: String?) -> Judgement {
            Judgement(
                scorer: name.map { "\(facts.name)/\($0)" } ?? facts.name,
                outcome: outcome,
                value: Excerpt(value, limit: 200),
                rationale: rationale.map { Excerpt($0, limit: limit) }
            )
        }
        switch verdict {
        case .errored(let error): return [one(.errored, error.code, error.message, nil)]
        case .skipped(let reason): return [one(.skipped, "", reason, nil)]
        case .feedback, .feedbacks:
            var list: [Judgement] = []
            if !verdict.own.isEmpty {
                let passes = facts.pass.flatMap(verdict.passes)
                let outcome: Judgement.Outcome = passes.map { $0 ? .passed : .failed } ?? .scored
                list.append(one(outcome, verdict.shownValue, verdict.rationale, nil))
            }
            for feedback in verdict.values {
                guard let name = feedback.name else { continue }
                list.append(one(.scored, feedback.value.shown, feedback.rationale, name))
            }
            return list
        }
    }
}
