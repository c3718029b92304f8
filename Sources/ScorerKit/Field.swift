// Which part of a row a scorer reads.

/// A field of a row: a path, the type that it must have, and whether it may be missing.
///
///     static let about = About("grounded", reads: [.outputs, .expectation("facts").json.optional], value: .boolean)
public struct Field: Sendable, Hashable {
    /// The path, as users write it to rebind a field: `expectations.expected_response`.
    public let path: String
    /// Stands for the path where rows are read: comparing two numbers is cheaper than comparing two strings.
    let digest: UInt64
    private var type = ""
    private var mayBeMissing = false

    /// A field by its path: segments separated by dots, awkward keys quoted, `[n]` for elements of arrays.
    ///
    /// - Parameter path: Such as `inputs.messages[0].content`.
    public init(path: String) {
        self.path = path
        // FNV-1a. Two fields of one scorer with one digest are refused when the scorer is described.
        digest = path.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// All inputs; as text, compact JSON.
    public static let inputs = Field(path: "inputs")
    /// What the application answered.
    public static let outputs = Field(path: "outputs")
    /// The expected answer, `expectations.expected_response`.
    public static let expectedResponse = Field(path: "expectations.expected_response")

    /// One of the inputs.
    ///
    /// - Parameter key: Its key; any characters.
    /// - Returns: The field.
    public static func input(_ key: String) -> Field { Field(path: "inputs." + quoted(key)) }

    /// One of the expectations.
    ///
    /// - Parameter key: Its key; any characters.
    /// - Returns: The field.
    public static func expectation(_ key: String) -> Field { Field(path: "expectations." + quoted(key)) }

    /// A payload of a span.
    public enum Payload: String, Sendable {
        /// Which payload.
        case name, inputs, outputs, attributes, events
    }

    /// The spans of the row's trace that have one of these types.
    ///
    /// - Parameters:
    ///   - types: Such as `RETRIEVER`; none: all spans.
    ///   - payloads: What to hand over of each, beside id, type, status and times.
    /// - Returns: The field; read it by ``Row/spans(_:)``.
    public static func spans(_ types: String..., payloads: [Payload]) -> Field {
        let list = types.isEmpty ? "*" : types.joined(separator: ",")
        return Field(path: "spans(\(list)):" + payloads.map(\.rawValue).joined(separator: ","))
    }

    /// The field, which must be an integer.
    public var integer: Field { typed("integer") }
    /// The field, which must be a number.
    public var number: Field { typed("number") }
    /// The field, which must be true or false.
    public var boolean: Field { typed("boolean") }
    /// The field as compact JSON, whatever it is.
    public var json: Field { typed("json") }

    /// The field, which may be missing or null; without this such rows are errors before the scorer sees them.
    public var optional: Field {
        var copy = self
        copy.mayBeMissing = true
        return copy
    }

    /// The declaration that the host reads: `path:type?`.
    var declaration: String { path + (type.isEmpty ? "" : ":" + type) + (mayBeMissing ? "?" : "") }

    private func typed(_ name: String) -> Field {
        var copy = self
        copy.type = name
        return copy
    }

    private static func quoted(_ key: String) -> String {
        let isPlain =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        return isPlain ? key : JSONText.quoted(key)
    }
}
