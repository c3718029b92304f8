// The distribution of any number of values in a few bins, without knowing their range beforehand.

internal import EvalCore

/// Counts of numbers in bins of equal width.
///
/// Bins begin at multiples of their width, a power of two. When the values spread over too many bins, the width doubles
/// and neighbours become one: nothing is sampled, and memory is constant.
struct Histogram: Sendable {
    /// A bar: values from `low` up to `high`.
    struct Bin: Sendable, Equatable {
        var low: Double
        var high: Double
        var count: Int
    }

    private static let mostBins: Int64 = 64
    private static let mostDistinct = 12

    /// How many values there are.
    private(set) var count = 0
    /// The least value.
    private(set) var least = Double.infinity
    /// The greatest value.
    private(set) var greatest = -Double.infinity
    /// How often each value occurs, while there are few; nil when there are more.
    private(set) var distinct: [Double: Int]? = [:]
    private let range: ClosedRange<Double>?
    private var width = 0x1p-30
    private var bins: [Int64: Int] = [:]

    /// An empty histogram.
    ///
    /// - Parameter range: The range of the values, which the bars then cover; nil where nobody knows.
    init(range: ClosedRange<Double>? = nil) {
        self.range = range.flatMap { $0.lowerBound < $0.upperBound ? $0 : nil }
    }

    /// Counts a finite number.
    mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        least = min(least, value)
        greatest = max(greatest, value)
        distinct?[value == 0 ? 0 : value, default: 0] += 1
        if let distinct, distinct.count > Self.mostDistinct { self.distinct = nil }
        if let range {
            let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            bins[Int64(min(19, max(0, (share * 20).rounded(.down)))), default: 0] += 1
            return
        }
        while spread(from: least, to: greatest) > Double(Self.mostBins) { double() }
        bins[Int64((value / width).rounded(.down)), default: 0] += 1
    }

    /// The bars, at most 24, without gaps.
    var bars: [Bin] {
        if let range {
            let step = (range.upperBound - range.lowerBound) / 20
            return (0..<20)
                .map { place in
                    let low = range.lowerBound + step * Double(place)
                    return Bin(low: low, high: low + step, count: bins[Int64(place)] ?? 0)
                }
        }
        guard count > 0 else { return [] }
        var copy = self
        while copy.spread(from: least, to: greatest) > 24 { copy.double() }
        guard let first = copy.bins.keys.min(), let last = copy.bins.keys.max() else { return [] }
        return (first...last)
            .map { place in
                let low = Double(place) * copy.width
                return Bin(low: low, high: low + copy.width, count: copy.bins[place] ?? 0)
            }
    }

    /// How many bins there are from one value to another; a great number where a place doesn't fit in 53 bits.
    private func spread(from low: Double, to high: Double) -> Double {
        let (first, last) = ((low / width).rounded(.down), (high / width).rounded(.down))
        guard abs(first) < 0x1p53, abs(last) < 0x1p53 else { return .infinity }
        return last - first + 1
    }

    private mutating func double() {
        width *= 2
        var merged: [Int64: Int] = [:]
        for (place, count) in bins { merged[place >> 1, default: 0] += count }
        bins = merged
    }
}

/// What values a scorer gave.
struct Distribution: Sendable {
    /// A label with its rows.
    typealias Count = (label: String, count: Int)

    private static let mostLabels = 64

    /// The numbers.
    private(set) var numbers: Histogram
    /// How many values are objects or arrays.
    private(set) var objects = 0
    private var labels: [String: Int] = [:]
    private var otherLabels = 0

    /// An empty distribution.
    init(range: ClosedRange<Double>?) { numbers = Histogram(range: range) }

    /// Counts a value.
    mutating func add(_ value: FeedbackValue) {
        switch value {
        case .boolean(let value): add(value ? "true" : "false")
        case .integer, .number: numbers.add(value.numeric ?? 0)
        case .text(let label): add(label)
        case .json: objects += 1
        }
    }

    private mutating func add(_ label: String) {
        // A label's first bytes tell it well enough; free text makes a few thousand of them, not millions.
        let label = Excerpt(label, limit: 80).cell(80)
        if labels[label] != nil || labels.count < Self.mostLabels {
            labels[label, default: 0] += 1
        } else {
            otherLabels += 1
        }
    }

    /// The labels, the most frequent ones first, and the number of values with other labels.
    func top(_ most: Int) -> (labels: [Count], others: Int) {
        let sorted = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let rest = sorted.dropFirst(most).reduce(0) { $0 + $1.value }
        return (sorted.prefix(most).map { ($0.key, $0.value) }, rest + otherLabels)
    }

    /// Whether there is nothing to show.
    var isEmpty: Bool { numbers.count == 0 && labels.isEmpty && objects == 0 }
}
