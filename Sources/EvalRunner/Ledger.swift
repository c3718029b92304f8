// The account of a run while it goes: counted after the commit, restored on resume, summed up at the end.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// How far a run is.
public struct RunCounts: Sendable, Equatable {
    /// Records that were read, those of a resumed run again.
    public var read = 0
    /// Rows that are finished.
    public var rows = 0
    /// Rows with an error.
    public var errors = 0
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
    var errors = 0
    var columns: [Column]

    init(scorers: Int) { columns = Array(repeating: Column(), count: scorers) }

    mutating func add(_ row: FinishedRow, scorers: [ScorerInstance]) {
        rows += 1
        if row.hasError { errors += 1 }
        add(row.verdicts, scorers: scorers)
    }

    mutating func add(_ verdicts: [Verdict], scorers: [ScorerInstance]) {
        for (index, verdict) in verdicts.enumerated() {
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
        errors += other.errors
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
    private let scorers: [ScorerInstance]
    private let state: Mutex<LedgerPart>

    init(_ scorers: [ScorerInstance]) {
        self.scorers = scorers
        state = Mutex(LedgerPart(scorers: scorers.count))
    }

    var counts: RunCounts {
        state.withLock { RunCounts(read: $0.read, rows: $0.rows, errors: $0.errors) }
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
            var part = LedgerPart(scorers: scorers.count)
            for (mark, verdicts) in rows where !(withoutErrors && mark.hasError) {
                part.rows += 1
                if mark.hasError { part.errors += 1 }
                part.add(verdicts, scorers: scorers)
            }
            add(part)
            // A page never splits the repetitions of a record, so that it may be longer than asked for.
            guard rows.count >= page, let last = rows.last else { return }
            next = last.mark.ordinal + 1
        }
    }

    /// The run's numbers at its end.
    func summary(
        of run: PublicID,
        status: RunStatus,
        dataDigest: Digest?,
        durationMilliseconds: Int64,
        ordered store: any RunStore
    ) async throws(Diagnostic) -> RunSummary {
        let final = state.withLock { $0 }
        var metrics: [Metric] = []
        for (index, scorer) in scorers.enumerated() {
            let column = final.columns[index]
            var aggregations = scorer.aggregations
            if scorer.pass != nil, !aggregations.contains(.passRate) { aggregations.append(.passRate) }
            for aggregation in aggregations {
                var value = column.own.value(of: aggregation, account: column.account)
                if aggregation.needsOrder, column.own.count > 0 {
                    value = try await quantile(aggregation, column.own.count, run, index, nil, store)
                }
                metrics.append(Metric(name: "\(scorer.name)/\(aggregation)", value: value))
            }
            for (name, tally) in column.tallies.sorted(by: { $0.key < $1.key }) {
                metrics.append(Metric(name: "\(scorer.name)/\(name)/mean", value: tally.mean))
            }
        }
        return RunSummary(
            status: status,
            rows: final.rows,
            errors: final.errors,
            metrics: metrics,
            accounts: zip(scorers, final.columns).map { ($0.name, $1.account) },
            dataDigest: dataDigest,
            durationMilliseconds: durationMilliseconds
        )
    }

    /// A quantile, linear between neighbours (Hyndman and Fan's type 7, NumPy's default).
    private func quantile(
        _ aggregation: Aggregation,
        _ count: Int,
        _ run: PublicID,
        _ scorer: Int,
        _ feedback: String?,
        _ store: any RunStore
    ) async throws(Diagnostic) -> Double? {
        let position = (aggregation == .p90 ? 0.9 : 0.5) * Double(count - 1)
        let low = Int(position)
        let high = min(low + 1, count - 1)
        let values = try await store.orderedValues(of: run, scorer: scorer, feedback: feedback, ranks: [low, high])
        guard values.count == 2 else { return nil }
        return values[0] + (values[1] - values[0]) * (position - Double(low))
    }
}

extension ScorerInstance {
    /// The labels that a metric asks for.
    var countedLabels: [String] {
        aggregations.compactMap { if case .share(let label) = $0 { label } else { nil } }
    }
}
