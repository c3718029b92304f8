// The words of a text after SQuAD's normalisation: lower case, no ASCII punctuation, no articles, split at white space.

/// A bag of normalised words.
struct SQuADTokens {
    /// The words' bytes one after another.
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>] = []

    /// How many words there are.
    var count: Int { ranges.count }

    init(_ text: UTF8Bytes) {
        if text.isASCII {
            collect(text)
        } else {
            Array(text).lowercased.withUnsafeBufferPointer { collect($0) }
        }
        bytes.withUnsafeBufferPointer { bytes in ranges.sort { bytes.compare($0, $1) < 0 } }
    }

    /// Takes the words out of a text, which is lower-cased unless it is ASCII.
    private mutating func collect(_ text: UTF8Bytes) {
        bytes.reserveCapacity(text.count)
        ranges.reserveCapacity(text.count / 5 + 1)
        for word in Words(text) {
            let start = bytes.count
            for place in word where !text[place].isASCIIPunctuation { bytes.append(text[place].lowercasedASCII) }
            appendWithoutArticles(start..<bytes.count)
        }
    }

    /// Keeps what is left of a word when its articles are cut out: `x’a` is two runs of letters, the second an article.
    private mutating func appendWithoutArticles(_ word: Range<Int>) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = word.lowerBound
            var run = start
            var at = start
            while at < word.upperBound {
                let (isWord, length) = bytes.isWordCharacter(at)
                if !isWord {
                    if bytes.isArticle(run..<at) {
                        if start < run { ranges.append(start..<run) }
                        start = at
                    }
                    run = at + length
                }
                at += length
            }
            if bytes.isArticle(run..<at) {
                if start < run { ranges.append(start..<run) }
            } else if start < at {
                ranges.append(start..<at)
            }
        }
    }

    /// How many words two bags share, each as often as it is in both.
    func sharedCount(with other: SQuADTokens) -> Int {
        bytes.withUnsafeBufferPointer { mine in
            other.bytes.withUnsafeBufferPointer { others in
                var (left, right, shared) = (0, 0, 0)
                while left < ranges.count, right < other.ranges.count {
                    let order = mine.compare(ranges[left], with: others, other.ranges[right])
                    if order == 0 { shared += 1 }
                    if order <= 0 { left += 1 }
                    if order >= 0 { right += 1 }
                }
                return shared
            }
        }
    }
}

extension UTF8Bytes {
    fileprivate func compare(_ a: Range<Int>, _ b: Range<Int>) -> Int { compare(a, with: self, b) }

    /// Orders two words by length, then by bytes: any order does that is the same for both bags.
    fileprivate func compare(_ a: Range<Int>, with other: UTF8Bytes, _ b: Range<Int>) -> Int {
        if a.count != b.count { return a.count - b.count }
        for offset in 0..<a.count {
            let (left, right) = (self[a.lowerBound + offset], other[b.lowerBound + offset])
            if left != right { return Int(left) - Int(right) }
        }
        return 0
    }

    fileprivate func isArticle(_ word: Range<Int>) -> Bool {
        let start = word.lowerBound
        switch word.count {
        case 1: return self[start] == UInt8(ascii: "a")
        case 2: return self[start] == UInt8(ascii: "a") && self[start + 1] == UInt8(ascii: "n")
        case 3:
            return self[start] == UInt8(ascii: "t") && self[start + 1] == UInt8(ascii: "h")
                && self[start + 2] == UInt8(ascii: "e")
        default: return false
        }
    }

    /// Whether a letter or digit is at `at`, and its length in bytes.
    fileprivate func isWordCharacter(_ at: Int) -> (Bool, Int) {
        if self[at] < 0x80 { return (self[at].isASCIILetter || self[at].isASCIIDigit || self[at] == 0x5F, 1) }
        let (scalar, length) = scalar(at)
        let kind = CharacterClass.of(scalar)
        return (kind == CharacterClass.word || kind >= CharacterClass.foreignZero, length)
    }
}

extension UInt8 {
    fileprivate var isASCIIPunctuation: Bool {
        self > 0x20 && self < 0x7F && !isASCIILetter && !isASCIIDigit
    }
}
