// The body of OpenAI's chat completions, as OpenAI, vLLM, Ollama, llama.cpp and gateways read it.

internal import EvalCore
internal import EvalJSON

/// Writes requests of chat completions.
struct OpenAIRequest {
    let question: Question
    let manner: Manner
    let fence: Fence

    /// The body.
    func body() -> [UInt8] {
        var writer = JSONWriter()
        writer.bytes.reserveCapacity(question.textBytes + 1024)
        writer.raw("{\"model\":")
        writer.write(question.model)
        writer.raw(",\"messages\":[")
        writeMessages(&writer)
        writer.raw("]")
        writeParameters(&writer)
        writeTools(&writer)
        writeFormat(&writer)
        writer.writeExtra(question.parameters.extra)
        writer.raw("}")
        return writer.bytes
    }

    private func writeMessages(_ writer: inout JSONWriter) {
        var instructions = question.instructions(at: manner.level)
        var isFirst = true
        if let words = instructions, question.messages.first?.role != .system {
            writer.raw("{\"role\":\"system\",\"content\":")
            writer.write(words)
            writer.raw("}")
            (instructions, isFirst) = (nil, false)
        }
        for message in question.messages {
            if isFirst { isFirst = false } else { writer.raw(",") }
            write(message, adding: instructions, &writer)
            instructions = nil
        }
    }

    private func write(_ message: ModelMessage, adding words: String?, _ writer: inout JSONWriter) {
        writer.raw("{\"role\":")
        writer.write(message.role.rawValue)
        writer.key("content")
        if Question.hasImage(message.content) {
            writeParts(message.content, &writer)
        } else if message.content.isEmpty, !message.toolCalls.isEmpty {
            writer.raw("null")
        } else {
            let text = Question.text(message.content, fence)
            writer.write(words.map { "\(text)\n\n\($0)" } ?? text)
        }
        if let id = message.toolCallID {
            writer.key("tool_call_id")
            writer.write(id)
        }
        if !message.toolCalls.isEmpty { writeCalls(message.toolCalls, &writer) }
        writer.raw("}")
    }

    private func writeParts(_ content: [ModelContent], _ writer: inout JSONWriter) {
        writer.raw("[")
        for (index, part) in content.enumerated() {
            if index > 0 { writer.raw(",") }
            if case .image(let url) = part {
                writer.raw("{\"type\":\"image_url\",\"image_url\":{\"url\":")
                writer.write(url)
                writer.raw("}}")
            } else {
                writer.raw("{\"type\":\"text\",\"text\":")
                writer.write(Question.text(part, fence) ?? "")
                writer.raw("}")
            }
        }
        writer.raw("]")
    }

    private func writeCalls(_ calls: [ModelToolCall], _ writer: inout JSONWriter) {
        writer.key("tool_calls")
        writer.raw("[")
        for (index, call) in calls.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{\"id\":")
            writer.write(call.id)
            writer.raw(",\"type\":\"function\",\"function\":{\"name\":")
            writer.write(call.name)
            writer.key("arguments")
            // The protocol has arguments as text: an object's, or whatever the model said.
            writer.write(call.arguments.string ?? call.arguments.serialized)
            writer.raw("}}")
        }
        writer.raw("]")
    }

    private func writeParameters(_ writer: inout JSONWriter) {
        let parameters = question.parameters
        func wants(_ name: String) -> Bool {
            !manner.dropped.contains(name) && parameters.extra?[name] == nil
        }
        if let temperature = parameters.temperature, wants("temperature") {
            writer.key("temperature")
            writer.write(temperature)
        }
        if let topP = parameters.topP, wants("top_p") {
            writer.key("top_p")
            writer.write(topP)
        }
        if let most = parameters.maxTokens, wants(manner.tokensParameter) {
            writer.raw(",")
            writer.write(manner.tokensParameter)
            writer.raw(":")
            writer.write(Int64(most))
        }
        if let seed = parameters.seed, wants("seed") {
            writer.key("seed")
            writer.write(seed)
        }
        if let effort = parameters.reasoningEffort, wants("reasoning_effort") {
            writer.key("reasoning_effort")
            writer.write(effort)
        }
    }

    private func writeTools(_ writer: inout JSONWriter) {
        let asksByTool = question.schema != nil && manner.level == .tool
        question.writeTools(withReply: asksByTool, &writer) { name, help, parameters, writer in
            write(tool: name, help, parameters, &writer)
        }
        guard asksByTool else { return }
        writer.key("tool_choice")
        if question.tools.isEmpty {
            writer.raw("{\"type\":\"function\",\"function\":{\"name\":")
            writer.write(Question.replyTool)
            writer.raw("}}")
        } else {
            writer.raw("\"required\"")
        }
    }

    private func write(tool name: String, _ help: String, _ parameters: [UInt8], _ writer: inout JSONWriter) {
        writer.raw("{\"type\":\"function\",\"function\":{\"name\":")
        writer.write(name)
        writer.key("description")
        writer.write(help)
        writer.key("parameters")
        writer.raw(parameters)
        writer.raw("}}")
    }

    private func writeFormat(_ writer: inout JSONWriter) {
        guard let schema = question.schema, question.parameters.extra?["response_format"] == nil else { return }
        switch manner.level {
        case .jsonSchema:
            writer.raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"reply\",\"schema\":")
            writer.raw(schema.bytes)
            if schema.isStrict, manner.allowsStrict { writer.raw(",\"strict\":true") }
            writer.raw("}}")
        case .jsonObject: writer.raw(",\"response_format\":{\"type\":\"json_object\"}")
        case .tool, .text: break
        }
    }
}
