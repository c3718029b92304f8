// The text of a value: one function for built-ins, judges and plugins.

public import EvalJSON

extension JSON {
    /// The text that this value stands for.
    ///
    /// A string is itself; a chat completion or a list of messages is its last assistant text; anything else is
    /// its compact JSON.
    public var textOfValue: Text {
        if let text { return text }
        return lastAssistantText ?? Text(serialized)
    }

    private var lastAssistantText: Text? {
        switch kind {
        case .array:
            var last: Text?
            for message in elements where message[key: "role"]?.text?.equals("assistant") == true {
                if let text = message.messageText { last = text }
            }
            return last
        case .object:
            if let choices = self[key: "choices"], choices.kind == .array {
                return choices[0]?[key: "message"]?.messageText
            }
            if let messages = self[key: "messages"], messages.kind == .array { return messages.lastAssistantText }
            if self[key: "role"]?.text?.equals("assistant") == true { return messageText }
            return nil
        default:
            return nil
        }
    }

    /// The text of a chat message: its content, or the text parts of its content put together.
    private var messageText: Text? {
        guard let content = self[key: "content"] else { return nil }
        if let text = content.text { return text }
        guard content.kind == .array else { return nil }
        let parts = content.elements.compactMap { $0[key: "text"]?.string }
        return parts.isEmpty ? nil : Text(parts.joined())
    }
}
