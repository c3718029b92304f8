// How sure a metric is: an interval, and the words for how it was made.

/// An interval around a metric.
public struct Interval: Sendable, Equatable {
    /// How an interval is made.
    public enum Method: String, Sendable, CaseIterable {
        /// Wilson's score interval of a share (E. B. Wilson, 1927).
        case wilson
        /// Student's t of a mean; of clusters, with the cluster-robust standard error.
        case studentT = "t"
        /// The percentile bootstrap of a median or quantile.
        case bootstrap
        /// The percentile bootstrap that draws whole clusters.
        case clusterBootstrap = "cluster_bootstrap"
    }

    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double
    /// The confidence, 0.95.
    public var level: Double
    /// How it was made.
    public var method: Method
    /// How many independent units it rests on: records, sessions or clusters.
    public var units: Int

    /// Makes an interval.
    public init(low: Double, high: Double, level: Double = Interval.level, method: Method, units: Int) {
        self.low = low
        self.high = high
        self.level = level
        self.method = method
        self.units = units
    }

    /// The interval without what can't be: values have a least and a greatest one.
    public func clamped(to range: ClosedRange<Double>?) -> Interval {
        guard let range else { return self }
        var copy = self
        copy.low = max(low, range.lowerBound)
        copy.high = min(high, range.upperBound)
        return copy
    }

    /// The confidence of all intervals.
    public static let level = 0.95
    /// Fewer units than this have no interval.
    public static let leastUnits = 5
    /// How often a bootstrap draws.
    public static let draws = 2_000
}
