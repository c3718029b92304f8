// The account of a run while it goes: counted after the commit, restored on resume, summed up at the end.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// How far a run is.
public struct RunCounts: Sendable, Equatable {
    /// Records that were read, those of a resumed run again.
    public var read = 0
    /// Records that are finished.
    public var rows = 0
    /// Rows that are finished: records, each as often as it was repeated.
    public var finished = 0
    /// Rows with an error, and sessions with one whose first row has none.
    public var errors = 0
    /// Sessions that every session scorer has judged, each as often as its records were repeated.
    public var sessions = 0
    /// What the rows cost so far, in US dollars, as far as it is known; nil where nothing is.
    public var costUSD: Double?
}

/// What one batch adds to the ledger.
struct LedgerPart: Sendable {
    struct Column: Sendable {
        var account = Account()
        var tallies: [String: Tally] = [:]
        var own = Tally()
    }
    var read = 0
    var rows = 0
    var finished = 0
    var errors = 0
    var sessions = 0
    var usage = ModelUsage()
    var columns: [Column]

    init(_ scorers: [ScorerInstance]) {
        columns = scorers.map { Column(account: Account(of: $0.scorer.descriptor.scope)) }
    }

    mutating func add(_ row: FinishedRow, scorers: [ScorerInstance]) {
        if row.repetition == 0 { rows += 1 }
        finished += 1
        if row.hasError { errors += 1 }
        usage.add(row.trace)
        add(row.verdicts, scorers: scorers)
    }

    /// Adds what was said of a session; its error counts as its first row's, unless that one has its own.
    mutating func add(session verdicts: [Verdict?], hasRowError: Bool, scorers: [ScorerInstance]) {
        sessions += 1
        if !hasRowError, verdicts.contains(where: { $0?.isError ?? false }) { errors += 1 }
        add(verdicts, scorers: scorers)
    }

    /// Adds a row that an earlier part of the run finished; what it has of its session is for the session pass.
    mutating func add(_ mark: FinishedMark, _ verdicts: [Verdict?], scorers: [ScorerInstance]) {
        if mark.repetition == 0 { rows += 1 }
        finished += 1
        if mark.hasError { errors += 1 }
        add(zip(verdicts, scorers).map { $1.judgesSessions ? nil : $0 }, scorers: scorers)
    }

    private mutating func add(_ verdicts: [Verdict?], scorers: [ScorerInstance]) {
        for (index, verdict) in verdicts.enumerated() {
            guard let verdict else { continue }
            columns[index].account.count(verdict)
            let scorer = scorers[index]
            switch verdict {
            case .feedback(let feedback) where feedback.name == nil:
                columns[index].own
                    .add(CollectionOfOne(feedback.value), pass: scorer.pass, counting: scorer.countedLabels)
            case .skipped, .errored:
                break
            default:
                let byName = Dictionary(grouping: verdict.values) { $0.name ?? "" }
                for (name, feedbacks) in byName {
                    let values = feedbacks.map(\.value)
                    if name.isEmpty {
                        columns[index].own.add(values, pass: scorer.pass, counting: scorer.countedLabels)
                    } else {
                        columns[index].tallies[name, default: Tally()].add(values, pass: nil)
                    }
                }
            }
        }
    }

    mutating func add(_ other: LedgerPart) {
        read += other.read
        rows += other.rows
        finished += other.finished
        errors += other.errors
        sessions += other.sessions
        usage.add(other.usage)
        for (index, column) in other.columns.enumerated() {
            columns[index].account.add(column.account)
            columns[index].own.add(column.own)
            columns[index].tallies
                .merge(column.tallies) { left, right in
                    var sum = left
                    sum.add(right)
                    return sum
                }
        }
    }
}

/// The numbers of a run.
final class Ledger: Sendable {
    private let plan: RunPlan
    private let state: Mutex<LedgerPart>

    init(_ plan: RunPlan) {
        self.plan = plan
        state = Mutex(LedgerPart(plan.scorers))
    }

    var counts: RunCounts {
        state.withLock {
            RunCounts(
                read: $0.read,
                rows: $0.rows,
                finished: $0.finished,
                errors: $0.errors,
                sessions: $0.sessions,
                costUSD: $0.usage.costTotal?.value
            )
        }
    }

    func add(_ part: LedgerPart) {
        state.withLock { $0.add(part) }
    }

    /// Counts what an earlier part of the run finished.
    func restore(_ run: PublicID, from store: any RunStore, withoutErrors: Bool) async throws(Diagnostic) {
        let page = 1024
        var next = 0
        while true {
            let rows = try await store.finishedVerdicts(of: run, from: next, limit: page)
            var part = LedgerPart(plan.scorers)
            for (mark, verdicts) in rows where !(withoutErrors && mark.hasError) {
                part.add(mark, verdicts, scorers: plan.scorers)
            }
            add(part)
            // A page never splits the repetitions of a record, so that it may be longer than asked for.
            guard rows.count >= page, let last = rows.last else { return }
            next = last.mark.ordinal + 1
        }
    }

