// Numbers of records that belong to units: the statistics of runs with repetitions or clusters.

/// One number a record, and the cluster that the record is in.
///
/// It keeps a sum for each cluster, and all numbers only where a quantile is wanted of them.
public struct UnitSample: Sendable {
    private var sum = ExactSum()
    private var squares = ExactSum()
    private var least = Double.infinity
    private var greatest = -Double.infinity
    private var places: [String: Int] = [:]
    private var clusters: [(sum: Double, count: Int)] = []
    private var values: [(value: Double, cluster: Int)] = []
    private let isClustered: Bool
    private let keepsValues: Bool
    /// Records with a number.
    public private(set) var count = 0
    /// Whether every number so far is 0 or 1.
    private var isTwoValued = true

    /// An empty sample.
    ///
    /// - Parameters:
    ///   - isClustered: Whether records come with clusters.
    ///   - keepsValues: Whether quantiles will be asked for.
    public init(isClustered: Bool, keepsValues: Bool = false) {
        self.isClustered = isClustered
        self.keepsValues = keepsValues
    }

    /// Adds a record's number.
    ///
    /// - Parameters:
    ///   - number: The mean over the record's repetitions.
    ///   - cluster: The record's cluster; nil makes it one of its own.
    public mutating func add(_ number: Double, cluster: String?) {
        count += 1
        sum.add(number)
        squares.addProduct(number, number)
        least = Swift.min(least, number)
        greatest = Swift.max(greatest, number)
        if number != 0, number != 1 { isTwoValued = false }
        var place = 0
        if isClustered {
            place = cluster.flatMap { places[$0] } ?? clusters.count
            if place == clusters.count {
                clusters.append((0, 0))
                if let cluster { places[cluster] = place }
            }
            clusters[place].sum += number
            clusters[place].count += 1
        }
        if keepsValues { values.append((number, place)) }
    }

    /// The independent units.
    public var units: Int { isClustered ? clusters.count : count }

    /// The mean over records.
    public var mean: Double? { count == 0 ? nil : sum.value / Double(count) }

    /// The least and the greatest number.
    public var extremes: (least: Double, greatest: Double)? { count == 0 ? nil : (least, greatest) }

    /// The population variance over records.
    public var variance: Double? {
        Moments.variance(count: count, sum: sum, squares: squares)
    }

    /// The standard error of the mean; of clusters, robust to what they have in common.
    ///
    /// The estimator is that of K.-Y. Liang and S. L. Zeger (1986), with the factor G/(G−1).
    public var standardError: Double? {
        guard let mean, let variance, units > 1 else { return nil }
        guard isClustered else { return (variance / Double(count - 1)).squareRoot() }
        var residuals = ExactSum()
        for cluster in clusters {
            let residual = cluster.sum - mean * Double(cluster.count)
            residuals.add(residual * residual)
        }
        let groups = Double(clusters.count)
        return (groups / (groups - 1) * residuals.value).squareRoot() / Double(count)
    }

    /// The interval of the mean.
    public func meanInterval(isTwoValued declared: Bool, using generator: inout SeededGenerator) -> Interval? {
        guard let mean, let standardError, units >= Interval.leastUnits else { return nil }
        if declared, isTwoValued {
            guard isClustered else { return .wilson(successes: sum.value, units: count) }
            let means = Bootstrap.clusterMeans(clusters, using: &generator)
            return Bootstrap.interval(means, method: .clusterBootstrap, units: units)
        }
        return .studentT(mean: mean, standardError: standardError, units: units)
    }

    /// A quantile with its interval.
    public func quantile(
        _ quantile: Double,
        using generator: inout SeededGenerator
    ) -> (value: Double, interval: Interval?)? {
        guard !values.isEmpty else { return nil }
        let ordered = values.sorted { $0.value < $1.value }
        let value = Rank(quantile: quantile, count: ordered.count).value { ordered[$0].value }
        guard units >= Interval.leastUnits else { return (value, nil) }
        let statistics: [Double]
        if isClustered {
            statistics = Bootstrap.clusterQuantiles(quantile, ordered, clusters: clusters.count, using: &generator)
        } else {
            statistics = Bootstrap.ranks(quantile: quantile, count: ordered.count, using: &generator)
                .map { rank in rank.value { ordered[$0].value } }
        }
        let method: Interval.Method = isClustered ? .clusterBootstrap : .bootstrap
        return (value, Bootstrap.interval(statistics, method: method, units: units))
    }
}
