// Counts words, sentences and syllables, one scalar after the other, without a copy of the text.

/// The counts of a text.
///
/// Add all scalars, then `finish()`.
struct TextStatistics {
    private(set) var words = 0
    private(set) var sentences = 0
    private(set) var syllables = 0

    private var word = Syllables()
    private var hasWordInSentence = false
    private var maySentenceEnd = false

    mutating func add(_ scalar: Unicode.Scalar) {
        switch Letter(scalar) {
        case .vowel(let letter):
            maySentenceEnd = false
            word.add(letter, isVowel: true)
        case .consonant(let letter):
            maySentenceEnd = false
            word.add(letter, isVowel: false)
        case .accent: word.accentLast()
        case .within: break
        case .none: addSeparator(scalar)
        }
    }

    /// Ends the last word and the last sentence.
    mutating func finish() {
        endWord()
        if hasWordInSentence { endSentence() }
    }

    // A full stop ends a sentence only before white space, so that 3.14 and example.org don't.
    private mutating func addSeparator(_ scalar: Unicode.Scalar) {
        endWord()
        switch scalar {
        case ".", "!", "?", "\u{2026}": maySentenceEnd = hasWordInSentence
        case "\"", "'", ")", "]", "\u{201D}", "\u{2019}", "\u{BB}": break
        case _ where scalar.properties.isWhitespace: if maySentenceEnd { endSentence() }
        default: maySentenceEnd = false
        }
    }

    private mutating func endWord() {
        guard word.hasLetters else { return }
        words += 1
        syllables += word.count
        hasWordInSentence = true
        word = Syllables()
    }

    private mutating func endSentence() {
        sentences += 1
        hasWordInSentence = false
        maySentenceEnd = false
    }
}

/// What a scalar is to a word.
///
/// Letters are given in lower case, as ASCII where they have no more to say.
private enum Letter {
    case vowel(Unicode.Scalar)
    case consonant(Unicode.Scalar)
    /// Belongs to the letter before.
    case accent
    /// Neither ends a word nor adds to it: apostrophes, soft hyphens.
    case within
    case none

    init(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "a", "e", "i", "o", "u", "y": self = .vowel(scalar)
        case "b"..."z": self = .consonant(scalar)
        case "A"..."Z": self = Letter(Unicode.Scalar(UInt8(scalar.value | 0x20)))
        case "\0"..."\u{7F}": self = scalar == "'" ? .within : .none
        case "\u{300}"..."\u{36F}": self = .accent
        case "\u{2019}", "\u{AD}": self = .within
        case "\u{D7}", "\u{F7}": self = .none
        case "\u{C0}"..."\u{24F}": self = Self.accented(scalar)
        default: self = .none
        }
    }

    private static func accented(_ scalar: Unicode.Scalar) -> Letter {
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        return vowels.contains(lower) ? .vowel(lower) : .consonant(lower)
    }

    private static let vowels = Set(
        "\u{E0}\u{E1}\u{E2}\u{E3}\u{E4}\u{E5}\u{E6}\u{E8}\u{E9}\u{EA}\u{EB}\u{EC}\u{ED}\u{EE}\u{EF}\u{F2}\u{F3}\u{F4}\u{F5}"
            .unicodeScalars
    )
    .union(
        "\u{F6}\u{F8}\u{F9}\u{FA}\u{FB}\u{FC}\u{FD}\u{FF}\u{101}\u{113}\u{12B}\u{14D}\u{153}\u{16B}\u{16F}"
            .unicodeScalars
    )
}

/// Syllables of one English word by its letters: groups of vowels, less the silent e of its ending.
///
/// A rule of thumb that is right for about nine words of ten, which is what the formulas need; a dictionary isn't.
private struct Syllables {
    private var groups = 0
    private var wasVowel = false
    private var last: Unicode.Scalar = " "
    private var second: Unicode.Scalar = " "
    private var third: Unicode.Scalar = " "
    private var fourth: Unicode.Scalar = " "

    var hasLetters: Bool { last != " " }

    mutating func add(_ letter: Unicode.Scalar, isVowel: Bool) {
        if isVowel && !wasVowel { groups += 1 }
        wasVowel = isVowel
        fourth = third
        third = second
        second = last
        last = letter
    }

    /// An e with an accent of its own isn't silent, as little as an é.
    mutating func accentLast() {
        if last == "e" { last = "\u{E9}" }
    }

    var count: Int { max(1, groups + (endsInVowelAndING ? 1 : 0) - (isLastSilent ? 1 : 0)) }

    // being, doing, saying.
    private var endsInVowelAndING: Bool {
        third == "i" && second == "n" && last == "g" && "aeiouy".unicodeScalars.contains(fourth)
    }

    // made, likes, miles, jumped; but not: table, apples, wanted, boxes, agree.
    private var isLastSilent: Bool {
        switch (third, second, last) {
        case (_, "e", "e"), (_, "i", "e"), (_, "u", "e"), (_, "o", "e"), (_, "y", "e"), (_, "a", "e"): false
        case (let before, "l", "e"): "aeiouyrw".unicodeScalars.contains(before)
        case (_, _, "e"): true
        case ("l", "e", "s"): "aeiouyrw".unicodeScalars.contains(fourth)
        case (let before, "e", "s"): !"aeiouysxzcgh".unicodeScalars.contains(before)
        case (let before, "e", "d"): !"aeiouytd".unicodeScalars.contains(before)
        default: false
        }
    }
}
