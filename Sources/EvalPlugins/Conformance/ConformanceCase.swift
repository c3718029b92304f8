// What a scorer was given: a line of a file, so that it can be given again.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// A row or a session for a scorer with some configuration.
///
/// The form is that of a plugin's own cases. A row may besides have `spans`, which stand for the spans of its trace.
public struct ConformanceCase: Sendable {
    /// What is scored.
    enum Given: Sendable, Equatable {
        case row(JSON)
        case session([JSON])

        /// The rows in it.
        var rows: [JSON] {
            switch self {
            case .row(let row): [row]
            case .session(let turns): turns
            }
        }

        /// How large it is, roughly, in bytes.
        var byteCount: Int { rows.reduce(0) { $0 + $1.roughSize } }
    }

    /// The scorer's name.
    public var scorer: String
    var configuration: JSON = [:]
    var given: Given
    /// What the judge replies.
    var judge: JSON?
    /// What came, in words.
    var found: String?

    init(scorer: String, configuration: JSON = [:], given: Given, judge: JSON? = nil, found: String? = nil) {
        self.scorer = scorer
        self.configuration = configuration
        self.given = given
        self.judge = judge
        self.found = found
    }

    /// Reads a line; nil if it is none of these.
    init?(_ json: JSON) {
        guard let scorer = json["scorer"]?.string else { return nil }
        if let session = json["session"], session.kind == .array {
            given = .session(Array(session.elements))
        } else if let row = json["row"], row.kind == .object {
            given = .row(row)
        } else {
            return nil
        }
        self.scorer = scorer
        configuration = json["configuration"]?.unlessNull ?? [:]
        judge = json["judge"]?.unlessNull
        found = json["found"]?.string
    }

    /// Whether any setting differs from its default.
    public var hasConfiguration: Bool { configuration.count > 0 }

    /// The configuration, short enough to be shown.
    public var settings: String { Self.shortened(configuration).serialized }

    /// The line, without its end.
    public var line: String { json.serialized }

    var json: JSON {
        var members: [(String, JSON)] = [("scorer", JSON(scorer)), ("configuration", configuration)]
        switch given {
        case .row(let row): members.append(("row", row))
        case .session(let turns): members.append(("session", .array(turns)))
        }
        if let judge { members.append(("judge", judge)) }
        if let found { members.append(("found", JSON(found))) }
        return .object(members)
    }

    /// Reads the cases of a file.
    ///
    /// - Throws: Why the file can't be read, or which line is no case.
    static func read(_ path: String) throws(Diagnostic) -> [ConformanceCase] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("the cases can't be read", at: .init(file: path))
        }
        var cases: [ConformanceCase] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.starts(with: Array("//".utf8)) { continue }
            guard let json = try? JSON(parsing: Array(line)), let read = ConformanceCase(json) else {
                throw Diagnostic(
                    "this is no case: it has `scorer`, and `row` or `session`",
                    at: .init(file: path, line: index + 1)
                )
            }
            cases.append(read)
        }
        return cases
    }

    /// The cases that lie beside a library: `tests/*.jsonl`; what can't be read is left out.
    static func beside(_ library: String) -> [ConformanceCase] {
        let folder = (library as NSString).deletingLastPathComponent
        let base = folder.isEmpty ? "." : folder
        let tests = ((try? FileManager.default.contentsOfDirectory(atPath: "\(base)/tests")) ?? []).sorted()
        let files = tests.filter { $0.hasSuffix(".jsonl") }.map { "\(base)/tests/\($0)" }
        return files.flatMap { (try? read($0)) ?? [] }
    }

    /// What was given, short enough to be shown.
    public var excerpt: String {
        func shown(_ row: JSON) -> String { Self.shortened(row).serialized }
        switch given {
        case .row(let row): return shown(row)
        case .session(let turns):
            let first = turns.prefix(3).map(shown).joined(separator: ", ")
            return "a session of \(turns.count): \(first)\(turns.count > 3 ? ", …" : "")"
        }
    }

    /// The same with its long texts and lists cut.
    private static func shortened(_ json: JSON, depth: Int = 0) -> JSON {
        switch json.kind {
        case .string:
            let text = json.string ?? ""
            return text.utf8.count <= 80 ? json : JSON("\(text.prefix(40))… (\(text.utf8.count) bytes)")
        case .array:
            if depth > 6 { return ["…"] }
            let shown = json.elements.prefix(4).map { shortened($0, depth: depth + 1) }
            return .array(shown + (json.count > 4 ? [JSON("… (\(json.count) elements)")] : []))
        case .object:
            if depth > 6 { return ["…": "…"] }
            return .object(json.members.prefix(12).map { (String($0.key), shortened($0.value, depth: depth + 1)) })
        default: return json
        }
    }
}

extension JSON {
    /// How large its text is, roughly, in bytes.
    fileprivate var roughSize: Int {
        switch kind {
        case .string: text?.count ?? 0
        case .array: elements.reduce(2) { $0 + 1 + $1.roughSize }
        case .object: members.reduce(2) { $0 + 4 + $1.key.count + $1.value.roughSize }
        default: 8
        }
    }

    /// The same with a value at a path, or without one; objects that are missing on the way are made.
    func replacing(_ steps: ArraySlice<JSONPath.Step>, with value: JSON?) -> JSON? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch step {
        case .key(let key):
            let name = String(key)
            var members = kind == .object ? self.members.map { (String($0.key), $0.value) } : []
            if let at = members.firstIndex(where: { $0.0 == name }) {
                if let changed = members[at].1.replacing(rest, with: value) {
                    members[at].1 = changed
                } else {
                    members.remove(at: at)
                }
            } else if value != nil, let made = JSON.null.replacing(rest, with: value) {
                members.append((name, made))
            }
            return .object(members)
        case .element(let place):
            var elements = kind == .array ? Array(self.elements) : []
            guard place >= 0, place < 64 else { return self }
            if value == nil, elements.count <= place { return self }
            while elements.count <= place { elements.append(.null) }
            elements[place] = elements[place].replacing(rest, with: value) ?? .null
            return .array(elements)
        }
    }
}
