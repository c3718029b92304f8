// What an endpoint says went wrong, in any of the forms that are about.

internal import EvalCore
internal import EvalJSON
internal import NIOCore

/// The words of an error.
struct ErrorBody: Sendable, Equatable {
    var message: String
    var code: String
    /// The parameter at fault, where it is named.
    var parameter: String
    /// Whether it is a web page.
    var isPage: Bool

    /// Reads a body: `{"error": {"message", "type", "code", "param"}}`, `{"error": "…"}`, `{"message": "…"}`,
    /// `{"detail": …}`, or plain text.
    init(_ body: ByteBuffer) {
        let bytes = Array(body.readableBytesView.prefix(64 << 10))
        isPage = Self.isPage(bytes)
        (code, parameter) = ("", "")
        message = ""
        guard !isPage else { return }
        guard let json = try? JSON(parsing: bytes), json.kind == .object else {
            message = String(decoding: bytes.prefix(2000), as: UTF8.self)
            return
        }
        self = ErrorBody(json)
    }

    /// Reads the object of an error.
    init(_ json: JSON) {
        isPage = false
        let inner = json[key: "error"] ?? json
        code = inner[key: "code"]?.string ?? inner[key: "type"]?.string ?? ""
        parameter = inner[key: "param"]?.string ?? ""
        if let text = inner.string ?? inner[key: "message"]?.string ?? inner[key: "detail"]?.string {
            message = text
        } else if let detail = inner[key: "detail"] {
            message = detail.serialized
        } else {
            message = ""
        }
    }

    /// Whether a body is a web page.
    static func isPage(_ bytes: some Collection<UInt8>) -> Bool {
        let start = String(decoding: bytes.prefix(200), as: UTF8.self).lowercased().drop(while: \.isWhitespace)
        return start.hasPrefix("<!doctype") || start.hasPrefix("<html") || start.hasPrefix("<?xml")
    }

    /// All its words in lower case, for looking things up in them.
    var lowercased: String { "\(message) \(code) \(parameter)".lowercased() }
}

extension ErrorBody {
    /// Whether the question is longer than the model takes.
    var isContextTooLong: Bool {
        let text = lowercased
        return [
            "context_length_exceeded", "maximum context length", "prompt is too long", "context window",
            "context length",
            "available context size", "input is too long", "exceeds the context", "too many input tokens",
        ]
        .contains { text.contains($0) }
    }

    /// Whether a filter of the endpoint stopped the question.
    var isFiltered: Bool {
        let text = lowercased
        return ["content_filter", "content_policy", "content management policy"].contains { text.contains($0) }
    }

    /// Whether the account has nothing left, so that waiting doesn't help.
    var isAccountEmpty: Bool {
        let text = lowercased
        return ["insufficient_quota", "credit balance is too low", "billing_hard_limit"].contains { text.contains($0) }
    }

    /// Whether the model isn't there.
    var isModelUnknown: Bool {
        let text = lowercased
        return text.contains("model_not_found") || text.contains("invalid model name")
            || (text.contains("model") && text.contains("does not exist"))
    }

    /// What to do without, where the endpoint doesn't know a part of the request.
    ///
    /// - Parameters:
    ///   - question: What was asked.
    ///   - manner: How.
    /// - Returns: The step down; nil where it is about something else.
    func step(_ question: Question, _ manner: Manner) -> Manner.Step? {
        let text = lowercased
        return parameterStep(question, manner, text) ?? levelStep(question, manner, text)
    }

    private func parameterStep(_ question: Question, _ manner: Manner, _ text: String) -> Manner.Step? {
        let refusals = [
            "unsupported", "not support", "unknown", "unrecognized", "not permitted", "not allowed", "extra inputs",
            "extra_forbidden", "deprecated", "cannot both", "only the default", "not available", "unexpected",
        ]
        guard refusals.contains(where: { text.contains($0) }) else { return nil }
        let parameters = question.parameters
        if parameters.maxTokens != nil, parameter == manner.tokensParameter || text.contains(manner.tokensParameter) {
            let other = manner.tokensParameter == "max_tokens" ? "max_completion_tokens" : "max_tokens"
            return .tokensParameter(other)
        }
        let sent = [
            ("temperature", parameters.temperature != nil), ("top_p", parameters.topP != nil),
            ("seed", parameters.seed != nil), ("reasoning_effort", parameters.reasoningEffort != nil),
        ]
        .filter { $0.1 && !manner.dropped.contains($0.0) }.map(\.0)
        let named = sent.first { $0 == parameter } ?? sent.first { text.contains($0) }
        return named.map { .parameter($0) }
    }

    private func levelStep(_ question: Question, _ manner: Manner, _ text: String) -> Manner.Step? {
        guard let schema = question.schema else { return nil }
        func mentions(_ words: [String]) -> Bool { words.contains { text.contains($0) } }
        switch manner.level {
        case .jsonSchema:
            guard mentions(["response_format", "schema", "structured", "guided", "grammar", "json mode"]) else {
                return nil
            }
            // An endpoint that knows the format may still not hold to every schema.
            let isStrict = schema.isStrict && manner.allowsStrict
            if isStrict, mentions(["strict", "invalid schema"]) { return .strict }
            return manner.isLevelFixed ? nil : .level(.jsonSchema)
        case .jsonObject:
            guard !manner.isLevelFixed, mentions(["response_format", "json_object", "json mode"]) else { return nil }
            return .level(.jsonObject)
        case .tool:
            guard !manner.isLevelFixed, mentions(["tool", "function", "thinking"]) else { return nil }
            return .level(.tool)
        case .text: return nil
        }
    }
}
