// One keyword's value in the type that it must have.

/// A keyword of a schema with its value.
struct KeywordReader {
    let keyword: String
    let value: JSON
    /// Where the schema is.
    let pointer: String

    /// Where the value is.
    var place: String { "\(pointer)/\(keyword)" }

    /// The error that the value should have been something else.
    func error(_ expected: String) -> JSONSchemaError {
        JSONSchemaError("'\(keyword)' must be \(expected)", at: pointer)
    }

    /// The demand of a keyword without schemas in it; nil for one that is read with another one.
    func assertion(
        _ known: SchemaKeyword,
        _ patterns: SchemaCompiler.Patterns
    ) throws(JSONSchemaError) -> SchemaDemand? {
        switch known {
        case .type: return .type(try types())
        case .constant: return .oneOf([value])
        case .options:
            guard value.kind == .array else { throw error("a list") }
            return .oneOf(Array(value.elements))
        case .bound(let bound):
            guard value.number != nil else { throw error("a number") }
            return .bound(value, bound)
        case .multiple:
            guard let number = value.number, number > 0, let digits = DecimalDigits(number) else {
                throw error("a number above 0")
            }
            return .multiple(of: value, digits)
        case .length(let least): return .length(try bound(least))
        case .elementCount(let least): return .elementCount(try bound(least))
        case .memberCount(let least): return .memberCount(try bound(least))
        case .pattern: return .pattern(try text(), try matcher(text(), patterns))
        case .unique:
            guard let unique = value.boolean else { throw error("true or false") }
            return unique ? .unique : nil
        case .required: return .required(try keys(value))
        case .requiredWith:
            guard value.kind == .object else { throw error("an object of lists of keys") }
            var lists: [(key: Text, keys: [Text])] = []
            for (key, list) in value.lastMembers { lists.append((key, try keys(list))) }
            return .requiredWith(lists)
        default:
            // A part of another keyword, which is checked there; alone it asks for nothing.
            return nil
        }
    }

    /// The count that the value is.
    func count() throws(JSONSchemaError) -> Int {
        guard let number = value.number, let count = Int(exactly: number), count >= 0 else {
            throw error("an integer from 0")
        }
        return count
    }

    /// The text that the value is.
    func text() throws(JSONSchemaError) -> String {
        guard let text = value.string else { throw error("a text") }
        return text
    }

    /// A compiled regular expression.
    func matcher(
        _ pattern: String,
        _ patterns: SchemaCompiler.Patterns
    ) throws(JSONSchemaError) -> JSONSchema.PatternMatcher {
        do throws(JSONSchemaError) {
            return try patterns(pattern)
        } catch {
            throw JSONSchemaError(error.message, at: place)
        }
    }

    /// Refuses other drafts, whose keywords mean other things.
    func checkDialect() throws(JSONSchemaError) {
        let dialect = try text()
        let known = ["https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/schema#"]
        if !known.contains(dialect) {
            throw JSONSchemaError("'$schema' names '\(dialect)', and only \(known[0]) is supported", at: pointer)
        }
    }

    private func bound(_ least: Bool) throws(JSONSchemaError) -> SchemaCount {
        least ? .least(try count()) : .greatest(try count())
    }

    private func types() throws(JSONSchemaError) -> [SchemaType] {
        let words = value.kind == .array ? Array(value.elements) : [value]
        let types = words.compactMap { $0.string.flatMap(SchemaType.init(rawValue:)) }
        guard types.count == words.count, !types.isEmpty else {
            throw error("a type or a list of types: null, boolean, integer, number, string, array, object")
        }
        return types
    }

    private func keys(_ list: JSON) throws(JSONSchemaError) -> [Text] {
        let keys = list.elements.compactMap(\.text)
        guard list.kind == .array, keys.count == list.count else { throw error("a list of keys") }
        return keys
    }
}
