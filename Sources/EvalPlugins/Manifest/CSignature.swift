// The signature of a bound function: `int (cstring outputs, cstring expectations.expected_response)`.
//
// A type stands before what is passed: a field of the row, `size(FIELD)` for the bytes of a text that is passed as `bytes`,
// or a constant.

internal import EvalCore
internal import EvalJSON
internal import EvalSuite

/// A signature that was read.
struct CSignature {
    /// What is passed for an argument.
    enum Source {
        case field(String)
        case size(String)
        case integer(Int64)
        case number(Double)
        case text(String)
    }

    struct Argument {
        let type: CType
        let source: Source
        /// Where it begins in the signature.
        let offset: Int
    }

    let result: CType
    private(set) var arguments: [Argument] = []

    /// Reads a signature.
    ///
    /// - Throws: What is wrong, at which column.
    init(_ word: ScorerManifest.Word) throws(Diagnostic) {
        var reader = CSignatureReader(word)
        result = try reader.result()
        while let next = try reader.argument(isFirst: arguments.isEmpty) { arguments.append(next) }
        try reader.end()
    }
}

/// Reads a signature from its start to its end.
struct CSignatureReader {
    private let word: ScorerManifest.Word
    private let characters: [Character]
    private var at = 0

    init(_ word: ScorerManifest.Word) {
        self.word = word
        characters = Array(word.text)
    }

    private static let example = "int (cstring outputs, cstring expectations.expected_response)"

    private func error(_ message: String, _ offset: Int? = nil, help: String? = nil) -> Diagnostic {
        word.error(message, at: offset ?? at, help: help ?? "A signature is written like `\(Self.example)`.")
    }

    private mutating func skipSpace() {
        while at < characters.count, characters[at].isWhitespace { at += 1 }
    }

    private var isAtEnd: Bool { at >= characters.count }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard !isAtEnd, characters[at] == character else { return false }
        at += 1
        return true
    }

    /// The next identifier without taking it.
    private func identifier() -> String {
        String(
            characters[min(at, characters.count)...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        )
    }

    private mutating func type() throws(Diagnostic) -> CType {
        skipSpace()
        let start = at
        var words: [String] = []
        while true {
            skipSpace()
            let next = identifier()
            guard !next.isEmpty, words.isEmpty || CType.keywords.contains(next) || Self.wantsMore(words) else { break }
            words.append(next)
            at += next.count
        }
        if characters[min(at, characters.count)...].starts(with: "...") { throw variadic() }
        skipSpace()
        if !isAtEnd, characters[at] == "*" { throw pointer(words) }
        do {
            return try CType.find(words).get()
        } catch {
            throw self.error(error.words, start, help: "There are " + CType.words + ".")
        }
    }

    /// After `const`, and after `struct`, a name belongs to the type.
    private static func wantsMore(_ words: [String]) -> Bool {
        ["const", "volatile", "restrict", "struct", "union", "enum"].contains(words.last ?? "")
    }

    private func variadic() -> Diagnostic {
        error(
            "a function with variable arguments can't be bound: their number and types are no part of its signature",
            help: "Write a plugin of a few lines that calls it."
        )
    }

    private func pointer(_ words: [String]) -> Diagnostic {
        let isText = words.last == "char"
        return error(
            "a pointer can't be passed as it is",
            help: isText
                ? "A text that ends with a NUL is `cstring`; bytes with their number are `bytes FIELD` and `size_t size(FIELD)`."
                : "A function that writes through a pointer, or keeps one, needs a plugin of a few lines."
        )
    }

    mutating func result() throws(Diagnostic) -> CType {
        let start = at
        let type = try type()
        guard !type.isBytes else { throw error("a result can't be `bytes`: nobody knows their number", start) }
        skipSpace()
        // The function's name may stand where C has it.
        let name = identifier()
        at += name.count
        guard take("(") else { throw error("after the result's type comes `(`") }
        return type
    }

    /// The next argument; nil after the last.
    mutating func argument(isFirst: Bool) throws(Diagnostic) -> CSignature.Argument? {
        if take(")") {
            guard !isFirst else { throw error("the function gets nothing of the row", at - 1) }
            return nil
        }
        if !isFirst, !take(",") {
            throw error(isAtEnd ? "the signature has no `)`" : "after an argument comes `,` or `)`")
        }
        skipSpace()
        let start = at
        if isFirst, isLoneVoid { throw error("the function gets nothing of the row") }
        let type = try type()
        skipSpace()
        return CSignature.Argument(type: type, source: try source(of: type), offset: start)
    }

    /// `void` in place of all arguments.
    private var isLoneVoid: Bool {
        guard identifier() == "void" else { return false }
        return characters[(at + 4)...].prefix { $0 != ")" }.allSatisfy(\.isWhitespace)
    }

    private mutating func source(of type: CType) throws(Diagnostic) -> CSignature.Source {
        let start = at
        let text = try sourceText()
        if text.isEmpty {
            throw error("after '\(type.name)' comes what is passed: a field, size(FIELD), or a constant", start)
        }
        if text.hasPrefix("size("), text.hasSuffix(")") {
            guard type.isInteger else { throw error("a size is an integer, not a \(type.name)", start) }
            return .size(String(text.dropFirst(5).dropLast()))
        }
        if text.first == "\"" { return .text(try constantText(text, of: type, start)) }
        guard let first = text.first,
            first.isNumber || first == "-" || first == "+" || text == "true" || text == "false"
        else { return .field(text) }
        return try constant(text, of: type, start)
    }

    private mutating func sourceText() throws(Diagnostic) -> String {
        let start = at
        var depth = 0
        var isQuoted = false
        while !isAtEnd {
            let character = characters[at]
            if character == "\"", at == start || characters[at - 1] != "\\" { isQuoted.toggle() }
            if !isQuoted {
                if character == "(" { depth += 1 }
                if character == ")" {
                    if depth == 0 { break }
                    depth -= 1
                }
                if character == ",", depth == 0 { break }
            }
            at += 1
        }
        if isQuoted { throw error("a quote isn't closed", start) }
        var text = characters[start..<at]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private func constantText(_ text: String, of type: CType, _ start: Int) throws(Diagnostic) -> String {
        guard type.isText else { throw error("a text can only be passed as cstring", start) }
        guard let value = (try? JSON(parsing: text))?.string, !value.utf8.contains(0) else {
            throw error("this is no text in double quotes", start)
        }
        return value
    }

    private func constant(_ text: String, of type: CType, _ start: Int) throws(Diagnostic) -> CSignature.Source {
        if type.isFloating, let number = Double(text), number.isFinite { return .number(number) }
        if type.isBoolean, text == "true" || text == "false" { return .integer(text == "true" ? 1 : 0) }
        if let range = type.integers, let integer = Self.integer(text) {
            guard range.contains(integer) else { throw error("\(type.name) can't hold \(text)", start) }
            return .integer(integer)
        }
        throw error("'\(text)' is no \(type.name)", start)
    }

    private static func integer(_ text: String) -> Int64? {
        text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    }

    mutating func end() throws(Diagnostic) {
        skipSpace()
        guard isAtEnd else { throw error("something follows the signature") }
    }
}
