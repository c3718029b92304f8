// Shapes as JSON Schema, as the OpenAPI document has them.

internal import EvalJSON

/// Writes shapes as schemas, and gathers those that have names.
struct SchemaWriter {
    /// The named shapes in the order in which they were met.
    private(set) var components: [(String, JSON)] = []
    private var names: Set<String> = []

    /// The schema of an object with members.
    ///
    /// A member that isn't required may be null, which counts as absent.
    mutating func object(_ fields: [Field]) -> JSON {
        var properties: [(String, JSON)] = []
        for field in fields { properties.append((field.name, schema(field))) }
        var members: [(String, JSON)] = [("type", "object")]
        if !properties.isEmpty { members.append(("properties", .object(properties))) }
        let required = fields.filter(\.isRequired)
        if !required.isEmpty { members.append(("required", .array(required.map { JSON($0.name) }))) }
        return .object(members)
    }

    /// The schema of an argument in a query or path, which is never null.
    mutating func argument(_ field: Field) -> JSON { schema(field.shape, isNullable: false) }

    private mutating func schema(_ field: Field) -> JSON {
        let schema = schema(field.shape, isNullable: !field.isRequired)
        guard !field.summary.isEmpty else { return schema }
        return .object(schema.members.map { (String($0.key), $0.value) } + [("description", JSON(field.summary))])
    }

    private mutating func schema(_ shape: Shape, isNullable: Bool) -> JSON {
        switch shape {
        case .any: return [:]
        case .string: return .object([type(["string"], isNullable)])
        case .boolean: return .object([type(["boolean"], isNullable)])
        case .integer:
            return .object([
                type(["integer", "string"], isNullable), ("format", "int64"), ("pattern", "^[+-]?[0-9]+$"),
            ])
        case .number: return .object([type(["number", "string"], isNullable), ("format", "double")])
        case .choice(let words):
            let values = words.map { JSON($0) } + (isNullable ? [JSON.null] : [])
            return .object([type(["string"], isNullable), ("enum", .array(values))])
        case .list(let element):
            return .object([type(["array"], isNullable), ("items", schema(element, isNullable: false))])
        case .map(let element):
            return .object([type(["object"], isNullable), ("additionalProperties", schema(element, isNullable: false))])
        case .object(let fields): return optional(object(fields), isNullable)
        case .named(let name, let fields):
            if names.insert(name).inserted {
                let place = components.count
                components.append((name, .null))
                components[place].1 = object(fields)
            }
            return optional(.object([("$ref", JSON("#/components/schemas/\(name)"))]), isNullable)
        }
    }

    private func type(_ names: [String], _ isNullable: Bool) -> (String, JSON) {
        let all = isNullable ? names + ["null"] : names
        return ("type", all.count == 1 ? JSON(all[0]) : .array(all.map { JSON($0) }))
    }

    private func optional(_ schema: JSON, _ isNullable: Bool) -> JSON {
        isNullable ? ["anyOf": [schema, ["type": "null"]]] : schema
    }
}
