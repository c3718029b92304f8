// What reports say of rows, gathered while the rows go by. Its memory has a bound, whatever the number of rows: it keeps
// the worst rows with their texts cut, groups of errors, flaky records and distributions, and counts the rest.

public import EvalCore
internal import Foundation

/// The rows that a reader should look at, and counts of all others.
///
/// It is given every row of a run in the order of ordinal and repetition:
///
///     var highlights = RowHighlights(report.scorers, repeats: report.summary.repeats)
///     try await store.forEachRow(of: run) { highlights.add($0) }
///     highlights.finish()
public struct RowHighlights: Sendable {
    /// How much is kept.
    public struct Limits: Sendable {
        /// The worst rows that are kept.
        public var rows = 20
        /// Bytes of one text of such a row.
        public var textBytes = 16 << 10
        /// Groups of errors.
        public var errors = 30
        /// Flaky records.
        public var flaky = 30

        /// The usual limits.
        public init() {}
    }

    /// Errors with one code and message.
    struct ErrorGroup: Sendable {
        var code: String
        var message: Excerpt
        /// Rows that have it.
        var rows: Int
        /// The scorers that had it, in the order in which they did.
        var scorers: [String]
        /// The first of the rows.
        var examples: [String]
    }

    /// A record whose repetitions pass once and fail once.
    struct Flaky: Sendable {
        var name: String
        /// Per scorer that does so: how many of its repetitions pass.
        var passes: [(scorer: String, passed: Int, of: Int)]
    }

    /// How bad a row is; the greatest is the worst.
    private struct Badness: Comparable {
        var failedRules: Int
        var distance: Double
        var ordinal: Int

        static func < (left: Badness, right: Badness) -> Bool {
            // Of equal rows the first ones are kept.
            (left.failedRules, left.distance, right.ordinal) < (right.failedRules, right.distance, left.ordinal)
        }
    }

    let scorers: [ScorerFacts]
    let repeats: Int
    private let limits: Limits
    /// Where no scorer has a range or a rule, the order of the values themselves tells the worst ones.
    private let ranksAnyValue: Bool
    private var ranked: [(badness: Badness, row: ShownRow)] = []
    private var current: (ordinal: Int, name: String, passed: [Int], failed: [Int])?

    /// Rows that were seen.
    private(set) var rows = 0
    /// Rows that fail a pass rule.
    private(set) var failing = 0
    /// Rows that are worse than they could be, so that they could be among the worst.
    private(set) var imperfect = 0
    /// Errors by code and message, in the order in which they came.
    private(set) var errors: [ErrorGroup] = []
    /// Rows with errors that no group has room for.
    private(set) var otherErrors = 0
    /// Records that are flaky, the first ones.
    private(set) var flaky: [Flaky] = []
    /// How many records are flaky.
    private(set) var flakyCount = 0
    /// The values of each scorer, in their order.
    private(set) var distributions: [Distribution]

    /// Begins without a row.
    ///
    /// - Parameters:
    ///   - scorers: What is known of the scorers, in the order of the rows' verdicts.
    ///   - repeats: How often each record is evaluated.
    ///   - limits: How much is kept.
    public init(_ scorers: [ScorerFacts], repeats: Int = 1, limits: Limits = Limits()) {
        self.scorers = scorers
        self.repeats = repeats
        self.limits = limits
        ranksAnyValue = scorers.allSatisfy { $0.range == nil && $0.pass == nil }
        distributions = scorers.map { Distribution(range: $0.range) }
    }

    /// The worst rows, the worst one first.
    var worst: [ShownRow] { ranked.map(\.row) }

