// The body of Anthropic's Messages. Objects are asked for by a tool that must be called.

internal import EvalCore
internal import EvalJSON

/// Writes requests of Messages.
struct AnthropicRequest {
    let question: Question
    let manner: Manner
    let fence: Fence

    /// The most tokens of an answer where nobody says: the protocol wants a number.
    static let standardTokens = 4096

    /// The body.
    func body() -> [UInt8] {
        var writer = JSONWriter()
        writer.bytes.reserveCapacity(question.textBytes + 1024)
        writer.raw("{\"model\":")
        writer.write(question.model)
        writer.key("max_tokens")
        writer.write(Int64(question.parameters.maxTokens ?? Self.standardTokens))
        writeSystem(&writer)
        writer.key("messages")
        writer.raw("[")
        writeMessages(&writer)
        writer.raw("]")
        writeParameters(&writer)
        writeTools(&writer)
        writer.writeExtra(question.parameters.extra)
        writer.raw("}")
        return writer.bytes
    }

    private func writeSystem(_ writer: inout JSONWriter) {
        var words = question.messages.filter { $0.role == .system }.map { Question.text($0.content, fence) }
        if let instructions = question.instructions(at: manner.level) { words.append(instructions) }
        guard !words.isEmpty else { return }
        writer.key("system")
        writer.write(words.joined(separator: "\n\n"))
    }

    private func writeMessages(_ writer: inout JSONWriter) {
        var isFirst = true
        var isInResults = false
        for message in question.messages where message.role != .system {
            // The results of calls that were made together belong into one message.
            let continues = message.role == .tool && isInResults
            if !continues {
                if isInResults { writer.raw("]}") }
                if isFirst { isFirst = false } else { writer.raw(",") }
            }
            if message.role == .tool {
                writer.raw(continues ? "," : "{\"role\":\"user\",\"content\":[")
                writeResult(message, &writer)
            } else {
                write(message, &writer)
            }
            isInResults = message.role == .tool
        }
        if isInResults { writer.raw("]}") }
    }

    private func writeResult(_ message: ModelMessage, _ writer: inout JSONWriter) {
        writer.raw("{\"type\":\"tool_result\",\"tool_use_id\":")
        writer.write(message.toolCallID ?? "")
        writer.key("content")
        writer.write(Question.text(message.content, fence))
        writer.raw("}")
    }

    private func write(_ message: ModelMessage, _ writer: inout JSONWriter) {
        writer.raw("{\"role\":")
        writer.write(message.role.rawValue)
        writer.key("content")
        if message.toolCalls.isEmpty, !Question.hasImage(message.content) {
            writer.write(Question.text(message.content, fence))
        } else {
            writeParts(message, &writer)
        }
        writer.raw("}")
    }

    private func writeParts(_ message: ModelMessage, _ writer: inout JSONWriter) {
        writer.raw("[")
        var isFirst = true
        func comma(_ writer: inout JSONWriter) { if isFirst { isFirst = false } else { writer.raw(",") } }
        for part in message.content {
            if case .image(let url) = part {
                comma(&writer)
                writeImage(url, &writer)
            } else if let text = Question.text(part, fence), !text.isEmpty {
                comma(&writer)
                writer.raw("{\"type\":\"text\",\"text\":")
                writer.write(text)
                writer.raw("}")
            }
        }
        for call in message.toolCalls {
            comma(&writer)
            writer.raw("{\"type\":\"tool_use\",\"id\":")
            writer.write(call.id)
            writer.key("name")
            writer.write(call.name)
            writer.key("input")
            // The protocol wants an object; what a model said instead goes in as one of its members.
            writer.write(call.arguments.kind == .object ? call.arguments : ["arguments": call.arguments])
            writer.raw("}")
        }
        writer.raw("]")
    }

    /// A picture by its address, or the bytes of a `data:` URL.
    private func writeImage(_ url: String, _ writer: inout JSONWriter) {
        writer.raw("{\"type\":\"image\",\"source\":")
        if let data = DataURL(url) {
            writer.raw("{\"type\":\"base64\",\"media_type\":")
            writer.write(data.mediaType)
            writer.key("data")
            writer.write(data.base64)
        } else {
            writer.raw("{\"type\":\"url\",\"url\":")
            writer.write(url)
        }
        writer.raw("}}")
    }

    private func writeParameters(_ writer: inout JSONWriter) {
        let parameters = question.parameters
        func wants(_ name: String) -> Bool {
            !manner.dropped.contains(name) && parameters.extra?[name] == nil
        }
        // There is no seed in this protocol.
        if let temperature = parameters.temperature, wants("temperature") {
            writer.key("temperature")
            writer.write(temperature)
        }
        if let topP = parameters.topP, wants("top_p") {
            writer.key("top_p")
            writer.write(topP)
        }
    }

    private func writeTools(_ writer: inout JSONWriter) {
        let asksByTool = question.schema != nil && manner.level == .tool
        question.writeTools(withReply: asksByTool, &writer) { name, help, parameters, writer in
            write(tool: name, help, parameters, &writer)
        }
        guard asksByTool else { return }
        if question.tools.isEmpty {
            writer.raw(",\"tool_choice\":{\"type\":\"tool\",\"name\":")
            writer.write(Question.replyTool)
            writer.raw("}")
        } else {
            writer.raw(",\"tool_choice\":{\"type\":\"any\"}")
        }
    }

    private func write(tool name: String, _ help: String, _ parameters: [UInt8], _ writer: inout JSONWriter) {
        writer.raw("{\"name\":")
        writer.write(name)
        writer.key("description")
        writer.write(help)
        writer.key("input_schema")
        writer.raw(parameters)
        writer.raw("}")
    }
}

/// A picture inside of its address: `data:image/png;base64,…` (RFC 2397).
struct DataURL: Equatable {
    var mediaType: String
    var base64: String

    init?(_ url: String) {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let head = url[..<comma].dropFirst(5)
        guard head.hasSuffix(";base64") else { return nil }
        mediaType = head.dropLast(7).split(separator: ";").first.map { String($0) } ?? "image/png"
        base64 = String(url[url.index(after: comma)...])
    }
}
