// Whether a run meets what is demanded of it.

public import EvalCore

/// Whether a demand holds.
public struct ThresholdOutcome: Sendable, Equatable {
    /// The demand.
    public var threshold: Threshold
    /// The metric or the end of its interval; nil where it is undefined.
    public var value: Double?
    /// Why it is missed; nil if it holds.
    public var missed: String?

    /// The line that is printed for a missed demand; nil if it holds.
    public var missedLine: String? {
        missed.map { Printable.line("missed: \(threshold): \($0)") }
    }
}

extension Threshold {
    /// An end of a metric's interval.
    enum End: String, CaseIterable {
        case lower = ".lower"
        case upper = ".upper"
    }

    /// The metric without `.lower` or `.upper`, and the end that was meant.
    ///
    /// A metric whose own name ends so, such as a share of the label `b.lower`, must be looked for first.
    var parts: (metric: String, end: End?) {
        for end in End.allCases where metric.hasSuffix(end.rawValue) {
            return (String(metric.dropLast(end.rawValue.count)), end)
        }
        return (metric, nil)
    }

    /// Judges a demand.
    ///
    /// A metric counts only if its scorer's errors and skips are within what is allowed; otherwise the demand is
    /// missed, whatever the number says. `M.lower` and `M.upper` are the ends of the interval of M.
    ///
    /// - Parameters:
    ///   - summary: What the run came to.
    ///   - allows: Whether so many errors of so many rows are allowed.
    ///   - skips: The scorers that may skip rows.
    /// - Returns: Whether it holds, and if not, why.
    public func judged(
        by summary: RunSummary,
        allows: (Int, Int) -> Bool,
        skips: Set<String>
    ) -> ThresholdOutcome {
        var outcome = ThresholdOutcome(threshold: self)
        let (value, undefined) = value(in: summary)
        outcome.value = value
        let scorer = metric.prefix { $0 != "/" }
        if let (_, account) = summary.accounts.first(where: { $0.scorer == scorer }) {
            if !allows(account.errored, account.rows) {
                outcome.missed = "\(account.errored) of \(account.rows) \(account.scope.plural) have an error"
                return outcome
            }
            if account.skipped > 0, !skips.contains(String(scorer)) {
                outcome.missed = "\(account.skipped) of \(account.rows) \(account.scope.plural) were skipped"
                return outcome
            }
        }
        guard let value else {
            outcome.missed = undefined
            return outcome
        }
        if !bound.holds(for: value) { outcome.missed = "it is \(Numbers.plain(value))" }
        return outcome
    }

    private func value(in summary: RunSummary) -> (value: Double?, undefined: String) {
        if let own = summary.metrics.first(where: { $0.name == metric }) { return (own.value, "it is undefined") }
        let (name, end) = parts
        guard let end, let base = summary.metrics.first(where: { $0.name == name }) else {
            return (nil, "it is undefined")
        }
        switch end {
        case .lower: return (base.interval?.low, "the metric has no interval")
        case .upper: return (base.interval?.high, "the metric has no interval")
        }
    }

    /// Checks that the configured scorers can produce the metric, and that it can have an interval where an end of
    /// one is wanted.
    ///
    /// - Throws: That they can't, with the nearest metric.
    public func check(against scorers: [ScorerInstance], repeats: Int = 1) throws(Diagnostic) {
        let known = scorers.flatMap { $0.metricNames(repeats: repeats) }
        guard !known.contains(metric) else { return }
        let (name, end) = parts
        if let end, known.contains(name) {
            if Metric.aggregation(of: name)?.canHaveInterval == true { return }
            throw Diagnostic(
                "the metric '\(name)' never has an interval, so '\(metric)' is undefined",
                help: "Intervals are there for mean, median, p90, pass_rate, share:LABEL, pass@K and pass^K; "
                    + "without '\(end.rawValue)' the metric itself is compared."
            )
        }
        throw Diagnostic(
            "the scorers of this run produce no metric '\(metric)'",
            didYouMean: nearestWord(to: name, among: known).map { $0 + (end?.rawValue ?? "") },
            help: "They produce: \(known.joined(separator: ", "))."
        )
    }
}
