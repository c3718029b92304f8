// What a run's metrics are computed from while it goes: one tally for each scorer and feedback, of constant size.

/// The numbers of one scorer's feedback, added in any order.
public struct Tally: Sendable {
    /// Rows with a number.
    public private(set) var count = 0
    /// Rows with a value that is no number.
    public private(set) var textCount = 0
    /// Rows that pass.
    public private(set) var passed = 0
    /// Rows for each of the labels that a metric asks for.
    public private(set) var labels: [String: Int] = [:]
    private var sum = ExactSum()
    /// The sum of squares.
    private var squares = ExactSum()
    private var least = Double.infinity
    private var greatest = -Double.infinity
    /// Whether every number so far was a truth value of its own.
    public private(set) var isTwoValued = true

    /// An empty tally.
    public init() {}

    /// Adds what one row has under this name; several values count as their mean.
    ///
    /// - Parameters:
    ///   - values: The row's values; none for a row that was not scored.
    ///   - pass: The rule, which every value must satisfy.
    ///   - wanted: The labels that are counted.
    public mutating func add(_ values: some Sequence<FeedbackValue>, pass: PassRule?, counting wanted: [String] = []) {
        var number = 0.0
        var numbers = 0
        var others = 0
        var passes = true
        for value in values {
            if let numeric = value.numeric {
                if !value.isTruth { isTwoValued = false }
                number += numeric
                numbers += 1
            } else {
                others += 1
            }
            if let pass, passes { passes = pass.passes(value) }
            if !wanted.isEmpty, case .text(let label) = value, wanted.contains(label) { labels[label, default: 0] += 1 }
        }
        guard numbers + others > 0 else { return }
        if numbers > 1 { isTwoValued = false }
        if numbers > 0 { add(numbers == 1 ? number : number / Double(numbers)) } else { textCount += 1 }
        if pass != nil, passes { passed += 1 }
    }

    private mutating func add(_ number: Double) {
        count += 1
        sum.add(number)
        squares.addProduct(number, number)
        least = Swift.min(least, number)
        greatest = Swift.max(greatest, number)
    }

    /// Adds all that another tally has.
    public mutating func add(_ other: Tally) {
        count += other.count
        textCount += other.textCount
        passed += other.passed
        labels.merge(other.labels, uniquingKeysWith: +)
        sum.add(other.sum)
        squares.add(other.squares)
        least = Swift.min(least, other.least)
        greatest = Swift.max(greatest, other.greatest)
        isTwoValued = isTwoValued && other.isTwoValued
    }

    /// Rows with a value.
    public var scored: Int { count + textCount }

    /// The mean; nil without numbers.
    public var mean: Double? { count == 0 ? nil : sum.value / Double(count) }

    /// The population variance; nil without numbers.
    public var variance: Double? { Moments.variance(count: count, sum: sum, squares: squares) }

    /// The standard error of the mean; nil for fewer than two numbers.
    public var standardError: Double? {
        count < 2 ? nil : variance.map { ($0 / Double(count - 1)).squareRoot() }
    }

    /// The interval of an aggregation that has one by a formula, where each row is a unit of its own.
    public func interval(of aggregation: Aggregation) -> Interval? {
        switch aggregation {
        case .mean where isTwoValued: .wilson(successes: sum.value, units: count)
        case .mean:
            if let mean, let standardError {
                .studentT(mean: mean, standardError: standardError, units: count)
            } else {
                nil
            }
        case .passRate: .wilson(successes: Double(passed), units: scored)
        case .share(let label): .wilson(successes: Double(labels[label] ?? 0), units: scored)
        default: nil
        }
    }

    /// The value of an aggregation that needs no order; nil where it is undefined.
    public func value(of aggregation: Aggregation, account: Account) -> Double? {
        switch aggregation {
        case .mean: mean
        case .min: count == 0 ? nil : least
        case .max: count == 0 ? nil : greatest
        case .variance: variance
        case .standardError: standardError
        case .passRate: scored == 0 ? nil : Double(passed) / Double(scored)
        case .share(let label): scored == 0 ? nil : Double(labels[label] ?? 0) / Double(scored)
        case .scored: Double(account.scored)
        case .errors: Double(account.errored)
        case .median, .p90, .passAtLeastOnce, .passAlways: nil
        }
    }
}

/// Moments in exact arithmetic.
enum Moments {
    /// The population variance; nil without numbers.
    static func variance(count: Int, sum: ExactSum, squares: ExactSum) -> Double? {
        guard count > 0 else { return nil }
        // n·Σx² − (Σx)² in exact arithmetic, so that values far from 0 cancel without harm.
        let n = Double(count)
        let (high, low) = sum.twoParts
        let (squaresHigh, squaresLow) = squares.twoParts
        var difference = ExactSum()
        difference.addProduct(n, squaresHigh)
        difference.addProduct(n, squaresLow)
        difference.addProduct(-high, high)
        difference.addProduct(-2 * high, low)
        difference.addProduct(-low, low)
        return Swift.max(0, difference.value / (n * n))
    }
}
