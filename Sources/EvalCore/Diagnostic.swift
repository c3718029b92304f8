// The one error that people read: what happened, where, what was probably meant and what to do next.

/// An error for a person.
///
///     questions.jsonl:17: unknown key 'input'; did you mean 'inputs'?
///       A row has: inputs, outputs, expectations, …
public struct Diagnostic: Error, Sendable, Equatable {
    /// What kind of failure this is, which decides the exit status.
    public enum Category: String, Sendable {
        /// The command, the suite or the data is wrong.
        case usage
        /// The store or an endpoint can't be used.
        case unavailable
        /// The person or the system asked to stop.
        case interrupted
    }

    /// Where it happened; what is not known is nil.
    public struct Location: Sendable, Equatable {
        /// The file as the person named it.
        public var file: String?
        /// The line in the file, from 1.
        public var line: Int?
        /// The column in the line, from 1.
        public var column: Int?
        /// The plugin's library.
        public var plugin: String?

        /// Makes a location.
        public init(file: String? = nil, line: Int? = nil, column: Int? = nil, plugin: String? = nil) {
            self.file = file
            self.line = line
            self.column = column
            self.plugin = plugin
        }
    }

    /// What kind of failure this is.
    public var category: Category
    /// What happened, as a clause without its full stop.
    ///
    /// It holds no row text and no key.
    public var message: String
    /// Where it happened.
    public var location: Location
    /// The word that was probably meant.
    public var suggestion: String?
    /// What to do next.
    public var help: String?
    /// The setting of a scorer at fault, by which its place in a suite is found.
    public var setting: String?

    /// Makes a diagnostic.
    public init(
        _ message: String,
        category: Category = .usage,
        at location: Location = Location(),
        didYouMean suggestion: String? = nil,
        help: String? = nil,
        setting: String? = nil
    ) {
        self.category = category
        self.message = message
        self.location = location
        self.suggestion = suggestion
        self.help = help
        self.setting = setting
    }

    /// The same diagnostic with the parts of `outer` where its own location has none.
    public func located(_ outer: Location) -> Diagnostic {
        var copy = self
        copy.location.file = location.file ?? outer.file
        copy.location.line = location.line ?? outer.line
        copy.location.column = location.column ?? outer.column
        copy.location.plugin = location.plugin ?? outer.plugin
        return copy
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The text that is printed after `error: `.
    public var description: String {
        var place = location.file ?? ""
        if let line = location.line {
            place += place.isEmpty ? "line \(line)" : ":\(line)"
            if let column = location.column { place += ":\(column)" }
        }
        if let plugin = location.plugin { place += place.isEmpty ? plugin : " (\(plugin))" }
        var text = place.isEmpty ? message : "\(place): \(message)"
        if let suggestion { text += "; did you mean '\(suggestion)'?" }
        if let help { text += "\n  \(help)" }
        return text
    }
}

/// The nearest of `candidates` to a mistyped word, if one is near enough to be worth a question.
///
/// Distance counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
public func nearestWord(to word: String, among candidates: some Sequence<String>) -> String? {
    let allowed = max(1, min(3, word.count / 3))
    return
        candidates
        .map { (word: $0, distance: editDistance(Array(word.lowercased()), Array($0.lowercased()))) }
        .filter { $0.distance <= allowed || ($0.word.hasPrefix(word) && word.count >= 3) }
        .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?
        .word
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
            row.append(best)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
