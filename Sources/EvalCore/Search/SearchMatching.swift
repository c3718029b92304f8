// How a condition's comparison is decided outside of SQL, and for what SQL can't: upper and lower case beyond ASCII, and
// regular expressions.

extension SearchFilter.Condition {
    /// Whether the condition holds for a text; a text that isn't there satisfies `IS NULL` only.
    ///
    /// - Throws: That its regular expression can't be read.
    public func holds(for text: String?) throws(Diagnostic) -> Bool {
        guard let text else { return comparator == .isNull }
        switch (comparator, value) {
        case (.isNull, _): return false
        case (.isNotNull, _): return true
        case (.among, .texts(let texts)): return texts.contains(text)
        case (.notAmong, .texts(let texts)): return !texts.contains(text)
        case (.like, .text(let pattern)): return LikePattern(pattern).matches(text)
        case (.caselessLike, .text(let pattern)): return LikePattern(pattern, ignoresCase: true).matches(text)
        case (.matches, .text(let pattern)): return try SearchExpression(pattern).isFound(in: text)
        case (.equal, .text(let wanted)): return text == wanted
        case (.unequal, .text(let wanted)): return text != wanted
        case (.below, .text(let wanted)): return text < wanted
        case (.atMost, .text(let wanted)): return text <= wanted
        case (.above, .text(let wanted)): return text > wanted
        case (.atLeast, .text(let wanted)): return text >= wanted
        case (_, .number): return Double(text).map(holds(for:)) ?? false
        default: return false
        }
    }

    /// Whether the condition holds for a number; one that isn't there satisfies `IS NULL` only.
    public func holds(for number: Double?) -> Bool {
        guard let number else { return comparator == .isNull }
        switch (comparator, value) {
        case (.isNotNull, _): return true
        case (.equal, .number(let wanted)): return number == wanted
        case (.unequal, .number(let wanted)): return number != wanted
        case (.below, .number(let wanted)): return number < wanted
        case (.atMost, .number(let wanted)): return number <= wanted
        case (.above, .number(let wanted)): return number > wanted
        case (.atLeast, .number(let wanted)): return number >= wanted
        default: return false
        }
    }
}

/// A pattern of SQL's LIKE: `%` is any text, `_` any character.
public struct LikePattern: Sendable {
    private let pattern: [Character]
    private let ignoresCase: Bool

    /// Takes a pattern.
    public init(_ pattern: String, ignoresCase: Bool = false) {
        self.pattern = Array(ignoresCase ? pattern.lowercased() : pattern)
        self.ignoresCase = ignoresCase
    }

    /// Whether the whole of a text is as the pattern says; the time is at most the product of their lengths.
    public func matches(_ text: String) -> Bool {
        let text = Array(ignoresCase ? text.lowercased() : text)
        var (at, place) = (0, 0)
        // Where the last % stood, and what it has swallowed so far.
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == "%" {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == "_" || pattern[place] == text[at] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                place = last.pattern + 1
                at = last.text + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "%" }
    }
}
