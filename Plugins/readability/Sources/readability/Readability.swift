// The scorer `readability`: how many years of school an English answer asks of its reader.
//
// Two measures of the same counts, on different scales:
//   R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948): the reading ease, 0 to about 120.
//   J. P. Kincaid et al., Derivation of new readability formulas for Navy enlisted personnel, Research Branch Report 8-75
//   (1975): the grade.
// Both were fitted to English prose of some length. They say little about lists, code or a single word, and nothing about
// other languages: an answer without words in Latin letters is skipped.

import ScorerKit

struct Readability: PluginScorer {
    struct Configuration: PluginConfiguration {
        var maximumGrade = 12.0
    }

    static let about = About(
        "readability",
        help: "School grade that an English answer needs (Flesch-Kincaid), and its reading ease (Flesch).",
        reads: [.outputs],
        value: .number,
        unit: "grade",
        direction: .lowerIsBetter,
        feedbacks: [
            .init("reading_ease", .number, help: "Flesch reading ease.", direction: .higherIsBetter),
            .init("plain", .boolean, help: "Whether the grade is at most maximum_grade."),
        ],
        settings: [
            .init("maximumGrade", help: "The highest grade that still counts as plain.", minimum: 0, maximum: 30)
        ],
        traits: .deterministic
    )

    let configuration: Configuration

    func score(_ row: Row) -> Score {
        var text = TextStatistics()
        row[0].forEachScalar { text.add($0) }
        text.finish()
        guard text.words > 0 else { return .skip("no words") }

        let wordsPerSentence = Double(text.words) / Double(text.sentences)
        let syllablesPerWord = Double(text.syllables) / Double(text.words)
        let grade = 0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59
        let ease = 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord
        return .number(grade)
            .because("\(text.words) words, \(text.sentences) sentences, \(text.syllables) syllables")
            .adding("reading_ease", .number(ease))
            .adding("plain", .boolean(grade <= configuration.maximumGrade))
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("readability", "1.0.0", Readability.self, licence: "Apache-2.0") }
