// What the calls of a hub came to.

public import EvalCore
internal import Synchronization

/// What was asked, and what it took.
public struct HubUsage: Sendable, Equatable {
    /// Questions that calls answered.
    public var calls = 0
    /// Questions that were answered without a call, or by the call of an equal question.
    public var fromCache = 0
    /// Questions that have no answer.
    public var failed = 0
    /// Attempts that may have reached an endpoint.
    public var attempts = 0
    /// Attempts after a question's first.
    public var retries = 0
    /// Replies that were no answer.
    public var refused = 0
    /// The tokens of all replies that tell.
    public var tokens = TokenUsage(inputTokens: 0, outputTokens: 0)
    /// Whether some reply didn't tell its tokens.
    public var isTokensPartial = false
    /// What all replies cost whose cost is known, in US dollars.
    public var costUSD = 0.0
    /// Whether the cost of some reply isn't known, so that the whole is at least ``costUSD``.
    public var isCostPartial = false

    /// Nothing yet.
    public init() {}
}

/// Counts for all clients of a hub.
final class UsageMeter: Sendable {
    private let state = Mutex(HubUsage())

    var usage: HubUsage { state.withLock { $0 } }

    /// An attempt ended.
    ///
    /// - Parameters:
    ///   - reached: Whether it may have reached the endpoint.
    ///   - isRetry: Whether it wasn't its question's first.
    ///   - reply: What came back, if it counts: whether it was refused, its tokens and its cost.
    func attempted(reached: Bool, isRetry: Bool, reply: (refused: Bool, tokens: TokenUsage?, costUSD: Double?)?) {
        state.withLock { usage in
            if reached { usage.attempts += 1 }
            if isRetry { usage.retries += 1 }
            guard let reply else { return }
            if reply.refused { usage.refused += 1 }
            if let tokens = reply.tokens { usage.tokens.add(tokens) } else { usage.isTokensPartial = true }
            if let cost = reply.costUSD { usage.costUSD += cost } else { usage.isCostPartial = true }
        }
    }

    /// A question ended.
    func ended(_ count: (inout HubUsage) -> Void) { state.withLock { count(&$0) } }
}