    /// The run's numbers at its end.
    ///
    /// - Parameters:
    ///   - status: How it ended.
    ///   - dataDigest: SHA-256 of the data that was read.
    ///   - durationMilliseconds: How long it took.
    ///   - resumed: Whether rows of an earlier part count, whose tokens only the store knows.
    ///   - store: What is asked for numbers in their order.
    /// - Returns: The summary.
    /// - Throws: Why the store can't be read.
    func summary(
        status: RunStatus,
        dataDigest: Digest?,
        durationMilliseconds: Int64,
        resumed: Bool,
        store: any RunStore
    ) async throws(Diagnostic) -> RunSummary {
        let final = state.withLock { $0 }
        let usage = resumed ? try await store.modelUsage(of: plan.id) : final.usage
        var metrics: [Metric] = []
        var flaky = 0
        if plan.repeats > 1 || plan.cluster != nil {
            var statistics = RecordStatistics(plan)
            try await statistics.read(from: store)
            if plan.scorers.contains(where: \.judgesSessions) { try await statistics.readSessions(from: store) }
            for (index, column) in final.columns.enumerated() {
                metrics += statistics.metrics(of: index, account: column.account)
            }
            flaky = statistics.flakyRecords
        } else {
            for (index, column) in final.columns.enumerated() {
                metrics += try await Self.metrics(of: index, column, plan, store)
            }
        }
        return RunSummary(
            status: status,
            rows: final.rows,
            errors: final.errors,
            metrics: metrics,
            accounts: zip(plan.scorers, final.columns).map { ($0.name, $1.account) },
            dataDigest: dataDigest,
            durationMilliseconds: durationMilliseconds,
            repeats: plan.repeats,
            flakyRecords: flaky,
            tokens: usage.tokenTotal,
            costUSD: usage.costTotal,
            judges: try await store.judgeUsage(of: plan.id),
            notes: status == .finished ? notes(final) : []
        )
    }

    /// That scorers of sessions had nothing to judge, which is seldom meant.
    private func notes(_ final: LedgerPart) -> [String] {
        guard final.sessions == 0 else { return [] }
        return plan.scorers.filter(\.judgesSessions).map { "no row has a session_id: \($0.name) judged nothing" }
    }

    /// The metrics of one scorer where each row is a unit of its own, from what was counted while the run went.
    private static func metrics(
        of index: Int,
        _ column: LedgerPart.Column,
        _ plan: RunPlan,
        _ store: any RunStore
    ) async throws(Diagnostic) -> [Metric] {
        let scorer = plan.scorers[index]
        var metrics: [Metric] = []
        for aggregation in scorer.reported(repeats: plan.repeats) {
            let name = "\(scorer.name)/\(aggregation)"
            if aggregation.needsOrder, column.own.count > 0 {
                metrics.append(try await quantile(aggregation, named: name, column.own.count, index, plan, store))
            } else {
                let value = column.own.value(of: aggregation, account: column.account)
                var interval = column.own.interval(of: aggregation)
                if aggregation == .mean { interval = interval?.clamped(to: scorer.scorer.descriptor.range) }
                metrics.append(Metric(name: name, value: value, interval: interval))
            }
        }
        for (name, tally) in column.tallies.sorted(by: { $0.key < $1.key }) {
            metrics.append(
                Metric(name: "\(scorer.name)/\(name)/mean", value: tally.mean, interval: tally.interval(of: .mean))
            )
        }
        return metrics
    }

    /// A quantile with its interval; the store sorts, and is asked once for the ranks of all drawn samples.
    private static func quantile(
        _ aggregation: Aggregation,
        named name: String,
        _ count: Int,
        _ scorer: Int,
        _ plan: RunPlan,
        _ store: any RunStore
    ) async throws(Diagnostic) -> Metric {
        let share = aggregation == .p90 ? 0.9 : 0.5
        let own = Rank(quantile: share, count: count)
        var drawn: [Rank] = []
        if count >= Interval.leastUnits {
            var generator = SeededGenerator(seed: plan.seed, for: name)
            drawn = Bootstrap.ranks(quantile: share, count: count, using: &generator)
        }
        let wanted = Set((drawn + [own]).flatMap { [$0.low, $0.high] }).sorted()
        let values = try await store.orderedValues(of: plan.id, scorer: scorer, feedback: nil, ranks: wanted)
        guard values.count == wanted.count else { return Metric(name: name, value: nil) }
        let at = Dictionary(zip(wanted, values), uniquingKeysWith: { first, _ in first })
        let statistics = drawn.map { rank in rank.value { at[$0] ?? .nan } }
        return Metric(
            name: name,
            value: own.value { at[$0] ?? .nan },
            interval: Bootstrap.interval(statistics, method: .bootstrap, units: count)
        )
    }
}

extension ScorerInstance {
    /// The labels that a metric asks for.
    var countedLabels: [String] {
        aggregations.compactMap { if case .share(let label) = $0 { label } else { nil } }
    }
}
