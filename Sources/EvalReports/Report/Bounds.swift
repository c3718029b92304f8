// How far the rows without a value could move a metric. This is arithmetic, not chance: an interval says nothing about
// rows that were lost.

public import EvalCore

/// What a metric would be if every errored row had the least or the greatest value.
public struct ErrorBounds: Sendable, Equatable {
    /// The metric with the least value for each errored row.
    public var low: Double
    /// The metric with the greatest value for each errored row.
    public var high: Double
    /// How many errored rows were filled in.
    public var errored: Int
}

extension Report {
    /// The bounds of means and shares whose scorers have errored rows, in the order of the metrics.
    ///
    /// With s scored rows of mean m, e errored ones and values in [a, b]: (s·m + e·a) / (s + e) and (s·m + e·b) / (s + e).
    /// A mean needs the scorer's range; shares are in 0...1. Skipped rows are no part of it.
    public var bounds: [(metric: String, bounds: ErrorBounds)] {
        summary.metrics.compactMap { metric in
            guard let account = summary.accounts.first(where: { $0.scorer == metric.scorer })?.account,
                account.errored > 0, let range = boundsRange(metric), metric.value != nil || account.scored == 0
            else { return nil }
            let errored = Double(account.errored)
            let all = Double(account.scored) + errored
            let sum = (metric.value ?? 0) * Double(account.scored)
            let bounds = ErrorBounds(
                low: (sum + errored * range.lowerBound) / all,
                high: (sum + errored * range.upperBound) / all,
                errored: account.errored
            )
            return (metric.name, bounds)
        }
    }

    private func boundsRange(_ metric: Metric) -> ClosedRange<Double>? {
        switch metric.aggregation {
        // The range is that of the scorer's own feedback, not of its further ones.
        case .mean: metric.name == "\(metric.scorer)/mean" ? facts(metric.scorer)?.range : nil
        case .passRate, .share: 0...1
        default: nil
        }
    }
}
