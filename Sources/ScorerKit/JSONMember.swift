// One member of a JSON object, for replies of the judge: all the reading of JSON that ScorerKit does.
//
// The host has checked the text already. What isn't JSON all the same is found nowhere, and never read beyond its end.

/// The value of a member, as far as its kind is of use.
enum JSONMember {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// Null, an array or an object.
    case other

    /// The first member of the outermost object with a key.
    ///
    /// - Returns: nil if there is none.
    static func find(_ key: String, in bytes: borrowing Span<UInt8>) -> JSONMember? {
        var at = 0
        skipSpace(bytes, &at)
        guard take("{", bytes, &at) else { return nil }
        while true {
            skipSpace(bytes, &at)
            guard let name = string(bytes, &at) else { return nil }
            skipSpace(bytes, &at)
            guard take(":", bytes, &at) else { return nil }
            skipSpace(bytes, &at)
            guard let value = value(bytes, &at) else { return nil }
            if name == key { return value }
            skipSpace(bytes, &at)
            guard take(",", bytes, &at) else { return nil }
        }
    }

    private static func skipSpace(_ bytes: borrowing Span<UInt8>, _ at: inout Int) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private static func take(_ character: Unicode.Scalar, _ bytes: borrowing Span<UInt8>, _ at: inout Int) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private static func value(_ bytes: borrowing Span<UInt8>, _ at: inout Int) -> JSONMember? {
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "\""): return string(bytes, &at).map { .text($0) }
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested(bytes, &at) ? .other : nil
        default:
            var word = ""
            while at < bytes.count, isWord(bytes[at]) {
                word.unicodeScalars.append(Unicode.Scalar(bytes[at]))
                at += 1
            }
            switch word {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case "null": return .other
            default: return Double(word).map { .number($0) }
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Skips an array or object, by counting brackets outside of strings.
    private static func skipNested(_ bytes: borrowing Span<UInt8>, _ at: inout Int) -> Bool {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard string(bytes, &at) != nil else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return true }
        }
        return false
    }

    private static func string(_ bytes: borrowing Span<UInt8>, _ at: inout Int) -> String? {
        guard take("\"", bytes, &at) else { return nil }
        var units: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
            if byte != UInt8(ascii: "\\") {
                units.append(byte)
                continue
            }
            guard let scalar = escape(bytes, &at) else { return nil }
            units.append(contentsOf: String(Character(scalar)).utf8)
        }
        return nil
    }

    /// What follows a backslash.
    private static func escape(_ bytes: borrowing Span<UInt8>, _ at: inout Int) -> Unicode.Scalar? {
        guard at < bytes.count else { return nil }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): break
        default: return Unicode.Scalar(byte)
        }
        guard let first = unit(bytes, &at) else { return nil }
        guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard take("\\", bytes, &at), take("u", bytes, &at), let second = unit(bytes, &at),
            0xDC00...0xDFFF ~= second
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func unit(_ bytes: borrowing Span<UInt8>, _ at: inout Int) -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
            at += 1
        }
        return number
    }
}
