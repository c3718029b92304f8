// Whether a number is a multiple of another one, as the two are written: 0.3 is one of 0.1, which as doubles it isn't.

/// Whether a number is a multiple of a number above 0, each taken as the shortest decimal that reads back as it.
///
/// RFC 8259 leaves the meaning of numbers open; people who write `multipleOf: 0.01` mean hundredths.
func isDecimalMultiple(_ number: Double, of divisor: Double) -> Bool {
    guard let a = Decimal(number), let b = Decimal(divisor) else { return false }
    // With one exponent for both: a · 10^shift must be divisible by b.
    let shift = a.exponent - b.exponent
    if shift >= 0 {
        var rest = a.digits % b.digits
        for _ in 0..<shift where rest != 0 {
            rest = b.digits.dividingFullWidth(rest.multipliedFullWidth(by: 10)).remainder
        }
        return rest == 0
    }
    var scaled = b.digits
    for _ in 0..<(-shift) {
        let (product, overflowed) = scaled.multipliedReportingOverflow(by: 10)
        // The divisor has more digits than the number can have.
        if overflowed { return a.digits == 0 }
        scaled = product
    }
    return a.digits % scaled == 0
}

/// A number without its sign as digits and a power of ten.
private struct Decimal {
    var digits: UInt64 = 0
    var exponent = 0

    /// Nil for what isn't finite.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        let parts = abs(number).description.split(separator: "e")
        var isFraction = false
        for character in parts[0].utf8 {
            guard character != UInt8(ascii: ".") else {
                isFraction = true
                continue
            }
            digits = digits &* 10 &+ UInt64(character - UInt8(ascii: "0"))
            if isFraction { exponent -= 1 }
        }
        if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
    }
}
