// The one list of the scorers that need no model. A scorer is one file here; a test checks that the list, the page
// Documentation/scorers.md and the descriptors say the same.

public import EvalCore
public import EvalJSON

/// A scorer that the catalog can make from settings.
protocol BuiltInScorer: RowScorer {
    static var descriptor: ScorerDescriptor { get }

    /// Takes a configuration that the descriptor has resolved, so that types and defaults are right.
    init(configuration: JSON) throws(Diagnostic)
}

extension BuiltInScorer {
    /// What the scorer is called, reads and gives.
    public var descriptor: ScorerDescriptor { Self.descriptor }
}

/// The scorers that are part of evalhost and need no model.
///
///     let catalog = BuiltInScorers()
///     let descriptor = try #require(catalog.descriptors.first { $0.name == "exact_match" })
///     let scorer = try await catalog.make(descriptor, configuration: ["ignore_case": true])
///
/// In a program of one's own the types are made directly: `ExactMatch(ignoreCase: true)`.
public struct BuiltInScorers: ScorerCatalog {
    /// All of them, sorted by name.
    static let all: [any BuiltInScorer.Type] = [
        BLEU.self,
        ChrF.self,
        Contains.self,
        Cost.self,
        ExactMatch.self,
        JSONMatch.self,
        JSONSchemaMatch.self,
        Latency.self,
        NumericMatch.self,
        PIIDetection.self,
        RegexMatch.self,
        ResponseLength.self,
        RetrievalMRR.self,
        RetrievalNDCG.self,
        RetrievalPrecision.self,
        RetrievalRecall.self,
        ROUGE.self,
        TokenF1.self,
        TokenCount.self,
        ToolCalls.self,
    ]

    /// The catalog.
    public init() {}

    /// What there is, sorted by name.
    public var descriptors: [ScorerDescriptor] { Self.all.map { $0.descriptor } }

    /// Makes a scorer; defaults are filled in.
    ///
    /// - Parameters:
    ///   - descriptor: One of ``descriptors``.
    ///   - configuration: An object of settings.
    ///   - timeout: Not used: these scorers are made at once and only compute.
    /// - Returns: The scorer, which may be used by any number of tasks.
    /// - Throws: What is wrong with the settings.
    public func make(
        _ descriptor: ScorerDescriptor,
        configuration: JSON,
        timeout: Duration?
    ) async throws(Diagnostic) -> any Scorer {
        guard let type = Self.all.first(where: { $0.descriptor.name == descriptor.name }) else {
            throw Diagnostic(
                "there is no built-in scorer '\(descriptor.name)'",
                didYouMean: nearestWord(to: descriptor.name, among: Self.all.map { $0.descriptor.name })
            )
        }
        return try type.init(configuration: type.descriptor.resolve(configuration))
    }
}

extension Row {
    /// The text of the outputs; a JSON null is a missing output, as it is in a record.
    func neededOutput() throws(ScorerError) -> Text {
        guard let outputText, outputs?.isNull == false else { throw .missingField("outputs") }
        return outputText
    }

    /// The text of the expected response.
    func neededResponse() throws(ScorerError) -> Text {
        guard let expectedResponse else { throw .missingField("expectations.expected_response") }
        return expectedResponse
    }
}

extension Row {
    /// The texts of the expected response: several where it is a list of texts.
    func neededReferences() throws(ScorerError) -> [Text] {
        if let list = record.expectations?[key: "expected_response"], list.kind == .array {
            let texts = list.elements.compactMap(\.text)
            if !texts.isEmpty, texts.count == list.count { return texts }
        }
        return [try neededResponse()]
    }

    /// A member of the expectations that isn't null.
    func neededExpectation(_ key: StaticString, _ path: String) throws(ScorerError) -> JSON {
        guard let value = record.expectations?[key: key], !value.isNull else { throw .missingField(path) }
        return value
    }
}

extension JSON {
    /// A truth value among resolved settings.
    func flag(_ key: String) -> Bool { self[key]?.boolean ?? false }

    /// A word among resolved settings, as the enumeration of these words.
    func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice? {
        self[key]?.string.flatMap(Choice.init(rawValue:))
    }
}
