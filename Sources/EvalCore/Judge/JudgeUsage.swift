// What the judges of a run took of their models, beside what the application under test took.

/// Calls, tokens and costs of a run's judges: every reply that was received and paid for, those that were refused included.
public struct JudgeUsage: Sendable, Equatable {
    /// Replies that were received.
    public var replies: Int
    /// Replies that were no answer.
    public var refused: Int
    /// Their tokens; nil where no endpoint told.
    public var tokens: TokenTotal?
    /// What they cost, in US dollars; nil where no cost is known.
    public var costUSD: CostTotal?

    /// Sums replies up.
    public init(replies: Int, refused: Int = 0, tokens: TokenTotal? = nil, costUSD: CostTotal? = nil) {
        self.replies = replies
        self.refused = refused
        self.tokens = tokens
        self.costUSD = costUSD
    }
}
