// Two runs side by side: metrics, origins, and the records that changed. It says what is different, not whether that is
// chance. Of the first run it keeps numbers for each record; of the second only the record that goes by.

public import EvalCore
public import EvalJSON

/// A comparison of two runs.
///
/// All rows of the first run are fed before those of the second, each in the order of ordinal and repetition:
///
///     var comparison = RunComparison(old, new)
///     try await store.forEachRow(of: old.listing.id) { comparison.addLeft($0) }
///     try await store.forEachRow(of: new.listing.id) { comparison.addRight($0) }
///     comparison.finish()
public struct RunComparison: Sendable {
    /// A metric of both runs.
    struct MetricPair: Sendable {
        var name: String
        var left: Metric?
        var right: Metric?
        /// Whether a higher value is the better one; nil where neither is.
        var higherIsBetter: Bool?

        /// How much larger the value is in the second run.
        var difference: Double? {
            guard let old = left?.value, let new = right?.value else { return nil }
            return new - old
        }

        /// Whether the second run is better; nil where they are equal or nobody can say.
        var isBetter: Bool? {
            guard let difference, difference != 0, let higherIsBetter else { return nil }
            return (difference > 0) == higherIsBetter
        }
    }

    /// Records that have no partner.
    struct Unpaired: Sendable {
        private(set) var count = 0
        /// The first of them.
        private(set) var names: [String] = []

        fileprivate mutating func add(_ name: @autoclosure () -> String) {
            count += 1
            if names.count < 50 { names.append(name()) }
        }
    }

    private struct Record {
        var ordinal: Int
        var id: String?
        var idDigest: Digest?
        var inputDigest: Digest
        var isPaired = false

        init(_ row: FinishedRow) {
            ordinal = row.ordinal
            id = row.recordID == nil ? nil : row.name(repeats: 1)
            idDigest = row.recordID.map { Digest(of: $0) }
            inputDigest = row.inputDigest
        }

        var name: String { id ?? "row \(ordinal + 1)" }
    }

    /// The first run.
    let left: RunRecord
    /// The second run.
    let right: RunRecord
    /// What differs between their origins.
    let origins: [OriginDifference]
    /// The metrics of both, in the order of the first run, then what only the second has.
    let metrics: [MetricPair]
    /// The scorers that both have, in the order of the first run.
    private(set) var scorers: [ScorerChanges]
    /// Records that have a partner.
    private(set) var paired = 0
    /// Records of the first run that have none.
    private(set) var onlyLeft = Unpaired()
    /// Records of the second run that have none.
    private(set) var onlyRight = Unpaired()

    /// Where a scorer of both runs stands in the verdicts of each.
    private let places: [(left: Int, right: Int, leftRule: PassRule?, rightRule: PassRule?)]
    private var records: [Record] = []
    /// As many scores a record as there are ``places``.
    private var scores: [RecordScore] = []
    private var byID = Chains()
    private var byInput = Chains()
    /// Only the records without an id.
    private var byInputWithoutID = Chains()
    private var isIndexed = false
    private var current: (record: Record, scores: [RecordScore])?

    /// Compares what is kept of two runs; the rows follow.
    ///
    /// - Parameters:
    ///   - left: The first run, which is the base.
    ///   - right: The second run.
    ///   - descriptor: Finds a scorer as it is today. Stored runs don't say whether lower is better: without it, and
    ///     without a pass rule that tells, higher is taken for better, and the renderings say so.
    public init(
        _ left: RunRecord,
        _ right: RunRecord,
        descriptor: (ScorerRecord) -> ScorerDescriptor? = { _ in nil }
    ) {
        self.left = left
        self.right = right
        origins = OriginDifference.list(left, right)
        let leftFacts = left.scorers.map { ScorerFacts($0, descriptor: descriptor($0)) }
        let rightFacts = right.scorers.map { ScorerFacts($0, descriptor: descriptor($0)) }
        let facts = leftFacts + rightFacts
        var names = left.listing.metrics.map(\.name)
        for metric in right.listing.metrics where !names.contains(metric.name) { names.append(metric.name) }
        metrics = names.map { name in
            let pair = (
                left.listing.metrics.first { $0.name == name }, right.listing.metrics.first { $0.name == name }
            )
            let scorer = String(name.prefix { $0 != "/" })
            let isLower = facts.first { $0.name == scorer }?.lowerIsBetter ?? false
            let direction = Metric.aggregation(of: name)?.higherIsBetter(lowerIsBetter: isLower)
            return MetricPair(name: name, left: pair.0, right: pair.1, higherIsBetter: direction)
        }
        let shared = leftFacts.enumerated()
            .compactMap { place, facts in
                rightFacts.firstIndex { $0.name == facts.name }.map { (place, $0) }
            }
        scorers = shared.map { ScorerChanges(rightFacts[$0.1]) }
        places = shared.map { ($0.0, $0.1, leftFacts[$0.0].pass, rightFacts[$0.1].pass) }
    }

