// What decides an answer, as one digest: two questions with the same key are the same question.
// No header and no key is in it, and nothing of how the question is put: fences, levels and repairs differ freely.

internal import EvalCore
internal import EvalJSON

/// Makes the digests of questions to one model.
///
/// The text that is digested is canonical JSON: keys in the order of code points.
struct CacheKey: Sendable {
    private let tail: [UInt8]

    /// - Parameters:
    ///   - model: The model as people name it.
    ///   - base: Where it is asked.
    init(model: ModelName, base: String) {
        var writer = JSONWriter()
        writer.raw(",\"model\":")
        writer.write(model.model)
        tail = writer.bytes
        var head = JSONWriter()
        head.raw("{\"base_url\":")
        head.write(base)
        self.head = head.bytes
        var provider = JSONWriter()
        provider.raw(",\"provider\":")
        provider.write(model.provider.rawValue)
        self.provider = provider.bytes
    }

    private let head: [UInt8]
    private let provider: [UInt8]

    /// The digest of a question.
    ///
    /// - Parameters:
    ///   - request: The question, with the parameters that are asked for.
    ///   - schema: Its schema ready for use.
    /// - Returns: What equal questions share.
    func digest(of request: ModelRequest, _ schema: CompiledSchema?) -> Digest {
        var writer = JSONWriter()
        writer.raw(head)
        writer.raw(",\"kind\":\"chat\",\"member\":")
        writer.write(Int64(request.member))
        writer.raw(",\"messages\":[")
        for (index, message) in request.messages.enumerated() {
            if index > 0 { writer.raw(",") }
            write(message, &writer)
        }
        writer.raw("]")
        writer.raw(tail)
        writer.raw(",\"parameters\":")
        writer.writeCanonical(request.parameters.json)
        writer.raw(provider)
        writer.raw(",\"repetition\":")
        writer.write(Int64(request.repetition))
        writer.raw(",\"sample\":")
        writer.write(Int64(request.sample))
        writer.raw(",\"schema\":")
        if let schema { writer.raw(schema.canonical) } else { writer.raw("null") }
        writer.raw(",\"tools\":[")
        for (index, tool) in request.tools.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{\"help\":")
            writer.write(tool.help)
            writer.key("name")
            writer.write(tool.name)
            writer.key("parameters")
            writer.writeCanonical(tool.parameters)
            writer.raw("}")
        }
        writer.raw("]}")
        return Digest(of: writer.bytes)
    }

    /// The digest of a request for vectors.
    func digest(of texts: [String], _ parameters: ModelParameters) -> Digest {
        var writer = JSONWriter()
        writer.raw(head)
        writer.raw(",\"kind\":\"embeddings\"")
        writer.raw(tail)
        writer.raw(",\"parameters\":")
        writer.writeCanonical(parameters.extra ?? [:])
        writer.raw(provider)
        writer.raw(",\"texts\":[")
        for (index, text) in texts.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.write(text)
        }
        writer.raw("]}")
        return Digest(of: writer.bytes)
    }

    private func write(_ message: ModelMessage, _ writer: inout JSONWriter) {
        writer.raw("{\"content\":[")
        for (index, part) in message.content.enumerated() {
            if index > 0 { writer.raw(",") }
            switch part {
            case .text(let text):
                writer.raw("{\"text\":")
                writer.write(text)
            case .data(let label, let text):
                writer.raw("{\"data\":")
                writer.write(text)
                writer.key("label")
                writer.write(label)
            case .image(let url):
                writer.raw("{\"image\":")
                writer.write(url)
            }
            writer.raw("}")
        }
        writer.raw("],\"role\":")
        writer.write(message.role.rawValue)
        if let id = message.toolCallID {
            writer.key("tool_call_id")
            writer.write(id)
        }
        if !message.toolCalls.isEmpty {
            writer.key("tool_calls")
            writer.raw("[")
            for (index, call) in message.toolCalls.enumerated() {
                if index > 0 { writer.raw(",") }
                writer.raw("{\"arguments\":")
                writer.writeCanonical(call.arguments)
                writer.key("id")
                writer.write(call.id)
                writer.key("name")
                writer.write(call.name)
                writer.raw("}")
            }
            writer.raw("]")
        }
        writer.raw("}")
    }
}
