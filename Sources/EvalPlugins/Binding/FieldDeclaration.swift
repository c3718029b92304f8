// The grammar of `reads`: which parts of a row a scorer gets, and in which form.

internal import EvalCore
internal import EvalJSON

/// One field that a scorer reads.
///
/// A class, since it is looked at for each row, and copying it would copy paths.
final class FieldDeclaration: Sendable {
    enum Form: String {
        case text, integer, number, boolean, json
    }

    enum Payload: String, CaseIterable {
        case name, inputs, outputs, attributes, events
    }

    enum Source: Sendable {
        /// The whole answer.
        case outputs
        /// A part of the answer.
        case withinOutputs(JSONPath)
        /// A part of the row.
        case row(JSONPath)
        /// Spans of these types (all if nil) with these payloads.
        case spans(types: Set<String>?, payloads: Set<Payload>)
    }

    let source: Source
    let form: Form
    let isOptional: Bool
    /// The path as people know it, for errors.
    let path: String

    /// Reads a list of declarations.
    static func list(_ reads: String) throws(DescriptionError) -> [FieldDeclaration] {
        var fields: [FieldDeclaration] = []
        for part in try split(reads) { fields.append(try FieldDeclaration(part)) }
        guard fields.count <= 64 else { throw DescriptionError("a scorer reads at most 64 fields") }
        return fields
    }

    /// Cuts at commas outside of quotes and parentheses; of spans, only at commas that white space follows.
    private static func split(_ reads: String) throws(DescriptionError) -> [String] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        var depth = 0
        let characters = Array(reads)
        for (index, character) in characters.enumerated() {
            if character == "\"" && (index == 0 || characters[index - 1] != "\\") { isQuoted.toggle() }
            if !isQuoted && character == "(" { depth += 1 }
            if !isQuoted && character == ")" { depth -= 1 }
            let belongsToSpans =
                part.trimmingPrefix(" ").hasPrefix("spans(") && index + 1 < characters.count
                && characters[index + 1] != " "
            if character == ",", !isQuoted, depth == 0, !belongsToSpans {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        guard !isQuoted, depth == 0 else {
            throw DescriptionError("`reads` has an open quote or parenthesis: \(reads)")
        }
        parts.append(part)
        let trimmed = parts.map { part in
            String(part.trimmingPrefix { $0 == " " }.reversed().trimmingPrefix { $0 == " " }.reversed())
        }
        if trimmed == [""] { return [] }
        guard !trimmed.contains("") else { throw DescriptionError("`reads` has an empty field: \(reads)") }
        return trimmed
    }

    init(_ declaration: String) throws(DescriptionError) {
        var rest = declaration
        isOptional = rest.hasSuffix("?")
        if isOptional { rest.removeLast() }
        if rest.hasPrefix("spans(") {
            path = String(rest.prefix { $0 != ":" })
            source = try Self.spans(rest)
            form = .json
            return
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("\""), !rest[colon...].contains("]") {
            guard let form = Form(rawValue: String(rest[rest.index(after: colon)...])) else {
                throw DescriptionError("\(declaration) isn't followed by text, integer, number, boolean or json")
            }
            self.form = form
            rest = String(rest[..<colon])
        } else {
            form = .text
        }
        path = rest
        source = try Self.source(rest)
    }

    private static func source(_ path: String) throws(DescriptionError) -> Source {
        let parsed: JSONPath
        do throws(JSONError) {
            parsed = try JSONPath(path)
        } catch {
            throw DescriptionError("the field \(path) is no path: \(error)")
        }
        let roots = ["inputs", "outputs", "expectations", "tags"]
        guard case .key(let root)? = parsed.steps.first, roots.contains(String(root)) else {
            throw DescriptionError("the field \(path) doesn't begin with one of \(roots.joined(separator: ", "))")
        }
        guard root.equals("outputs") else { return .row(parsed) }
        return parsed.steps.count == 1 ? .outputs : .withinOutputs(JSONPath(steps: Array(parsed.steps.dropFirst())))
    }

    private static func spans(_ declaration: String) throws(DescriptionError) -> Source {
        let body = declaration.dropFirst("spans(".count)
        guard let close = body.firstIndex(of: ")") else { throw DescriptionError("\(declaration) has no `)`") }
        let types = body[..<close].split(separator: ",").map(String.init)
        var payloads: Set<Payload> = []
        let tail = body[body.index(after: close)...]
        guard tail.isEmpty || tail.hasPrefix(":"), !types.isEmpty else {
            throw DescriptionError("\(declaration) isn't of the form spans(TYPE):name,outputs")
        }
        for word in tail.dropFirst().split(separator: ",") {
            guard let payload = Payload(rawValue: String(word)) else {
                throw DescriptionError("spans have no payload \(word), they have \(Payload.allCases.map(\.rawValue))")
            }
            payloads.insert(payload)
        }
        return .spans(types: types == ["*"] ? nil : Set(types), payloads: payloads)
    }
}
