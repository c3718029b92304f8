// One pass over a text for all kinds of personal data. It stops only at digits, `@` and `+`, which prose has few of.

internal import CEvalText
internal import EvalJSON

/// Kinds of personal data as bits.
struct PIISet: OptionSet {
    var rawValue: UInt8

    static let email = PIISet([.email])
    static let phone = PIISet([.phone])
    static let ssn = PIISet([.ssn])
    static let creditCard = PIISet([.creditCard])
    static let ipAddress = PIISet([.ipAddress])
    static let iban = PIISet([.iban])

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ types: [PIIType]) {
        rawValue = 0
        for type in types {
            switch type {
            case .email: rawValue |= 1
            case .phone: rawValue |= 2
            case .ssn: rawValue |= 4
            case .creditCard: rawValue |= 8
            case .ipAddress: rawValue |= 16
            case .iban: rawValue |= 32
            }
        }
    }
}

/// Looks for personal data in a text of one byte a scalar.
///
/// What is looked for follows MLflow's five patterns exactly, with two exceptions that are ours: a card number has a
/// right check digit, and an IBAN has right check digits. A separator is a dash, a dot or white space.
struct PIIScan {
    private let text: UTF8Bytes
    /// What is still to be found.
    private var wanted: PIISet
    private var found: PIISet = []

    private init(_ text: UTF8Bytes, _ wanted: PIISet) {
        self.text = text
        self.wanted = wanted
    }

    /// Which of the wanted kinds are in the text.
    static func scan(_ text: Text, for wanted: PIISet) -> PIISet {
        text.withCharacterClasses { bytes in
            var scan = PIIScan(bytes, wanted)
            scan.run()
            return scan.found
        }
    }

    private mutating func run() {
        var at = text.firstPIIStart(0)
        while at < text.count, !wanted.isEmpty {
            let byte = text[at]
            if byte == UInt8(ascii: "@") {
                check(.email) { $0.isEmail(at) }
            } else if byte == UInt8(ascii: "+") {
                check(.phone) { $0.isInternationalPhone(at) }
            } else {
                check(.phone) { $0.isPhone(at) }
                if at == 0 || !text.isWord(at - 1) {
                    check(.ssn) { $0.isSSN(at) }
                    check(.creditCard) { $0.isCreditCard(at) }
                    check(.ipAddress) { $0.isIPAddress(at) }
                }
                check(.iban) { $0.isIBAN(at - 2) }
            }
            at = text.firstPIIStart(at + 1)
        }
    }

    private mutating func check(_ kind: PIISet, _ isThere: (UTF8Bytes) -> Bool) {
        if wanted.contains(kind), isThere(text) {
            found.insert(kind)
            wanted.remove(kind)
        }
    }
}

extension UTF8Bytes {
    /// The next digit, `@` or `+` at or after `start`, else `count`.
    fileprivate func firstPIIStart(_ start: Int) -> Int {
        ceval_text_next_mark(baseAddress, count, start, CharacterClass.foreignZero)
    }

    /// The `@` is between a local part and a domain with a dot and two letters after it.
    fileprivate func isEmail(_ sign: Int) -> Bool {
        guard sign > 0, self[sign - 1].isEmailLocal else { return false }
        var at = sign + 1
        while at + 2 < count, self[at].isEmailDomain {
            if at > sign + 1, self[at] == UInt8(ascii: "."), self[at + 1].isASCIILetter, self[at + 2].isASCIILetter {
                return true
            }
            at += 1
        }
        return false
    }

    /// A plus, a digit from 1 to 9 and one more digit.
    fileprivate func isInternationalPhone(_ plus: Int) -> Bool {
        plus + 2 < count && self[plus + 1].isASCIIDigit && self[plus + 1] != UInt8(ascii: "0") && isDigit(plus + 2)
    }

    /// Three digits, three digits, four digits, each possibly after one separator; the area code may end with `)`.
    fileprivate func isPhone(_ start: Int) -> Bool {
        guard var at = digits(3, start) else { return false }
        if at < count, self[at] == UInt8(ascii: ")") { at += 1 }
        guard let exchange = digits(3, skipSeparator(at, orDot: true)) else { return false }
        return digits(4, skipSeparator(exchange, orDot: true)) != nil
    }

    /// Three, two and four digits with dashes between and no letter or digit around.
    fileprivate func isSSN(_ start: Int) -> Bool {
        guard let area = digits(3, start), isDash(area), let group = digits(2, area + 1), isDash(group),
            let end = digits(4, group + 1)
        else { return false }
        return isBoundary(end)
    }

    /// Groups of four digits (or four, six and five) of a known issuer, whose check digit is right.
    fileprivate func isCreditCard(_ start: Int) -> Bool {
        guard let groups = cardGroups(start) else { return false }
        var at = start
        for (number, size) in groups.enumerated() {
            guard let next = digits(size, number == 0 ? at : skipSeparator(at, orDot: false)) else { return false }
            at = next
        }
        return isBoundary(at) && hasLuhnDigit(start..<at)
    }

    /// How the digits of the issuer are grouped; nil if the first four are no issuer's.
    private func cardGroups(_ start: Int) -> [Int]? {
        guard digits(4, start) != nil else { return nil }
        let (a, b) = (self[start], self[start + 1])
        switch a {
        case UInt8(ascii: "4"): return Self.fours
        case UInt8(ascii: "5"): return b >= UInt8(ascii: "1") && b <= UInt8(ascii: "5") ? Self.fours : nil
        case UInt8(ascii: "6"):
            if b == UInt8(ascii: "5") { return Self.fours }
            let is6011 =
                b == UInt8(ascii: "0") && self[start + 2] == UInt8(ascii: "1") && self[start + 3] == UInt8(ascii: "1")
            return is6011 ? Self.fours : nil
        case UInt8(ascii: "3"): return b == UInt8(ascii: "4") || b == UInt8(ascii: "7") ? Self.fourSixFive : nil
        default: return nil
        }
    }

