// The grammar of regular expressions, from their text to a tree.

/// Parses a ``SearchExpression``.
struct SearchExpressionParser {
    indirect enum Node {
        case set(ScalarSet)
        case assertion(SearchExpression.Assertion)
        case sequence([Node])
        case choice(Node, Node)
        case repetition(Node, least: Int, most: Int?)
    }

    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0
    private var ignoresCase = false
    private static let deepest = 100
    private static let mostRepetitions = 1000

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func whole() throws(Diagnostic) -> Node {
        if take("(?i)") { ignoresCase = true }
        let node = try choice()
        guard at == scalars.count else { throw refusal("')' has no '(' before it") }
        return node
    }

    private var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    private func refusal(_ what: String) -> Diagnostic {
        Diagnostic(
            "the regular expression can't be read at its character \(at + 1): \(what)",
            help: "It knows . [a-z] \\d \\w \\s \\b ^ $ ( ) | * + ? {2,5} and (?i) at its start."
        )
    }

    private mutating func choice() throws(Diagnostic) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw refusal("it has more than \(Self.deepest) levels") }
        // A loop: a chain of alternatives is no nesting.
        var alternatives = [try sequence()]
        while take("|") { alternatives.append(try sequence()) }
        return Self.balanced(alternatives[...])
    }

    /// A tree that is as deep as the logarithm of the number of alternatives.
    private static func balanced(_ nodes: ArraySlice<Node>) -> Node {
        if nodes.count == 1, let only = nodes.first { return only }
        let middle = nodes.startIndex + nodes.count / 2
        return .choice(balanced(nodes[..<middle]), balanced(nodes[middle...]))
    }

    private mutating func sequence() throws(Diagnostic) -> Node {
        var nodes: [Node] = []
        while let scalar = current, scalar != "|", scalar != ")" { nodes.append(try repeated()) }
        return .sequence(nodes)
    }

    private mutating func repeated() throws(Diagnostic) -> Node {
        let node = try atom()
        let bounds: (Int, Int?)
        switch current {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{":
            guard let counted = try counted() else { return node }
            bounds = counted
            at -= 1
        default: return node
        }
        at += 1
        // Whether it takes much or little makes no difference to whether it is found.
        _ = take("?")
        if let next = current, "*+?".unicodeScalars.contains(next) { throw refusal("'\(next)' repeats a repetition") }
        if case .assertion = node { throw refusal("a place can't be repeated") }
        return .repetition(node, least: bounds.0, most: bounds.1)
    }

    /// The bounds of `{2,5}`; nil where the brace is a literal.
    private mutating func counted() throws(Diagnostic) -> (Int, Int?)? {
        let start = at
        at += 1
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        guard take("}"), least != nil || most != nil else {
            at = start
            return nil
        }
        let lowest = least ?? 0
        guard lowest <= Self.mostRepetitions, most ?? 0 <= Self.mostRepetitions, most.map({ $0 >= lowest }) ?? true
        else {
            throw refusal("repetitions are at most \(Self.mostRepetitions), the lower bound first")
        }
        return (lowest, most)
    }

    private mutating func number() -> Int? {
        let digits = scalars[at...].prefix { ("0"..."9").contains($0) }
        at += digits.count
        return digits.isEmpty ? nil : Int(String(String.UnicodeScalarView(digits))) ?? .max
    }

    private mutating func atom() throws(Diagnostic) -> Node {
        guard let scalar = current else { return .sequence([]) }
        switch scalar {
        case "(": return try group()
        case "[": return .set(try set())
        case "\\": return try escape()
        case "*", "+", "?": throw refusal("'\(scalar)' has nothing to repeat")
        default: at += 1
        }
        return switch scalar {
        case ".": .set(.any)
        case "^": .assertion(.start)
        case "$": .assertion(.end)
        default: .set(single(scalar))
        }
    }

    private func single(_ scalar: Unicode.Scalar) -> ScalarSet {
        ScalarSet(ranges: [scalar.value...scalar.value], ignoresCase: ignoresCase)
    }

    private mutating func group() throws(Diagnostic) -> Node {
        at += 1
        if take("?P<")
            || (!scalars[at...].starts(with: "?<=".unicodeScalars)
                && !scalars[at...].starts(with: "?<!".unicodeScalars) && take("?<"))
        {
            while let scalar = current, scalar != ">" { _ = scalar; at += 1 }
            guard take(">") else { throw refusal("the group's name has no '>'") }
        } else if !take("?:"), current == "?" {
            throw refusal("groups that look around and options in the middle are not known")
        }
        let node = try choice()
        guard take(")") else { throw refusal("')' was expected") }
        return node
    }

    private mutating func escape() throws(Diagnostic) -> Node {
        at += 1
        guard let scalar = current else { throw refusal("'\\' stands at the end") }
        switch scalar {
        case "b": at += 1; return .assertion(.boundary)
        case "B": at += 1; return .assertion(.noBoundary)
        case "A": at += 1; return .assertion(.start)
        case "z", "Z": at += 1; return .assertion(.end)
        default: break
        }
        if let member = member(scalar) {
            at += 1
            return .set(ScalarSet(members: [member]))
        }
        return .set(single(try escaped()))
    }

    private func member(_ scalar: Unicode.Scalar) -> ScalarSet.Member? {
        switch scalar {
        case "d", "D": ScalarSet.Member(kind: .digit, isNegated: scalar == "D")
        case "w", "W": ScalarSet.Member(kind: .word, isNegated: scalar == "W")
        case "s", "S": ScalarSet.Member(kind: .space, isNegated: scalar == "S")
        default: nil
        }
    }

    /// The scalar behind a backslash.
    private mutating func escaped() throws(Diagnostic) -> Unicode.Scalar {
        guard let scalar = current else { throw refusal("'\\' stands at the end") }
        at += 1
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{C}"
        case "v": return "\u{B}"
        case "x", "u":
            let count = scalar == "x" ? 2 : 4
            let digits = String(String.UnicodeScalarView(scalars[at...].prefix(count)))
            guard digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16),
                let named = Unicode.Scalar(value)
            else { throw refusal("\(count) hexadecimal digits were expected") }
            at += count
            return named
        default:
            guard !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
                at -= 1
                throw refusal("'\\\(scalar)' is not known")
            }
            return scalar
        }
    }

    private mutating func set() throws(Diagnostic) -> ScalarSet {
        at += 1
        var set = ScalarSet(isNegated: take("^"), ignoresCase: ignoresCase)
        var isFirst = true
        while let scalar = current, scalar != "]" || isFirst {
            isFirst = false
            at += 1
            if scalar == "\\", let next = current, let member = member(next) {
                at += 1
                set.members.append(member)
                continue
            }
            let low = scalar == "\\" ? try escaped() : scalar
            var high = low
            if current == "-", at + 1 < scalars.count, scalars[at + 1] != "]" {
                at += 1
                high = scalars[at]
                at += 1
                if high == "\\" { high = try escaped() }
            }
            guard low <= high else { throw refusal("the range goes downwards") }
            set.ranges.append(low.value...high.value)
        }
        guard take("]") else { throw refusal("']' was expected") }
        return set
    }
}
