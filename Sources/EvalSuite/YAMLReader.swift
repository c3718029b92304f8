// YAML as JSON with positions: every mistake in a suite is told with file, line and column.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Yams

/// A YAML value with the place where it stands.
struct YAMLValue {
    let node: Node
    let file: String
    let environment: [String: String]

    /// Parses a document.
    static func parse(_ text: String, file: String, environment: [String: String]) throws(Diagnostic) -> YAMLValue? {
        do {
            guard let node = try Yams.compose(yaml: text) else { return nil }
            return YAMLValue(node: node, file: file, environment: environment)
        } catch let error as YamlError {
            throw diagnostic(error, file: file)
        } catch {
            throw Diagnostic("the YAML can't be read", at: .init(file: file))
        }
    }

    var location: Diagnostic.Location {
        Diagnostic.Location(file: file, line: node.mark?.line, column: node.mark?.column)
    }

    /// An error at this value.
    func error(_ message: String, didYouMean suggestion: String? = nil, help: String? = nil) -> Diagnostic {
        Diagnostic(message, at: location, didYouMean: suggestion, help: help)
    }

    /// The entries of a mapping.
    func entries(of what: String) throws(Diagnostic) -> [(key: String, at: YAMLValue, value: YAMLValue)] {
        guard let mapping = node.mapping else { throw error("\(what) must be a mapping") }
        var result: [(key: String, at: YAMLValue, value: YAMLValue)] = []
        for (key, value) in mapping {
            guard let word = key.scalar?.string else { throw child(key).error("a key must be a word") }
            result.append((word, child(key), child(value)))
        }
        return result
    }

    /// Whether this is a single word or text.
    var isScalar: Bool { node.scalar != nil }

    /// Whether this is a scalar in quotes.
    var isQuoted: Bool {
        guard let style = node.scalar?.style else { return false }
        return style == .singleQuoted || style == .doubleQuoted
    }

    /// Whether this is a list.
    var isSequence: Bool { node.sequence != nil }

    /// The elements of a sequence; a lone value is a list of one.
    var list: [YAMLValue] {
        node.sequence.map { $0.map(child) } ?? [self]
    }

    /// The text of a scalar, its `${VAR}` expanded.
    func text(_ what: String) throws(Diagnostic) -> String {
        guard let scalar = node.scalar else { throw error("\(what) must be a text") }
        return try expand(scalar.string)
    }

    /// The text of a scalar as it is written; `${VAR}` must exist all the same.
    func rawText(_ what: String) throws(Diagnostic) -> String {
        _ = try text(what)
        return node.scalar?.string ?? ""
    }

    /// Keys whose texts stay as they are written: prompts, where `${` means nothing, and what may hold a secret, which
    /// is looked up when it is used and never stored.
    private static let rawKeys: Set = ["instructions", "guidelines", "examples", "endpoint", "headers", "prompt"]

    /// The text of a scalar as it is written, whatever `${` is in it.
    func writtenText(_ what: String) throws(Diagnostic) -> String {
        guard let scalar = node.scalar else { throw error("\(what) must be a text") }
        return scalar.string
    }

    /// The value as JSON: YAML's core schema decides between text, number, truth value and null.
    ///
    /// - Parameter expanding: Whether `${VAR}` is replaced; it never is in prompts and endpoints.
    /// - Returns: The value.
    /// - Throws: What can't be a value, or which variable there is none of.
    func json(expanding: Bool = true) throws(Diagnostic) -> JSON {
        if let mapping = node.mapping {
            var members: [(String, JSON)] = []
            for (key, value) in mapping {
                guard let word = key.scalar?.string else { throw child(key).error("a key must be a word") }
                let expands = expanding && !Self.rawKeys.contains(word)
                members.append((word, try child(value).json(expanding: expands)))
            }
            return .object(members)
        }
        if let sequence = node.sequence {
            var elements: [JSON] = []
            for element in sequence { elements.append(try child(element).json(expanding: expanding)) }
            return .array(elements)
        }
        guard let scalar = node.scalar else { throw error("this can't be used as a value") }
        switch node.tag {
        case Tag(.null): return .null
        case Tag(.bool): return node.bool.map { JSON($0) } ?? JSON(scalar.string)
        case Tag(.int): return node.int.map { JSON($0) } ?? JSON(scalar.string)
        case Tag(.float):
            guard let number = node.float, number.isFinite else { throw error("a number must be finite") }
            return JSON(number)
        default: return JSON(expanding ? try expand(scalar.string) : scalar.string)
        }
    }

    private func child(_ node: Node) -> YAMLValue {
        YAMLValue(node: node, file: file, environment: environment)
    }

    private func expand(_ text: String) throws(Diagnostic) -> String {
        do throws(Diagnostic) {
            return try SuiteVariables.expand(text, environment)
        } catch {
            throw error.located(location)
        }
    }

    private static func diagnostic(_ error: YamlError, file: String) -> Diagnostic {
        var location = Diagnostic.Location(file: file)
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            location.line = mark.line
            location.column = mark.column
            let where_ = context.map { " \($0.text)" } ?? ""
            return Diagnostic("the YAML is malformed: \(problem)\(where_)", at: location)
        case .duplicatedKeysInMapping(let duplicates, let context):
            location.line = context.mark.line
            location.column = context.mark.column
            return Diagnostic("a key stands twice: \(duplicates.sorted().joined(separator: ", "))", at: location)
        default:
            return Diagnostic("the YAML can't be read", at: location)
        }
    }
}

/// `${VAR}` in a suite's texts.
public enum SuiteVariables {
    /// Replaces `${VAR}` and `${VAR:-default}` by the environment's values.
    ///
    /// - Throws: Which variable there is none of.
    public static func expand(_ text: String, _ environment: [String: String]) throws(Diagnostic) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw Diagnostic("'${' without its '}'")
            }
            let inside = rest[start.upperBound..<end]
            let name = inside.prefix { $0 != ":" }
            if let value = environment[String(name)] {
                result += value
            } else if let fallback = inside.range(of: ":-") {
                result += inside[fallback.upperBound...]
            } else {
                throw Diagnostic(
                    "the environment has no variable '\(name)'",
                    didYouMean: nearestWord(to: String(name), among: environment.keys)
                )
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
