// Just enough JSON for metadata, object values and quoted keys: ScorerKit has no JSON library and needs none to read.

/// A JSON value to write into metadata or an object.
///
///     .number(grade).with(metadata: ["words": 12, "longest": "antidisestablishmentarianism"])
public enum JSONText: Sendable {
    /// A value of a kind.
    case null, boolean(Bool), integer(Int64), number(Double), text(String), array([JSONText])
    /// Members in their order; keys must differ.
    case object([(String, JSONText)])

    /// The value as compact JSON; numbers that aren't finite become null.
    public var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    static func quoted(_ string: String) -> String {
        var text = ""
        write(string, to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(describing: value) : "null"
        case .text(let value): Self.write(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, (key, value)) in members.enumerated() {
                if index > 0 { text += "," }
                Self.write(key, to: &text)
                text += ":"
                value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        let digits = Array("0123456789abcdef")
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\u{0}"..<" ":
                text += "\\u00"
                text.append(digits[Int(scalar.value >> 4)])
                text.append(digits[Int(scalar.value & 15)])
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONText: CustomStringConvertible {}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An array.
    public init(arrayLiteral elements: JSONText...) { self = .array(elements) }
    /// An object, its members in the written order.
    public init(dictionaryLiteral elements: (String, JSONText)...) { self = .object(elements) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
}
