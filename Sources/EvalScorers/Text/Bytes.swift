// What the scorers ask of bytes; the loops are in C.

internal import CEvalText

/// The bytes of a text.
typealias UTF8Bytes = UnsafeBufferPointer<UInt8>

extension UTF8Bytes {
    /// Whether every byte is below 128.
    var isASCII: Bool { ceval_text_is_ascii(baseAddress, count) }

    /// Whether two ASCII texts are the same but for case.
    func equalsIgnoringASCIICase(_ other: UTF8Bytes) -> Bool {
        count == other.count && ceval_text_equal_folded(baseAddress, other.baseAddress, count)
    }

    /// Whether a needle, already lower-cased, is in this ASCII text whatever its case.
    func containsIgnoringASCIICase(lowercased needle: UTF8Bytes) -> Bool {
        ceval_text_contains_folded(baseAddress, count, needle.baseAddress, needle.count)
    }
}

extension UInt8 {
    /// The lower-case letter of an ASCII letter, anything else as it is.
    @inline(__always)
    var lowercasedASCII: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
    @inline(__always)
    var isASCIIDigit: Bool { self &- 48 < 10 }
    @inline(__always)
    var isASCIILetter: Bool { (self | 0x20) &- 97 < 26 }
}
