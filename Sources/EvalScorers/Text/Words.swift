// Words as Python's `str.split()` finds them: what white space separates. White space is what `str.isspace` says.

internal import CEvalText

/// Gives the words of a text as ranges of its bytes.
struct Words: Sequence, IteratorProtocol {
    private let text: UTF8Bytes
    private var at = 0

    init(_ text: UTF8Bytes) { self.text = text }

    mutating func next() -> Range<Int>? {
        while at < text.count {
            let space = text.whiteSpaceLength(at)
            if space == 0 { break }
            at += space
        }
        let start = at
        while at < text.count, text.whiteSpaceLength(at) == 0 { at += 1 }
        return at == start ? nil : start..<at
    }
}

extension UTF8Bytes {
    /// How many bytes the white space at `at` has; 0 if there is none.
    @inline(__always)
    func whiteSpaceLength(_ at: Int) -> Int {
        let byte = self[at]
        if byte < 0x80 { return byte.isASCIIWhiteSpace ? 1 : 0 }
        guard byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 else { return 0 }
        return longWhiteSpaceLength(at)
    }

    private func longWhiteSpaceLength(_ at: Int) -> Int {
        guard at + 1 < count else { return 0 }
        let second = self[at + 1]
        if self[at] == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
        guard at + 2 < count else { return 0 }
        let third = self[at + 2]
        switch (self[at], second) {
        case (0xE1, 0x9A): return third == 0x80 ? 3 : 0
        case (0xE2, 0x80): return third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF ? 3 : 0
        case (0xE2, 0x81): return third == 0x9F ? 3 : 0
        case (0xE3, 0x80): return third == 0x80 ? 3 : 0
        default: return 0
        }
    }

    /// The number of words.
    var wordCount: Int {
        if isASCII { return ceval_text_ascii_words(baseAddress, count) }
        return Words(self).reduce(0) { count, _ in count + 1 }
    }

    /// Whether both texts have the same words in the same order.
    func hasWords(of other: UTF8Bytes, ignoringASCIICase ignoreCase: Bool) -> Bool {
        var mine = Words(self)
        var others = Words(other)
        while true {
            switch (mine.next(), others.next()) {
            case (nil, nil): return true
            case (let a?, let b?):
                let (left, right) = (UTF8Bytes(rebasing: self[a]), UTF8Bytes(rebasing: other[b]))
                if ignoreCase ? !left.equalsIgnoringASCIICase(right) : !left.elementsEqual(right) { return false }
            default: return false
            }
        }
    }
}

extension UInt8 {
    /// Tab to carriage return, the four separators and the space.
    @inline(__always)
    var isASCIIWhiteSpace: Bool { self &- 0x09 < 5 || self &- 0x1C < 5 }
}
