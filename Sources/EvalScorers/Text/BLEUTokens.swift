// Words as BLEU counts them: the tokenizer of mteval-v13a.pl, as sacrebleu spells it ("13a").
// Its four substitutions, one after another, come to the rules below, which need one look at the text.

internal import CEvalText
internal import EvalJSON

extension Text {
    /// Gives the words of the text to `body`, in their order.
    func withBLEUTokens<Result>(_ body: ([Token]) -> Result) -> Result {
        withUTF8 { utf8 in
            guard utf8.has("&") || utf8.has("<skipped>") || utf8.has("-\n") else { return body(utf8.bleuTokens) }
            return Array(utf8).bleuUnescaped.withUnsafeBufferPointer { body($0.bleuTokens) }
        }
    }
}

extension [UInt8] {
    /// The text without `<skipped>` and hyphens at line ends, with four entities of SGML resolved, in that order.
    fileprivate var bleuUnescaped: [UInt8] {
        var text = self
        // What is cut off at the end is white space, so that a last hyphen isn't at a line end.
        withUnsafeBufferPointer { utf8 in
            var end = 0
            for word in Words(utf8) { end = word.upperBound }
            text.removeLast(count - end)
        }
        let replacements: [(StaticString, StaticString)] = [
            ("<skipped>", ""), ("-\n", ""), ("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"),
        ]
        for (old, new) in replacements { text = text.replacing(old, by: new) }
        return text
    }

    private func replacing(_ old: StaticString, by new: StaticString) -> [UInt8] {
        let old = UTF8Bytes(start: old.utf8Start, count: old.utf8CodeUnitCount)
        guard withUnsafeBufferPointer({ $0.has(old) }) else { return self }
        let new = UTF8Bytes(start: new.utf8Start, count: new.utf8CodeUnitCount)
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var at = 0
        while at < count {
            if at + old.count <= count, self[at..<(at + old.count)].elementsEqual(old) {
                result.append(contentsOf: new)
                at += old.count
            } else {
                result.append(self[at])
                at += 1
            }
        }
        return result
    }
}

extension UTF8Bytes {
    fileprivate func has(_ needle: UTF8Bytes) -> Bool {
        ceval_text_contains(baseAddress, count, needle.baseAddress, needle.count)
    }

    fileprivate func has(_ needle: StaticString) -> Bool {
        has(UTF8Bytes(start: needle.utf8Start, count: needle.utf8CodeUnitCount))
    }

    /// The words. Punctuation is a word, except that
    ///
    /// - `'` never is, and `-` only behind a digit;
    /// - `.` and `,` are part of a number where a digit is on both sides, and of what begins with them behind other
    ///   points and before a digit.
    fileprivate var bleuTokens: [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(count / 4 + 1)
        let hashing = WordHash()
        var start = 0
        // The last point that is a word because something other than a digit is before it.
        var loose = -2
        var at = 0

        func end(before next: Int) {
            if let token = Token(self, start..<at, hashing) { tokens.append(token) }
            start = next
        }
        func isolate() {
            end(before: at)
            at += 1
            if let token = Token(self, start..<at, hashing) { tokens.append(token) }
            start = at
        }

        while at < count {
            let byte = self[at]
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "'"):
                at += 1
            case UInt8(ascii: "."), UInt8(ascii: ","):
                let isAfterDigit = at > 0 && self[at - 1].isASCIIDigit
                let isLoose = !isAfterDigit && loose != at - 1
                let next = at + 1 < count ? self[at + 1] : 0
                if isLoose { loose = at }
                if isLoose || !next.isASCIIDigit {
                    isolate()
                } else {
                    if !isAfterDigit { end(before: at) }
                    at += 1
                }
            case UInt8(ascii: "-"):
                if at > 0, self[at - 1].isASCIIDigit { isolate() } else { at += 1 }
            default:
                let space = whiteSpaceLength(at)
                if space > 0 {
                    end(before: at + space)
                    at += space
                } else if byte > 0x20 && byte < 0x7F {
                    isolate()
                } else {
                    at += 1
                }
            }
        }
        end(before: at)
        return tokens
    }
}
