// What a request's body is made of, and the words that ask for an object where the endpoint can't be held to one.

internal import EvalCore
internal import EvalJSON

/// A question ready to be written in a protocol.
struct Question: Sendable {
    var model: String
    var messages: [ModelMessage]
    var schema: CompiledSchema?
    var tools: [ModelTool]
    var parameters: ModelParameters

    /// The name of the tool that takes the reply.
    static let replyTool = "give_reply"
    static let replyToolHelp = "Gives the final reply."

    /// The words that ask for the object at levels that don't show the schema to the model.
    func instructions(at level: StructuredLevel) -> String? {
        guard let schema, level == .jsonObject || level == .text else { return nil }
        return "Reply with one JSON object and nothing else: no words before or after it, no code fence. "
            + "It must fit this JSON Schema:\n" + String(decoding: schema.bytes, as: UTF8.self)
    }

    /// Whether there is a picture in a message.
    static func hasImage(_ content: [ModelContent]) -> Bool {
        content.contains { if case .image = $0 { true } else { false } }
    }

    /// The words of a message, with what others wrote fenced.
    static func text(_ content: [ModelContent], _ fence: Fence) -> String {
        if content.count == 1, case .text(let text) = content[0] { return text }
        return content.compactMap { text($0, fence) }.joined(separator: "\n\n")
    }

    /// The words of a part; nil for a picture.
    static func text(_ part: ModelContent, _ fence: Fence) -> String? {
        switch part {
        case .text(let text): text
        case .data(let label, let text): fence.around(text, label: label)
        case .image: nil
        }
    }

    /// About how many tokens the question has: four bytes of text each.
    var estimatedTokens: Int {
        var bytes = schema?.bytes.count ?? 0
        for message in messages {
            for part in message.content {
                switch part {
                case .text(let text): bytes += text.utf8.count
                case .data(_, let text): bytes += text.utf8.count + 80
                // Vendors count a picture as some hundred tokens, whatever its bytes.
                case .image: bytes += 4000
                }
            }
        }
        return bytes / 4 + 8 * messages.count
    }

    /// How many bytes of text the question has.
    var textBytes: Int {
        messages.reduce(0) { sum, message in
            sum
                + message.content.reduce(0) { sum, part in
                    switch part {
                    case .text(let text), .data(_, let text): sum + text.utf8.count
                    case .image: sum
                    }
                }
        }
    }
}

extension JSONWriter {
    /// Appends a comma, a key and a colon.
    mutating func key(_ name: StaticString) {
        raw(",\"")
        raw(name)
        raw("\":")
    }

    /// Appends the further keys that a person gave.
    mutating func writeExtra(_ extra: JSON?) {
        for (key, value) in extra?.members ?? JSON.null.members {
            raw(",")
            write(key)
            raw(":")
            write(value)
        }
    }
}

extension Question {
    /// Writes the list of tools, where there are any: each in the protocol's own form.
    ///
    /// - Parameters:
    ///   - withReply: Whether the tool is among them by which the reply is asked for.
    ///   - writer: Where they go.
    ///   - write: Writes one tool: its name, what it does, the JSON Schema of its arguments.
    func writeTools(
        withReply: Bool,
        _ writer: inout JSONWriter,
        _ write: (_ name: String, _ help: String, _ parameters: [UInt8], inout JSONWriter) -> Void
    ) {
        guard !tools.isEmpty || withReply else { return }
        writer.key("tools")
        writer.raw("[")
        for (index, tool) in tools.enumerated() {
            if index > 0 { writer.raw(",") }
            var parameters = JSONWriter()
            parameters.write(tool.parameters)
            write(tool.name, tool.help, parameters.bytes, &writer)
        }
        if withReply, let schema {
            if !tools.isEmpty { writer.raw(",") }
            write(Self.replyTool, Self.replyToolHelp, schema.bytes, &writer)
        }
        writer.raw("]")
    }
}
