// The formulas of intervals that need only sums. Every one of them says nothing about fewer than five units.

extension Interval {
    /// The 97.5 % quantile of the standard normal distribution.
    private static let normalQuantile = 1.959963984540054

    /// Wilson's score interval of a share.
    ///
    /// - Parameters:
    ///   - successes: How many of the units count; a whole number.
    ///   - units: How many there are.
    /// - Returns: The interval; nil for fewer than five units.
    public static func wilson(successes: Double, units: Int) -> Interval? {
        guard units >= leastUnits else { return nil }
        let n = Double(units)
        let share = successes / n
        let z2 = normalQuantile * normalQuantile
        let middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        let half = normalQuantile / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)).squareRoot()
        // At both ends the formula gives the end itself, but for its rounding.
        let low = successes <= 0 ? 0 : Swift.max(0, middle - half)
        let high = successes >= n ? 1 : Swift.min(1, middle + half)
        return Interval(low: low, high: high, method: .wilson, units: units)
    }

    /// Student's t interval of a mean.
    ///
    /// - Parameters:
    ///   - mean: The mean.
    ///   - standardError: The mean's standard error.
    ///   - units: How many independent units it rests on; the degrees of freedom are one less.
    /// - Returns: The interval; nil for fewer than five units.
    public static func studentT(mean: Double, standardError: Double, units: Int) -> Interval? {
        guard units >= leastUnits, standardError.isFinite else { return nil }
        let t = StudentT.quantile(1 - (1 - level) / 2, degrees: Double(units - 1))
        let half = t * standardError
        return Interval(low: mean - half, high: mean + half, method: .studentT, units: units)
    }
}

/// pass@k and pass^k of one record.
public enum Repetitions {
    /// How likely at least one of k repetitions passes, estimated without bias: 1 − C(n−c,k)/C(n,k).
    ///
    /// - Parameters:
    ///   - k: How many repetitions.
    ///   - passed: How many passed.
    ///   - count: How many there were.
    /// - Returns: The estimate; nil if there were fewer than k.
    public static func passAtLeastOnce(_ k: Int, passed: Int, of count: Int) -> Double? {
        guard count >= k else { return nil }
        return 1 - choices(k, from: count - passed, of: count)
    }

    /// How likely all of k repetitions pass, estimated without bias: C(c,k)/C(n,k).
    public static func passAlways(_ k: Int, passed: Int, of count: Int) -> Double? {
        guard count >= k else { return nil }
        return choices(k, from: passed, of: count)
    }

    /// C(part,k)/C(count,k) as a product, which can't overflow.
    private static func choices(_ k: Int, from part: Int, of count: Int) -> Double {
        if part < k { return 0 }
        var product = 1.0
        for index in 0..<k { product *= Double(part - index) / Double(count - index) }
        return product
    }
}
