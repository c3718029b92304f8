// One question until it is answered: attempts, steps down, one repair turn.

internal import EvalCore
internal import EvalJSON

/// Asks one question.
struct ChatCall {
    let attempter: Attempter
    let key: Digest
    let request: ModelRequest
    let schema: CompiledSchema?

    /// The tokens that an answer is taken to have where nobody limits it.
    static let outputGuess = 1024

    private struct Progress {
        var record = RetryPolicy.Record()
        var attempts = 0
        var repair: (reply: String, fault: String)?
        var moreTokens: Int?
        var usage: TokenUsage?
        var costUSD: Double?
    }

    /// Asks until there is an answer.
    ///
    /// - Throws: Why there is none.
    func run() async throws(ScorerError) -> ModelReply {
        var progress = Progress()
        let fence: Fence
        do throws(CallFailure) {
            fence = try await attempter.core.desk.fence(or: attempter.core.fence)
        } catch {
            attempter.core.bell.tell(error, cause: error.code)
            throw error.scorerError
        }
        while true {
            let judgement = await attempt(progress, fence)
            progress.attempts += 1
            add(judgement, to: &progress)
            switch judgement.result {
            case .success(let answer): return reply(answer, progress)
            case .failure(let failure): try await recover(from: failure, judgement, &progress)
            }
        }
    }

    private func attempt(_ progress: Progress, _ fence: Fence) async -> Judgement<Answer> {
        let manner = attempter.state.manner.current
        let question = question(progress)
        let most = question.parameters.maxTokens ?? Self.outputGuess
        let order = Attempter.Order(
            key: key,
            body: attempter.endpoint.dialect.body(of: question, manner, fence),
            inputTokens: question.estimatedTokens,
            outputTokens: most,
            isRetry: progress.attempts > 0
        )
        let reader = RefusalReader(
            model: attempter.name.model,
            endpoint: attempter.endpoint.name,
            dialect: attempter.endpoint.dialect,
            masker: attempter.endpoint.masker,
            keySource: attempter.endpoint.keySource
        )
        let judge = ReplyJudge(reader: reader, question: question, manner: manner)
        let judgement = await attempter.attempt(order) { judge.judge($0) }
        if let isObject = judgement.isObject { attempter.state.manner.note(isObject: isObject, at: manner.level) }
        return judgement
    }

    private func question(_ progress: Progress) -> Question {
        var question = Question(
            model: attempter.name.model,
            messages: request.messages,
            schema: schema,
            tools: request.tools,
            parameters: request.parameters
        )
        if let most = progress.moreTokens { question.parameters.maxTokens = most }
        if let repair = progress.repair, let schema {
            question.messages.append(ModelMessage(.assistant, repair.reply.isEmpty ? "(nothing)" : repair.reply))
            let words =
                "That reply can't be used: \(repair.fault). Give the whole reply again as one JSON object that fits "
                + "this JSON Schema, and nothing else:\n" + String(decoding: schema.bytes, as: UTF8.self)
            question.messages.append(ModelMessage(.user, words))
        }
        return question
    }

    private func add(_ judgement: Judgement<Answer>, to progress: inout Progress) {
        if let usage = judgement.tokens?.usage {
            if progress.usage == nil { progress.usage = usage } else { progress.usage?.add(usage) }
        }
        if let cost = judgement.costUSD { progress.costUSD = (progress.costUSD ?? 0) + cost }
    }

    private func recover(
        from failure: CallFailure,
        _ judgement: Judgement<Answer>,
        _ progress: inout Progress
    ) async throws(ScorerError) {
        var failure = failure
        if let most = judgement.moreTokens {
            // More is asked for once.
            if progress.moreTokens == nil { progress.moreTokens = most } else { failure.remedy = .none }
        }
        progress.repair = nil
        let policy = attempter.core.policy
        switch policy.next(after: failure.remedy, &progress.record, random: .random(in: 0...1)) {
        case .giveUp: throw error(failure, progress)
        case .repair(let reply, let fault): progress.repair = (reply, fault)
        case .again(let delay):
            guard delay > .zero else { return }
            do {
                try await Task.sleep(for: delay)
            } catch {
                throw CallFailure.cancelled.scorerError
            }
        }
    }

    private func error(_ failure: CallFailure, _ progress: Progress) -> ScorerError {
        guard progress.attempts > 1, failure.remedy != .none else { return failure.scorerError }
        return ScorerError(code: failure.code, message: "\(failure.message) (\(progress.attempts) attempts)")
    }

    private func reply(_ answer: Answer, _ progress: Progress) -> ModelReply {
        ModelReply(
            text: answer.text,
            object: answer.object,
            toolCalls: answer.toolCalls,
            model: answer.model,
            usage: progress.usage,
            costUSD: progress.costUSD
        )
    }
}

extension ModelReply {
    /// A reply that was kept.
    init(_ kept: JournaledReply) {
        var calls: [ModelToolCall] = []
        for call in kept.reply[key: "tool_calls"]?.elements ?? JSON.null.elements {
            calls.append(
                ModelToolCall(
                    id: call[key: "id"]?.string ?? "",
                    name: call[key: "name"]?.string ?? "",
                    arguments: call[key: "arguments"] ?? [:]
                )
            )
        }
        self.init(
            text: kept.reply[key: "text"]?.string ?? "",
            object: kept.reply[key: "object"],
            toolCalls: calls,
            model: kept.model,
            usage: kept.usage,
            costUSD: kept.costUSD,
            isFromCache: true
        )
    }
}
