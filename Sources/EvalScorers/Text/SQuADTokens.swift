// The words of a text after SQuAD's normalisation: lower case, no ASCII punctuation, no articles, split at white space.

internal import EvalJSON

extension Text {
    /// Gives the words of the text to `body`, in their order.
    func withSQuADTokens<Result>(_ body: ([Token]) -> Result) -> Result {
        withUTF8 { utf8 in
            if utf8.isASCII { return SQuADWords(utf8).withTokens(body) }
            return Array(utf8).lowercased.withUnsafeBufferPointer { SQuADWords($0).withTokens(body) }
        }
    }
}

/// The normalised words.
private struct SQuADWords {
    /// The words' bytes one after another.
    private var bytes: [UInt8]
    private var ranges: [Range<Int>] = []

    /// Takes the words out of a text, which is lower-cased already unless it is ASCII.
    init(_ text: UTF8Bytes) {
        var words: [(range: Range<Int>, isPlain: Bool)] = []
        words.reserveCapacity(text.count / 5 + 1)
        bytes = Array(unsafeUninitializedCapacity: text.count) { buffer, count in
            var start = 0
            // Of letters and digits of ASCII alone, so that only the whole can be an article.
            var isPlain = true
            var at = 0
            while at < text.count {
                let byte = text[at]
                if byte.isASCIILetter || byte.isASCIIDigit {
                    buffer[count] = byte.lowercasedASCII
                    count += 1
                    at += 1
                    continue
                }
                let space = text.whiteSpaceLength(at)
                if space > 0 {
                    if count > start { words.append((start..<count, isPlain)) }
                    start = count
                    isPlain = true
                } else if byte <= 0x20 || byte >= 0x7F {
                    buffer[count] = byte
                    count += 1
                    isPlain = false
                }
                at += Swift.max(space, 1)
            }
            if count > start { words.append((start..<count, isPlain)) }
        }
        ranges.reserveCapacity(words.count)
        for (word, isPlain) in words {
            if !isPlain {
                appendWithoutArticles(word)
            } else if !bytes.withUnsafeBufferPointer({ $0.isArticle(word) }) {
                ranges.append(word)
            }
        }
    }

    func withTokens<Result>(_ body: ([Token]) -> Result) -> Result {
        let hashing = WordHash()
        return bytes.withUnsafeBufferPointer { bytes in body(ranges.compactMap { Token(bytes, $0, hashing) }) }
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
}

extension UTF8Bytes {
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
