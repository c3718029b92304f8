// Reads a filter character by character: what a quote means depends on whether a key or a value is due, so that the
// parser asks for what it wants. Every refusal shows its place.

internal import EvalCore

/// Stands at a place in a filter or an order.
struct MLflowSearchScanner {
    let characters: [Character]
    /// What is read, for messages: `the filter of traces`.
    let title: String
    private(set) var place = 0

    init(_ source: String, title: String) {
        characters = Array(source)
        self.title = title
    }

    var isAtEnd: Bool { place == characters.count }

    private var current: Character? { isAtEnd ? nil : characters[place] }

    mutating func skipSpace() {
        while let character = current, character.isWhitespace { place += 1 }
    }

    /// Takes a character if it is the next.
    mutating func take(_ character: Character) -> Bool {
        guard current == character else { return false }
        place += 1
        return true
    }

    /// Takes a keyword in any case, if it is the next word as a whole.
    mutating func take(keyword: String) -> Bool {
        guard word(at: place).uppercased() == keyword else { return false }
        place += keyword.count
        return true
    }

    /// The letters, digits and marks that stand at a place.
    func word(at start: Int) -> String {
        String(characters[start...].prefix { Self.isBare($0) })
    }

    /// The next word, or the characters up to the next space, for messages.
    var next: String {
        let word = word(at: place)
        return word.isEmpty ? String(characters[place...].prefix { !$0.isWhitespace }.prefix(20)) : word
    }

    /// The parts of a key: bare words between dots, and texts in backticks or double quotes.
    mutating func parts() throws(Diagnostic) -> [String]? {
        var parts: [String] = []
        repeat {
            if let quote = current, quote == "`" || quote == "\"" {
                parts.append(try quoted())
            } else {
                let bare = word(at: place)
                if bare.isEmpty {
                    guard parts.isEmpty else { throw refusal("a key was expected after the dot", at: place) }
                    return nil
                }
                place += bare.count
                parts.append(bare)
            }
        } while take(".")
        return parts
    }

    /// The sign of a comparison, such as `>=`, as far as signs go.
    mutating func sign() -> String? {
        let sign = String(characters[place...].prefix { "=!<>~".contains($0) })
        place += sign.count
        return sign.isEmpty ? nil : sign
    }

    /// A text in single or double quotes.
    mutating func text() throws(Diagnostic) -> String? {
        guard let quote = current, quote == "'" || quote == "\"" else { return nil }
        return try quoted()
    }

    /// A number.
    mutating func number() -> Double? {
        let digits = String(characters[place...].prefix { Self.isBare($0) || ".+".contains($0) })
        guard let first = digits.first, !digits.lowercased().contains("x"), first.isNumber || "+-.".contains(first),
            let number = Double(digits),
            number.isFinite
        else { return nil }
        place += digits.count
        return number
    }

    /// What is between the quote here and its next; the quote itself is written twice.
    private mutating func quoted() throws(Diagnostic) -> String {
        let start = place
        let quote = characters[place]
        var text = ""
        place += 1
        while !isAtEnd {
            let character = characters[place]
            place += 1
            if character == quote {
                guard current == quote else { return text }
                place += 1
            }
            text.append(character)
        }
        throw refusal("this \(quote) has no end", at: start, help: "Inside of a text, write its quote twice.")
    }

    private static func isBare(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_-$/@:#".contains(character)
    }

    /// A refusal that shows its place.
    ///
    /// - Parameters:
    ///   - what: What is wrong, as a clause.
    ///   - place: The character at which it is wrong, from 0.
    ///   - suggestion: The word that was probably meant.
    ///   - help: What would be right.
    /// - Returns: The refusal.
    func refusal(
        _ what: String,
        at place: Int,
        didYouMean suggestion: String? = nil,
        help: String? = nil
    ) -> Diagnostic {
        // A window around the place; what is no plain character there would move the caret.
        let first = max(0, place - 50)
        let shown = characters[first..<min(characters.count, place + 30)].map { $0.isWhitespace ? " " : $0 }
        let lead = first > 0 ? "…" : ""
        let tail = place + 30 < characters.count ? "…" : ""
        let caret = String(repeating: " ", count: lead.count + place - first) + "^"
        let lines = [lead + String(shown) + tail, caret] + (help.map { [$0] } ?? [])
        return Diagnostic(
            "\(title) is wrong at column \(place + 1): \(what)",
            at: Diagnostic.Location(column: place + 1),
            didYouMean: suggestion,
            help: lines.joined(separator: "\n  ")
        )
    }
}
