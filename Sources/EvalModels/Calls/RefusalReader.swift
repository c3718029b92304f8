// What a reply with an error's status means: for whom, and whether another attempt is worth it.

internal import EvalCore
internal import EvalJSON
internal import NIOCore
internal import NIOHTTP1

/// Reads replies that aren't successes.
struct RefusalReader: Sendable {
    /// The model, as the endpoint calls it.
    let model: String
    /// The endpoint's host.
    let endpoint: String
    let dialect: Dialect
    let masker: Masker
    /// Where the key comes from; nil where there is none.
    let keySource: String?

    /// What a reply means.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - error: Its words.
    ///   - question: What was asked, for its size; nil for vectors.
    /// - Returns: The failure with its remedy.
    func failure(_ reply: RawReply, _ error: ErrorBody, _ question: Question?) -> CallFailure {
        switch reply.status {
        case 300..<400: return redirect(reply)
        case 401, 403: return key(reply.status, error)
        case 404: return unknown(reply.status, error)
        case 429: return limited(reply, error)
        case 408, 425, 409:
            return CallFailure("model_unavailable", words(reply.status, error), remedy: .again)
        case 500...: return broken(reply, error)
        default: return rejected(reply.status, error, question)
        }
    }

    /// The model, the host, the status and the endpoint's own words.
    func words(_ status: Int, _ error: ErrorBody) -> String {
        let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
        let head = "\(model) at \(endpoint) answered \(status)" + (reason.isEmpty ? "" : " \(reason)")
        if error.isPage { return head + ", a web page: does the base URL end where the API begins, such as …/v1?" }
        let own = masker.words(error.message.isEmpty ? error.code : error.message)
        return own.isEmpty ? head : "\(head): \(own)"
    }

    private func redirect(_ reply: RawReply) -> CallFailure {
        CallFailure(
            "bad_request",
            "\(model) at \(endpoint) answered \(reply.status), a redirect, which is not followed: is the base URL right?",
            reach: .model
        )
    }

    private func key(_ status: Int, _ error: ErrorBody) -> CallFailure {
        // A filter of a gateway also says 403, for one question.
        if error.isFiltered { return CallFailure("content_filter", words(status, error)) }
        let key = keySource.map { "the key of \($0)" } ?? "no key was given, and the request"
        let what = status == 401 ? "\(key) is refused: " : "\(key) may not use it: "
        return CallFailure("model_key", what + words(status, error), reach: status == 401 ? .endpoint : .model)
    }

    private func unknown(_ status: Int, _ error: ErrorBody) -> CallFailure {
        if error.isPage { return CallFailure("bad_request", words(status, error), reach: .model) }
        let hint = error.lowercased.contains("model") ? "" : "; are the model's name and the base URL right?"
        return CallFailure("model_unknown", words(status, error) + hint, reach: .model)
    }

    private func limited(_ reply: RawReply, _ error: ErrorBody) -> CallFailure {
        if error.isAccountEmpty { return CallFailure("rate_limited", words(reply.status, error), reach: .endpoint) }
        let wait = RateHeaders.retryAfter(reply.headers)
        return CallFailure(
            "rate_limited",
            words(reply.status, error),
            remedy: wait.map { .postponed(min($0, Pace.longestPause)) } ?? .again,
            signal: .overloaded(wait)
        )
    }

    private func broken(_ reply: RawReply, _ error: ErrorBody) -> CallFailure {
        var failure = CallFailure("model_unavailable", words(reply.status, error), remedy: .again, signal: .broken)
        switch reply.status {
        // These don't change.
        case 501, 505: failure.remedy = .none
        // 529 is Anthropic's word for too much to do.
        case 503, 529:
            let wait = RateHeaders.retryAfter(reply.headers)
            failure.signal = .overloaded(wait)
            if let wait { failure.remedy = .againAfter(min(wait, Pace.longestPause)) }
        default: break
        }
        return failure
    }

    private func rejected(_ status: Int, _ error: ErrorBody, _ question: Question?) -> CallFailure {
        if status == 413 || error.isContextTooLong {
            let size = question.map { "\($0.textBytes) bytes, about \($0.estimatedTokens) tokens" } ?? "the texts"
            return CallFailure(
                "context_too_long",
                "the question (\(size)) is longer than the model takes: " + words(status, error)
            )
        }
        if error.isFiltered { return CallFailure("content_filter", words(status, error)) }
        if error.isAccountEmpty { return CallFailure("rate_limited", words(status, error), reach: .endpoint) }
        if error.isModelUnknown { return CallFailure("model_unknown", words(status, error), reach: .model) }
        // OpenAI says so of a key that has the wrong form, Google's gateway of any.
        if error.lowercased.contains("api key not valid") {
            return CallFailure("model_key", words(status, error), reach: .endpoint)
        }
        return CallFailure("bad_request", words(status, error), reach: error.isPage ? .model : .call)
    }
}
