// Instructions with variables: `{{ inputs.question }}` says which part of a row is meant. Filling them in is the
// judges' work, and nothing of a row ever becomes a part of the instructions' text.

public import EvalJSON

/// A part of a row that instructions speak of.
public struct JudgeVariable: Sendable, Hashable, CustomStringConvertible {
    /// What the part belongs to.
    public enum Root: String, Sendable, CaseIterable {
        case inputs, outputs, expectations
        /// All that happened: the judge looks into it step by step.
        case trace
        /// All turns of a session.
        case conversation
    }

    /// What the part belongs to.
    public let root: Root
    /// Where the part lies in the row, the root's key included.
    public let path: JSONPath

    /// The variable as it is written, without its braces.
    public var description: String { path.description }

    /// Reads a variable.
    ///
    /// - Throws: That there is no such variable.
    init(_ source: String) throws(Diagnostic) {
        let path: JSONPath
        do throws(JSONError) {
            path = try JSONPath(source)
        } catch {
            throw Diagnostic("the variable '{{ \(source.prefix(64)) }}' can't be read: \(error.description)")
        }
        guard case .key(let key)? = path.steps.first, let root = Root(rawValue: String(key)) else {
            let words = Root.allCases.map(\.rawValue)
            let first = source.prefix { $0 != "." && $0 != "[" }
            throw Diagnostic(
                "unknown variable '{{ \(source.prefix(64)) }}' in the instructions",
                didYouMean: nearestWord(to: String(first), among: words),
                help:
                    "There are: \(words.map { "{{ \($0) }}" }.joined(separator: ", ")); and parts of the first three, "
                    + "such as {{ inputs.question }}."
            )
        }
        if path.steps.count > 1, root == .trace || root == .conversation {
            throw Diagnostic("'{{ \(root.rawValue) }}' has no parts that instructions could name")
        }
        self.root = root
        self.path = path
    }
}

/// Instructions, taken apart.
public struct JudgeTemplate: Sendable, Equatable {
    /// A stretch of words, or a variable between them.
    public enum Piece: Sendable, Equatable {
        case text(String)
        case variable(JudgeVariable)
    }

    /// The instructions as they were written.
    public let source: String
    /// The words and variables in their order.
    public let pieces: [Piece]

    /// The variables, each once, in the order in which they come first.
    public var variables: [JudgeVariable] {
        var found: [JudgeVariable] = []
        for case .variable(let variable) in pieces where !found.contains(variable) { found.append(variable) }
        return found
    }

    /// Whether a variable of this root is among them.
    public func mentions(_ root: JudgeVariable.Root) -> Bool { variables.contains { $0.root == root } }

    /// Takes instructions apart; braces around anything but a word are text.
    ///
    /// - Throws: Which variable is unknown, or which brace doesn't close.
    public init(_ source: String) throws(Diagnostic) {
        self.source = source
        var pieces: [Piece] = []
        var text = ""
        var rest = source[...]
        while let character = rest.first {
            guard rest.hasPrefix("{{"), Self.beginsVariable(rest.dropFirst(2)) else {
                text.append(character)
                rest.removeFirst()
                continue
            }
            let (name, after) = try Self.variable(rest.dropFirst(2))
            if !text.isEmpty { pieces.append(.text(text)) }
            pieces.append(.variable(try JudgeVariable(name)))
            text = ""
            rest = after
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    private static func beginsVariable(_ rest: Substring) -> Bool {
        guard let first = rest.first(where: { $0 != " " && $0 != "\t" }) else { return false }
        return first.isASCII && (first.isLetter || first == "_")
    }

    private static func variable(_ rest: Substring) throws(Diagnostic) -> (name: String, after: Substring) {
        var name = ""
        var after = rest
        while let character = after.first, !character.isNewline {
            if after.hasPrefix("}}") {
                let word = name.drop { $0.isWhitespace }
                guard let last = word.lastIndex(where: { !$0.isWhitespace }) else { break }
                return (String(word[...last]), after.dropFirst(2))
            }
            name.append(character)
            after.removeFirst()
        }
        throw Diagnostic("the variable '{{\(name.prefix(32))' in the instructions doesn't end with '}}'")
    }
}
