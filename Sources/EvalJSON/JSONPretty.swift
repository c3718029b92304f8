// JSON with line breaks, for files that people read.

extension JSON {
    /// The value as text with two spaces a level; short lists and objects without inner ones stay on a line.
    public var pretty: String {
        var text = ""
        Self.write(self, depth: 0, to: &text)
        return text
    }

    private static let width = 100

    private static func write(_ json: JSON, depth: Int, to text: inout String) {
        let compact = json.serialized
        let isFlat = !json.elements.contains(where: \.isNested) && !json.members.contains { $0.value.isNested }
        guard json.isNested, json.count > 0, !(isFlat && compact.utf8.count + 2 * depth < width) else {
            text += compact
            return
        }
        let indent = String(repeating: "  ", count: depth + 1)
        text += json.kind == .object ? "{\n" : "[\n"
        var isFirst = true
        func separate() {
            text += isFirst ? indent : ",\n" + indent
            isFirst = false
        }
        for (key, value) in json.members {
            separate()
            text += JSON(String(key)).serialized + ": "
            write(value, depth: depth + 1, to: &text)
        }
        for element in json.elements {
            separate()
            write(element, depth: depth + 1, to: &text)
        }
        text += "\n" + String(repeating: "  ", count: depth) + (json.kind == .object ? "}" : "]")
    }

    private var isNested: Bool { kind == .object || kind == .array }
}
