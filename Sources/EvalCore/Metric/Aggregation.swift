// The fixed list of aggregations, and the rules that decide whether a row or a run passes.

/// How the values of a scorer become one number; the last part of a metric's name.
public enum Aggregation: Sendable, Hashable, CustomStringConvertible {
    case mean, min, max, median
    /// Population variance.
    case variance
    /// The 90th percentile, linear between neighbours.
    case p90
    /// The share of scored rows that pass.
    case passRate
    /// The share of scored rows with a label.
    case share(String)
    /// The number of rows with a value.
    case scored
    /// The number of rows with an error.
    case errors
    /// The standard error of the mean.
    case standardError
    /// How likely one of k repetitions passes (M. Chen et al., 2021, arXiv:2107.03374).
    case passAtLeastOnce(Int)
    /// How likely all of k repetitions pass (S. Yao et al., 2024, arXiv:2406.12045).
    case passAlways(Int)

    private static let plain: [String: Aggregation] = [
        "mean": .mean, "min": .min, "max": .max, "median": .median, "variance": .variance, "p90": .p90,
        "pass_rate": .passRate, "scored": .scored, "errors": .errors, "stderr": .standardError,
    ]

    /// The words that are aggregations.
    public static let words = plain.keys.sorted() + ["share:LABEL", "pass@K", "pass^K"]

    /// The most repetitions of a record.
    public static let mostRepeats = 1_000

    /// Reads an aggregation's word.
    public init?(_ word: String) {
        if let plain = Self.plain[word] {
            self = plain
        } else if word.hasPrefix("share:"), word.utf8.count > 6 {
            self = .share(String(word.dropFirst(6)))
        } else if word.hasPrefix("pass@"), let k = Self.repeats(word) {
            self = .passAtLeastOnce(k)
        } else if word.hasPrefix("pass^"), let k = Self.repeats(word) {
            self = .passAlways(k)
        } else {
            return nil
        }
    }

    private static func repeats(_ word: String) -> Int? {
        Int(word.dropFirst(5)).flatMap { (1...mostRepeats).contains($0) ? $0 : nil }
    }

    /// The aggregation's word.
    public var description: String {
        switch self {
        case .share(let label): "share:\(label)"
        case .passAtLeastOnce(let k): "pass@\(k)"
        case .passAlways(let k): "pass^\(k)"
        default: Self.plain.first { $0.value == self }?.key ?? ""
        }
    }

    /// Whether all values are needed at once, so that the store is asked for them in order.
    public var needsOrder: Bool { self == .median || self == .p90 }
}

/// A comparison with a number: `>= 0.8`.
public struct Bound: Sendable, Hashable, CustomStringConvertible {
    /// The comparison.
    public enum Comparison: String, Sendable, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case equal = "=="
        case unequal = "!="
        case above = ">"
        case below = "<"
    }

    /// The comparison.
    public var comparison: Comparison
    /// The number on its right.
    public var value: Double

    /// Makes a bound.
    public init(_ comparison: Comparison, _ value: Double) {
        self.comparison = comparison
        self.value = value
    }

    /// Reads `>= 0.8`; a bare number is `>=`.
    public init?(_ source: String) {
        let text = source.trimmingPrefix { $0 == " " }
        // The two-letter words come first in the list of cases, so that ">=" is not read as ">".
        let comparison = Comparison.allCases.first { text.hasPrefix($0.rawValue) }
        let rest = text.dropFirst(comparison?.rawValue.count ?? 0)
            .split(separator: " ", omittingEmptySubsequences: true)
        guard rest.count == 1, let value = Double(rest[0]), value.isFinite else { return nil }
        self.init(comparison ?? .atLeast, value)
    }

    /// Whether a number satisfies the bound.
    public func holds(for number: Double) -> Bool {
        switch comparison {
        case .atLeast: number >= value
        case .atMost: number <= value
        case .equal: number == value
        case .unequal: number != value
        case .above: number > value
        case .below: number < value
        }
    }

    /// The bound that holds for exactly the other numbers.
    public var opposite: Bound {
        let comparison: Comparison =
            switch comparison {
            case .atLeast: .below
            case .atMost: .above
            case .equal: .unequal
            case .unequal: .equal
            case .above: .atMost
            case .below: .atLeast
            }
        return Bound(comparison, value)
    }

    /// The bound as it is written.
    public var description: String {
        let number = Int64(exactly: value).map(String.init) ?? value.description
        return "\(comparison.rawValue) \(number)"
    }
}

/// When a row passes.
public enum PassRule: Sendable, Hashable, CustomStringConvertible {
    /// The value counts as 1: yes or true.
    case yes
    /// The value satisfies a bound.
    case bound(Bound)
    /// The value is one of these labels.
    case labels([String])

    /// Reads `>= 0.8`, a number, or labels separated by `|`.
    public init?(_ source: String) {
        if let bound = Bound(source) {
            self = .bound(bound)
        } else {
            let labels = source.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(of: " ") }
            guard !labels.isEmpty, !labels.contains(""), !source.contains(where: { "<>=".contains($0) }) else {
                return nil
            }
            self = .labels(labels)
        }
    }

    /// Whether a value passes.
    public func passes(_ value: FeedbackValue) -> Bool {
        switch self {
        case .yes: return value.numeric == 1
        case .bound(let bound): return value.numeric.map(bound.holds) ?? false
        case .labels(let labels):
            if case .text(let label) = value { return labels.contains(label) }
            return false
        }
    }

    /// The rule as it is written.
    public var description: String {
        switch self {
        case .yes: "yes"
        case .bound(let bound): bound.description
        case .labels(let labels): labels.joined(separator: "|")
        }
    }
}

extension StringProtocol {
    fileprivate func trimmingCharacters(of character: Character) -> String {
        var slice = self[...]
        while slice.first == character { slice.removeFirst() }
        while slice.last == character { slice.removeLast() }
        return String(slice)
    }
}
