// `--map question=inputs.question`: the person's own keys become the keys of a row.

public import EvalCore
internal import EvalJSON

/// Moves fields of rows to where they belong.
public struct RowMapping: Sendable, Equatable, CustomStringConvertible {
    /// One field's way.
    struct Move: Sendable, Equatable {
        let from: JSONPath
        /// Where it goes; nil drops it.
        let to: JSONPath?
    }

    private(set) var moves: [Move] = []
    /// Whether keys that no row has are dropped.
    private(set) var dropsUnknown = false
    private var written: [String] = []

    /// Moves nothing.
    public init() {}

    /// Reads moves as they are written: `FROM=TO`; without TO the field is dropped, and `*=` drops all unknown keys.
    ///
    /// - Throws: Which move is malformed.
    public init(_ sources: [String]) throws(Diagnostic) {
        for source in sources { try add(source) }
        written = sources
    }

    /// Whether rows stay as they are.
    public var isEmpty: Bool { moves.isEmpty && !dropsUnknown }

    /// The moves as they were written.
    public var description: String { written.joined(separator: ", ") }

    /// The moves as they were written.
    public var sources: [String] { written }

    private mutating func add(_ source: String) throws(Diagnostic) {
        guard let equals = source.lastIndex(of: "=") else { throw Self.malformed(source, "there is no '='") }
        let (from, to) = (String(source[..<equals]), String(source[source.index(after: equals)...]))
        if from == "*", to.isEmpty {
            dropsUnknown = true
            return
        }
        do throws(JSONError) {
            let target = to.isEmpty ? nil : try JSONPath(to)
            if let target {
                guard case .key(let first)? = target.steps.first, Record.keys.contains(String(first)),
                    target.steps.allSatisfy({ if case .key = $0 { true } else { false } })
                else {
                    throw JSONError(
                        "'\(to)' is no place in a row: it begins with one of \(Record.keys.joined(separator: ", "))"
                    )
                }
            }
            moves.append(Move(from: try JSONPath(from), to: target))
        } catch {
            throw Self.malformed(source, error.description)
        }
    }

    private static func malformed(_ source: String, _ why: String) -> Diagnostic {
        Diagnostic("\(why)", at: .init(file: "--map \(source)"), help: "For example: --map question=inputs.question")
    }

    /// The row with its fields where they belong.
    ///
    /// - Throws: Which field can't be put where it should go.
    func apply(to row: JSON) throws(Diagnostic) -> JSON {
        guard row.kind == .object else { return row }
        var tree = MutableObject(row)
        for move in moves {
            guard let value = move.from.value(in: row) else { continue }
            tree.remove(move.from.steps[...])
            guard let to = move.to else { continue }
            guard tree.put(value, at: to.steps[...]) else {
                throw Diagnostic("'\(move.from)' can't become '\(to)': something that is no object stands in its way")
            }
        }
        if dropsUnknown { tree.keep { Record.keys.contains($0) } }
        return tree.json
    }
}

/// An object that is taken apart as far as it is changed.
struct MutableObject {
    private enum Value {
        case whole(JSON)
        case parts(MutableObject)
    }
    private var members: [(key: Text, value: Value)] = []

    init() {}

    init(_ json: JSON) { members = json.members.map { ($0.key, .whole($0.value)) } }

    var isEmpty: Bool { members.isEmpty }

    /// Puts a value at a path of keys; false where something else is in its way.
    mutating func put(_ value: JSON, at steps: ArraySlice<JSONPath.Step>) -> Bool {
        guard case .key(let key)? = steps.first else { return false }
        let rest = steps.dropFirst()
        let place = members.firstIndex { $0.key == key }
        if rest.isEmpty {
            if let place { members[place].value = .whole(value) } else { members.append((key, .whole(value))) }
            return true
        }
        var inner: MutableObject
        switch place.map({ members[$0].value }) {
        case nil: inner = MutableObject()
        case .parts(let parts): inner = parts
        case .whole(let json):
            guard json.kind == .object || json.isNull else { return false }
            inner = MutableObject(json)
        }
        guard inner.put(value, at: rest) else { return false }
        if let place { members[place].value = .parts(inner) } else { members.append((key, .parts(inner))) }
        return true
    }

    /// Takes a field out; one in an array stays.
    mutating func remove(_ steps: ArraySlice<JSONPath.Step>) {
        guard case .key(let key)? = steps.first, let place = members.firstIndex(where: { $0.key == key }) else {
            return
        }
        let rest = steps.dropFirst()
        if rest.isEmpty {
            members.remove(at: place)
            return
        }
        var inner: MutableObject
        switch members[place].value {
        case .parts(let parts): inner = parts
        case .whole(let json):
            guard json.kind == .object else { return }
            inner = MutableObject(json)
        }
        inner.remove(rest)
        if inner.isEmpty { members.remove(at: place) } else { members[place].value = .parts(inner) }
    }

    /// Keeps only some keys.
    mutating func keep(_ isWanted: (String) -> Bool) { members.removeAll { !isWanted(String($0.key)) } }

    var json: JSON {
        .object(
            members.map { key, value in
                switch value {
                case .whole(let json): (String(key), json)
                case .parts(let parts): (String(key), parts.json)
                }
            }
        )
    }
}
