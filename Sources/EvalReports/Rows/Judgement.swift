// What a scorer's verdict on a row means under the scorer's pass rule.

internal import EvalCore
internal import EvalJSON

extension Verdict {
    /// The values of the scorer's own feedback, not of its further ones.
    var own: [FeedbackValue] { values.filter { $0.name == nil }.map(\.value) }

    /// The scorer's own number: of several values their mean; nil without numbers.
    var number: Double? {
        let numbers = own.compactMap(\.numeric).filter(\.isFinite)
        return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    }

    /// Whether the row passes, which all of the scorer's own values must; nil without a value.
    func passes(_ rule: PassRule) -> Bool? {
        let own = own
        return own.isEmpty ? nil : own.allSatisfy(rule.passes)
    }

    /// The scorer's own values for people.
    var shownValue: String { own.map(\.shown).joined(separator: ", ") }

    /// The rationales of the scorer's own feedback.
    var rationale: String? {
        let rationales = values.filter { $0.name == nil }.compactMap(\.rationale)
        return rationales.isEmpty ? nil : rationales.joined(separator: "\n")
    }
}

extension FeedbackValue {
    /// The value for people.
    var shown: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): Numbers.plain(value)
        case .text(let value): value
        case .json(let value): value.serialized
        }
    }
}

extension FinishedRow {
    /// What a scorer said; a row that could not be read or predicted is an error for each.
    ///
    /// A scorer of sessions says nothing, unless the row is the first of one.
    func verdict(of scorer: Int) -> Verdict? {
        verdicts.indices.contains(scorer) ? verdicts[scorer] : failure.map { .errored($0) }
    }

    /// The row's name for people: its id, or its place from 1; with the repetition where there are several.
    func name(repeats: Int) -> String {
        let id = recordID.map { Excerpt($0, limit: 120) }
        let name = id.map { $0.text + ($0.omittedBytes > 0 ? "…" : "") } ?? "row \(ordinal + 1)"
        return repeats > 1 ? "\(name) (repeat \(repetition + 1))" : name
    }

    /// The name of the row's session for people, with the repetition where there are several.
    func sessionName(repeats: Int) -> String {
        let id = Excerpt(sessionID ?? "", limit: 120)
        let name = "session \(id.text)" + (id.omittedBytes > 0 ? "…" : "")
        return repeats > 1 ? "\(name) (repeat \(repetition + 1))" : name
    }
}
