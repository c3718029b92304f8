// Words as ROUGE counts them: runs of a to z and 0 to 9 in the lower-cased text, as rouge-score's tokenizer finds them.

internal import EvalJSON

extension Text {
    /// Gives the words of the text to `body`, in their order.
    func withROUGETokens<Result>(_ body: ([Token]) -> Result) -> Result {
        withUTF8 { utf8 in
            // Beyond ASCII, two characters have a letter of ASCII as their lower case: the Kelvin sign and İ.
            let lower = utf8.isASCII ? utf8.map(\.lowercasedASCII) : Array(utf8).lowercased
            return lower.withUnsafeBufferPointer { lower in
                var tokens: [Token] = []
                tokens.reserveCapacity(lower.count / 5 + 1)
                let hashing = WordHash()
                var start = 0
                for at in 0..<lower.count where !(lower[at].isASCIIDigit || lower[at] &- 97 < 26) {
                    if let token = Token(lower, start..<at, hashing) { tokens.append(token) }
                    start = at + 1
                }
                if let token = Token(lower, start..<lower.count, hashing) { tokens.append(token) }
                return body(tokens)
            }
        }
    }
}
