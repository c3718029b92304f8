// Lower case of any text, as Python computes it. It makes a copy; ASCII never comes here.

internal import EvalJSON

extension [UInt8] {
    /// The lower-cased text: Unicode's full mapping with its rule for a sigma at the end of a word.
    ///
    /// `String.lowercased()` has no such rule, and Python's `str.lower` has.
    var lowercased: [UInt8] {
        withUnsafeBufferPointer { utf8 in
            var sigmas = SigmaPlaces(utf8)
            // No lower case has over twice the bytes.
            return Array(unsafeUninitializedCapacity: 2 * count) { buffer, filled in
                func append(_ bytes: some Sequence<UInt8>) {
                    for byte in bytes {
                        buffer[filled] = byte
                        filled += 1
                    }
                }
                var at = 0
                while at < utf8.count {
                    if utf8[at] < 0x80 {
                        buffer[filled] = utf8[at].lowercasedASCII
                        filled += 1
                        at += 1
                        continue
                    }
                    let (scalar, length) = utf8.scalar(at)
                    if scalar == SigmaPlaces.sigma {
                        append((sigmas.isNextFinal() ? "\u{3C2}" : "\u{3C3}").utf8)
                    } else if let lower = LowerCase.shortcut(scalar) {
                        if lower == scalar {
                            append(utf8[at..<(at + length)])
                        } else {
                            append(UTF8.encode(lower) ?? .init())
                        }
                    } else {
                        append(scalar.properties.lowercaseMapping.utf8)
                    }
                    at += length
                }
            }
        }
    }
}

/// What is quick to lower-case.
enum LowerCase {
    /// The lower case of frequent scalars beyond ASCII; nil for those that must be looked up.
    static func shortcut(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        // Latin-1, Cyrillic.
        case 0xC0...0xD6, 0xD8...0xDE, 0x410...0x42F: Unicode.Scalar(scalar.value + 0x20)
        case 0x80...0xBF, 0xD7, 0xDF...0xFF, 0x430...0x44F: scalar
        // Hebrew and Arabic, Devanagari, punctuation and currencies, CJK, Hangul, emoji.
        case 0x590...0x6FF, 0x900...0x97F, 0x2000...0x20CF, 0x2E80...0xA63F, 0xAC00...0xD7A3, 0x1F000...0x1FAFF: scalar
        default: nil
        }
    }
}

/// The capital sigmas of a text one after another; the text is looked at only if there is one.
private struct SigmaPlaces {
    static let sigma: Unicode.Scalar = "\u{3A3}"

    private let utf8: UTF8Bytes
    private var text: String?
    private var start = "".startIndex

    init(_ utf8: UTF8Bytes) { self.utf8 = utf8 }

    /// Whether the next sigma ends a word (Unicode's Final_Sigma): a letter before and none after, whatever marks are
    /// between.
    mutating func isNextFinal() -> Bool {
        let text = text ?? String(decoding: utf8, as: UTF8.self)
        self.text = text
        let scalars = text.unicodeScalars
        guard let place = scalars[start...].firstIndex(of: Self.sigma) else { return false }
        start = scalars.index(after: place)
        let before = scalars[..<place].last { !$0.properties.isCaseIgnorable }
        guard before?.properties.isCased == true else { return false }
        return scalars[start...].first { !$0.properties.isCaseIgnorable }?.properties.isCased != true
    }
}

extension Text {
    /// The lower-cased text.
    var lowercased: Text {
        Text(String(decoding: Array(self).lowercased, as: UTF8.self))
    }
}
