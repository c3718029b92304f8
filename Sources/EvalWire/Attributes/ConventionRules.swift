// What single conventions have beyond their keys.

internal import EvalCore
internal import EvalJSON

// Gemini's command line uses OpenTelemetry's keys with operations of its own, and messages in its SDK's form.
extension SpanTranslator {
    mutating func isGemini(_ known: KnownAttributes) -> Bool {
        guard let name = known[.agentName] else { return false }
        return unwrapped(name).text?.equals("gemini-cli") == true
    }

    static func geminiInput(_ value: JSON) -> JSON {
        value.kind == .array || value.kind == .string ? ["contents": value] : value
    }

    /// The parts of all contents as one candidate: a stream gives a content for each piece.
    static func geminiOutput(_ value: JSON) -> JSON {
        guard value.kind == .array else { return value }
        let parts = value.elements.flatMap { $0[key: "parts"]?.elements.map { $0 } ?? [] }
        if parts.isEmpty { return value }
        return ["candidates": [["content": ["role": "model", "parts": .array(parts)]]]]
    }
}

// Claude Code names a span's kind with or without its prefix, leaves tokens of caches out of the input, and writes
// <REDACTED> where content isn't logged.
extension SpanTranslator {
    /// `interaction`, `llm_request` or `tool`.
    mutating func claudeCodeKind(_ known: KnownAttributes) -> String? {
        guard let value = known[.kind], let kind = unwrapped(value).string else { return nil }
        let bare = kind.hasPrefix("claude_code.") ? String(kind.dropFirst(12)) : kind
        return ["interaction", "llm_request", "tool"].contains(bare) ? bare : nil
    }

    mutating func claudeCodeTokens(_ known: KnownAttributes) -> TokenCounts {
        guard claudeCodeKind(known) == "llm_request" else { return TokenCounts() }
        func count(_ term: Term) -> Int64? {
            guard let value = known[term] else { return nil }
            return Self.count(value) ?? value.number.flatMap { Int64(exactly: $0.rounded(.towardZero)) }
        }
        var counts = TokenCounts(
            output: count(.outputTokens),
            cacheRead: count(.cacheReadTokens),
            cacheCreation: count(.cacheCreationTokens)
        )
        counts.input = count(.inputTokens).map { $0 &+ (counts.cacheRead ?? 0) &+ (counts.cacheCreation ?? 0) }
        return counts
    }

    mutating func claudeCodeInput(_ known: KnownAttributes) -> JSON? {
        switch claudeCodeKind(known) {
        case "interaction": return content(known, .userPrompt) ?? content(known, .newContext)
        case "llm_request": return content(known, .newContext)
        case "tool":
            if let input = content(known, .toolInput) { return input }
            var details: [(String, JSON)] = []
            for term in [Term.fullCommand, .filePath, .skillName, .subagentType] {
                if let detail = content(known, term) { details.append((term.key, detail)) }
            }
            return JSON.object(details).unlessEmpty
        default: return nil
        }
    }

    mutating func claudeCodeOutput(_ known: KnownAttributes) -> JSON? {
        switch claudeCodeKind(known) {
        case "llm_request": content(known, .modelOutput)
        case "tool": content(known, .newContext)
        default: nil
        }
    }

    private mutating func content(_ known: KnownAttributes, _ term: Term) -> JSON? {
        guard let value = telling(known, [term]), value.text?.equals("<REDACTED>") != true else { return nil }
        return value
    }
}

// Vercel's SDK spreads the call of a model over attributes with one prefix; their values are texts of JSON.
extension SpanTranslator {
    mutating func isVercelChat(_ known: KnownAttributes) -> Bool {
        guard let operation = known[.vercelOperation], let name = unwrapped(operation).text else { return false }
        return name.equals("ai.generateText.doGenerate") || name.equals("ai.streamText.doStream")
    }

    mutating func vercelInput(_ known: KnownAttributes) -> JSON? {
        var members: [(String, JSON)] = []
        for (name, value) in spread(known, "ai.prompt.") {
            if name == "tools", value.kind == .array {
                var tools: [JSON] = []
                for tool in value.elements { tools.append(parsed(tool)) }
                members.append((name, .array(tools)))
            } else {
                members.append((name, value))
            }
        }
        return JSON.object(members).unlessEmpty
    }

    mutating func vercelOutput(_ known: KnownAttributes) -> JSON? {
        JSON.object(spread(known, "ai.response.")).unlessEmpty
    }

    private mutating func spread(_ known: KnownAttributes, _ prefix: String) -> [(String, JSON)] {
        var members: [(String, JSON)] = []
        for (key, value) in known.attributes.members {
            let key = String(key)
            if key.hasPrefix(prefix) { members.append((String(key.dropFirst(prefix.count)), parsed(value))) }
        }
        return members
    }
}

// VoltAgent: a span inherits its agent's `entity.type`, so that its own `span.type` goes first.
extension SpanTranslator {
    mutating func voltAgentType(_ known: KnownAttributes) -> SpanType? {
        for term in [Term.kind, .entityType] {
            guard let value = known[term], let kind = unwrapped(value).string else { continue }
            if let type = Convention.voltAgentKinds[kind] { return type }
        }
        return nil
    }
}

// LiveKit's agents name no kind where they call no model; other keys give it away.
extension SpanTranslator {
    mutating func liveKitType(_ known: KnownAttributes) -> SpanType? {
        if known.present & Term.requestModel.bit != 0 { return .llm }
        if let value = known[.operation], let name = unwrapped(value).string,
            let type = Convention.genAIKinds[name.lowercased()]
        {
            return type
        }
        guard known.hasLiveKit else { return nil }
        for (key, _) in known.attributes.members {
            let key = String(key)
            if key == "lk.retry_count" { return .llm }
            if key.hasPrefix("lk.function_tool") { return .tool }
            if ["lk.agent_name", "lk.instructions", "lk.generation_id"].contains(key) { return .agent }
            let isVoice = ["lk.input_text", "lk.user_transcript", "lk.transcript_confidence", "lk.transcription_delay"]
                .contains(key)
            if isVoice || key.hasPrefix("lk.tts") { return .unknown }
        }
        return nil
    }
}
