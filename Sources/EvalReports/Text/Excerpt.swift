// The beginning of a text that may be of any size.

internal import EvalJSON

/// As much of a text as a report has room for, and how much it leaves out.
struct Excerpt: Sendable, Equatable {
    /// The beginning of the text.
    let text: String
    /// How many bytes of UTF-8 it leaves out.
    let omittedBytes: Int

    /// Takes at most `limit` bytes of UTF-8, never a part of a character's code.
    init(_ source: Text, limit: Int) {
        guard source.count > limit else {
            self.init(text: String(source), omittedBytes: 0)
            return
        }
        var end = max(0, limit)
        while end > 0, source[end] & 0xC0 == 0x80 { end -= 1 }
        let text = source.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0[..<end]), as: UTF8.self) }
        self.init(text: text, omittedBytes: source.count - end)
    }

    /// Takes at most `limit` bytes of UTF-8.
    init(_ source: String, limit: Int) {
        if source.utf8.count <= limit {
            self.init(text: source, omittedBytes: 0)
        } else {
            self.init(Text(source), limit: limit)
        }
    }

    /// Words about what is left out; nil if nothing is.
    var note: String? {
        omittedBytes == 0 ? nil : "… and \(Numbers.count(omittedBytes, "more byte")), left out of this report"
    }

    /// The same text cut shorter.
    func cut(to limit: Int) -> Excerpt {
        let shorter = Excerpt(text, limit: limit)
        return Excerpt(text: shorter.text, omittedBytes: shorter.omittedBytes + omittedBytes)
    }

    /// The text in one line for a cell of a table, with `…` where it is cut.
    func cell(_ limit: Int) -> String {
        let shorter = cut(to: limit)
        return Printable.line(shorter.text) + (shorter.omittedBytes > 0 ? "…" : "")
    }

    private init(text: String, omittedBytes: Int) {
        self.text = text
        self.omittedBytes = omittedBytes
    }
}
