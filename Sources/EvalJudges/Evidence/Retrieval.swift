// What was retrieved, as text: the documents of each retrieval that is not a step of another one.

internal import EvalCore
internal import EvalJSON

/// One retrieval of a trace.
struct Retrieval {
    /// The span that retrieved.
    let spanID: UInt64
    /// The documents' texts by rank.
    let documents: [String]

    /// The most documents of a retrieval that are judged.
    static let mostDocuments = 500

    /// The retrievals of a row, in the order of their starts.
    ///
    /// - Throws: That there is none, or that one has too many documents.
    static func needed(_ row: Row) throws(ScorerError) -> [Retrieval] {
        let retrievals = all(row.trace)
        guard !retrievals.isEmpty else { throw .missingField("spans(RETRIEVER)") }
        guard !retrievals.contains(where: { $0.documents.count > mostDocuments }) else {
            throw ScorerError(code: "too_many", message: "a retrieval has over \(mostDocuments) documents")
        }
        return retrievals
    }

    /// The retrievals of a trace, in the order of their starts.
    static func all(_ trace: Trace) -> [Retrieval] {
        let found = trace.spans.filter { $0.type == .retriever }
        guard !found.isEmpty else { return [] }
        let byID = Dictionary(trace.spans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return
            found.filter { span in
                var parent = span.parentID
                // A broken trace may be circular, hence the count.
                for _ in 0..<trace.spans.count {
                    guard let id = parent, let above = byID[id] else { break }
                    if above.type == .retriever { return false }
                    parent = above.parentID
                }
                return true
            }
            .map { Retrieval(spanID: $0.id, documents: texts($0.outputs)) }
    }

    /// A span's documents; applications also give them as JSON text, or under `documents`.
    private static func texts(_ outputs: JSON?) -> [String] {
        guard var list = outputs else { return [] }
        if let text = list.text, let parsed = try? JSON(parsing: text) { list = parsed }
        return (list[key: "documents"] ?? list).elements
            .map { document in
                for key in ["page_content", "content", "text"] {
                    if let content = document[key], !content.isNull { return String(content.textOfValue) }
                }
                return document.string ?? document.serialized
            }
    }
}

extension Evidence {
    /// Adds documents as blocks `document_1`, `document_2` and so on.
    mutating func add(documents: [String]) {
        for (place, text) in documents.enumerated() { add("document_\(place + 1)", text) }
    }
}
