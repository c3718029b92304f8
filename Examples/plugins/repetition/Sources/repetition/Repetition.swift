// The scorer `repetition`: how often an assistant says again what it has said before in the same conversation.
//
// Two answers are the same if they differ only in case, in space, and in how accents are composed. Paraphrases aren't
// found: that takes a judge. Short answers ("You're welcome.") may be said as often as one likes.

import ScorerKit

struct Repetition: PluginSessionScorer {
    struct Configuration: PluginConfiguration {
        var minimumWords = 4
    }

    static let about = About(
        "repetition",
        help: "The share of a conversation's answers that repeat an earlier one.",
        reads: [.outputs.optional],
        value: .number(0...1),
        direction: .lowerIsBetter,
        pass: "== 0",
        feedbacks: [.init("repeats", .integer, help: "How many answers repeat an earlier one.")],
        settings: [.init("minimumWords", help: "Answers with fewer words don't count.", minimum: 1)],
        traits: .deterministic
    )

    let configuration: Configuration

    func score(_ session: Session) -> Score {
        var turnOfAnswer: [String: Int] = [:]
        var count = 0
        var repeats: [String] = []
        for index in 0..<session.turns.count {
            // A turn without outputs, such as one whose prediction failed, is no answer.
            let words = String(session.turns[index][.outputs]).lowercased().split(whereSeparator: \.isWhitespace)
            guard words.count >= configuration.minimumWords else { continue }
            count += 1
            let answer = words.joined(separator: " ")
            if let earlier = turnOfAnswer[answer] {
                repeats.append("turn \(index + 1) is turn \(earlier + 1) again")
            } else {
                turnOfAnswer[answer] = index
            }
        }
        guard count > 1 else { return .skip("fewer than two answers of \(configuration.minimumWords) words") }
        let reason = repeats.isEmpty ? "none of \(count) answers" : repeats.prefix(10).joined(separator: ", ")
        return .number(Double(repeats.count) / Double(count))
            .because(reason)
            .adding("repeats", .integer(repeats.count))
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("repetition", "1.0.0", Repetition.self, licence: "Apache-2.0") }
