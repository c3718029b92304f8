// What the rows of a run took of their models. A total with unknown parts says so.

/// Tokens of several rows.
public struct TokenTotal: Sendable, Equatable {
    /// The sum of what was counted.
    public var value: TokenUsage
    /// Whether some row was not counted, so that the sum is at least this.
    public var isPartial: Bool

    /// Makes a total.
    public init(_ value: TokenUsage, isPartial: Bool) {
        self.value = value
        self.isPartial = isPartial
    }
}

/// Costs of several rows.
public struct CostTotal: Sendable, Equatable {
    /// The sum of what is known, in US dollars.
    public var value: Double
    /// Whether some row's cost is unknown, so that the sum is at least this.
    public var isPartial: Bool

    /// Makes a total.
    public init(_ value: Double, isPartial: Bool) {
        self.value = value
        self.isPartial = isPartial
    }
}

/// The usage of rows while they are added up.
public struct ModelUsage: Sendable {
    private var rows = 0
    private var counted = 0
    private var priced = 0
    private var tokens = TokenUsage(inputTokens: 0, outputTokens: 0)
    private var cost = ExactSum()

    /// The usage of no row.
    public init() {}

    /// Adds a row.
    public mutating func add(_ trace: Trace) {
        rows += 1
        if let usage = trace.tokenUsage {
            counted += 1
            tokens.add(usage)
        }
        if let usd = trace.costUSD, usd.isFinite {
            priced += 1
            cost.add(usd)
        }
    }

    /// Adds what other rows took.
    public mutating func add(_ other: ModelUsage) {
        rows += other.rows
        counted += other.counted
        priced += other.priced
        tokens.add(other.tokens)
        cost.add(other.cost)
    }

    /// The tokens of all rows; nil where no row was counted.
    public var tokenTotal: TokenTotal? { counted == 0 ? nil : TokenTotal(tokens, isPartial: counted < rows) }

    /// The costs of all rows; nil where no row's cost is known.
    public var costTotal: CostTotal? { priced == 0 ? nil : CostTotal(cost.value, isPartial: priced < rows) }
}
