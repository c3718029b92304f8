// Text that stays text in GitHub's Markdown: no table ends early, no HTML begins, nobody is mentioned and nothing is
// linked, whatever a row says.

/// Pieces of Markdown.
enum Markdown {
    /// A name in one line, as code; nothing in code is a mention or a link.
    static func code(_ source: some StringProtocol) -> String {
        let line = Printable.line(source)
        let breaksSpan = line.isEmpty || line.contains { "`|\\".contains($0) } || line.first == " " || line.last == " "
        return breaksSpan ? "<code>\(escape(line))</code>" : "`\(line)`"
    }

    /// Words in one line.
    static func text(_ source: some StringProtocol) -> String { escape(Printable.line(source)) }

    /// Text with its lines, which GitHub's parser leaves alone up to the `</pre>`.
    static func block(_ source: some StringProtocol) -> String {
        "<pre>\n\(Markup.text(source).source)</pre>"
    }

    private static let specials = Set("!\"#$&'*+:<=>?@[\\]^_`{|}~".unicodeScalars)

    private static func escape(_ line: String) -> String {
        let hidesDots = line.lowercased().contains("www.")
        var result = ""
        var previous: Unicode.Scalar = " "
        for scalar in line.unicodeScalars {
            // A word joiner is invisible and parts the sign from the name.
            if previous == "@" || previous == "#", scalar.properties.isAlphabetic || previous == "#" {
                result.unicodeScalars.append("\u{2060}")
            }
            previous = scalar
            let isSpecial = scalar == "." ? hidesDots : specials.contains(scalar)
            if isSpecial { result += "&#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// A row of a table.
    static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
}

/// A document that ends before it is too long.
struct BoundedDocument {
    private let limit: Int
    private(set) var text = ""

    /// Begins.
    ///
    /// - Parameter limit: The most bytes.
    init(limit: Int) { self.limit = limit }

    /// Appends what must be there.
    mutating func add(_ piece: String) { text += piece }

    /// Appends what may be left out.
    ///
    /// - Parameters:
    ///   - piece: The text.
    ///   - reserve: Bytes that must be left after it.
    /// - Returns: Whether there was room.
    mutating func addIfRoom(_ piece: String, reserve: Int = 512) -> Bool {
        guard text.utf8.count + piece.utf8.count + reserve <= limit else { return false }
        text += piece
        return true
    }
}
