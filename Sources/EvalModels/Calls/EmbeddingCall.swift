// One request for vectors until they are there.

internal import EvalCore
internal import EvalJSON
internal import NIOCore

/// Asks for vectors.
struct EmbeddingCall {
    let attempter: Attempter
    let key: Digest
    let texts: [String]
    let extra: JSON?

    /// Asks until there are vectors.
    ///
    /// - Throws: Why there are none.
    func run() async throws(ScorerError) -> ModelEmbeddings {
        var record = RetryPolicy.Record()
        var attempts = 0
        while true {
            let order = Attempter.Order(
                key: key,
                body: Embeddings.body(texts, model: attempter.name.model, extra: extra),
                inputTokens: texts.reduce(0) { $0 + $1.utf8.count / 4 },
                outputTokens: 0,
                isRetry: attempts > 0
            )
            let judgement = await attempter.attempt(order) { judge($0) }
            attempts += 1
            switch judgement.result {
            case .success(let vectors):
                return ModelEmbeddings(vectors: vectors, model: judgement.model, costUSD: judgement.costUSD)
            case .failure(let failure):
                let action = attempter.core.policy.next(after: failure.remedy, &record, random: .random(in: 0...1))
                guard case .again(let delay) = action else { throw failure.scorerError }
                do {
                    try await Task.sleep(for: delay)
                } catch {
                    throw CallFailure.cancelled.scorerError
                }
            }
        }
    }

    private func judge(_ reply: RawReply) -> Judgement<[[Float]]> {
        let endpoint = attempter.endpoint
        let reader = RefusalReader(
            model: attempter.name.model,
            endpoint: endpoint.name,
            dialect: endpoint.dialect,
            masker: endpoint.masker,
            keySource: endpoint.keySource
        )
        let json = try? JSON(parsing: reply.body.readableBytesView)
        let error = ErrorBody(reply.body)
        guard 200..<300 ~= reply.status, !error.isPage else {
            return Judgement(reader.failure(reply, error, nil), model: attempter.name.model)
        }
        let model = json?[key: "model"]?.string ?? attempter.name.model
        let tokens = (json?[key: "usage"]?[key: "prompt_tokens"]?.integer).map { CountedTokens(input: $0) }
        guard let json, let vectors = Embeddings.vectors(json, count: texts.count) else {
            let words = "\(attempter.name.model) at \(endpoint.name) answered what are no \(texts.count) vectors"
            let failure = CallFailure("reply_invalid", words, remedy: .again)
            return Judgement(.failure(failure), tokens: tokens, model: model, kept: ["text": ""])
        }
        let kept: JSON = ["vectors": Embeddings.json(vectors)]
        return Judgement(.success(vectors), tokens: tokens, model: model, kept: kept)
    }
}
