// JSON Schema, draft 2020-12: whether a value has the form that a schema asks for, and where it hasn't.
// What asserts and isn't known here is refused when the schema is read, so that no demand is silently dropped; annotations
// (`title`, `format`, `default` and others) are passed over. It refuses to load schemas from anywhere.

/// A schema that values are validated against.
///
///     let schema = try JSONSchema(["type": "object", "required": ["answer"]]) { pattern in … }
///     try schema.firstViolation(in: value)?.description      // at the top: 'answer' is missing
///
/// Source: JSON Schema Core and Validation, draft 2020-12 (json-schema.org).
public struct JSONSchema: Sendable {
    /// Whether a text matches a regular expression somewhere.
    ///
    /// It throws where that can't be told, such as after too much backtracking.
    public typealias PatternMatcher = @Sendable (Text) throws(JSONSchemaError) -> Bool

    /// The schemas, of which the first is the whole one; they name each other by their places.
    let nodes: [SchemaNode]

    /// Reads a schema.
    ///
    /// - Parameters:
    ///   - schema: An object, true or false.
    ///   - patterns: Compiles the regular expression of `pattern` and `patternProperties`; it throws what is wrong with it.
    /// - Throws: Which keyword isn't known, isn't supported or has a wrong value, and where.
    public init(
        _ schema: JSON,
        patterns: (String) throws(JSONSchemaError) -> PatternMatcher
    ) throws(JSONSchemaError) {
        var compiler = SchemaCompiler(schema)
        nodes = try compiler.compile(patterns)
    }

    /// The first thing that is wrong with a value, in the order in which the schema is written; nil if it is valid.
    ///
    /// - Throws: That the value is nested too deeply, or takes too much work.
    public func firstViolation(in value: JSON) throws(JSONSchemaError) -> JSONSchemaViolation? {
        try violations(in: value, limit: 1).first
    }

    /// What is wrong with a value, in the order in which the schema is written.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - limit: How many violations are looked for.
    /// - Returns: The violations, none for a valid value.
    /// - Throws: That the value is nested too deeply, or takes too much work.
    public func violations(in value: JSON, limit: Int = 100) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        var validation = SchemaValidation(nodes, limit: limit)
        _ = try validation.check(value, against: 0)
        return validation.found
    }
}

/// Something that is wrong with a value.
public struct JSONSchemaViolation: Sendable, Equatable, CustomStringConvertible {
    /// Where in the value, as a JSON Pointer (RFC 6901); empty for the whole value.
    public var pointer: String
    /// The keyword that isn't satisfied; `false` for the schema that nothing satisfies.
    public var keyword: String
    /// Where in the schema the keyword is, as a JSON Pointer.
    public var schemaPointer: String
    /// What is wrong, as a clause without the value itself: `must be an integer, this is a string`.
    public var message: String

    /// The place and what is wrong there.
    public var description: String { "at \(pointer.isEmpty ? "the top" : pointer): \(message)" }
}

/// Why a schema can't be used, or a value not be judged.
public struct JSONSchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a clause.
    public var message: String
    /// Where in the schema, as a JSON Pointer; nil where it isn't about a place.
    public var pointer: String?
    /// The keyword that there isn't; for suggestions of another one.
    public var unknownKeyword: String?

    /// Makes an error.
    public init(_ message: String, at pointer: String? = nil, unknownKeyword: String? = nil) {
        self.message = message
        self.pointer = pointer
        self.unknownKeyword = unknownKeyword
    }

    /// What is wrong, and where.
    public var description: String {
        guard let pointer else { return message }
        return "\(message), at \(pointer.isEmpty ? "the top" : pointer) of the schema"
    }
}

extension JSONSchema {
    /// The keywords that are known, sorted.
    public static let keywords: [String] = (Array(SchemaKeyword.all.keys) + Array(SchemaKeyword.annotations)).sorted()
}
