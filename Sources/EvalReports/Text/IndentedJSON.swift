// JSON for people to read: one member a line.

internal import EvalJSON

extension JSON {
    /// The value with two spaces for each level; empty objects and arrays in one line.
    var indented: String {
        var text = ""
        write(to: &text, level: 0)
        return text
    }

    private func write(to text: inout String, level: Int) {
        let lead = String(repeating: "  ", count: level + 1)
        switch kind {
        case .object where count > 0:
            text += "{"
            for (place, member) in members.enumerated() {
                text += "\(place == 0 ? "" : ",")\n\(lead)\(JSON(String(member.key)).serialized): "
                member.value.write(to: &text, level: level + 1)
            }
            text += "\n\(lead.dropLast(2))}"
        case .array where count > 0:
            text += "["
            for (place, element) in elements.enumerated() {
                text += "\(place == 0 ? "" : ",")\n\(lead)"
                element.write(to: &text, level: level + 1)
            }
            text += "\n\(lead.dropLast(2))]"
        default: text += serialized
        }
    }
}
