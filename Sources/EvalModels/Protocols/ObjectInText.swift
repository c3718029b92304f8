// The object in a text of a model: strictly, so that no half of a reply and no example in it is taken for one.

internal import EvalJSON

/// Finds the one object that a text is about.
enum ObjectInText {
    /// The object; nil where there is none, or more than one.
    ///
    /// A text is the object itself, or has it in its only code fence, or has words before the only object. Words after it
    /// would be a second thought, and make the reply none.
    static func find(_ text: String) -> JSON? {
        let trimmed = withoutThoughts(text).trimmed
        if let json = object(trimmed) { return json }
        if let fenced = fenced(trimmed) { return object(fenced) }
        guard let start = trimmed.firstIndex(of: "{"), !trimmed.contains("```") else { return nil }
        return object(trimmed[start...])
    }

    private static func object(_ text: Substring) -> JSON? {
        guard text.first == "{", text.last == "}", let json = try? JSON(parsing: text.utf8), json.kind == .object
        else { return nil }
        return json
    }

    /// What reasoning models think aloud is no answer.
    private static func withoutThoughts(_ text: String) -> Substring {
        let start = text[...].trimmed
        guard start.hasPrefix("<think>"), let end = start.firstRange(of: "</think>") else { return text[...] }
        return start[end.upperBound...]
    }

    /// What is in the only code fence, if nothing but words before it is outside.
    private static func fenced(_ text: Substring) -> Substring? {
        let marks = text.ranges(of: "```")
        guard marks.count == 2, text[marks[1].upperBound...].trimmed.isEmpty else { return nil }
        var inside = text[marks[0].upperBound..<marks[1].lowerBound]
        if let line = inside.firstIndex(where: \.isNewline), !inside[..<line].contains("{") {
            inside = inside[line...]
        }
        return inside.trimmed
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
