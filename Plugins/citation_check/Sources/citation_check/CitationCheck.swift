// The scorer `citation_check`: whether the citations of an answer, such as [1] or [handbook-7], are of documents that were
// retrieved for it.
//
// It says nothing of whether a cited document supports the sentence: that takes a judge. An invented citation needs none.

import ScorerKit

struct CitationCheck: PluginScorer {
    /// What a number in brackets is.
    enum Numbers: String, Codable, CaseIterable, Sendable {
        /// A rank, or else an id.
        case either
        /// The rank of a document, from 1.
        case rank
        /// A document's id.
        case id
    }

    struct Configuration: PluginConfiguration {
        var numbers = Numbers.either
        var isRequired = false

        enum CodingKeys: String, CodingKey {
            case numbers
            case isRequired = "required"
        }
    }

    private static let retrievals = Field.spans("RETRIEVER", payloads: [.outputs])

    static let about = About(
        "citation_check",
        help: "The share of the answer's citations that are of retrieved documents.",
        reads: [.outputs, retrievals],
        value: .number(0...1),
        direction: .higherIsBetter,
        pass: "== 1",
        feedbacks: [
            .init("citations", .integer, help: "How many citations the answer has."),
            .init(
                "coverage",
                .number(0...1),
                help: "The share of the retrieved documents that are cited.",
                direction: .higherIsBetter
            ),
        ],
        settings: [
            .init("numbers", help: "What a number in brackets is: a document's rank from 1, its id, or either."),
            .init("required", help: "An answer without citations is 0; otherwise it is skipped."),
        ],
        traits: .deterministic
    )

    let configuration: Configuration

    func score(_ row: Row) throws -> Score {
        let spans = row.spans(Self.retrievals)
        guard spans.count > 0 else { return .skip("no RETRIEVER span") }
        var documents = Documents()
        for index in 0..<spans.count where spans[index].parent == nil {
            // A retrieval within a retrieval is a step of it.
            documents.add(String(spans[index].outputs))
        }

        let citations = citations(in: String(row[0]), knowing: documents.ids)
        if citations.isEmpty {
            guard configuration.isRequired else { return .skip("no citations") }
            return .number(0).because("no citations").adding("citations", .integer(0)).adding("coverage", .number(0))
        }
        var cited: Set<Int> = []
        var invented: [String] = []
        for citation in citations {
            if let rank = rank(of: citation, in: documents) {
                cited.insert(rank)
            } else if !invented.contains(citation) {
                invented.append(citation)
            }
        }
        let valid = citations.filter { rank(of: $0, in: documents) != nil }.count
        var reason = "\(valid) of \(citations.count) citations are of the \(documents.count) retrieved documents"
        if !invented.isEmpty { reason += "; not: " + invented.prefix(10).map { "[\($0)]" }.joined(separator: " ") }
        return .number(Double(valid) / Double(citations.count))
            .because(reason)
            .adding("citations", .integer(citations.count))
            .adding("coverage", .number(documents.count == 0 ? 0 : Double(cited.count) / Double(documents.count)))
    }

    /// The rank, from 1, of the document that a citation names.
    private func rank(of citation: String, in documents: Documents) -> Int? {
        guard let number = Int(citation) else { return documents.ids[citation] }
        let asRank = (1...max(1, documents.count)).contains(number) && documents.count > 0 ? number : nil
        switch configuration.numbers {
        case .rank: return asRank
        case .id: return documents.ids[citation]
        case .either: return asRank ?? documents.ids[citation]
        }
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("citation_check", "1.0.0", CitationCheck.self, licence: "Apache-2.0") }
