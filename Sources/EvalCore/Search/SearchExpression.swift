// Regular expressions of RLIKE. People send them to a server that others use, so a match takes time in proportion to the
// text and never more: the expression's states advance together over the text (Thompson, 1968), and what can't be done
// that way, backreferences and looking around, is refused.

/// A regular expression, found anywhere in a text.
///
/// It knows literals, `.`, classes `[a-z]`, `\d`, `\w`, `\s` and their opposites, `\b`, `\B`, `^`, `$`, groups,
/// alternatives, `*`, `+`, `?`, `{2,5}` and `(?i)` at the start. It compares Unicode scalars; `.` is all but a line feed.
public struct SearchExpression: Sendable {
    enum Assertion: Sendable {
        case start
        case end
        case boundary
        case noBoundary
    }

    enum Step: Sendable {
        case scalar(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case assertion(Assertion)
        case found
    }

    private let steps: [Step]

    /// Reads an expression.
    ///
    /// - Throws: What can't be read, and at which character.
    public init(_ pattern: String) throws(Diagnostic) {
        var parser = SearchExpressionParser(pattern)
        let node = try parser.whole()
        var compiler = SearchExpressionCompiler()
        try compiler.add(node)
        steps = compiler.steps + [.found]
    }

    /// Whether the expression is found in a text.
    public func isFound(in text: String) -> Bool {
        var current = States(steps.count)
        var next = States(steps.count)
        var previous: Unicode.Scalar?
        var iterator = text.unicodeScalars.makeIterator()
        var scalar = iterator.next()
        while true {
            // The search may begin at every place.
            if follow(0, previous, scalar, &current) { return true }
            guard let here = scalar else { return false }
            scalar = iterator.next()
            next.removeAll()
            for state in current.states {
                if case .scalar(let set) = steps[state], set.contains(here),
                    follow(state + 1, here, scalar, &next)
                {
                    return true
                }
            }
            swap(&current, &next)
            previous = here
        }
    }

    /// Adds a state and all that follow from it without a scalar; true where the expression is found.
    private func follow(
        _ first: Int,
        _ previous: Unicode.Scalar?,
        _ scalar: Unicode.Scalar?,
        _ set: inout States
    ) -> Bool {
        var pending = [first]
        while let state = pending.popLast() {
            guard set.insert(state) else { continue }
            switch steps[state] {
            case .found: return true
            case .scalar: break
            case .jump(let target): pending.append(target)
            case .split(let left, let right): pending += [left, right]
            case .assertion(let assertion):
                if Self.holds(assertion, previous, scalar) { pending.append(state + 1) }
            }
        }
        return false
    }

    private static func holds(_ assertion: Assertion, _ previous: Unicode.Scalar?, _ scalar: Unicode.Scalar?) -> Bool {
        let isBoundary = previous.map(ScalarSet.isWord) ?? false != scalar.map(ScalarSet.isWord) ?? false
        return switch assertion {
        case .start: previous == nil
        case .end: scalar == nil
        case .boundary: isBoundary
        case .noBoundary: !isBoundary
        }
    }

    /// A set of states that keeps their order and is emptied without a walk over all.
    private struct States {
        private(set) var states: [Int] = []
        private var round = 1
        private var rounds: [Int]

        init(_ count: Int) { rounds = [Int](repeating: 0, count: count) }

        mutating func insert(_ state: Int) -> Bool {
            guard rounds[state] != round else { return false }
            rounds[state] = round
            states.append(state)
            return true
        }

        mutating func removeAll() {
            states.removeAll(keepingCapacity: true)
            round += 1
        }
    }
}

/// Scalars that one place of an expression takes.
struct ScalarSet: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case digit
        case word
        case space
    }

    struct Member: Sendable, Equatable {
        var kind: Kind
        var isNegated: Bool
    }

    var ranges: [ClosedRange<UInt32>] = []
    var members: [Member] = []
    var isNegated = false
    var ignoresCase = false

    /// All but a line feed.
    static let any = ScalarSet(ranges: [10...10], isNegated: true)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        if has(scalar) { return !isNegated }
        guard ignoresCase else { return isNegated }
        let properties = scalar.properties
        let others = [properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping]
        return others.contains { $0.unicodeScalars.count == 1 && $0.unicodeScalars.first.map(has) ?? false }
            != isNegated
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) }
            || members.contains { Self.isOf($0.kind, scalar) != $0.isNegated }
    }

    private static func isOf(_ kind: Kind, _ scalar: Unicode.Scalar) -> Bool {
        switch kind {
        case .digit: scalar.properties.generalCategory == .decimalNumber
        case .word: isWord(scalar)
        case .space: scalar.properties.isWhitespace
        }
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}

/// Turns an expression's tree into steps.
struct SearchExpressionCompiler {
    var steps: [SearchExpression.Step] = []

    mutating func add(_ node: SearchExpressionParser.Node) throws(Diagnostic) {
        guard steps.count < Limits.searchExpressionSteps else {
            throw Diagnostic(
                "the expression has more than \(Limits.searchExpressionSteps) steps",
                help: "Repetitions count as often as they may occur."
            )
        }
        switch node {
        case .set(let set): steps.append(.scalar(set))
        case .assertion(let assertion): steps.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let left, let right):
            let split = steps.count
            steps.append(.split(split + 1, split + 1))
            try add(left)
            let jump = steps.count
            steps.append(.jump(jump))
            steps[split] = .split(split + 1, steps.count)
            try add(right)
            steps[jump] = .jump(steps.count)
        case .repetition(let node, let least, let most):
            for _ in 0..<least { try add(node) }
            guard let most else {
                let split = steps.count
                steps.append(.split(split + 1, split + 1))
                try add(node)
                steps.append(.jump(split))
                steps[split] = .split(split + 1, steps.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(steps.count)
                steps.append(.jump(steps.count + 1))
                try add(node)
            }
            for split in splits { steps[split] = .split(split + 1, steps.count) }
        }
    }
}
