// The percentile bootstrap (B. Efron, 1979) of quantiles and of clustered numbers.

internal import Foundation

/// A place between two neighbours of an ordered sample.
public struct Rank: Sendable, Equatable {
    /// The neighbour below, from 0.
    public var low: Int
    /// The neighbour above.
    public var high: Int
    /// How far the place is from the one below to the one above, from 0 to 1.
    public var fraction: Double

    /// The place of a quantile among `count` numbers, linear between neighbours (Hyndman and Fan's type 7, NumPy's
    /// default).
    public init(quantile: Double, count: Int) {
        let position = quantile * Double(count - 1)
        low = max(0, min(Int(position), count - 1))
        high = min(low + 1, count - 1)
        fraction = position - Double(low)
    }

    init(low: Int, high: Int, fraction: Double) {
        self.low = low
        self.high = high
        self.fraction = fraction
    }

    /// The number at the place.
    public func value(_ at: (Int) -> Double) -> Double {
        let below = at(low)
        return below + (at(high) - below) * fraction
    }
}

/// Draws samples from a sample.
public enum Bootstrap {
    /// The ranks whose numbers are the quantile of each drawn sample.
    ///
    /// A drawn sample needn't be drawn for that: the k-th smallest of n draws from an ordered sample stands at the place
    /// of the k-th smallest of n uniform numbers, which is a ratio of gamma variates (L. Devroye, Non-Uniform Random
    /// Variate Generation, 1986, V.3). So a million rows take no longer than ten.
    /// - Parameters:
    ///   - quantile: From 0 to 1.
    ///   - count: The size of the sample, 1 at least.
    ///   - draws: How many samples are drawn.
    ///   - generator: What decides.
    /// - Returns: As many ranks as draws.
    public static func ranks(
        quantile: Double,
        count: Int,
        draws: Int = Interval.draws,
        using generator: inout SeededGenerator
    ) -> [Rank] {
        let place = Rank(quantile: quantile, count: count)
        let n = Double(count)
        return (0..<draws)
            .map { _ in
                // Between the k-th and the next order statistic of a uniform sample lies one exponential variate.
                let below = gamma(Double(place.low + 1), &generator)
                let between = -log(generator.open())
                let rest = place.low + 1 < count ? gamma(Double(count - place.low - 1), &generator) : 0
                let total = below + between + rest
                let low = min(count - 1, Int(n * below / total))
                guard place.high > place.low else { return Rank(low: low, high: low, fraction: 0) }
                let high = min(count - 1, Int(n * (below + between) / total))
                return Rank(low: low, high: max(low, high), fraction: place.fraction)
            }
    }

    /// The interval between the outer percentiles of what the samples gave.
    public static func interval(_ statistics: [Double], method: Interval.Method, units: Int) -> Interval? {
        guard !statistics.isEmpty else { return nil }
        let ordered = statistics.sorted()
        let tail = (1 - Interval.level) / 2
        return Interval(
            low: Rank(quantile: tail, count: ordered.count).value { ordered[$0] },
            high: Rank(quantile: 1 - tail, count: ordered.count).value { ordered[$0] },
            method: method,
            units: units
        )
    }

    /// The means of samples of whole clusters.
    ///
    /// - Parameters:
    ///   - clusters: Each cluster's sum and number of records.
    ///   - draws: How many samples are drawn.
    ///   - generator: What decides.
    /// - Returns: The means.
    static func clusterMeans(
        _ clusters: [(sum: Double, count: Int)],
        draws: Int = Interval.draws,
        using generator: inout SeededGenerator
    ) -> [Double] {
        (0..<draws)
            .map { _ in
                var sum = 0.0
                var count = 0
                for _ in clusters.indices {
                    let cluster = clusters[Int.random(in: clusters.indices, using: &generator)]
                    sum += cluster.sum
                    count += cluster.count
                }
                return sum / Double(count)
            }
    }

    /// The quantiles of samples of whole clusters.
    ///
    /// - Parameters:
    ///   - quantile: From 0 to 1.
    ///   - ordered: The numbers in ascending order, each with its cluster's place.
    ///   - clusters: How many clusters there are.
    ///   - draws: How many samples are drawn.
    ///   - generator: What decides.
    /// - Returns: The quantiles.
    static func clusterQuantiles(
        _ quantile: Double,
        _ ordered: [(value: Double, cluster: Int)],
        clusters: Int,
        draws: Int = Interval.draws,
        using generator: inout SeededGenerator
    ) -> [Double] {
        var sizes = [Int](repeating: 0, count: clusters)
        for (_, cluster) in ordered { sizes[cluster] += 1 }
        return (0..<draws)
            .map { _ in
                var times = [Int](repeating: 0, count: clusters)
                var count = 0
                for _ in 0..<clusters {
                    let cluster = Int.random(in: 0..<clusters, using: &generator)
                    times[cluster] += 1
                    count += sizes[cluster]
                }
                let rank = Rank(quantile: quantile, count: count)
                var seen = 0
                var low = 0.0
                for (value, cluster) in ordered {
                    let before = seen
                    seen += times[cluster]
                    if before <= rank.low, rank.low < seen { low = value }
                    if rank.high < seen { return low + (value - low) * rank.fraction }
                }
                return low
            }
    }

    /// A gamma variate of a shape of 1 at least.
    ///
    /// The method is that of G. Marsaglia and W. W. Tsang (2000).
    private static func gamma(_ shape: Double, _ generator: inout SeededGenerator) -> Double {
        if shape == 1 { return -log(generator.open()) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal(&generator)
            let root = 1 + c * x
            if root <= 0 { continue }
            let v = root * root * root
            if log(generator.open()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    /// A standard normal variate.
    ///
    /// The method is that of G. E. P. Box and M. E. Muller (1958).
    private static func normal(_ generator: inout SeededGenerator) -> Double {
        (-2 * log(generator.open())).squareRoot() * cos(2 * Double.pi * generator.open())
    }
}
