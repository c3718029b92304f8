// Sums that don't depend on the order: rows finish in any order, and a resumed run must give the same mean.

/// An exact sum of doubles.
///
/// The method is that of J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997), section 2.4.
///
/// The sum is kept as a few doubles that don't overlap; ``value`` rounds it once. Adding costs some nanoseconds.
public struct ExactSum: Sendable {
    private var partials: [Double] = []
    /// The usual case: every sum so far was exact in one double.
    private var head = 0.0

    /// The empty sum.
    public init() {}

    /// Adds a number, which is finite.
    public mutating func add(_ number: Double) {
        let sum = head + number
        let virtual = sum - head
        let error = (head - (sum - virtual)) + (number - virtual)
        head = sum
        if error != 0 { addToPartials(error) }
    }

    /// Adds another sum.
    public mutating func add(_ other: ExactSum) {
        add(other.head)
        for partial in other.partials { addToPartials(partial) }
    }

    /// Adds a product of two numbers with what rounding takes from it.
    mutating func addProduct(_ a: Double, _ b: Double) {
        let product = a * b
        add(product)
        let lost = (-product).addingProduct(a, b)
        if lost != 0 { add(lost) }
    }

    /// The sum as two doubles: the rounded sum, and the rounded rest.
    var twoParts: (high: Double, low: Double) {
        let high = value
        var rest = self
        rest.add(-high)
        return (high, rest.value)
    }

    private mutating func addToPartials(_ number: Double) {
        var x = number
        var kept = 0
        for index in partials.indices {
            let y = partials[index]
            let (big, small) = abs(x) < abs(y) ? (y, x) : (x, y)
            let high = big + small
            let low = small - (high - big)
            if low != 0 {
                partials[kept] = low
                kept += 1
            }
            x = high
        }
        partials.replaceSubrange(kept..., with: CollectionOfOne(x))
    }

    /// The sum, correctly rounded.
    public var value: Double {
        var copy = self
        copy.addToPartials(head)
        return copy.roundedPartials
    }

    /// Partials grow in magnitude and don't overlap: the largest decides, the next ones break a tie.
    private var roundedPartials: Double {
        guard var high = partials.last else { return 0 }
        var rest = partials.dropLast()
        var low = 0.0
        while let next = rest.popLast() {
            let x = high
            high = x + next
            low = next - (high - x)
            if low != 0 { break }
        }
        if let next = rest.last, (low < 0 && next < 0) || (low > 0 && next > 0) {
            let doubled = low * 2
            let candidate = high + doubled
            if doubled == candidate - high { high = candidate }
        }
        return high
    }
}
