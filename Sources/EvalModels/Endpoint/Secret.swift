// Keys: where they come from, and how they stay out of every word that is written.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// A key, which no description shows.
struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key itself, for the header that carries it and nothing else.
    let value: String
    /// Where it comes from, for people.
    let source: String

    var description: String { "the key of \(source)" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// Takes a key as it was found: white space at its ends is a slip of copying.
    ///
    /// - Throws: That it is empty, or can't be a header's value.
    init(_ text: String, source: String) throws(Diagnostic) {
        value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        self.source = source
        guard !value.isEmpty else { throw Diagnostic("the key of \(source) is empty") }
        guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Diagnostic("the key of \(source) has a character that no key can have")
        }
    }

    /// Reads a key from a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - warn: Told when others can read the file. It is no error, since a mounted secret often can be read by all.
    /// - Throws: Why it can't be read.
    init(file path: String, warn: (Diagnostic) -> Void) throws(Diagnostic) {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 << 10 else {
            throw Diagnostic("the file of the key can't be read", at: .init(file: path))
        }
        try self.init(String(decoding: data, as: UTF8.self), source: "the file '\(path)'")
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
        if let mode, mode.uint16Value & 0o044 != 0 {
            warn(Diagnostic("others can read this key", at: .init(file: path), help: "chmod 600 '\(path)'"))
        }
    }
}

/// Takes keys out of texts that endpoints wrote.
struct Masker: Sendable {
    private let secrets: [String]

    init(_ secrets: [String]) { self.secrets = secrets.filter { $0.count >= 6 }.sorted { $0.count > $1.count } }

    /// The text without any key of ours, and without what looks like one.
    func mask(_ text: String) -> String {
        var text = text
        for secret in secrets { text = text.replacing(secret, with: "***") }
        guard text.contains("sk-") else { return text }
        var words = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "sk-") {
            let tail = rest[start.upperBound...].prefix { $0.isLetter || $0.isNumber || "-_*.…".contains($0) }
            let before = rest[..<start.lowerBound]
            // A word such as task-specific is no key.
            let isKey = tail.count >= 6 && before.last?.isLetter != true
            words += before + (isKey ? "***" : rest[start.lowerBound..<tail.endIndex])
            rest = rest[tail.endIndex...]
        }
        return words + rest
    }

    /// The beginning of an endpoint's own words, on one line.
    func words(_ text: String) -> String {
        let line = mask(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count <= 300 ? line : line.prefix(300) + "…"
    }
}
