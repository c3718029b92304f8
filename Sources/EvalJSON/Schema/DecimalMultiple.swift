// Whether a number is a multiple of another one, as the two are written: 0.3 is one of 0.1, which as doubles it isn't.

/// A number without its sign as digits and a power of ten: the shortest decimal that reads back as a double.
///
/// RFC 8259 leaves the meaning of numbers open; people who write `multipleOf: 0.01` mean hundredths.
struct DecimalDigits: Sendable {
    private var digits: UInt64 = 0
    private var exponent = 0

    /// Nil for what isn't finite.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        var isFraction = false
        var text = abs(number).description[...]
        while let byte = text.utf8.first, byte != UInt8(ascii: "e") {
            text = Substring(text.utf8.dropFirst())
            guard byte != UInt8(ascii: ".") else {
                isFraction = true
                continue
            }
            digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            if isFraction { exponent -= 1 }
        }
        exponent += Int(text.dropFirst()) ?? 0
    }

    /// Whether this is a multiple of a number above 0.
    func isMultiple(of divisor: DecimalDigits) -> Bool {
        // With one exponent for both: digits · 10^shift must be divisible by the divisor's.
        let shift = exponent - divisor.exponent
        if shift >= 0 {
            var rest = digits % divisor.digits
            for _ in 0..<shift where rest != 0 {
                rest = divisor.digits.dividingFullWidth(rest.multipliedFullWidth(by: 10)).remainder
            }
            return rest == 0
        }
        var scaled = divisor.digits
        for _ in 0..<(-shift) {
            let (product, overflowed) = scaled.multipliedReportingOverflow(by: 10)
            // The divisor has more digits than the number can have.
            if overflowed { return digits == 0 }
            scaled = product
        }
        return digits % scaled == 0
    }
}
