// A reply as both protocols have it, before anybody decided whether it is an answer.

internal import EvalCore
internal import EvalJSON

/// What a model said.
struct Answer: Sendable {
    /// Why it ended.
    enum Finish: Sendable, Equatable {
        case done
        /// It was as long as it might be.
        case length
        /// The endpoint or the model refused, and in which words.
        case refused(code: String, words: String)
    }

    var text = ""
    var toolCalls: [ModelToolCall] = []
    /// The arguments of the tool that takes the reply; nil where it wasn't called.
    var object: JSON?
    var model: String
    var finish = Finish.done
    var tokens: CountedTokens?

    var usage: TokenUsage? {
        tokens.map { TokenUsage(inputTokens: $0.input, outputTokens: $0.output, totalTokens: $0.total) }
    }
}

/// Reads replies of chat completions.
enum OpenAIReply {
    /// The answer in a reply's body; nil where it has no choice.
    static func answer(_ json: JSON, asked: String) -> Answer? {
        guard let choice = json[key: "choices"]?[0], let message = choice[key: "message"] else { return nil }
        var answer = Answer(model: json[key: "model"]?.string ?? asked)
        answer.text = text(message[key: "content"])
        answer.tokens = tokens(json[key: "usage"])
        for call in message[key: "tool_calls"]?.elements ?? JSON.null.elements {
            read(call, into: &answer)
        }
        switch choice[key: "finish_reason"]?.string {
        case "length", "max_tokens": answer.finish = .length
        case "content_filter":
            answer.finish = .refused(code: "content_filter", words: "the endpoint's content filter stopped the answer")
        default: break
        }
        if let refusal = message[key: "refusal"]?.string, !refusal.isEmpty {
            answer.finish = .refused(code: "refused", words: "the model refused: \(refusal)")
        }
        return answer
    }

    /// The tokens of a reply; nil where it doesn't tell.
    static func tokens(_ usage: JSON?) -> CountedTokens? {
        guard let usage, let input = usage[key: "prompt_tokens"]?.integer else { return nil }
        var tokens = CountedTokens(input: input, output: usage[key: "completion_tokens"]?.integer ?? 0)
        tokens.cachedInput = usage[key: "prompt_tokens_details"]?[key: "cached_tokens"]?.integer ?? 0
        tokens.total = usage[key: "total_tokens"]?.integer
        return tokens
    }

    private static func read(_ call: JSON, into answer: inout Answer) {
        guard let function = call[key: "function"], let name = function[key: "name"]?.string else { return }
        let arguments = arguments(function[key: "arguments"])
        if name == Question.replyTool {
            answer.object = arguments
        } else {
            let id = call[key: "id"]?.string ?? "call_\(answer.toolCalls.count)"
            answer.toolCalls.append(ModelToolCall(id: id, name: name, arguments: arguments))
        }
    }

    /// Arguments are JSON in a text; some servers have the object itself.
    private static func arguments(_ json: JSON?) -> JSON {
        guard let json else { return [:] }
        guard let text = json.text else { return json }
        if text.isEmpty { return [:] }
        return (try? JSON(parsing: text)) ?? json
    }

    /// A text, or the texts of a list of parts.
    private static func text(_ content: JSON?) -> String {
        guard let content else { return "" }
        if let text = content.string { return text }
        return content.elements.compactMap { $0[key: "text"]?.string }.joined()
    }
}

/// Reads replies of Messages.
enum AnthropicReply {
    /// The answer in a reply's body; nil where it has no content.
    static func answer(_ json: JSON, asked: String) -> Answer? {
        guard let content = json[key: "content"], content.kind == .array else { return nil }
        var answer = Answer(model: json[key: "model"]?.string ?? asked)
        answer.tokens = tokens(json[key: "usage"])
        for block in content.elements {
            switch block[key: "type"]?.string {
            case "text": answer.text += block[key: "text"]?.string ?? ""
            case "tool_use": read(block, into: &answer)
            default: break
            }
        }
        switch json[key: "stop_reason"]?.string {
        case "max_tokens", "model_context_window_exceeded": answer.finish = .length
        case "refusal": answer.finish = .refused(code: "refused", words: "the model refused to answer")
        default: break
        }
        return answer
    }

    /// The tokens of a reply; nil where it doesn't tell.
    ///
    /// Those of the cache aren't in `input_tokens`.
    static func tokens(_ usage: JSON?) -> CountedTokens? {
        guard let usage, let fresh = usage[key: "input_tokens"]?.integer else { return nil }
        let cached = usage[key: "cache_read_input_tokens"]?.integer ?? 0
        let written = usage[key: "cache_creation_input_tokens"]?.integer ?? 0
        let output = usage[key: "output_tokens"]?.integer ?? 0
        return CountedTokens(
            input: fresh &+ cached &+ written,
            cachedInput: cached,
            cacheWrites: written,
            output: output
        )
    }

    private static func read(_ block: JSON, into answer: inout Answer) {
        guard let name = block[key: "name"]?.string else { return }
        let arguments = block[key: "input"] ?? [:]
        if name == Question.replyTool {
            answer.object = arguments
        } else {
            let id = block[key: "id"]?.string ?? ""
            answer.toolCalls.append(ModelToolCall(id: id, name: name, arguments: arguments))
        }
    }
}

extension Dialect {
    /// The answer in a reply's body; nil where there is none.
    func answer(_ json: JSON, asked: String) -> Answer? {
        switch self {
        case .openai: OpenAIReply.answer(json, asked: asked)
        case .anthropic: AnthropicReply.answer(json, asked: asked)
        }
    }

    /// The tokens that a reply tells of.
    func tokens(_ json: JSON) -> CountedTokens? {
        switch self {
        case .openai: OpenAIReply.tokens(json[key: "usage"])
        case .anthropic: AnthropicReply.tokens(json[key: "usage"])
        }
    }

    /// The body of a question.
    func body(of question: Question, _ manner: Manner, _ fence: Fence) -> [UInt8] {
        switch self {
        case .openai: OpenAIRequest(question: question, manner: manner, fence: fence).body()
        case .anthropic: AnthropicRequest(question: question, manner: manner, fence: fence).body()
        }
    }

    /// Where questions go, below the base address.
    var path: String {
        switch self {
        case .openai: "/chat/completions"
        case .anthropic: "/v1/messages"
        }
    }
}
