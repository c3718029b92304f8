// A run as reports show it. It holds no rows: what reports say of rows is in `RowHighlights`.

public import EvalCore

/// All that a report of one run says, but for its rows.
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
    /// What is known of the scorers, in the order of the rows' verdicts.
    public var scorers: [ScorerFacts]
    /// Why metrics that could have an interval have none, by metric, where somebody said it.
    public var intervalNotes: [String: String]
    /// Where the run comes from.
    public var provenance: RunProvenance

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - runID: The run's identifier.
    ///   - runName: The run's name.
    ///   - experimentID: The experiment's identifier.
    ///   - experiment: The experiment's name.
    ///   - dataSource: What the rows came from.
    ///   - summary: What the run came to.
    ///   - units: The units of scorers, beside those of `scorers`.
    ///   - textual: The scorers whose values are text, beside those of `scorers`.
    ///   - outcomes: What was demanded, and whether it holds.
    ///   - notes: Lines that every reader should see, beside those of the summary.
    ///   - scorers: What is known of the scorers, in the order of the rows' verdicts. Bounds, pass rules and
    ///     everything about rows need them.
    ///   - intervalNotes: Why metrics have no interval.
    ///   - provenance: Where the run comes from.
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
        notes: [String] = [],
        scorers: [ScorerFacts] = [],
        intervalNotes: [String: String] = [:],
        provenance: RunProvenance = RunProvenance()
    ) {
        self.runID = runID
        self.runName = runName
        self.experimentID = experimentID
        self.experiment = experiment
        self.dataSource = dataSource
        self.summary = summary
        self.outcomes = outcomes
        self.notes = notes + summary.notes.filter { !notes.contains($0) }
        self.scorers = scorers
        self.intervalNotes = intervalNotes
        self.provenance = provenance
        self.units = units
        self.textual = textual
        for facts in scorers {
            if let unit = facts.unit { self.units[facts.name] = unit }
            if facts.isTextual, !textual.contains(facts.name) { self.textual.append(facts.name) }
        }
    }

    /// The report of a stored run.
    ///
    /// - Parameters:
    ///   - record: The run.
    ///   - descriptor: Finds a scorer as it is today; units, ranges and bounds need it.
    public init(_ record: RunRecord, descriptor: (ScorerRecord) -> ScorerDescriptor? = { _ in nil }) {
        self.init(
            runID: record.listing.id,
            runName: record.listing.name,
            experimentID: record.listing.experimentID,
            experiment: record.listing.experiment,
            dataSource: record.dataSource,
            summary: record.summary,
            notes: record.notes,
            scorers: record.scorers.map { ScorerFacts($0, descriptor: descriptor($0)) },
            provenance: RunProvenance(record)
        )
    }
}

extension Report {
    /// What is known of a scorer.
    func facts(_ scorer: String) -> ScorerFacts? { scorers.first { $0.name == scorer } }

    /// A scorer's account; an empty one if it has none.
    func account(_ scorer: String) -> Account {
        summary.accounts.first { $0.scorer == scorer }?.account ?? Account()
    }

    /// The accounts of scorers that judge sessions, a line each: their counts are not those of rows.
    var sessionLines: [(scorer: String, line: String)] {
        summary.accounts.filter { $0.account.scope == .session }
            .map { scorer, account in
                let counts = [(account.scored, "scored"), (account.errored, "errored"), (account.skipped, "skipped")]
                    .map { "\(Numbers.grouped($0)) \($1)" }
                let sessions = Numbers.count(account.rows, "session")
                return (scorer, "judges sessions: \(sessions) = \(counts.joined(separator: " + "))")
            }
    }

    /// Why a metric that could have an interval has none; nil if it has one, can't have one or is undefined.
    func intervalNote(_ metric: Metric) -> String? {
        guard metric.interval == nil, metric.value != nil, metric.aggregation?.canHaveInterval == true else {
            return nil
        }
        if let note = intervalNotes[metric.name] { return note }
        // Units are records or sessions at most, however few clusters they make.
        let records = account(metric.scorer).scored / max(1, summary.repeats)
        return records < Interval.leastUnits ? "fewer than \(Interval.leastUnits) units" : nil
    }

    /// The metric's value with its unit; a dash where it is undefined.
    func value(_ metric: Metric) -> String {
        guard let value = metric.value else { return "–" }
        let isOwn = metric.name == "\(metric.scorer)/\(metric.aggregation?.description ?? "")"
        let unit = isOwn && metric.aggregation?.hasUnit == true ? units[metric.scorer] : nil
        return Numbers.plain(value) + (unit.map { " " + Printable.line($0) } ?? "")
    }

    /// How many demands are missed.
    var missed: Int { outcomes.count { $0.missed != nil } }

    /// One line on the demands; nil where there are none.
    var verdict: String? {
        guard !outcomes.isEmpty else { return nil }
        if missed == 0 { return outcomes.count == 1 ? "the threshold holds" : "all \(outcomes.count) thresholds hold" }
        return outcomes.count == 1
            ? "the threshold is missed" : "\(missed) of \(outcomes.count) thresholds are missed"
    }

    /// The words for flaky records; nil if there are none.
    var flakyLine: String? {
        let flaky = summary.flakyRecords
        guard flaky > 0 else { return nil }
        let verb = flaky == 1 ? "record is" : "records are"
        return "\(Numbers.grouped(flaky)) \(verb) flaky: of \(summary.repeats) repeats some pass and some fail"
    }
}

extension Report {
    /// What the judges took, in one line; nil where none was asked.
    var judgesLine: String? {
        guard let judges = summary.judges else { return nil }
        var line = "judges: \(Numbers.count(judges.replies, "reply", "replies"))"
        if judges.refused > 0 { line += ", \(Numbers.grouped(judges.refused)) of them refused" }
        if let tokens = judges.tokens { line += ", tokens \(Numbers.tokens(tokens))" }
        if let cost = judges.costUSD { line += ", cost \(Numbers.cost(cost))" }
        return line
    }
}

extension ScorerScope {
    /// What an account counts, for people and as its key in JSON.
    var plural: String { rawValue + "s" }
}