    /// Adds a row of the first run.
    public mutating func addLeft(_ row: FinishedRow) {
        if records.last?.ordinal != row.ordinal {
            records.append(Record(row))
            scores += [RecordScore](repeating: RecordScore(), count: places.count)
        }
        let start = scores.count - places.count
        for (index, place) in places.enumerated() {
            if let verdict = row.verdict(of: place.left) { scores[start + index].add(verdict, place.leftRule) }
        }
    }

    /// Adds a row of the second run, after all rows of the first.
    public mutating func addRight(_ row: FinishedRow) {
        if !isIndexed { index() }
        if current?.record.ordinal != row.ordinal {
            closeRecord()
            current = (Record(row), [RecordScore](repeating: RecordScore(), count: places.count))
        }
        for (index, place) in places.enumerated() {
            if let verdict = row.verdict(of: place.right) { current?.scores[index].add(verdict, place.rightRule) }
        }
    }

    /// Says that there are no more rows.
    public mutating func finish() {
        if !isIndexed { index() }
        closeRecord()
        for record in records where !record.isPaired { onlyLeft.add(record.name) }
        // What was needed to find partners is not needed to show them.
        records = []
        scores = []
        byID = Chains()
        byInput = Chains()
        byInputWithoutID = Chains()
    }

    private mutating func index() {
        isIndexed = true
        for place in records.indices.reversed() {
            let record = records[place]
            if let id = record.idDigest {
                byID.prepend(place, to: id)
            } else {
                byInputWithoutID.prepend(place, to: record.inputDigest)
            }
            byInput.prepend(place, to: record.inputDigest)
        }
    }

    private mutating func closeRecord() {
        guard let (record, found) = current else { return }
        current = nil
        guard let place = partner(of: record) else { return onlyRight.add(record.name) }
        records[place].isPaired = true
        paired += 1
        for index in scorers.indices {
            scorers[index]
                .add(
                    RowChange(
                        name: record.id ?? records[place].name,
                        ordinals: (records[place].ordinal, record.ordinal),
                        left: scores[place * places.count + index],
                        right: found[index]
                    )
                )
        }
    }

    /// The first unpaired record of the same id; else of the same input, if one of the two has no id.
    private mutating func partner(of record: Record) -> Int? {
        guard let id = record.idDigest else {
            return byInput.first(of: record.inputDigest) { !records[$0].isPaired }
        }
        return byID.first(of: id) { !records[$0].isPaired }
            ?? byInputWithoutID.first(of: record.inputDigest) { !records[$0].isPaired }
    }
}

/// Places under digests, each digest's in their order.
private struct Chains: Sendable {
    private var heads: [Digest: Int] = [:]
    private var next: [Int: Int] = [:]

    /// Puts a place before those of the same digest.
    mutating func prepend(_ place: Int, to digest: Digest) {
        if let head = heads[digest] { next[place] = head }
        heads[digest] = place
    }

    /// The first place that is wanted; those before it are never asked for again.
    mutating func first(of digest: Digest, where isWanted: (Int) -> Bool) -> Int? {
        var place = heads[digest]
        while let candidate = place, !isWanted(candidate) { place = next[candidate] }
        heads[digest] = place
        return place
    }
}

extension Aggregation {
    /// Whether a higher value of the metric is the better one; nil where neither is.
    func higherIsBetter(lowerIsBetter: Bool) -> Bool? {
        switch self {
        case .mean, .min, .max, .median, .p90: !lowerIsBetter
        case .passRate, .passAtLeastOnce, .passAlways, .scored: true
        case .errors: false
        case .variance, .standardError, .share: nil
        }
    }
}
