// The schema of a reply, read once: its bytes for requests and keys, whether it may be held to exactly, and its law.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// A schema ready for use.
final class CompiledSchema: Sendable {
    /// The schema as it was given.
    let json: JSON
    /// Its text, as it goes into requests.
    let bytes: [UInt8]
    /// Its canonical text, as it goes into keys.
    let canonical: [UInt8]
    /// Whether OpenAI's strict mode takes it.
    let isStrict: Bool
    private let schema: JSONSchema

    /// - Throws: What is wrong with the schema.
    init(_ json: JSON) throws(JSONSchemaError) {
        self.json = json
        schema = try JSONSchema(json) { pattern throws(JSONSchemaError) in
            throw JSONSchemaError("'pattern' is not for the schema of a reply")
        }
        var writer = JSONWriter()
        writer.write(json)
        bytes = writer.bytes
        var canonicalWriter = JSONWriter()
        canonicalWriter.writeCanonical(json)
        canonical = canonicalWriter.bytes
        isStrict = json["type"]?.string == "object" && Self.allowsStrict(json)
    }

    /// What is wrong with an object; nil if it fits.
    func fault(of object: JSON) -> String? {
        do throws(JSONSchemaError) {
            return try schema.firstViolation(in: object)?.description
        } catch {
            return error.description
        }
    }

    /// Strict mode wants every key of every object required, and no further ones; keywords it doesn't know are refused.
    private static func allowsStrict(_ json: JSON) -> Bool {
        guard json.kind == .object else { return false }
        for (key, value) in json.members {
            switch String(key) {
            case "type", "enum", "const", "description", "title", "required", "additionalProperties", "$ref",
                "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems":
                continue
            case "properties", "$defs":
                guard value.members.allSatisfy({ allowsStrict($0.value) }) else { return false }
            case "items": guard allowsStrict(value) else { return false }
            case "anyOf": guard value.elements.allSatisfy({ allowsStrict($0) }) else { return false }
            default: return false
            }
        }
        guard let properties = json["properties"] else { return json["type"]?.string != "object" }
        let required = Set((json["required"]?.elements).map { $0.compactMap(\.string) } ?? [])
        return json["additionalProperties"]?.boolean == false
            && properties.members.allSatisfy { required.contains(String($0.key)) }
    }
}

/// The schemas that one client was asked with; judges have few.
final class SchemaCache: Sendable {
    private let schemas = Mutex<[CompiledSchema]>([])
    private static let most = 64

    /// The schema ready for use.
    ///
    /// - Throws: What is wrong with it.
    func compiled(_ json: JSON) throws(ScorerError) -> CompiledSchema {
        if let known = schemas.withLock({ $0.first { $0.json == json } }) { return known }
        do throws(JSONSchemaError) {
            let fresh = try CompiledSchema(json)
            schemas.withLock { schemas in
                if schemas.count >= Self.most { schemas.removeFirst() }
                schemas.append(fresh)
            }
            return fresh
        } catch {
            throw ScorerError(code: "bad_request", message: "the schema of the reply can't be used: \(error)")
        }
    }
}
