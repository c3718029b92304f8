// The client that scorers get: the journal first, then a call, which equal questions share.

internal import EvalCore
internal import EvalJSON

/// Asks one model at one endpoint.
final class HubClient: ModelClient, CustomStringConvertible, CustomReflectable {
    let name: ModelName
    let concurrency: Int
    let chat: Attempter
    let embedding: Attempter
    let parameters: ModelParameters
    let keys: CacheKey
    let schemas: SchemaCache

    init(
        name: ModelName,
        concurrency: Int,
        chat: Attempter,
        embedding: Attempter,
        parameters: ModelParameters,
        keys: CacheKey,
        schemas: SchemaCache
    ) {
        self.name = name
        self.concurrency = concurrency
        self.chat = chat
        self.embedding = embedding
        self.parameters = parameters
        self.keys = keys
        self.schemas = schemas
    }

    /// The headers below have keys in them: no description shows them.
    var description: String { "client of \(name)" }
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }

    private var core: HubCore { chat.core }

    func ask(_ request: ModelRequest) async throws(ScorerError) -> ModelReply {
        do throws(ScorerError) {
            let reply = try await answer(request)
            core.meter.ended { if reply.isFromCache { $0.fromCache += 1 } else { $0.calls += 1 } }
            return reply
        } catch {
            core.meter.ended { $0.failed += 1 }
            throw error
        }
    }

    func embed(_ texts: [String]) async throws(ScorerError) -> ModelEmbeddings {
        guard name.provider != .anthropic else {
            throw ScorerError(
                code: "bad_request",
                message: "Anthropic has no embeddings: name a model such as openai:/text-embedding-3-small"
            )
        }
        guard !texts.isEmpty else { return ModelEmbeddings(vectors: [], model: name.model) }
        do throws(ScorerError) {
            let (vectors, isFromCache) = try await vectors(texts)
            core.meter.ended { if isFromCache { $0.fromCache += 1 } else { $0.calls += 1 } }
            return vectors
        } catch {
            core.meter.ended { $0.failed += 1 }
            throw error
        }
    }

    private func answer(_ request: ModelRequest) async throws(ScorerError) -> ModelReply {
        var request = request
        request.parameters = request.parameters.filled(from: parameters)
        let schema: CompiledSchema?
        if let json = request.schema { schema = try schemas.compiled(json) } else { schema = nil }
        let key = keys.digest(of: request, schema)
        let call = ChatCall(attempter: chat, key: key, request: request, schema: schema)
        guard core.desk.sharesCalls, chat.purpose == .judge else { return try await reply(to: call) }
        let shared = try await core.replies.share(key) { () async throws(ScorerError) in try await reply(to: call) }
        var answer = shared.value
        if shared.isOthers { answer.isFromCache = true }
        return answer
    }

    private func reply(to call: ChatCall) async throws(ScorerError) -> ModelReply {
        if let kept = try await recall(call.key) { return ModelReply(kept) }
        return try await call.run()
    }

    private func vectors(_ texts: [String]) async throws(ScorerError) -> (ModelEmbeddings, Bool) {
        let key = keys.digest(of: texts, parameters)
        let call = EmbeddingCall(attempter: embedding, key: key, texts: texts, extra: parameters.extra)
        guard core.desk.sharesCalls else { return try await vectors(of: call) }
        let shared = try await core.vectors.share(key) { () async throws(ScorerError) in try await vectors(of: call) }
        return (shared.value.0, shared.value.1 || shared.isOthers)
    }

    private func vectors(of call: EmbeddingCall) async throws(ScorerError) -> (ModelEmbeddings, Bool) {
        if let kept = try await recall(call.key),
            let vectors = Embeddings.journaled(kept.reply[key: "vectors"], count: call.texts.count)
        {
            return (ModelEmbeddings(vectors: vectors, model: kept.model, costUSD: kept.costUSD), true)
        }
        return (try await call.run(), false)
    }

    /// The answer that is known; in replay an unknown one is an error.
    private func recall(_ key: Digest) async throws(ScorerError) -> JournaledReply? {
        do throws(CallFailure) {
            if let kept = try await core.desk.recall(key, for: chat.purpose) { return kept }
        } catch {
            core.bell.tell(error, cause: error.code)
            throw error.scorerError
        }
        guard core.desk.mode != .replay || chat.purpose == .predict else {
            throw ScorerError(
                code: "not_cached",
                message: "no reply of \(name) to this question is kept, and nothing is asked with the cache on replay"
            )
        }
        return nil
    }
}
