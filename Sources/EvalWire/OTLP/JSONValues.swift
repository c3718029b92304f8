// Attributes of OTLP's JSON: `{"key":…,"value":{"stringValue":…}}`. A value becomes plain JSON.

internal import EvalCore
internal import EvalJSON

/// Reads typed values.
struct JSONValues {
    /// How deep lists and maps may be nested.
    let depth: Int

    init(depth: Int) { self.depth = depth }

    /// Appends a list of keys with typed values as an object.
    func appendMap(_ list: some Sequence<JSON>, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        builder.beginObject()
        for (position, member) in list.enumerated() {
            do throws(OTLPError) {
                guard let key = member[key: "key"]?.text else { throw OTLPError("key", "is missing or no string") }
                builder.key(key)
                guard let value = member[key: "value"]?.unlessNull else {
                    builder.appendNull()
                    continue
                }
                do throws(OTLPError) {
                    try appendValue(value, to: &builder, depth: depth)
                } catch {
                    throw error.within("value")
                }
            } catch {
                throw error.within(depth == 0 ? "attributes[\(position)]" : "values[\(position)]")
            }
        }
        builder.endObject()
    }

    /// Appends a typed value.
    private func appendValue(_ json: JSON, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        guard json.kind == .object else {
            throw OTLPError("", "is \(json.kind.withArticle), not an object with its type")
        }
        guard let (key, value) = json.members.first(where: { _ in true }) else { return builder.appendNull() }
        switch String(key) {
        case "stringValue", "string_value", "bytesValue", "bytes_value":
            guard let text = value.text else { throw Self.mistyped(key, value, "a string") }
            builder.append(text)
        case "boolValue", "bool_value":
            guard let truth = value.boolean else { throw Self.mistyped(key, value, "true or false") }
            builder.append(truth)
        case "intValue", "int_value":
            guard let number = value.integer ?? value.string.flatMap({ Int64($0) }) else {
                throw Self.mistyped(key, value, "a whole number of 64 bits")
            }
            builder.append(number)
        case "doubleValue", "double_value":
            guard let number = value.number ?? value.string.flatMap({ Double($0) }) else {
                throw Self.mistyped(key, value, "a number")
            }
            builder.append(wire: number)
        case "arrayValue", "array_value":
            try deeper(depth)
            builder.beginArray()
            for element in value[key: "values"]?.elements ?? JSON.null.elements {
                try appendValue(element, to: &builder, depth: depth + 1)
            }
            builder.endArray()
        case "kvlistValue", "kvlist_value":
            try deeper(depth)
            try appendMap(value[key: "values"]?.elements ?? JSON.null.elements, to: &builder, depth: depth + 1)
        default: builder.appendNull()
        }
    }

    private func deeper(_ depth: Int) throws(OTLPError) {
        if depth >= self.depth { throw OTLPError("", "is nested deeper than \(self.depth) levels") }
    }

    private static func mistyped(_ key: Text, _ value: JSON, _ wanted: String) -> OTLPError {
        OTLPError(String(key), "is \(value.kind.withArticle), not \(wanted)")
    }
}
