// How far reviewers agree on the same things. The formulas are checked against scikit-learn, statsmodels and krippendorff.

/// What one rater said of one unit: a label, and its number where it is one.
public struct Rating: Sendable, Hashable {
    /// The label.
    public var label: String
    /// The label's number; nil for words.
    public var number: Double?

    /// Makes a rating.
    public init(_ label: String, number: Double? = nil) {
        self.label = label
        self.number = number
    }
}

/// What the values of ratings mean, which decides how far two of them are apart.
public enum RatingLevel: String, Sendable, CaseIterable {
    /// Labels: equal or not.
    case nominal
    /// Numbers whose order counts.
    case ordinal
    /// Numbers whose distance counts.
    case interval
}

/// Ratings of the same units by several raters.
public struct RaterAgreement: Sendable {
    /// The raters.
    public let raters: [String]
    /// What each rater said of each unit, in the order of the raters; nil where one said nothing.
    public let units: [[Rating?]]

    /// Takes ratings.
    ///
    /// - Parameters:
    ///   - raters: The raters.
    ///   - units: As many ratings a unit as raters.
    public init(raters: [String], units: [[Rating?]]) {
        precondition(units.allSatisfy { $0.count == raters.count }, "a unit has not as many ratings as raters")
        self.raters = raters
        self.units = units
    }

    /// Two raters side by side.
    public struct Pair: Sendable, Equatable {
        /// Units that both rated.
        public var units: Int
        /// The share of them on which both said the same; nil without units.
        public var agreement: Double?
        /// Cohen's kappa; nil where chance alone would agree always.
        public var kappa: Double?
    }

    /// Units that two raters or more rated.
    public var sharedUnits: Int { units.count { $0.count { $0 != nil } > 1 } }

    /// The units that every rater rated.
    public var completeUnits: Int { units.count { $0.allSatisfy { $0 != nil } } }

    /// Of all pairs of ratings of one unit, the share that says the same; nil without pairs.
    public var rawAgreement: Double? {
        var pairs = 0
        var equal = 0
        for unit in units {
            let ratings = unit.compactMap { $0 }
            for (place, one) in ratings.enumerated() {
                for other in ratings[(place + 1)...] {
                    pairs += 1
                    if one.label == other.label { equal += 1 }
                }
            }
        }
        return pairs == 0 ? nil : Double(equal) / Double(pairs)
    }

    /// Two raters on the units that both rated.
    ///
    /// - Parameters:
    ///   - first: The place of one.
    ///   - second: The place of the other.
    /// - Returns: How far they agree.
    public func pair(_ first: Int, _ second: Int) -> Pair {
        var counts: [String: (first: Int, second: Int)] = [:]
        var both = 0
        var equal = 0
        for unit in units {
            guard let one = unit[first], let other = unit[second] else { continue }
            both += 1
            if one.label == other.label { equal += 1 }
            counts[one.label, default: (0, 0)].first += 1
            counts[other.label, default: (0, 0)].second += 1
        }
        guard both > 0 else { return Pair(units: 0, agreement: nil, kappa: nil) }
        // In whole numbers, so that certain agreement by chance is told from nearly certain.
        let chance = counts.values.reduce(0) { $0 + $1.first * $1.second }
        let observed = Double(equal) / Double(both)
        let expected = Double(chance) / (Double(both) * Double(both))
        let kappa = chance == both * both ? nil : (observed - expected) / (1 - expected)
        return Pair(units: both, agreement: observed, kappa: kappa)
    }

    /// Fleiss' kappa over the units that every rater rated; nil without them, or where chance alone would agree always.
    public var fleissKappa: Double? {
        let complete = units.map { $0.compactMap { $0?.label } }.filter { $0.count == raters.count }
        guard raters.count > 1, !complete.isEmpty else { return nil }
        let each = Double(raters.count)
        var totals: [String: Int] = [:]
        var observed = 0.0
        for unit in complete {
            var counts: [String: Int] = [:]
            for label in unit {
                counts[label, default: 0] += 1
                totals[label, default: 0] += 1
            }
            let squares = Double(counts.values.reduce(0) { $0 + $1 * $1 })
            observed += (squares - each) / (each * (each - 1))
        }
        guard totals.count > 1 else { return nil }
        observed /= Double(complete.count)
        let all = each * Double(complete.count)
        let expected = totals.values.map { Double($0) / all }.sorted().reduce(0) { $0 + $1 * $1 }
        return (observed - expected) / (1 - expected)
    }

    /// Krippendorff's alpha, which takes ratings that are missing; nil where all ratings are one.
    ///
    /// - Parameter level: What the values mean; a rating without a number is left out of all but nominal ones.
    /// - Returns: 1 at best, 0 for chance, below 0 for less.
    public func krippendorffAlpha(_ level: RatingLevel = .nominal) -> Double? {
        let rated = units.map { unit in unit.compactMap { $0 }.filter { level == .nominal || $0.number != nil } }
            .filter { $0.count > 1 }
        var counts: [Rating: Int] = [:]
        for rating in rated.joined() { counts[Self.key(rating, level), default: 0] += 1 }
        let values = counts.keys.sorted { ($0.number ?? 0, $0.label) < ($1.number ?? 0, $1.label) }
        let total = counts.values.reduce(0, +)
        guard values.count > 1 else { return nil }
        let distance = Distance(values, counts, level)
        var observed = 0.0
        for unit in rated {
            var sum = 0.0
            for (place, one) in unit.enumerated() {
                for other in unit[(place + 1)...] {
                    sum += 2 * distance(Self.key(one, level), Self.key(other, level))
                }
            }
            observed += sum / Double(unit.count - 1)
        }
        var expected = 0.0
        for (place, one) in values.enumerated() {
            for other in values[(place + 1)...] {
                expected += 2 * Double(counts[one] ?? 0) * Double(counts[other] ?? 0) * distance(one, other)
            }
        }
        return 1 - Double(total - 1) * observed / expected
    }

    /// What makes two ratings one value: the label, or the number alone.
    private static func key(_ rating: Rating, _ level: RatingLevel) -> Rating {
        level == .nominal ? Rating(rating.label) : Rating("", number: rating.number)
    }

    /// How far two values are apart, squared.
    private struct Distance {
        let level: RatingLevel
        /// Where the middle of each value lies among all ratings in their order.
        var middles: [Rating: Double] = [:]

        init(_ values: [Rating], _ counts: [Rating: Int], _ level: RatingLevel) {
            self.level = level
            var before = 0.0
            for value in values {
                let count = Double(counts[value] ?? 0)
                middles[value] = before + count / 2
                before += count
            }
        }

        func callAsFunction(_ one: Rating, _ other: Rating) -> Double {
            if one == other { return 0 }
            switch level {
            case .nominal: return 1
            case .ordinal:
                let apart = (middles[one] ?? 0) - (middles[other] ?? 0)
                return apart * apart
            case .interval:
                let apart = (one.number ?? 0) - (other.number ?? 0)
                return apart * apart
            }
        }
    }
}