    /// Looks at a row.
    public mutating func add(_ row: FinishedRow) {
        rows += 1
        var failedRules = 0
        var distance = 0.0
        for (index, facts) in scorers.enumerated() {
            guard let verdict = row.verdict(of: index) else { continue }
            for value in verdict.own { distributions[index].add(value) }
            if let rule = facts.pass, let passes = verdict.passes(rule) {
                if !passes { failedRules += 1 }
                // Repetitions of a session are none of the record that its first row is.
                if facts.scope == .row { count(row, scorer: index, passes: passes) }
            }
            if let number = verdict.number, let share = facts.distance(number, ranksAnyValue: ranksAnyValue) {
                distance = max(distance, share)
            }
        }
        addErrors(of: row)
        if failedRules > 0 { failing += 1 }
        if failedRules > 0 || distance > 0 {
            imperfect += 1
            rank(row, Badness(failedRules: failedRules, distance: distance, ordinal: row.ordinal))
        }
    }

    /// Says that there are no more rows.
    public mutating func finish() { closeRecord() }

    private mutating func rank(_ row: FinishedRow, _ badness: Badness) {
        if ranked.count >= limits.rows {
            guard let last = ranked.last, last.badness < badness else { return }
            ranked.removeLast()
        }
        let place = ranked.firstIndex { $0.badness < badness } ?? ranked.endIndex
        let shown = ShownRow(row, scorers: scorers, repeats: repeats, limit: limits.textBytes)
        ranked.insert((badness, shown), at: place)
    }

    private mutating func addErrors(of row: FinishedRow) {
        guard row.hasError else { return }
        var seen: [(error: ScorerError, scorers: [String])] = []
        if let failure = row.failure { seen.append((failure, [])) }
        for (verdict, facts) in zip(row.verdicts, scorers) {
            guard case .errored(let error) = verdict else { continue }
            if let place = seen.firstIndex(where: { $0.error == error }) {
                seen[place].scorers.append(facts.name)
            } else {
                seen.append((error, [facts.name]))
            }
        }
        var hasOther = false
        for (error, scorers) in seen {
            let message = Excerpt(error.message, limit: 2_000)
            if let place = errors.firstIndex(where: { $0.code == error.code && $0.message == message }) {
                errors[place].rows += 1
                for scorer in scorers where !errors[place].scorers.contains(scorer) {
                    errors[place].scorers.append(scorer)
                }
                if errors[place].examples.count < 3 { errors[place].examples.append(row.name(repeats: repeats)) }
            } else if errors.count < limits.errors {
                let name = row.name(repeats: repeats)
                errors.append(
                    ErrorGroup(code: error.code, message: message, rows: 1, scorers: scorers, examples: [name])
                )
            } else {
                hasOther = true
            }
        }
        if hasOther { otherErrors += 1 }
    }

    private mutating func count(_ row: FinishedRow, scorer: Int, passes: Bool) {
        guard repeats > 1 else { return }
        if current?.ordinal != row.ordinal {
            closeRecord()
            let none = [Int](repeating: 0, count: scorers.count)
            current = (row.ordinal, row.name(repeats: 1), none, none)
        }
        if passes { current?.passed[scorer] += 1 } else { current?.failed[scorer] += 1 }
    }

    private mutating func closeRecord() {
        guard let record = current else { return }
        current = nil
        let both = scorers.indices.filter { record.passed[$0] > 0 && record.failed[$0] > 0 }
        guard !both.isEmpty else { return }
        flakyCount += 1
        if flaky.count < limits.flaky {
            let passes = both.map { (scorers[$0].name, record.passed[$0], record.passed[$0] + record.failed[$0]) }
            flaky.append(Flaky(name: record.name, passes: passes))
        }
    }
}

extension ScorerFacts {
    /// How far a value is from the best one, 0...1 within the range; nil where nothing tells.
    fileprivate func distance(_ value: Double, ranksAnyValue: Bool) -> Double? {
        let share: Double
        if let range, range.lowerBound < range.upperBound {
            share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        } else if ranksAnyValue {
            share = 0.5 + atan(value) / .pi
        } else {
            return nil
        }
        return min(1, max(0, lowerIsBetter == true ? share : 1 - share))
    }
}
