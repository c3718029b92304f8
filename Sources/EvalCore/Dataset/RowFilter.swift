// The expressions of `--filter` and `traces:`: conditions on the fields of a row, in the words of MLflow's search.

public import EvalJSON

/// A condition on an object's fields.
///
///     inputs.lang = 'en' AND expectations.expected_response IS NOT NULL
///     tags.team IN ('a', 'b') OR inputs.question ILIKE '%refund%'
///
/// A field is a path; texts are in single quotes. `=` and `==`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `ILIKE` (`%` and
/// `_`), `IN`, `IS NULL`, `AND`, `OR`, `NOT` and parentheses are understood; words in any case. A field alone holds unless
/// it is missing, null or false. What is missing or null satisfies only `IS NULL` and `!=`. A text that is a number
/// compares with numbers as one, since cells of a CSV file are texts.
public struct RowFilter: Sendable, CustomStringConvertible {
    indirect enum Node: Sendable {
        case and(Node, Node)
        case or(Node, Node)
        case not(Node)
        case field(JSONPath)
        case isNull(JSONPath)
        case compare(JSONPath, Bound.Comparison, JSON)
        case like(JSONPath, LikePattern)
        case among(JSONPath, [JSON])
    }

    /// The condition as it was written.
    public let description: String
    private let root: Node

    /// Reads a condition.
    ///
    /// - Throws: What was expected, and at which character.
    public init(_ source: String) throws(Diagnostic) {
        var parser = try FilterParser(source)
        root = try parser.whole()
        description = source
    }

    /// Whether an object satisfies the condition.
    public func holds(for json: JSON) -> Bool { Self.holds(root, json) }

    /// The first steps of the fields that the condition names.
    public var roots: Set<String> { Self.roots(root) }

    private static func roots(_ node: Node) -> Set<String> {
        switch node {
        case .and(let left, let right), .or(let left, let right): roots(left).union(roots(right))
        case .not(let inner): roots(inner)
        case .field(let path), .isNull(let path), .compare(let path, _, _), .like(let path, _), .among(let path, _):
            if case .key(let first)? = path.steps.first { [String(first)] } else { [] }
        }
    }

    private static func holds(_ node: Node, _ json: JSON) -> Bool {
        switch node {
        case .and(let left, let right): holds(left, json) && holds(right, json)
        case .or(let left, let right): holds(left, json) || holds(right, json)
        case .not(let inner): !holds(inner, json)
        case .field(let path): value(path, json).map { $0.boolean ?? true } ?? false
        case .isNull(let path): value(path, json) == nil
        case .compare(let path, let comparison, let wanted): compare(value(path, json), comparison, wanted)
        case .like(let path, let pattern):
            value(path, json).map { pattern.matches(String($0.textOfValue)) } ?? false
        case .among(let path, let list): list.contains { compare(value(path, json), .equal, $0) }
        }
    }

    private static func value(_ path: JSONPath, _ json: JSON) -> JSON? {
        guard let value = path.value(in: json), !value.isNull else { return nil }
        return value
    }

    private static func compare(_ value: JSON?, _ comparison: Bound.Comparison, _ wanted: JSON) -> Bool {
        guard let value else { return comparison == .unequal }
        if let number = wanted.number, let own = value.number ?? value.string.flatMap({ Double($0) }) {
            return Bound(comparison, number).holds(for: own)
        }
        if let text = wanted.string, value.kind == .string || value.kind == .boolean || value.number != nil {
            let own = value.string ?? value.serialized
            return switch comparison {
            case .equal: own == text
            case .unequal: own != text
            case .below: own < text
            case .atMost: own <= text
            case .above: own > text
            case .atLeast: own >= text
            }
        }
        return switch comparison {
        case .equal: value == wanted
        case .unequal: value != wanted
        default: false
        }
    }
}