    private static var fours: [Int] { [4, 4, 4, 4] }
    private static var fourSixFive: [Int] { [4, 6, 5] }

    /// ISO/IEC 7812-1: from the right every second digit counts twice, and the sum ends in 0.
    private func hasLuhnDigit(_ range: Range<Int>) -> Bool {
        var sum = 0
        var isSecond = false
        for at in range.reversed() {
            guard let digit = digitValue(at) else { continue }
            sum += isSecond ? (digit * 2) / 10 + (digit * 2) % 10 : digit
            isSecond.toggle()
        }
        return sum % 10 == 0
    }

    /// Four numbers up to 255 with dots between and no letter or digit around.
    fileprivate func isIPAddress(_ start: Int) -> Bool {
        var at = start
        for part in 0..<4 {
            if part > 0 {
                guard at < count, self[at] == UInt8(ascii: ".") else { return false }
                at += 1
            }
            let first = at
            while at < count, at - first < 4, isDigit(at) { at += 1 }
            guard isOctet(first..<at) else { return false }
        }
        return isBoundary(at)
    }

    private func isOctet(_ range: Range<Int>) -> Bool {
        guard range.count == 3 else { return range.count == 1 || range.count == 2 }
        let (a, b, c) = (self[range.lowerBound], self[range.lowerBound + 1], self[range.lowerBound + 2])
        if a == UInt8(ascii: "0") || a == UInt8(ascii: "1") { return true }
        guard a == UInt8(ascii: "2"), b.isASCIIDigit else { return false }
        return b < UInt8(ascii: "5") || (b == UInt8(ascii: "5") && c >= UInt8(ascii: "0") && c <= UInt8(ascii: "5"))
    }

    /// ISO 13616: two letters, two check digits and 11 to 30 letters and digits, perhaps in groups of four; as a number
    /// with the first four at the end and letters as 10 to 35 it leaves 1 when divided by 97.
    fileprivate func isIBAN(_ start: Int) -> Bool {
        guard start >= 0, start + 4 <= count, self[start].isUpperCase, self[start + 1].isUpperCase,
            self[start + 2].isASCIIDigit, self[start + 3].isASCIIDigit, start == 0 || !isWord(start - 1)
        else { return false }
        let head = [0, 1, 2, 3].reduce(0) { Self.mod97($0, self[start + $1]) }
        // The head's two letters and two digits are six decimal places.
        var remainder = 0
        var length = 4
        var at = start + 4
        while length < 34 {
            let next = length % 4 == 0 && at < count && self[at] == UInt8(ascii: " ") ? at + 1 : at
            guard next < count, self[next].isASCIIDigit || self[next].isUpperCase else { return false }
            remainder = Self.mod97(remainder, self[next])
            length += 1
            at = next + 1
            if length >= 15, isBoundary(at), (remainder * 1_000_000 + head) % 97 == 1 {
                return true
            }
        }
        return false
    }

    /// The number with one more character at its end, modulo 97.
    private static func mod97(_ number: Int, _ byte: UInt8) -> Int {
        byte.isASCIIDigit ? (number * 10 + Int(byte) - 48) % 97 : (number * 100 + Int(byte) - 55) % 97
    }
}

extension UTF8Bytes {
    fileprivate func isDigit(_ at: Int) -> Bool { self[at].isASCIIDigit || self[at] >= CharacterClass.foreignZero }

    fileprivate func digitValue(_ at: Int) -> Int? {
        if self[at].isASCIIDigit { return Int(self[at]) - 48 }
        return self[at] >= CharacterClass.foreignZero ? Int(self[at] - CharacterClass.foreignZero) : nil
    }

    /// The place after `count` digits at `start`, if they are there.
    fileprivate func digits(_ count: Int, _ start: Int) -> Int? {
        guard start + count <= self.count else { return nil }
        for at in start..<(start + count) where !isDigit(at) { return nil }
        return start + count
    }

    fileprivate func isDash(_ at: Int) -> Bool { at < count && self[at] == UInt8(ascii: "-") }

    fileprivate func skipSeparator(_ at: Int, orDot: Bool) -> Int {
        guard at < count else { return at }
        let byte = self[at]
        let separates =
            byte == UInt8(ascii: "-") || byte.isASCIIWhiteSpace || byte == CharacterClass.space
            || (orDot && byte == UInt8(ascii: "."))
        return separates ? at + 1 : at
    }

    fileprivate func isWord(_ at: Int) -> Bool {
        let byte = self[at]
        return byte.isASCIILetter || isDigit(at) || byte == UInt8(ascii: "_") || byte == CharacterClass.word
    }

    /// Whether what ends before `at` isn't followed by a letter or digit.
    fileprivate func isBoundary(_ at: Int) -> Bool { at >= count || !isWord(at) }
}

extension UInt8 {
    fileprivate var isUpperCase: Bool { self &- 65 < 26 }
    fileprivate var isEmailDomain: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: ".") || self == UInt8(ascii: "-")
    }
    fileprivate var isEmailLocal: Bool {
        isEmailDomain || self == UInt8(ascii: "_") || self == UInt8(ascii: "%") || self == UInt8(ascii: "+")
    }
}
