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
