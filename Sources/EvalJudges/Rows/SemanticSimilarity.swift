// semantic_similarity: how near the answer is to the expected one, by the angle between their embeddings.

public import EvalCore
internal import EvalJSON

/// The cosine of the angle between the embeddings of the answer and of the expected response, from -1 to 1.
public struct SemanticSimilarity: UnboundJudge, BuiltInJudge {
    static let descriptor = ScorerDescriptor(
        "semantic_similarity",
        origin: .judge(model: nil),
        help: "How near the answer is to the expected response: the cosine of their embeddings.",
        reads: ["outputs", "expectations.expected_response"],
        value: .number,
        range: -1...1,
        settings: [
            Setting(
                "model",
                .text,
                required: true,
                help: "The embedding model, such as openai:/text-embedding-3-small."
            ),
            Setting("endpoint", .json, help: "Where it is asked: base_url, headers, api_key_env, api_key_file."),
        ],
        asksJudge: true
    )

    /// What the judge is called, reads and gives.
    public let descriptor: ScorerDescriptor
    let options: JudgeOptions

    /// Makes the judge.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; `semantic_similarity` where none is given.
    ///   - model: The embedding model.
    public init(name: String? = nil, model: String) {
        self.init(name: name, options: JudgeOptions(models: [model]))
    }

    private init(name: String? = nil, options: JudgeOptions) {
        descriptor = Self.descriptor.named(name)
        self.options = options
    }

    init(configuration: JSON) throws(Diagnostic) {
        var options = JudgeOptions(models: [configuration["model"]?.string ?? ""])
        if let endpoint = configuration["endpoint"] { options.endpoint = endpoint }
        self.init(options: options)
    }

    /// The scorer with its model.
    public func bound(to models: any ModelDirectory) async throws(Diagnostic) -> any Scorer {
        let engine = try JudgeEngine(options, of: descriptor, models: models)
        return BoundSimilarity(descriptor, engine.clients[0])
    }
}

/// The scorer with its model.
struct BoundSimilarity: JudgeScorer {
    let descriptor: ScorerDescriptor
    private let client: any ModelClient

    init(_ descriptor: ScorerDescriptor, _ client: any ModelClient) {
        var copy = descriptor
        copy.origin = .judge(model: client.name.description)
        self.descriptor = copy
        self.client = client
    }

    var isSlow: Bool { true }
    var models: [ModelName] { [client.name] }
    var callsPerRow: Double { 1 }

    /// There is nothing to read in a request for embeddings: none.
    func questions(about row: Row) -> [ModelRequest] { [] }

    func score(_ rows: [Row]) async -> [Verdict] {
        await concurrently(rows, atMost: max(1, client.concurrency)) { row in
            do throws(ScorerError) {
                return try await similarity(row)
            } catch {
                return .errored(error)
            }
        }
    }

    private func similarity(_ row: Row) async throws(ScorerError) -> Verdict {
        let output = String(try row.neededOutputs().textOfValue)
        guard let expected = row.expectedResponse else { throw .missingField("expectations.expected_response") }
        let embeddings = try await client.embed([output, String(expected)])
        guard embeddings.vectors.count == 2, let cosine = Self.cosine(embeddings.vectors[0], embeddings.vectors[1])
        else { throw ScorerError(code: "invalid_reply", message: "the embeddings can't be compared") }
        var metadata = [("model", JSON(embeddings.model)), ("judge_version", JSON(descriptor.version))]
        if let cost = embeddings.costUSD { metadata.append(("cost_usd", JSON(cost))) }
        return .feedback(Feedback(.number(cosine), metadata: .object(metadata)))
    }

    /// The cosine of the angle between two vectors; nil where one has no direction.
    static func cosine(_ left: [Float], _ right: [Float]) -> Double? {
        guard left.count == right.count else { return nil }
        var (product, lengths) = (0.0, (0.0, 0.0))
        for (a, b) in zip(left, right) {
            product += Double(a) * Double(b)
            lengths.0 += Double(a) * Double(a)
            lengths.1 += Double(b) * Double(b)
        }
        let length = (lengths.0 * lengths.1).squareRoot()
        guard length > 0, length.isFinite else { return nil }
        return min(1, max(-1, product / length))
    }
}
