// The scorer `tone_judge`: the tone of an answer, as the run's judge hears it.
//
// The judge names the tone before it hears which one was wanted, since it never does: comparing is ours. So a wish can't
// colour what it says, and one reply in the cache serves every wish.

import ScorerKit

/// A tone, in the words of the labels.
enum Tone: String, CaseIterable {
    case friendly, formal, neutral, cold, rude
}

struct ToneJudge: PluginScorer {
    /// The tone that answers should have.
    enum Wanted: String, Codable, CaseIterable, Sendable {
        case any, friendly, formal, neutral, cold, rude
    }

    struct Configuration: PluginConfiguration {
        var wanted = Wanted.any
        var audience = ""
    }

    private static let input = Field.inputs.optional
    private static let expected = Field.expectation("tone").optional

    static let about = About(
        "tone_judge",
        help: "The tone of the outputs, as the run's judge hears it.",
        reads: [input, .outputs, expected],
        value: .category(Tone.allCases.map(\.rawValue)),
        pass: "friendly|formal|neutral",
        feedbacks: [
            .init(
                "as_wanted",
                .boolean,
                help: "Whether it is the tone of expectations.tone, or of the setting `wanted`.",
                direction: .higherIsBetter
            )
        ],
        settings: [
            .init("wanted", help: "The tone that answers should have, for rows without expectations.tone."),
            .init("audience", help: "Who is spoken to, in a few words, such as: a customer who complains."),
        ],
        traits: .callsJudge
    )

    let configuration: Configuration

    func score(_ row: Row) throws -> Score {
        guard !row[.outputs].isEmpty else { return .skip("there is no output to judge") }
        let wanted = try wantedTone(row)
        let question = Question(
            input: String(row[Self.input]),
            output: String(row[.outputs]),
            audience: configuration.audience
        )
        let reply = try row.context.judge.ask(
            [.system(Question.instructions), .user(question.text)],
            schema: Question.schema
        )
        guard let tone = reply.text("tone").flatMap(Tone.init) else {
            throw ScoringError("the judge's reply has no tone that is known here")
        }
        let score = Score.label(tone.rawValue).because(reply.text("rationale") ?? "")
        guard let wanted else { return score }
        return score.adding("as_wanted", .boolean(tone == wanted))
    }

    /// The tone that the row or else the setting asks for; nil if neither does.
    private func wantedTone(_ row: Row) throws -> Tone? {
        guard row.has(Self.expected) else { return Tone(rawValue: configuration.wanted.rawValue) }
        guard let tone = Tone(rawValue: String(row[Self.expected])) else {
            throw ScoringError("expectations.tone must be friendly, formal, neutral, cold or rude")
        }
        return tone
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("tone_judge", "1.0.0", ToneJudge.self, licence: "Apache-2.0") }
