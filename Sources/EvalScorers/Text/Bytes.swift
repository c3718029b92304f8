// ASCII at sixteen bytes a step: is it ASCII, is it the same, is it in there.

/// The bytes of a text.
typealias UTF8Bytes = UnsafeBufferPointer<UInt8>

extension UTF8Bytes {
    /// Whether every byte is below 128.
    var isASCII: Bool {
        var union: UInt8 = 0
        for byte in self { union |= byte }
        return union < 0x80
    }

    /// Sixteen bytes from `at`, which must all be there.
    @inline(__always)
    func chunk(_ at: Int) -> SIMD16<UInt8> {
        UnsafeRawPointer(baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: SIMD16<UInt8>.self)
    }

    /// Whether two ASCII texts are the same but for case.
    func equalsIgnoringASCIICase(_ other: UTF8Bytes) -> Bool {
        guard count == other.count else { return false }
        var at = 0
        while at + 16 <= count {
            if chunk(at).lowercasedASCII != other.chunk(at).lowercasedASCII { return false }
            at += 16
        }
        while at < count {
            if self[at].lowercasedASCII != other[at].lowercasedASCII { return false }
            at += 1
        }
        return true
    }

    /// Whether a needle, already lower-cased, is in this ASCII text whatever its case.
    ///
    /// Looks for the needle's first and last byte at their distance, sixteen places a step, and compares only there.
    func containsIgnoringASCIICase(lowercased needle: UTF8Bytes) -> Bool {
        guard let first = needle.first, let last = needle.last else { return true }
        let distance = needle.count - 1
        guard needle.count <= count else { return false }
        let end = count - distance
        var at = 0
        while at + 16 <= end {
            var hits = (chunk(at).lowercasedASCII .== first) .& (chunk(at + distance).lowercasedASCII .== last)
            while any(hits) {
                for lane in 0..<16 where hits[lane] {
                    if hasLowercased(needle, at: at + lane) { return true }
                    hits[lane] = false
                }
            }
            at += 16
        }
        while at < end {
            if self[at].lowercasedASCII == first, hasLowercased(needle, at: at) { return true }
            at += 1
        }
        return false
    }

    private func hasLowercased(_ needle: UTF8Bytes, at start: Int) -> Bool {
        for offset in 0..<needle.count where self[start + offset].lowercasedASCII != needle[offset] { return false }
        return true
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

extension SIMD16<UInt8> {
    @inline(__always)
    var lowercasedASCII: SIMD16<UInt8> {
        let letters = (self &- 65) .< 26
        return replacing(with: self | 0x20, where: letters)
    }
}
