// The fence around words that are judged: they can't end it, since nobody who writes them knows how it ends.

public import EvalJSON

/// Puts delimiters around data that no data can contain.
///
/// The delimiter is an HMAC (RFC 2104, with SHA-256) of the content under a secret of the store. Whoever writes the content
/// would have to know the secret to write the delimiter into it; equal content gives equal bytes, so that providers' prompt
/// caches and ours still work.
public struct Fence: Sendable {
    private let secret: [UInt8]

    /// Makes a fence.
    ///
    /// - Parameter secret: At least 16 bytes that nobody else knows.
    public init(secret: [UInt8]) { self.secret = secret }

    /// The content between its delimiters.
    ///
    /// - Parameters:
    ///   - content: Whatever somebody wrote.
    ///   - label: What it is, one word of ours.
    /// - Returns: Three or more lines: `<<<DATA label mark`, the content, `mark label END>>>`.
    public func around(_ content: String, label: String) -> String {
        let mark = mark(of: content, label: label)
        var text = ""
        text.reserveCapacity(content.utf8.count + 2 * label.utf8.count + 96)
        for part in ["<<<DATA ", label, " ", mark, "\n", content, "\n", mark, " ", label, " END>>>"] { text += part }
        return text
    }

    /// The delimiter of a content: 32 hexadecimal digits.
    public func mark(of content: String, label: String) -> String {
        var message: [UInt8] = []
        message.reserveCapacity(label.utf8.count + 1 + content.utf8.count)
        message += label.utf8
        message.append(UInt8(ascii: "\n"))
        message += content.utf8
        let code = Digest(hmacOf: message, key: secret)
        return code.withBytes { bytes in
            String(unsafeUninitializedCapacity: 32) { digits in
                for (place, byte) in bytes.prefix(16).enumerated() {
                    digits[2 * place] = Self.digit(byte >> 4)
                    digits[2 * place + 1] = Self.digit(byte & 15)
                }
                return 32
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
