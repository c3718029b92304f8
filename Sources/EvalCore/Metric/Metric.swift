// Metrics and accounts: what a run says in numbers.

/// An aggregation of one scorer's values over a run: `correctness/mean`.
public struct Metric: Sendable, Equatable {
    /// The metric's full name: instance, possibly the feedback, and the aggregation.
    public var name: String
    /// The number; nil where it is undefined, such as a mean of nothing.
    public var value: Double?
    /// How sure the number is; nil for metrics that have none, and for too few units.
    public var interval: Interval?

    /// Makes a metric.
    public init(name: String, value: Double?, interval: Interval? = nil) {
        self.name = name
        self.value = value
        self.interval = interval
    }
}

/// How often a scorer was asked, and what came of it: rows = scored + errored + skipped, or as many sessions.
public struct Account: Sendable, Equatable {
    /// What is counted: rows, or sessions.
    public let scope: ScorerScope
    /// Rows with a value.
    public var scored = 0
    /// Rows with an error.
    public var errored = 0
    /// Rows about which the scorer had nothing to say.
    public var skipped = 0

    /// An empty account.
    public init(of scope: ScorerScope = .row) { self.scope = scope }

    /// How often the scorer was asked: about so many rows, or sessions.
    public var rows: Int { scored + errored + skipped }

    /// Adds what another account has.
    public mutating func add(_ other: Account) {
        scored += other.scored
        errored += other.errored
        skipped += other.skipped
    }

    /// Counts a verdict.
    public mutating func count(_ verdict: Verdict) {
        switch verdict {
        case .feedback, .feedbacks: scored += 1
        case .skipped: skipped += 1
        case .errored: errored += 1
        }
    }
}

/// A demand on a metric: `correctness/mean >= 0.8`.
public struct Threshold: Sendable, Equatable, CustomStringConvertible {
    /// The metric's name.
    public var metric: String
    /// What the metric must satisfy.
    public var bound: Bound

    /// Makes a threshold.
    public init(metric: String, bound: Bound) {
        self.metric = metric
        self.bound = bound
    }

    /// Reads a condition that must not hold: `latency/p90 > 800` demands `latency/p90 <= 800`.
    public init?(failingIf source: String) {
        guard let at = source.firstIndex(where: { "<>=!".contains($0) }) else { return nil }
        let metric = source[..<at].split(separator: " ")
        guard metric.count == 1, let bound = Bound(String(source[at...])) else { return nil }
        self.init(metric: String(metric[0]), bound: bound.opposite)
    }

    /// The threshold as it is written.
    public var description: String { "\(metric) \(bound)" }
}
