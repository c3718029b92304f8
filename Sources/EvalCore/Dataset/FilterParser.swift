// From the text of a condition to its tree: a tokenizer and one function for each level of precedence.

internal import EvalJSON

/// Parses a ``RowFilter``.
struct FilterParser {
    private enum Token: Equatable {
        case word(String)
        case text(String)
        case number(Double)
        case sign(String)
        case end
    }

    private var tokens: [(token: Token, place: Int)] = []
    private var at = 0
    private var depth = 0
    private let source: String
    private static let deepest = 100

    init(_ source: String) throws(Diagnostic) {
        self.source = source
        try tokenize()
    }

    mutating func whole() throws(Diagnostic) -> RowFilter.Node {
        let node = try either()
        guard current == .end else { throw expected("AND, OR or the end") }
        return node
    }

    private var current: Token { tokens[at].token }

    private func isKeyword(_ keyword: String) -> Bool {
        if case .word(let word) = current { word.uppercased() == keyword } else { false }
    }

    private mutating func take(_ keyword: String) -> Bool {
        guard isKeyword(keyword) else { return false }
        at += 1
        return true
    }

    private mutating func take(sign: String) -> Bool {
        guard current == .sign(sign) else { return false }
        at += 1
        return true
    }

    private func expected(_ what: String) -> Diagnostic {
        Diagnostic(
            "\(what) was expected at character \(tokens[at].place + 1) of the condition '\(source)'",
            help: "For example: inputs.lang = 'en' AND tags.team IN ('a', 'b')"
        )
    }

    private mutating func either() throws(Diagnostic) -> RowFilter.Node {
        var node = try both()
        while take("OR") { node = .or(node, try both()) }
        return node
    }

    private mutating func both() throws(Diagnostic) -> RowFilter.Node {
        var node = try negated()
        while take("AND") { node = .and(node, try negated()) }
        return node
    }

    private mutating func negated() throws(Diagnostic) -> RowFilter.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw expected("a condition with fewer levels") }
        if take("NOT") { return .not(try negated()) }
        if take(sign: "(") {
            let inner = try either()
            guard take(sign: ")") else { throw expected("')'") }
            return inner
        }
        return try condition()
    }

    private mutating func condition() throws(Diagnostic) -> RowFilter.Node {
        guard case .word(let word) = current else { throw expected("a field") }
        let field: JSONPath
        do throws(JSONError) {
            field = try JSONPath(word)
        } catch {
            throw expected("a field such as inputs.question")
        }
        at += 1
        if take("IS") {
            let isNegated = take("NOT")
            guard take("NULL") else { throw expected("NULL") }
            return isNegated ? .not(.isNull(field)) : .isNull(field)
        }
        let isNegated = take("NOT")
        for (keyword, ignoresCase) in [("LIKE", false), ("ILIKE", true)] where take(keyword) {
            guard case .text(let pattern) = current else { throw expected("a text in quotes") }
            at += 1
            let node = RowFilter.Node.like(field, LikePattern(pattern, ignoresCase: ignoresCase))
            return isNegated ? .not(node) : node
        }
        if take("IN") {
            let node = RowFilter.Node.among(field, try list())
            return isNegated ? .not(node) : node
        }
        if isNegated { throw expected("LIKE, ILIKE or IN") }
        if case .sign(let sign) = current, let comparison = Bound.Comparison(rawValue: sign == "=" ? "==" : sign) {
            at += 1
            return .compare(field, comparison, try value())
        }
        return .field(field)
    }

    private mutating func list() throws(Diagnostic) -> [JSON] {
        guard take(sign: "(") else { throw expected("'('") }
        var values = [try value()]
        while take(sign: ",") { values.append(try value()) }
        guard take(sign: ")") else { throw expected("',' or ')'") }
        return values
    }

    private mutating func value() throws(Diagnostic) -> JSON {
        let value: JSON
        switch current {
        case .text(let text): value = JSON(text)
        case .number(let number): value = JSON(number)
        case .word(let word) where word.lowercased() == "true": value = true
        case .word(let word) where word.lowercased() == "false": value = false
        default: throw expected("a number, true, false or a text in single quotes")
        }
        at += 1
        return value
    }

    private mutating func tokenize() throws(Diagnostic) {
        let characters = Array(source)
        var place = 0
        func fail(_ what: String, _ place: Int) -> Diagnostic {
            Diagnostic("\(what) at character \(place + 1) of the condition '\(source)'")
        }
        while place < characters.count {
            let character = characters[place]
            let start = place
            if character.isWhitespace {
                place += 1
            } else if character == "'" {
                var text = ""
                place += 1
                // A quote in a text is written twice, as in SQL.
                while place < characters.count, characters[place] != "'" || Self.isDoubled(characters, place) {
                    if characters[place] == "'" { place += 1 }
                    text.append(characters[place])
                    place += 1
                }
                guard place < characters.count else { throw fail("a text does not end that begins", start) }
                place += 1
                tokens.append((.text(text), start))
            } else if "()<>=!,".contains(character) {
                let pair = place + 1 < characters.count ? String(characters[place...place + 1]) : ""
                let sign = ["<=", ">=", "!=", "=="].contains(pair) ? pair : String(character)
                guard sign != "!" else { throw fail("'!' stands alone", start) }
                tokens.append((.sign(sign), start))
                place += sign.count
            } else {
                var isQuoted = false
                while place < characters.count {
                    let next = characters[place]
                    if next == "\"" { isQuoted.toggle() }
                    if !isQuoted, next.isWhitespace || "()<>=!,'".contains(next) { break }
                    place += 1
                }
                if isQuoted { throw fail("a quoted key does not end that begins", start) }
                let word = String(characters[start..<place])
                let isNumber = word.first.map { $0.isASCII && ($0.isNumber || "+-.".contains($0)) } ?? false
                if isNumber, let number = Double(word), number.isFinite {
                    tokens.append((.number(number), start))
                } else {
                    tokens.append((.word(word), start))
                }
            }
        }
        tokens.append((.end, characters.count))
    }

    private static func isDoubled(_ characters: [Character], _ place: Int) -> Bool {
        place + 1 < characters.count && characters[place + 1] == "'"
    }
}
