// What answers took. What isn't known stays unknown: a sum with an unknown part is unknown.

internal import EvalCore
internal import EvalJSON

/// Who answered, and what that took.
struct ReplyAccount: Sendable, Equatable {
    private(set) var models: [String] = []
    private var isFromCache = true
    private var tokens: TokenUsage? = TokenUsage(inputTokens: 0, outputTokens: 0)
    private var costUSD: Double? = 0

    /// Adds a reply.
    mutating func add(_ reply: ModelReply) {
        if !models.contains(reply.model) { models.append(reply.model) }
        isFromCache = isFromCache && reply.isFromCache
        add(reply.usage, reply.costUSD)
    }

    /// Adds what other replies took.
    mutating func add(_ other: ReplyAccount) {
        for model in other.models where !models.contains(model) { models.append(model) }
        isFromCache = isFromCache && other.isFromCache
        add(other.tokens, other.costUSD)
    }

    private mutating func add(_ usage: TokenUsage?, _ cost: Double?) {
        if let usage { tokens?.add(usage) } else { tokens = nil }
        costUSD = costUSD.flatMap { sum in cost.map { sum + $0 } }
    }

    /// The account as keys of a feedback's metadata; what isn't known is left out.
    var members: [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("model", JSON(models.joined(separator: ", "))), ("cached", JSON(isFromCache)),
        ]
        if let tokens {
            members.append(("input_tokens", JSON(tokens.inputTokens)))
            members.append(("output_tokens", JSON(tokens.outputTokens)))
        }
        if let costUSD { members.append(("cost_usd", JSON(costUSD))) }
        return members
    }
}
