// What became of one scorer's judgements from one run to the other.

internal import EvalCore

/// What one scorer said of one record of one run, in numbers: of several repeats the mean.
struct RecordScore: Sendable, Equatable {
    private var sum = 0.0
    private var numbers: Int32 = 0
    private var passed: Int32 = 0
    private var judged: Int32 = 0
    private var errored: Int32 = 0

    /// Adds what the scorer said of one repetition.
    mutating func add(_ verdict: Verdict, _ rule: PassRule?) {
        if case .errored = verdict { errored += 1 }
        if let number = verdict.number {
            sum += number
            numbers += 1
        }
        if let rule, let passes = verdict.passes(rule) {
            judged += 1
            if passes { passed += 1 }
        }
    }

    /// The mean of the record's values.
    var value: Double? { numbers == 0 ? nil : sum / Double(numbers) }

    /// The share of the record's repetitions that pass.
    var passShare: Double? { judged == 0 ? nil : Double(passed) / Double(judged) }

    /// Whether a repetition has an error.
    var hasError: Bool { errored > 0 }
}

/// A record about which a scorer says something else.
struct RowChange: Sendable {
    /// The record's name.
    var name: String
    /// Its place in both runs, from 0.
    var ordinals: (left: Int, right: Int)
    var left: RecordScore
    var right: RecordScore

    /// How much larger the value is in the second run.
    var difference: Double? {
        guard let old = left.value, let new = right.value else { return nil }
        return new - old
    }

    /// How much larger the share of passes is.
    var passDifference: Double {
        guard let old = left.passShare, let new = right.passShare else { return 0 }
        return new - old
    }

    /// What weighs more is listed first: a change of passing, then of the value.
    fileprivate var weight: (Double, Double) { (abs(passDifference), abs(difference ?? 0)) }

    /// `pass → fail`; of several repeats their shares.
    var passes: String? {
        guard let old = left.passShare, let new = right.passShare, old != new else { return nil }
        func word(_ share: Double) -> String {
            share == 1 ? "pass" : share == 0 ? "fail" : "\(Numbers.plain(share)) pass"
        }
        return "\(word(old)) → \(word(new))"
    }

    /// `0.9 → 0.4`.
    var values: String? {
        guard let old = left.value, let new = right.value, old != new else { return nil }
        return "\(Numbers.plain(old)) → \(Numbers.plain(new))"
    }
}

/// The changes of one scorer: counts of all, and the weightiest ones.
struct ScorerChanges: Sendable {
    /// The most rows of a list.
    static let most = 25

    let name: String
    /// Whether a lower value is the better one.
    let lowerIsBetter: Bool
    /// Whether the direction was not known, so that higher was taken for better.
    let isAssumed: Bool
    /// Paired records that the scorer could judge in both runs.
    private(set) var compared = 0
    /// Records that got better.
    private(set) var betterCount = 0
    /// Records that got worse.
    private(set) var worseCount = 0
    /// The records that got better most.
    private(set) var better: [RowChange] = []
    /// The records that got worse most.
    private(set) var worse: [RowChange] = []
    /// Records that pass in the first run and fail in the second.
    private(set) var passToFail = 0
    /// Records that fail in the first run and pass in the second.
    private(set) var failToPass = 0
    /// Records with an error in the second run only.
    private(set) var newErrors = 0
    /// The first of them.
    private(set) var newlyErrored: [String] = []
    /// Records with an error in the first run only.
    private(set) var goneErrors = 0

    init(_ facts: ScorerFacts) {
        name = facts.name
        lowerIsBetter = facts.lowerIsBetter ?? false
        isAssumed = facts.lowerIsBetter == nil
    }

    /// Compares the judgements of a record.
    mutating func add(_ change: RowChange) {
        if change.right.hasError, !change.left.hasError {
            newErrors += 1
            if newlyErrored.count < Self.most { newlyErrored.append(change.name) }
        } else if change.left.hasError, !change.right.hasError {
            goneErrors += 1
        }
        let hasPasses = change.left.passShare != nil && change.right.passShare != nil
        guard hasPasses || change.difference != nil else { return }
        compared += 1
        let passes = change.passDifference
        if passes < 0 { passToFail += 1 } else if passes > 0 { failToPass += 1 }
        // Passing decides; the value tells only where passing is the same.
        let value = (change.difference ?? 0) * (lowerIsBetter ? -1 : 1)
        let direction = passes != 0 ? passes : value
        if direction > 0 {
            betterCount += 1
            Self.keep(change, &better)
        } else if direction < 0 {
            worseCount += 1
            Self.keep(change, &worse)
        }
    }

    private static func keep(_ change: RowChange, _ list: inout [RowChange]) {
        if list.count >= most {
            guard let last = list.last, last.weight < change.weight else { return }
            list.removeLast()
        }
        list.insert(change, at: list.firstIndex { $0.weight < change.weight } ?? list.endIndex)
    }
}
