// A reply and what it is worth: an answer, or a failure with its remedy. A decision without connections or clocks.

internal import EvalCore
internal import EvalJSON
internal import NIOCore

/// Judges replies to one question.
struct ReplyJudge: Sendable {
    let reader: RefusalReader
    let question: Question
    let manner: Manner

    /// How much of a reply that isn't understood is kept.
    private static let keptBytes = 4 << 10

    /// What a reply is worth.
    func judge(_ reply: RawReply) -> Judgement<Answer> {
        guard 200..<300 ~= reply.status else { return refused(reply) }
        guard let json = parsed(reply.body), json.kind == .object else { return unreadable(reply) }
        guard let answer = reader.dialect.answer(json, asked: question.model) else {
            // Some gateways answer 200 and have the error in the body.
            if let error = json[key: "error"], !error.isNull {
                var inner = reply
                inner.status = error[key: "code"]?.integer.map { Int($0) } ?? 502
                if !(400..<600 ~= inner.status) { inner.status = 502 }
                return refused(inner)
            }
            return unreadable(reply)
        }
        return judge(answer)
    }

    private func judge(_ answer: Answer) -> Judgement<Answer> {
        if case .refused(let code, let words) = answer.finish {
            return failed(answer, CallFailure(code, "\(place): \(reader.masker.words(words))"))
        }
        if !answer.toolCalls.isEmpty { return Judgement(answered: answer, object: nil) }
        guard let schema = question.schema else {
            if answer.finish == .length { return truncated(answer) }
            if answer.text.isEmpty { return failed(answer, invalid("the reply is empty", .again)) }
            return Judgement(answered: answer, object: nil)
        }
        let object = answer.object ?? ObjectInText.find(answer.text)
        let isObject = object?.kind == .object
        guard let object, isObject, case let fault = schema.fault(of: object) else {
            if answer.finish == .length { return truncated(answer) }
            return failed(answer, repair(answer, "it is not one JSON object"), isObject: false)
        }
        guard let fault else { return Judgement(answered: answer, object: object) }
        if answer.finish == .length { return truncated(answer) }
        return failed(answer, repair(answer, reader.masker.words(fault)), isObject: true)
    }

    private var place: String { "\(reader.model) at \(reader.endpoint)" }

    private func invalid(_ words: String, _ remedy: CallFailure.Remedy) -> CallFailure {
        CallFailure("reply_invalid", "\(place): \(words)", remedy: remedy)
    }

    private func repair(_ answer: Answer, _ fault: String) -> CallFailure {
        let reply = answer.object?.serialized ?? answer.text
        return invalid("the reply doesn't fit the schema: \(fault)", .repair(reply: reply, fault: fault))
    }

    /// An answer that ended too early: with more tokens where the limit was ours, else an error.
    private func truncated(_ answer: Answer) -> Judgement<Answer> {
        let most = question.parameters.maxTokens
        let count = answer.tokens.map { " after \($0.output) tokens" } ?? ""
        let help = most.map { "max_tokens is \($0)" } ?? "the limit is the endpoint's own"
        var failure = CallFailure("reply_truncated", "\(place): the reply was cut off\(count); \(help)")
        let ours = reader.dialect == .anthropic && most == nil
        if ours { failure.remedy = .otherwise }
        var judgement = failed(answer, failure)
        if ours { judgement.moreTokens = AnthropicRequest.standardTokens * 4 }
        return judgement
    }

    private func failed(_ answer: Answer, _ failure: CallFailure, isObject: Bool? = nil) -> Judgement<Answer> {
        var judgement = Judgement<Answer>(
            .failure(failure),
            tokens: answer.tokens,
            model: answer.model,
            kept: answer.kept(answer.object)
        )
        judgement.isObject = isObject
        return judgement
    }

    private func refused(_ reply: RawReply) -> Judgement<Answer> {
        let error = ErrorBody(reply.body)
        var failure = reader.failure(reply, error, question)
        var judgement = Judgement<Answer>(failure, model: question.model)
        if [400, 422, 501].contains(reply.status), !error.isContextTooLong, !error.isFiltered,
            let step = error.step(question, manner)
        {
            failure.remedy = .otherwise
            failure.reach = .call
            judgement.result = .failure(failure)
            judgement.step = step
        }
        // An error that took tokens is paid for.
        if let json = parsed(reply.body), json.kind == .object, let tokens = reader.dialect.tokens(json) {
            judgement.tokens = tokens
            judgement.kept = ["error": JSON(reader.masker.words(error.message)), "status": JSON(reply.status)]
        }
        return judgement
    }

    private func unreadable(_ reply: RawReply) -> Judgement<Answer> {
        let bytes = reply.body.readableBytesView
        if ErrorBody.isPage(bytes) {
            let error = ErrorBody(reply.body)
            let failure = CallFailure("bad_request", reader.words(reply.status, error), reach: .model)
            return Judgement(failure, model: question.model)
        }
        let failure = CallFailure("reply_invalid", "\(place) answered what is no reply of its protocol", remedy: .again)
        var judgement = Judgement<Answer>(failure, model: question.model)
        // It may have been paid for: how much, nobody knows.
        judgement.kept = ["text": JSON(String(decoding: bytes.prefix(Self.keptBytes), as: UTF8.self))]
        return judgement
    }

    private func parsed(_ body: ByteBuffer) -> JSON? { try? JSON(parsing: body.readableBytesView) }
}
