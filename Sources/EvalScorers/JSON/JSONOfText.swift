// The JSON that a text holds. Models like to put it into a fence of Markdown, which some users allow.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// Reads the JSON that texts hold; many tasks may use it at once.
///
/// `@unchecked Sendable`: a parser is lent to one text at a time.
final class JSONReader: @unchecked Sendable {
    private final class Lent: @unchecked Sendable {
        var parser = JSONParser()
    }

    private let idle = Mutex<[Lent]>([])

    /// The JSON value that a text is.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - allowsFence: Whether it may stand between lines of three backticks, and nothing else beside them.
    /// - Returns: The value.
    /// - Throws: Why it is none.
    func json(of text: Text, allowingFence allowsFence: Bool = false) throws(JSONError) -> JSON {
        let lent = idle.withLock { $0.popLast() } ?? Lent()
        defer { idle.withLock { $0.append(lent) } }
        return try text.withUTF8 { utf8 throws(JSONError) in
            try lent.parser.parse(allowsFence ? utf8.withoutFence : utf8)
        }
    }
}

extension UTF8Bytes {
    /// What is between a first line of three backticks, perhaps with a language's name, and a last one; without such
    /// lines, the text itself.
    fileprivate var withoutFence: UTF8Bytes {
        var start = 0
        var end = count
        while start < end, self[start].isASCIIWhiteSpace { start += 1 }
        while end > start, self[end - 1].isASCIIWhiteSpace { end -= 1 }
        guard end - start > 6, isFence(start), isFence(end - 3) else { return self }
        var line = start + 3
        while line < end - 3, self[line] != UInt8(ascii: "\n") { line += 1 }
        return UTF8Bytes(rebasing: self[line..<(end - 3)])
    }

    private func isFence(_ at: Int) -> Bool {
        self[at..<(at + 3)].allSatisfy { $0 == UInt8(ascii: "`") }
    }
}

extension Setting {
    /// Whether JSON may stand in a fence.
    static let allowFence = Setting(
        "allow_fence",
        .boolean,
        default: false,
        help: "The JSON may stand in a fence of Markdown (```)."
    )
}
