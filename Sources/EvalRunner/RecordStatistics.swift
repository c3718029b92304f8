// The statistics of runs with repetitions or clusters: one pass over the stored rows, in their order, at the end, and one
// over the sessions where scorers judge those. Repetitions are averaged first; what is left is one number a record, or a session.

internal import EvalCore
internal import EvalJSON

/// Adds up records.
struct RecordStatistics: Sendable {
    private struct Column: Sendable {
        /// By what is aggregated: the scorer's own number, its further feedbacks, and what is derived of passing.
        var own: UnitSample
        var further: [String: UnitSample] = [:]
        var derived: [Aggregation: UnitSample] = [:]
        var isTruth = true
    }

    private let plan: RunPlan
    private var columns: [Column]
    /// Records of which some scorer passed one repetition and failed another.
    private(set) var flakyRecords = 0

    init(_ plan: RunPlan) {
        self.plan = plan
        let isClustered = plan.cluster != nil
        columns = plan.scorers.map { scorer in
            let keepsValues = scorer.aggregations.contains(where: \.needsOrder)
            return Column(own: UnitSample(isClustered: isClustered, keepsValues: keepsValues))
        }
    }

    /// Reads all rows of the run, a page at a time.
    mutating func read(from store: any RunStore) async throws(Diagnostic) {
        var next = 0
        let judging = plan.scorers.indices.filter { !plan.scorers[$0].judgesSessions }
        while true {
            let page = try await store.finishedVerdicts(of: plan.id, from: next, limit: 1024)
            guard let last = page.last else { return }
            var start = page.startIndex
            while start < page.endIndex {
                let ordinal = page[start].mark.ordinal
                let end = page[start...].firstIndex { $0.mark.ordinal != ordinal } ?? page.endIndex
                let isFlaky = add(page[start..<end].map(\.verdicts), of: judging, cluster: page[start].mark.cluster)
                if isFlaky { flakyRecords += 1 }
                start = end
            }
            next = last.mark.ordinal + 1
        }
    }

    /// Reads what was said of all sessions, a page at a time; repetitions of a session are neighbours.
    mutating func readSessions(from store: any RunStore) async throws(Diagnostic) {
        var place: SessionPlace?
        var repetitions: [SessionMark] = []
        let judging = plan.scorers.indices.filter { plan.scorers[$0].judgesSessions }
        repeat {
            let page = try await store.sessionMarks(of: plan.id, after: place, limit: 1024)
            place = page.last?.place
            for mark in page {
                if let first = repetitions.first, !first.place.isOfSameSession(as: mark.place) {
                    _ = add(repetitions.map(\.verdicts), of: judging, cluster: first.cluster)
                    repetitions = []
                }
                repetitions.append(mark)
            }
        } while place != nil
        _ = add(repetitions.map(\.verdicts), of: judging, cluster: repetitions.first?.cluster)
    }

    /// Adds a record or a session with the verdicts of its repetitions.
    ///
    /// - Parameters:
    ///   - repetitions: The verdicts.
    ///   - indices: The scorers that are meant.
    ///   - cluster: What it is in.
    /// - Returns: Whether some of these scorers passed one repetition and failed another.
    private mutating func add(_ repetitions: [[Verdict?]], of indices: [Int], cluster: String?) -> Bool {
        var isFlaky = false
        for index in indices {
            let scorer = plan.scorers[index]
            let scored = repetitions.compactMap { $0.indices.contains(index) ? $0[index]?.values : nil }
                .filter { !$0.isEmpty }
            let own = scored.map { $0.filter { $0.name == nil }.map(\.value) }.filter { !$0.isEmpty }
            let numbers = own.compactMap { Self.mean($0.compactMap(\.numeric)) }
            if let mean = Self.mean(numbers) { columns[index].own.add(mean, cluster: cluster) }
            if own.contains(where: { $0.count > 1 || !$0[0].isTruth }) { columns[index].isTruth = false }
            for name in Set(scored.joined().compactMap(\.name)) {
                let means = scored.compactMap { row in
                    Self.mean(row.filter { $0.name == name }.compactMap(\.value.numeric))
                }
                guard let mean = Self.mean(means) else { continue }
                columns[index].further[name, default: UnitSample(isClustered: plan.cluster != nil)]
                    .add(mean, cluster: cluster)
            }
            let passed = scorer.pass.map { rule in own.count { $0.allSatisfy(rule.passes) } }
            for aggregation in scorer.reported(repeats: plan.repeats) {
                guard let number = Self.derived(aggregation, own, passed: passed) else { continue }
                columns[index].derived[aggregation, default: UnitSample(isClustered: plan.cluster != nil)]
                    .add(number, cluster: cluster)
            }
            if let passed, passed > 0, passed < own.count { isFlaky = true }
        }
        return isFlaky
    }

