// The prompt of a model that is the application: messages with variables, which a row's inputs fill in.

public import EvalCore
public import EvalJSON
internal import Foundation

/// Messages with `{{ variables }}`.
///
///     let prompt = try ModelPrompt([(role: "user", text: "Answer in one sentence: {{ question }}")])
///
/// `{{ question }}` and `{{ inputs.question }}` are the same; `{{ inputs.user.name }}` and `{{ items[0] }}` reach into what
/// is nested. A value that is no text is written as compact JSON.
public struct ModelPrompt: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case variable(name: String, path: JSONPath)
    }
    private struct Template: Sendable {
        let role: ModelMessage.Role
        let pieces: [Piece]
    }
    private let templates: [Template]

    /// Reads messages.
    ///
    /// - Parameter messages: Each with `system`, `user` or `assistant` as its role.
    /// - Throws: Which role is unknown, or which variable can't be read.
    public init(_ messages: [(role: String, text: String)]) throws(Diagnostic) {
        guard !messages.isEmpty else { throw Diagnostic("the prompt has no message") }
        var templates: [Template] = []
        for (role, text) in messages {
            guard let known = ModelMessage.Role(rawValue: role), known != .tool else {
                throw Diagnostic("'\(role)' is no role of a prompt", help: "There are: system, user, assistant.")
            }
            templates.append(Template(role: known, pieces: try Self.pieces(of: text)))
        }
        self.templates = templates
    }

    /// The variables as they are written, each once.
    public var variables: [String] {
        var names: [String] = []
        for template in templates {
            for case .variable(let name, _) in template.pieces where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Checks that inputs have every variable.
    ///
    /// - Throws: The first one that they lack.
    public func check(against inputs: JSON) throws(Diagnostic) {
        for template in templates {
            for case .variable(let name, let path) in template.pieces where path.value(in: inputs) == nil {
                let keys = inputs.members.map { String($0.key) }
                throw Diagnostic(
                    "the prompt's variable '{{ \(name) }}' is not among the row's inputs",
                    didYouMean: nearestWord(to: name, among: keys),
                    help: "The inputs have: \(keys.joined(separator: ", "))."
                )
            }
        }
    }

    /// The messages for a row.
    ///
    /// - Parameters:
    ///   - inputs: An object.
    ///   - history: The turns before, which come after the prompt's system messages.
    /// - Returns: The messages.
    /// - Throws: Which variable the inputs lack.
    func messages(for inputs: JSON, after history: [PredictRequest.Turn]) throws(Diagnostic) -> [ModelMessage] {
        var messages: [ModelMessage] = []
        let opening = templates.prefix { $0.role == .system }
        let rest = templates.dropFirst(opening.count)
        for template in opening { messages.append(try filled(template, inputs)) }
        for turn in history {
            for template in rest { messages.append(try filled(template, turn.inputs)) }
            messages.append(ModelMessage(.assistant, String(turn.outputs.textOfValue)))
        }
        for template in rest { messages.append(try filled(template, inputs)) }
        return messages
    }

    private func filled(_ template: Template, _ inputs: JSON) throws(Diagnostic) -> ModelMessage {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let words): text += words
            case .variable(_, let path):
                guard let value = path.value(in: inputs) else {
                    try check(against: inputs)
                    continue
                }
                text += String(value.textOfValue)
            }
        }
        return ModelMessage(template.role, text)
    }

    private static func pieces(of text: String) throws(Diagnostic) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let opening = rest.range(of: "{{") {
            guard let closing = rest[opening.upperBound...].range(of: "}}") else {
                throw Diagnostic("a '{{' in the prompt has no '}}'")
            }
            pieces.append(.text(String(rest[..<opening.lowerBound])))
            let inside = rest[opening.upperBound..<closing.lowerBound]
            let name = String(inside.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            pieces.append(.variable(name: name, path: try path(of: name)))
            rest = rest[closing.upperBound...]
        }
        pieces.append(.text(String(rest)))
        return pieces
    }

    private static func path(of name: String) throws(Diagnostic) -> JSONPath {
        do throws(JSONError) {
            let path = try JSONPath(name)
            // With `inputs.` in front or without.
            if path.steps.count > 1, case .key(let first) = path.steps[0], String(first) == "inputs" {
                return JSONPath(steps: Array(path.steps.dropFirst()))
            }
            return path
        } catch {
            throw Diagnostic(
                "the variable '{{ \(name.prefix(64)) }}' of the prompt can't be read: \(error.description)"
            )
        }
    }
}
