// What was retrieved and what should have been, as ids: the four scorers of retrieval differ in one formula each.

internal import EvalCore
internal import EvalJSON

/// The documents that a row's trace retrieved, by rank, with how relevant each is.
///
/// Retrievals are read in the order of their starts, one list after another; a retrieval within another one is a step
/// of that one and doesn't count again. A document that comes again counts where it came first.
struct RetrievedDocuments {
    /// The relevance of the document at each rank; 0 for those that aren't expected and those without an id.
    let relevances: [Double]
    /// The relevances of the expected documents above 0, the highest first.
    let expected: [Double]

    /// Reads a row, up to rank `k`.
    ///
    /// - Returns: nil if no document is expected, so that there is nothing to measure.
    /// - Throws: What the row lacks.
    init?(_ row: Row, k: Int?) throws(ScorerError) {
        let spans = row.trace.topmostRetrievals
        if spans.isEmpty { throw .missingField("spans(RETRIEVER)") }
        let relevance = try Self.expectedRelevances(row)
        expected = relevance.values.filter { $0 > 0 }.sorted(by: >)
        if expected.isEmpty { return nil }
        var seen: Set<Text> = []
        var relevances: [Double] = []
        for span in spans {
            for document in Self.documents(span.outputs) {
                let id = document.documentID
                if let id, !seen.insert(id).inserted { continue }
                relevances.append(id.flatMap { relevance[$0] } ?? 0)
            }
        }
        self.relevances = k.map { Array(relevances.prefix($0)) } ?? relevances
    }

    /// How many of the retrieved documents are relevant.
    var hits: Int { relevances.reduce(0) { $1 > 0 ? $0 + 1 : $0 } }

    /// How many hits there are, for a rationale.
    var rationale: String { "\(hits) of \(expected.count) expected among \(relevances.count) retrieved" }

    /// A span's list of documents; applications also give it as JSON text, or under `documents`.
    private static func documents(_ outputs: JSON?) -> [JSON] {
        guard var list = outputs else { return [] }
        if let text = list.text, let parsed = try? JSON(parsing: text) { list = parsed }
        return Array((list[key: "documents"] ?? list).elements)
    }

    private static func expectedRelevances(_ row: Row) throws(ScorerError) -> [Text: Double] {
        let path = "expectations.expected_documents"
        let list = try row.neededExpectation("expected_documents", path)
        guard list.kind == .array else { throw .fieldType(path, expected: "an array", found: list.kind) }
        var relevances: [Text: Double] = [:]
        for element in list.elements {
            let isID = element.kind == .string || element.kind == .integer
            guard let id = isID ? element.textOfValue : element.documentID else {
                throw ScorerError(
                    code: "field_type",
                    message: "a document of '\(path)' is neither an id nor an object with one"
                )
            }
            var relevance = 1.0
            if let given = element[key: "relevance"] {
                guard let number = given.number, number >= 0 else {
                    throw ScorerError(code: "field_type", message: "a 'relevance' in '\(path)' is no number from 0")
                }
                relevance = number
            }
            if relevances[id] == nil { relevances[id] = relevance }
        }
        return relevances
    }
}

extension JSON {
    /// Where a document keeps its id: LangChain and LlamaIndex at the top, MLflow in the metadata.
    fileprivate var documentID: Text? {
        let metadata = self[key: "metadata"]
        let places = [
            self[key: "id"], metadata?[key: "id"], metadata?[key: "doc_id"], metadata?[key: "doc_uri"],
            self[key: "doc_id"], self[key: "doc_uri"],
        ]
        for case .some(let id) in places where id.kind == .string || id.kind == .integer { return id.textOfValue }
        return nil
    }
}

extension Trace {
    /// The retrievals in the order of their starts, without those that are a step of another one.
    fileprivate var topmostRetrievals: [Span] {
        let retrievals = spans.filter { $0.type == .retriever }
        if retrievals.count < 2 { return retrievals }
        let byID = Dictionary(spans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return retrievals.filter { span in
            var parent = span.parentID
            // A broken trace may be circular, hence the count.
            for _ in 0..<spans.count {
                guard let id = parent, let above = byID[id] else { break }
                if above.type == .retriever { return false }
                parent = above.parentID
            }
            return true
        }
    }
}

extension ScorerDescriptor {
    /// A scorer of retrieval: they differ in their names and formulas, not in what they read and give.
    static func retrieval(_ name: String, help: String) -> ScorerDescriptor {
        ScorerDescriptor(
            name,
            help: help,
            reads: ["spans(RETRIEVER)", "expectations.expected_documents"],
            value: .number,
            range: 0...1,
            settings: [.retrievalDepth]
        )
    }
}
