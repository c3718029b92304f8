// Numbers as people write them in sentences, compared as they are written: 0.1 and 0.10 are the same, and so is 1,000.

internal import EvalJSON
internal import Foundation

/// A number that is written in a text.
struct WrittenNumber {
    /// The number in plain digits: `-1234.5`.
    let plain: String
    private let isNegative: Bool
    /// The digits without zeros at either end, and the power of ten of the last one.
    private let digits: [UInt8]
    private let exponent: Int

    fileprivate init(_ text: UTF8Bytes, _ place: NumberScan.Place) {
        let whole = text[place.whole].filter(\.isASCIIDigit).map { $0 - 48 }
        let fraction = text[place.fraction].map { $0 - 48 }
        let exponent = place.exponent
        var digits = Array((whole + fraction).drop { $0 == 0 })
        var power = exponent - fraction.count
        while digits.last == 0 {
            digits.removeLast()
            power += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : power
        isNegative = place.isNegative && !digits.isEmpty
        var plain = (place.isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole.map(String.init).joined())
        if !fraction.isEmpty { plain += "." + fraction.map(String.init).joined() }
        self.plain = exponent == 0 ? plain : plain + "e\(exponent)"
    }

    /// Whether both are the same number, however many digits they have.
    func equals(_ other: WrittenNumber) -> Bool {
        isNegative == other.isNegative && digits == other.digits && exponent == other.exponent
    }

    /// Whether the distance to another number is at most `tolerance` or `relative` of that number, whichever is more.
    func isNear(_ other: WrittenNumber, tolerance: Double, relative: Double) -> Bool {
        if let near = isNear(other, Decimal(string: "\(tolerance)"), Decimal(string: "\(relative)")) { return near }
        // Out of the range of decimals.
        guard let a = Double(plain), let b = Double(other.plain) else { return false }
        return abs(a - b) <= max(tolerance, relative * abs(b))
    }

    /// The same in decimals of 38 digits, in which 0.8 - 0.7 is 0.1; nil out of their range.
    private func isNear(_ other: WrittenNumber, _ tolerance: Decimal?, _ relative: Decimal?) -> Bool? {
        guard [self, other].allSatisfy({ abs($0.exponent) + $0.digits.count < 60 }), let tolerance, let relative,
            let a = Decimal(string: plain), let b = Decimal(string: other.plain)
        else { return nil }
        return abs(a - b) <= max(tolerance, relative * abs(b))
    }
}

extension Text {
    /// The last number that is written in the text; nil if there is none.
    var lastNumber: WrittenNumber? {
        withUTF8 { utf8 in
            var scan = NumberScan(utf8)
            var last: NumberScan.Place?
            while let place = scan.next() { last = place }
            return last.map { WrittenNumber(utf8, $0) }
        }
    }
}

/// Finds numbers one after another.
///
/// Digits directly behind a letter belong to a name, and digits with several points to a date or a version.
private struct NumberScan {
    /// Where a number is.
    struct Place {
        let isNegative: Bool
        /// With separators of thousands; empty for `.5`.
        let whole: Range<Int>
        /// Without the point.
        let fraction: Range<Int>
        let exponent: Int
    }

    private let text: UTF8Bytes
    private var at = 0

    init(_ text: UTF8Bytes) { self.text = text }

    mutating func next() -> Place? {
        while at < text.count {
            let byte = text[at]
            if byte.isASCIILetter || byte == UInt8(ascii: "_") {
                skipName()
            } else if byte.isASCIIDigit || (byte == UInt8(ascii: ".") && self.byte(at + 1).isASCIIDigit) {
                if let number = readNumber() { return number }
            } else {
                at += 1
            }
        }
        return nil
    }

    private mutating func skipName() {
        while at < text.count, text[at].isASCIILetter || text[at].isASCIIDigit || text[at] == UInt8(ascii: "_") {
            at += 1
        }
    }

    /// The place behind the digits that begin at a place.
    private func digitsEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, text[end].isASCIIDigit { end += 1 }
        return end
    }

    private mutating func readNumber() -> Place? {
        let start = at
        at = digitsEnd(at)
        if at - start <= 3 { skipGroups(behind: start) }
        let whole = start..<at
        var fraction = at..<at
        if byte(at) == UInt8(ascii: "."), byte(at + 1).isASCIIDigit {
            fraction = (at + 1)..<digitsEnd(at + 1)
            at = fraction.upperBound
            if byte(at) == UInt8(ascii: "."), byte(at + 1).isASCIIDigit {
                while at < text.count, text[at].isASCIIDigit || text[at] == UInt8(ascii: ".") { at += 1 }
                return nil
            }
        }
        return Place(isNegative: isNegative(start), whole: whole, fraction: fraction, exponent: readExponent())
    }

    /// Goes on behind groups of three digits, each behind one and the same separator.
    private mutating func skipGroups(behind start: Int) {
        guard at > start, let size = separatorSize(at) else { return }
        let first = at..<(at + size)
        while at + size <= text.count, text[at..<(at + size)].elementsEqual(text[first]) {
            guard digitsEnd(at + size) == at + size + 3 else { return }
            at += size + 3
        }
    }

    /// How many bytes the separator of thousands at a place has; nil if there is none.
    private func separatorSize(_ place: Int) -> Int? {
        guard place < text.count else { return nil }
        switch text[place] {
        case UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"): return 1
        case 0xC2 where byte(place + 1) == 0xA0: return 2  // no-break space
        case 0xE2 where byte(place + 1) == 0x80:
            // thin space, ’, narrow no-break space
            return [0x89, 0x99, 0xAF].contains(byte(place + 2)) ? 3 : nil
        default: return nil
        }
    }

    private func byte(_ place: Int) -> UInt8 { place >= 0 && place < text.count ? text[place] : 0 }

    private mutating func readExponent() -> Int {
        guard byte(at) | 0x20 == UInt8(ascii: "e") else { return 0 }
        var place = at + 1
        let isNegative = byte(place) == UInt8(ascii: "-")
        if isNegative || byte(place) == UInt8(ascii: "+") { place += 1 }
        let end = digitsEnd(place)
        // A million is beyond all that anybody means.
        guard end > place, end < place + 7, !byte(end).isASCIILetter else { return 0 }
        at = end
        let value = text[place..<end].reduce(0) { $0 * 10 + Int($1 - 48) }
        return isNegative ? -value : value
    }

    /// Whether a minus sign is before the number or its currency sign; behind a word or a number it is a dash.
    private func isNegative(_ start: Int) -> Bool {
        var place = start - 1
        if byte(place) == UInt8(ascii: "$") {
            place -= 1
        } else if place >= 2, text[place - 2] == 0xE2, text[place - 1] == 0x82 {
            place -= 3  // U+2080 to U+20BF, most of which are currencies: €
        } else if place >= 1, text[place - 1] == 0xC2, [0xA2, 0xA3, 0xA5].contains(text[place]) {
            place -= 2  // ¢, £, ¥
        }
        if byte(place) == UInt8(ascii: "-") {
            place -= 1
        } else if place >= 2, text[place - 2] == 0xE2, text[place - 1] == 0x88, text[place] == 0x92 {
            place -= 3  // the minus sign
        } else {
            return false
        }
        let before = byte(place)
        return !(before.isASCIILetter || before.isASCIIDigit || [0x29, 0x5D, 0x25, 0x2E].contains(before))  // )]%.
    }
}
