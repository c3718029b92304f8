// What went in and came out where events of the span tell it: Spring's prompts, the messages of OpenTelemetry's GenAI,
// the output of Claude Code's tools.

internal import EvalCore
internal import EvalJSON

extension SpanTranslator {
    /// What went in.
    mutating func eventInput(_ known: KnownAttributes, _ events: [SpanEvent]) -> JSON? {
        if events.isEmpty { return nil }
        if let prompt = value("gen_ai.content.prompt", "gen_ai.prompt", events) { return prompt }
        var messages: [JSON] = []
        for event in events {
            guard let role = Self.roles[event.name], let content = event.attributes?[key: "content"], content.isTelling
            else { continue }
            messages.append(["role": JSON(role), "content": parsed(content)])
        }
        return JSON.array(messages).unlessEmpty
    }

    /// What came out.
    mutating func eventOutput(_ known: KnownAttributes, _ events: [SpanEvent]) -> JSON? {
        if events.isEmpty { return nil }
        if let completion = value("gen_ai.content.completion", "gen_ai.completion", events) { return completion }
        var messages: [JSON] = []
        for event in events where event.name == "gen_ai.choice" {
            guard let content = event.attributes?[key: "content"], content.isTelling else { continue }
            let role = event.attributes?[key: "role"] ?? "assistant"
            messages.append(["role": parsed(role), "content": parsed(content)])
        }
        if !messages.isEmpty { return .array(messages) }
        guard claudeCodeKind(known) == "tool" else { return nil }
        for event in events where event.name == "tool.output" {
            for name in ["output", "content", "diff"] {
                guard let value = event.attributes?[name].map({ parsed($0) }), value.isTelling,
                    value.text?.equals("<REDACTED>") != true
                else { continue }
                return value
            }
        }
        return nil
    }

    private static let roles = [
        "gen_ai.system.message": "system", "gen_ai.user.message": "user", "gen_ai.assistant.message": "assistant",
    ]

    private mutating func value(_ event: String, _ attribute: String, _ events: [SpanEvent]) -> JSON? {
        for event in events.lazy.filter({ $0.name == event }) {
            if let value = event.attributes?[attribute], value.isTelling { return parsed(value) }
        }
        return nil
    }
}
