// `NAME.scorer.yaml`: a function of a C library that was never written for evalhost, with the place of every word.

public import EvalCore
internal import EvalJSON
internal import Foundation

/// What a manifest says, not yet looked at for its meaning.
public struct ScorerManifest: Sendable {
    /// A text of the manifest, with the place where it stands.
    public struct Word: Sendable {
        /// The text.
        public let text: String
        /// Where it begins.
        public let location: Diagnostic.Location

        /// An error at one of its characters, from 0.
        public func error(_ message: String, at offset: Int = 0, help: String? = nil) -> Diagnostic {
            var place = location
            place.column = place.column.map { $0 + offset }
            return Diagnostic(message, at: place, help: help)
        }

        /// An error at it that guesses which of the words that there are was meant.
        public func unknown(_ message: String, among words: [String], help: String? = nil) -> Diagnostic {
            Diagnostic(message, at: location, didYouMean: nearestWord(to: text, among: words), help: help)
        }
    }

    /// How the function's result becomes a value.
    public struct Value: Sendable {
        /// Where it stands.
        public var location: Diagnostic.Location
        /// `boolean`, `integer`, `number`, `category` or `text`.
        public var type: Word
        /// A boolean is true when the result is this.
        public var equals: Word?
        /// A boolean is true when the result fulfils this: `>= 0.5`.
        public var when: Word?
        /// What the result is multiplied with.
        public var scale: Word?
        /// The least and the greatest value.
        public var range: [Word] = []
        /// The results that mean labels; with a list of labels they are 0, 1, 2, ….
        public var labels: [(result: Word, label: Word)] = []
    }

    /// The file.
    public var file: String
    /// The library: a name that the system knows, or a path.
    public var library: Word
    /// The function.
    public var symbol: Word
    /// Its signature, with the fields that are its arguments.
    public var signature: Word
    /// Its result's meaning.
    public var value: Value
    /// Results that are errors: `< 0`.
    public var error: Word?
    /// Results that mean that the row doesn't apply.
    public var skip: Word?
    /// Texts for people and reports, by their keys: help, version, author, licence, unit, pass, direction.
    public var words: [String: Word] = [:]
    /// The aggregations.
    public var aggregations: [Word] = []

    /// The keys of a manifest.
    public static let keys =
        ["library", "symbol", "signature", "value", "error", "skip", "aggregations"] + plainKeys
    private static let plainKeys = ["help", "version", "author", "licence", "unit", "pass", "direction"]
    private static let valueKeys = ["type", "equals", "when", "scale", "range", "labels"]

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - text: What stands in the file.
    ///   - file: The file's path, for messages.
    /// - Returns: The manifest.
    /// - Throws: What is wrong, with file, line and column.
    public static func read(_ text: String, file: String) throws(Diagnostic) -> ScorerManifest {
        guard let top = try YAMLValue.parse(text, file: file, environment: [:]) else {
            throw Diagnostic("the manifest is empty", at: .init(file: file), help: needed)
        }
        var found: [String: YAMLValue] = [:]
        for (key, at, value) in try top.entries(of: "a manifest") {
            guard keys.contains(key) else {
                throw at.error("unknown key '\(key)'", didYouMean: nearestWord(to: key, among: keys), help: all)
            }
            found[key] = value
        }
        func word(_ key: String) throws(Diagnostic) -> Word? {
            guard let value = found[key] else { return nil }
            return try value.word("'\(key)'")
        }
        guard let library = try word("library"), let symbol = try word("symbol"),
            let signature = try word("signature"), let value = found["value"]
        else {
            let missing = ["library", "symbol", "signature", "value"].first { found[$0] == nil } ?? ""
            throw top.error("the manifest has no '\(missing)'", help: needed)
        }
        var manifest = ScorerManifest(
            file: file,
            library: library,
            symbol: symbol,
            signature: signature,
            value: try self.value(value),
            error: try word("error"),
            skip: try word("skip")
        )
        for key in plainKeys { manifest.words[key] = try word(key) }
        for element in found["aggregations"]?.list ?? [] {
            manifest.aggregations.append(try element.word("an aggregation"))
        }
        return manifest
    }

    private static let all = "A manifest has: " + keys.joined(separator: ", ") + "."
    private static let needed = "A manifest has at least library, symbol, signature and value."

    private static func value(_ given: YAMLValue) throws(Diagnostic) -> Value {
        if given.isScalar {
            return Value(location: given.location, type: try given.word("'value'"))
        }
        var found: [String: YAMLValue] = [:]
        for (key, at, value) in try given.entries(of: "'value'") {
            guard valueKeys.contains(key) else {
                throw at.error(
                    "unknown key '\(key)' of 'value'",
                    didYouMean: nearestWord(to: key, among: valueKeys),
                    help: "A value has: " + valueKeys.joined(separator: ", ") + "."
                )
            }
            found[key] = value
        }
        guard let type = found["type"] else {
            throw given.error("'value' has no 'type'", help: "There are boolean, integer, number, category and text.")
        }
        var value = Value(location: given.location, type: try type.word("'type'"))
        value.equals = try found["equals"].map { given throws(Diagnostic) in try given.word("'equals'") }
        value.when = try found["when"].map { given throws(Diagnostic) in try given.word("'when'") }
        value.scale = try found["scale"].map { given throws(Diagnostic) in try given.word("'scale'") }
        if let range = found["range"] {
            for bound in range.list { value.range.append(try bound.word("a bound of 'range'")) }
            guard value.range.count == 2 else { throw range.error("'range' is a list of two numbers: [0, 1]") }
        }
        if let labels = found["labels"] { value.labels = try self.labels(labels) }
        return value
    }

    private static func labels(_ given: YAMLValue) throws(Diagnostic) -> [(result: Word, label: Word)] {
        if given.isSequence {
            var labels: [(Word, Word)] = []
            for (index, label) in given.list.enumerated() {
                labels.append((Word(text: "\(index)", location: label.location), try label.word("a label")))
            }
            return labels
        }
        return try given.entries(of: "'labels'")
            .map { entry throws(Diagnostic) in
                (Word(text: entry.key, location: entry.at.location), try entry.value.word("a label"))
            }
    }
}

extension YAMLValue {
    /// A scalar with the place of its first character.
    fileprivate func word(_ what: String) throws(Diagnostic) -> ScorerManifest.Word {
        let text = try writtenText(what)
        var place = location
        if isQuoted { place.column = place.column.map { $0 + 1 } }
        return ScorerManifest.Word(text: text, location: place)
    }
}
