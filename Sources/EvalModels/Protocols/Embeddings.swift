// Vectors of texts: OpenAI's `/embeddings`.

internal import EvalCore
internal import EvalJSON

/// Writes and reads requests for vectors.
enum Embeddings {
    static let path = "/embeddings"

    /// The body of a request.
    static func body(_ texts: [String], model: String, extra: JSON?) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw("{\"model\":")
        writer.write(model)
        writer.key("input")
        writer.raw("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.write(text)
        }
        writer.raw("]")
        writer.writeExtra(extra)
        writer.raw("}")
        return writer.bytes
    }

    /// The vectors in a reply, in the order of the texts; nil where some is missing or they differ in length.
    static func vectors(_ json: JSON, count: Int) -> [[Float]]? {
        guard let data = json[key: "data"], data.kind == .array else { return nil }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (place, entry) in data.elements.enumerated() {
            let index = entry[key: "index"]?.integer.map { Int($0) } ?? place
            guard vectors.indices.contains(index), let vector = vector(entry[key: "embedding"]) else { return nil }
            vectors[index] = vector
        }
        return complete(vectors)
    }

    /// The vectors of a journalled reply.
    static func journaled(_ json: JSON?, count: Int) -> [[Float]]? {
        guard let json, json.count == count else { return nil }
        return complete(json.elements.map { vector($0) })
    }

    /// Vectors as they are kept.
    static func json(_ vectors: [[Float]]) -> JSON {
        var builder = JSONBuilder()
        builder.beginArray()
        for vector in vectors {
            builder.beginArray()
            // The shortest decimal that reads back as the same Float, not the Double that is next to it.
            for value in vector { builder.append(Double(value.description) ?? Double(value)) }
            builder.endArray()
        }
        builder.endArray()
        return builder.finish()
    }

    private static func vector(_ json: JSON?) -> [Float]? {
        guard let json, json.kind == .array else { return nil }
        var vector: [Float] = []
        for element in json.elements {
            guard let number = element.number else { return nil }
            vector.append(Float(number))
        }
        return vector.isEmpty ? nil : vector
    }

    private static func complete(_ vectors: [[Float]?]) -> [[Float]]? {
        let all = vectors.compactMap { $0 }
        guard all.count == vectors.count, Set(all.map(\.count)).count <= 1 else { return nil }
        return all
    }
}
