// HTML and XML that can't be broken by what is put into it: what is written in our sources is markup, and every value
// that is interpolated is text. Only another `Markup` goes in as it
// is.

/// A piece of HTML or XML.
struct Markup: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// The source text.
    private(set) var source: String

    /// Takes markup that is written in our sources.
    init(stringLiteral value: String) { source = value }

    /// Puts pieces together.
    init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    /// Nothing.
    init() { source = "" }

    /// Puts many pieces together.
    init(_ pieces: some Sequence<Markup>) {
        source = ""
        for piece in pieces { source += piece.source }
    }

    /// Appends a piece.
    static func += (left: inout Markup, right: Markup) { left.source += right.source }

    /// Takes markup of our own that is kept as a string; nothing of a row may come here.
    init(trusted source: String) { self.source = source }

    /// The pieces one after another.
    static func + (left: Markup, right: Markup) -> Markup {
        var sum = left
        sum += right
        return sum
    }

    /// Text with its line ends, escaped for content and for quoted attributes.
    static func text(_ text: some StringProtocol) -> Markup { Markup(trusted: escape(Printable.text(text))) }

    /// A name that may be broken after `/`, `_` and `@`, where a narrow cell has no room for it.
    static func name(_ name: some StringProtocol) -> Markup {
        var result = ""
        for character in Printable.line(name) {
            result += escape(String(character))
            if "/_@".contains(character) { result += "<wbr>" }
        }
        return Markup(trusted: result)
    }

    /// The five characters that markup gives a meaning, as references.
    static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count + 32)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// How literals and values are put together.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { source += literal }
        /// A line of text.
        mutating func appendInterpolation(_ text: some StringProtocol) {
            source += Markup.escape(Printable.line(text))
        }
        mutating func appendInterpolation(_ number: Int) { source += String(number) }
        mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
        mutating func appendInterpolation(_ markup: Markup?) { source += markup?.source ?? "" }
    }
}