    /// A record's number for an aggregation that is a mean over records of something else than the values.
    private static func derived(_ aggregation: Aggregation, _ rows: [[FeedbackValue]], passed: Int?) -> Double? {
        guard !rows.isEmpty else { return nil }
        switch aggregation {
        case .passRate: return passed.map { Double($0) / Double(rows.count) }
        case .share(let label):
            return Double(rows.count { $0.contains(.text(label)) }) / Double(rows.count)
        case .passAtLeastOnce(let k):
            return passed.flatMap { Repetitions.passAtLeastOnce(k, passed: $0, of: rows.count) }
        case .passAlways(let k):
            return passed.flatMap { Repetitions.passAlways(k, passed: $0, of: rows.count) }
        default: return nil
        }
    }

    private static func mean(_ numbers: [Double]) -> Double? {
        guard !numbers.isEmpty else { return nil }
        return numbers.count == 1 ? numbers[0] : numbers.reduce(0, +) / Double(numbers.count)
    }

    /// The metrics of one scorer.
    func metrics(of index: Int, account: Account) -> [Metric] {
        let scorer = plan.scorers[index]
        let column = columns[index]
        // With repetitions a record's number is a mean, which has more than two values.
        let isTwoValued = plan.repeats == 1
        var metrics: [Metric] = []
        for aggregation in scorer.reported(repeats: plan.repeats) {
            let name = "\(scorer.name)/\(aggregation)"
            var generator = SeededGenerator(seed: plan.seed, for: name)
            var metric = Metric(name: name, value: nil)
            switch aggregation {
            case .mean:
                metric.value = column.own.mean
                metric.interval = column.own.meanInterval(
                    isTwoValued: isTwoValued && column.isTruth,
                    using: &generator
                )?
                .clamped(to: column.isTruth ? 0...1 : scorer.scorer.descriptor.range)
            case .min: metric.value = column.own.extremes?.least
            case .max: metric.value = column.own.extremes?.greatest
            case .variance: metric.value = column.own.variance
            case .standardError: metric.value = column.own.standardError
            case .median, .p90:
                if let found = column.own.quantile(aggregation == .p90 ? 0.9 : 0.5, using: &generator) {
                    (metric.value, metric.interval) = found
                }
            case .scored: metric.value = Double(account.scored)
            case .errors: metric.value = Double(account.errored)
            case .passRate, .share, .passAtLeastOnce, .passAlways:
                let sample = column.derived[aggregation]
                metric.value = sample?.mean
                metric.interval = sample?.meanInterval(isTwoValued: isTwoValued, using: &generator)?.clamped(to: 0...1)
            }
            metrics.append(metric)
        }
        for (name, sample) in column.further.sorted(by: { $0.key < $1.key }) {
            let name = "\(scorer.name)/\(name)/mean"
            var generator = SeededGenerator(seed: plan.seed, for: name)
            let interval = sample.meanInterval(isTwoValued: false, using: &generator)
            metrics.append(Metric(name: name, value: sample.mean, interval: interval))
        }
        return metrics
    }
}
