// Several answers become one value. A missing answer counts as undecided: a value stands only if nothing that the
// missing ones could say would change it.

internal import EvalCore

/// The answers to one question, for one of its values.
struct Ballot {
    /// What was answered.
    let values: [FeedbackValue]
    /// How many answers there should have been.
    let asked: Int

    private var missing: Int { asked - values.count }

    /// The value that the answers come to; nil where they don't decide.
    func decision(_ vote: JudgeVote, over kind: JudgeValue) -> FeedbackValue? {
        switch kind {
        case .boolean: truth(vote).map(FeedbackValue.boolean)
        case .yesNo: truth(vote).map { .text($0 ? "yes" : "no") }
        case .category: winner
        case .number, .integer: number(vote)
        }
    }

    /// Whether the answers come to yes.
    private func truth(_ vote: JudgeVote) -> Bool? {
        let yes = values.count { $0.numeric == 1 }
        let no = values.count - yes
        let needed =
            switch vote {
            case .all: asked
            case .any: 1
            default: asked / 2 + 1
            }
        if yes >= needed { return true }
        return no > asked - needed ? false : nil
    }

    /// The label that has more answers than any other could still get.
    private var winner: FeedbackValue? {
        var counts: [(value: FeedbackValue, count: Int)] = []
        for value in values {
            if let place = counts.firstIndex(where: { $0.value == value }) {
                counts[place].count += 1
            } else {
                counts.append((value, 1))
            }
        }
        guard let best = counts.max(by: { $0.count < $1.count }) else { return nil }
        let second = counts.filter { $0.value != best.value }.map(\.count).max() ?? 0
        return best.count > second + missing ? best.value : nil
    }

    /// Numbers are put together only if all are there.
    private func number(_ vote: JudgeVote) -> FeedbackValue? {
        guard missing == 0, let first = values.first else { return nil }
        if values.count == 1 { return first }
        let numbers = values.compactMap(\.numeric)
        switch vote {
        case .max: return values.max { ($0.numeric ?? 0) < ($1.numeric ?? 0) }
        case .min: return values.min { ($0.numeric ?? 0) < ($1.numeric ?? 0) }
        default: return .number(numbers.reduce(0, +) / Double(numbers.count))
        }
    }
}
