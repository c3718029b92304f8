// The beginning of what was asked or answered, as MLflow shows it in lists of traces.

internal import EvalCore
internal import EvalJSON

/// Makes previews.
enum Preview {
    /// How many characters a preview has at most.
    static let length = 1_000

    /// The preview of a value.
    ///
    /// - Parameters:
    ///   - value: What went in, or came out.
    ///   - role: Whose message is shown of a chat.
    /// - Returns: The last message of that role, of a chat; else the value as JSON.
    static func text(_ value: JSON, role: String) -> String {
        cut(message(value, role: role) ?? PythonText.of(value, characters: length))
    }

    private static func cut(_ text: String) -> String {
        // Python counts scalars.
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars.prefix(length - 3)) + "..."
    }

    /// The text of a chat's last message of a role, else of its last message; nil for what is no chat.
    private static func message(_ value: JSON, role: String) -> String? {
        guard let messages = messages(value), let last = messages.last else { return nil }
        let message = messages.last { $0[key: "role"]?.string == role } ?? last
        guard let content = message[key: "content"] else { return nil }
        if let text = content.string { return text.isEmpty ? nil : text }
        for part in content.elements {
            if let text = part.string { return text.isEmpty ? nil : text }
            let type = part[key: "type"]?.string
            if type == "text" || type == "output_text" { return part[key: "text"]?.string }
        }
        return nil
    }

    /// The messages of OpenAI's completions and responses; nil for what is neither.
    private static func messages(_ value: JSON, depth: Int = 0) -> [JSON]? {
        guard value.kind == .object, depth < 8 else { return nil }
        if let messages = list(value[key: "messages"]) { return messages }
        if let message = value[key: "choices"]?[0]?[key: "message"], isMessage(message) { return [message] }
        if let messages = list(value[key: "input"]) ?? list(value[key: "output"]) { return messages }
        return value[key: "request"].flatMap { messages($0, depth: depth + 1) }
    }

    private static func list(_ value: JSON?) -> [JSON]? {
        guard let value, value.kind == .array, value.isTelling else { return nil }
        return value.elements.filter(isMessage)
    }

    private static func isMessage(_ value: JSON) -> Bool {
        value[key: "role"] != nil && value[key: "content"] != nil
    }
}

/// JSON as Python writes it, with a space after commas and colons.
///
/// Clients show and compare such texts.
enum PythonText {
    /// The text of a value.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - characters: How much of it is wanted, in characters at least.
    /// - Returns: The text, whole or cut behind what is wanted.
    static func of(_ value: JSON, characters: Int = .max) -> String {
        var writer = JSONWriter()
        // A character has at most four bytes, so that so many bytes are enough; parts of a text are written whole.
        write(value, to: &writer, limit: characters > Int.max / 8 ? .max : characters * 4 + 4)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ value: JSON, to writer: inout JSONWriter, limit: Int) {
        if writer.bytes.count > limit { return }
        switch value.kind {
        case .array:
            writer.raw("[")
            for (place, element) in value.elements.enumerated() {
                if writer.bytes.count > limit { return }
                if place > 0 { writer.raw(", ") }
                write(element, to: &writer, limit: limit)
            }
            writer.raw("]")
        case .object:
            writer.raw("{")
            for (place, member) in value.members.enumerated() {
                if writer.bytes.count > limit { return }
                if place > 0 { writer.raw(", ") }
                writer.write(member.key)
                writer.raw(": ")
                write(member.value, to: &writer, limit: limit)
            }
            writer.raw("}")
        case .number:
            // Python writes 1.0 where it is a double.
            if let number = value.number, number.magnitude < 1e16, number == number.rounded() {
                writer.raw(Array(number.description.utf8))
            } else {
                writer.write(value)
            }
        default: writer.write(value)
        }
    }
}
