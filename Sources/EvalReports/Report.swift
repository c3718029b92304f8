// A run as reports show it, and the demands that it meets or misses.

public import EvalCore

/// All that a report of one run says.
public struct Report: Sendable {
    /// The run's identifier.
    public var runID: PublicID
    /// The run's name.
    public var runName: String
    /// The experiment's identifier.
    public var experimentID: Int64
    /// The experiment's name.
    public var experiment: String
    /// What the rows came from.
    public var dataSource: String
    /// What the run came to.
    public var summary: RunSummary
    /// The units of scorers that have one, by instance.
    public var units: [String: String]
    /// The scorers whose values are text and are not aggregated.
    public var textual: [String]
    /// What was demanded, and whether it holds.
    public var outcomes: [ThresholdOutcome]
    /// Lines that every reader should see.
    public var notes: [String]

    /// Makes a report.
    public init(
        runID: PublicID,
        runName: String,
        experimentID: Int64,
        experiment: String,
        dataSource: String,
        summary: RunSummary,
        units: [String: String] = [:],
        textual: [String] = [],
        outcomes: [ThresholdOutcome] = [],
        notes: [String] = []
    ) {
        self.runID = runID
        self.runName = runName
        self.experimentID = experimentID
        self.experiment = experiment
        self.dataSource = dataSource
        self.summary = summary
        self.units = units
        self.textual = textual
        self.outcomes = outcomes
        self.notes = notes
    }
}

/// Whether a demand holds.
public struct ThresholdOutcome: Sendable, Equatable {
    /// The demand.
    public var threshold: Threshold
    /// The metric; nil where it is undefined.
    public var value: Double?
    /// Why it is missed; nil if it holds.
    public var missed: String?
}

extension Threshold {
    /// Judges a demand.
    ///
    /// A metric counts only if its scorer's errors and skips are within what is allowed; otherwise the demand is
    /// missed, whatever the number says.
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
        outcome.value = summary.metrics.first { $0.name == metric }?.value
        let scorer = metric.prefix { $0 != "/" }
        if let (_, account) = summary.accounts.first(where: { $0.scorer == scorer }) {
            if !allows(account.errored, account.rows) {
                outcome.missed = "\(account.errored) of \(account.rows) rows have an error"
                return outcome
            }
            if account.skipped > 0, !skips.contains(String(scorer)) {
                outcome.missed = "\(account.skipped) of \(account.rows) rows were skipped"
                return outcome
            }
        }
        guard let value = outcome.value else {
            outcome.missed = "it is undefined"
            return outcome
        }
        if !bound.holds(for: value) { outcome.missed = "it is \(Numbers.plain(value))" }
        return outcome
    }

    /// Checks that the configured scorers can produce the metric.
    ///
    /// - Throws: That they can't, with the nearest metric.
    public func check(against scorers: [ScorerInstance], repeats: Int = 1) throws(Diagnostic) {
        let known = scorers.flatMap { $0.metricNames(repeats: repeats) }
        guard !known.contains(metric) else { return }
        throw Diagnostic(
            "the scorers of this run produce no metric '\(metric)'",
            didYouMean: nearestWord(to: metric, among: known),
            help: "They produce: \(known.joined(separator: ", "))."
        )
    }
}
