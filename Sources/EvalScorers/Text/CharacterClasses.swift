// Texts for scanners of digits and boundaries: one byte a scalar, so that a scanner knows nothing of UTF-8.

internal import EvalJSON

/// What stands for a scalar beyond ASCII.
enum CharacterClass {
    /// The decimal digit 0 of another script; the other nine follow.
    static let foreignZero: UInt8 = 0xB0
    static let space: UInt8 = 0x81
    static let word: UInt8 = 0x82
    static let other: UInt8 = 0x83

    /// The class of a scalar beyond ASCII, as `\d`, `\s` and `\w` of Python's `re` see it.
    static func of(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return space
        case 0x2010...0x2027, 0x2030...0x205E: return other
        case 0xC0...0x24F where scalar.value != 0xD7 && scalar.value != 0xF7: return word
        case 0x400...0x481, 0x3041...0x3096, 0x30A1...0x30FA, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3:
            return word
        case 0x3001...0x3003, 0x1F300...0x1F64F: return other
        default: return byProperties(scalar)
        }
    }

    /// The same without the shortcuts.
    static func byProperties(_ scalar: Unicode.Scalar) -> UInt8 {
        let properties = scalar.properties
        if properties.isWhitespace { return space }
        switch properties.generalCategory {
        case .decimalNumber: return foreignZero + UInt8(properties.numericValue ?? 0)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return word
        default: return properties.numericType == nil ? other : word
        }
    }
}

extension Text {
    /// Gives the text with one byte a scalar to `body`: ASCII as it is, anything else by its class.
    func withCharacterClasses<Result>(_ body: (UTF8Bytes) -> Result) -> Result {
        withUTF8 { utf8 in
            if utf8.isASCII { return body(utf8) }
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: utf8.count) { buffer in
                var count = 0
                var at = 0
                while at < utf8.count {
                    if utf8[at] < 0x80 {
                        buffer[count] = utf8[at]
                        at += 1
                    } else {
                        let (scalar, length) = utf8.scalar(at)
                        buffer[count] = CharacterClass.of(scalar)
                        at += length
                    }
                    count += 1
                }
                return body(UTF8Bytes(rebasing: UTF8Bytes(buffer)[..<count]))
            }
        }
    }
}

extension UTF8Bytes {
    /// The scalar of more than one byte at `at`, with its length; the text is valid UTF-8.
    @inline(__always)
    func scalar(_ at: Int) -> (Unicode.Scalar, Int) {
        let lead = self[at]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard at + length <= count else { return ("\u{FFFD}", count - at) }
        var value = UInt32(lead & (0x7F >> UInt8(length)))
        for offset in 1..<length { value = value << 6 | UInt32(self[at + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
