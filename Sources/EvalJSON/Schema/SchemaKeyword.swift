// What the keywords of JSON Schema ask for, each as a value, and how it is read. The list here is what is known.

/// A schema: what it asks for, in the order in which it is written.
struct SchemaNode: Sendable {
    /// Where it is.
    let pointer: String
    var rules: [SchemaRule] = []
}

/// A keyword with its demand.
///
/// A class, since it is looked at for each part of a value, and copying it would copy what it asks for.
final class SchemaRule: Sendable {
    let keyword: String
    let demand: SchemaDemand

    init(keyword: String, demand: SchemaDemand) {
        self.keyword = keyword
        self.demand = demand
    }
}

/// What a keyword asks for; schemas within it are named by their places among the nodes.
enum SchemaDemand: Sendable {
    case nothingFits
    // any value
    case type([SchemaType])
    case oneOf([JSON])
    // numbers
    case bound(JSON, SchemaBound)
    case multiple(of: JSON, DecimalDigits)
    // texts
    case length(SchemaCount)
    case pattern(String, JSONSchema.PatternMatcher)
    // arrays
    case elementCount(SchemaCount)
    case unique
    case elements(of: [Int])
    case otherElements(Int, after: Int)
    case containing(Int, ClosedRange<Int>)
    // objects
    case memberCount(SchemaCount)
    case required([Text])
    case requiredWith([(key: Text, keys: [Text])])
    case schemaWith([(key: Text, schema: Int)])
    case members([(key: Text, schema: Int)])
    case membersMatching([(pattern: JSONSchema.PatternMatcher, schema: Int)])
    case otherMembers(Int, forbidden: Bool, known: Set<Text>, patterns: [JSONSchema.PatternMatcher])
    case names(Int)
    // combinations
    case reference(Int)
    case every([Int])
    case any([Int])
    case one([Int])
    case not(Int)
    case condition(Int, then: Int?, otherwise: Int?)

    /// The schemas that look at the same value, not at a part of it.
    var inPlace: [Int] {
        switch self {
        case .reference(let schema), .not(let schema): [schema]
        case .every(let schemas), .any(let schemas), .one(let schemas): schemas
        case .schemaWith(let members): members.map(\.schema)
        case .condition(let test, let then, let otherwise): [test] + [then, otherwise].compactMap { $0 }
        default: []
        }
    }
}

/// A type of JSON Schema.
enum SchemaType: String, Sendable {
    case null, boolean, integer, number, string, array, object

    /// Whether a value is of the type; 1.0 is an integer.
    func contains(_ value: JSON) -> Bool {
        switch (self, value.kind) {
        case (.null, .null), (.boolean, .boolean), (.string, .string), (.array, .array), (.object, .object): true
        case (.number, .integer), (.number, .number), (.integer, .integer): true
        case (.integer, .number): value.number.map { $0.rounded() == $0 } ?? false
        default: false
        }
    }

    /// The type with its article.
    var words: String {
        switch self {
        case .null: "null"
        case .integer, .array, .object: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }
}

/// A bound of numbers.
enum SchemaBound: String, Sendable {
    case least = "at least"
    case greatest = "at most"
    case above = "above"
    case below = "below"

    /// Whether a number is within the bound; integers are compared exactly.
    func holds(_ value: JSON, _ bound: JSON) -> Bool {
        if let a = value.integer, let b = bound.integer { return holds(a, b) }
        guard let a = value.number, let b = bound.number else { return true }
        return holds(a, b)
    }

    private func holds<Number: Comparable>(_ value: Number, _ bound: Number) -> Bool {
        switch self {
        case .least: value >= bound
        case .greatest: value <= bound
        case .above: value > bound
        case .below: value < bound
        }
    }
}

/// A bound of a count.
enum SchemaCount: Sendable {
    case least(Int)
    case greatest(Int)

    func holds(_ count: Int) -> Bool {
        switch self {
        case .least(let least): count >= least
        case .greatest(let greatest): count <= greatest
        }
    }

    /// The bound for people: `at least 2`.
    var words: String {
        switch self {
        case .least(let least): "at least \(least)"
        case .greatest(let greatest): "at most \(greatest)"
        }
    }
}

/// How a keyword is read.
enum SchemaKeyword {
    case type, constant, options
    case bound(SchemaBound)
    case multiple
    case length(least: Bool), elementCount(least: Bool), memberCount(least: Bool)
    case pattern, unique, required, requiredWith, schemaWith
    case prefix, elements, contains
    case members, membersMatching, otherMembers, names
    case reference, every, any, one, not, condition
    /// Schemas that others refer to.
    case definitions
    case anchor, id, dialect
    /// Read together with another keyword.
    case part

    static let all: [String: SchemaKeyword] = [
        "type": .type, "const": .constant, "enum": .options,
        "minimum": .bound(.least), "maximum": .bound(.greatest), "exclusiveMinimum": .bound(.above),
        "exclusiveMaximum": .bound(.below), "multipleOf": .multiple,
        "minLength": .length(least: true), "maxLength": .length(least: false), "pattern": .pattern,
        "minItems": .elementCount(least: true), "maxItems": .elementCount(least: false), "uniqueItems": .unique,
        "prefixItems": .prefix, "items": .elements, "contains": .contains, "minContains": .part, "maxContains": .part,
        "minProperties": .memberCount(least: true), "maxProperties": .memberCount(least: false),
        "required": .required, "dependentRequired": .requiredWith, "dependentSchemas": .schemaWith,
        "properties": .members, "patternProperties": .membersMatching, "additionalProperties": .otherMembers,
        "propertyNames": .names,
        "$ref": .reference, "allOf": .every, "anyOf": .any, "oneOf": .one, "not": .not,
        "if": .condition, "then": .part, "else": .part,
        "$defs": .definitions, "definitions": .definitions, "$anchor": .anchor, "$id": .id, "$schema": .dialect,
    ]

    /// What says nothing of whether a value is valid; `discriminator` is OpenAPI's.
    static let annotations: Set<String> = [
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "$comment",
        "contentEncoding", "contentMediaType", "contentSchema", "discriminator",
    ]

    /// What is of other drafts or isn't supported, and what to do instead.
    static let unsupported: [String: String] = [
        "unevaluatedProperties": "write 'additionalProperties' beside the properties themselves",
        "unevaluatedItems": "write 'items' beside 'prefixItems'",
        "$dynamicRef": "use '$ref'", "$dynamicAnchor": "use '$anchor'", "$recursiveRef": "use '$ref'",
        "$recursiveAnchor": "use '$anchor'", "$vocabulary": "it belongs into meta-schemas",
        "dependencies": "use 'dependentRequired' or 'dependentSchemas'",
        "additionalItems": "use 'items' with 'prefixItems'",
    ]
}
