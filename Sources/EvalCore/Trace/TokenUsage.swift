// What a request took of its models: tokens and money. What nobody measured is nil, never 0.

/// Tokens that models read and wrote; MLflow's `mlflow.chat.tokenUsage`.
public struct TokenUsage: Sendable, Equatable {
    /// Tokens of the prompts.
    public var inputTokens: Int64
    /// Tokens of the answers.
    public var outputTokens: Int64
    /// All tokens; a provider may count more than the other two, such as those of its reasoning.
    public var totalTokens: Int64

    /// Makes a usage; the total is the sum of the two unless it is told.
    public init(inputTokens: Int64, outputTokens: Int64, totalTokens: Int64? = nil) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.totalTokens = totalTokens ?? inputTokens.addingReportingOverflow(outputTokens).partialValue
    }

    /// Adds another usage.
    public mutating func add(_ other: TokenUsage) {
        inputTokens = inputTokens.addingReportingOverflow(other.inputTokens).partialValue
        outputTokens = outputTokens.addingReportingOverflow(other.outputTokens).partialValue
        totalTokens = totalTokens.addingReportingOverflow(other.totalTokens).partialValue
    }
}

extension Trace {
    /// The tokens of all spans; nil where no span tells.
    ///
    /// A span that tells counts for all spans below it, as MLflow sums a trace up: a chain that reports its own total
    /// isn't counted twice.
    public var tokenUsage: TokenUsage? {
        var total: TokenUsage?
        for span in topmost(where: { $0.usage != nil }) {
            guard let usage = span.usage else { continue }
            if total == nil { total = usage } else { total?.add(usage) }
        }
        return total
    }

    /// What the models of all spans cost, in US dollars; nil where no span tells.
    public var costUSD: Double? {
        var total: Double?
        for span in topmost(where: { $0.costUSD != nil }) {
            if let cost = span.costUSD { total = (total ?? 0) + cost }
        }
        return total
    }

    /// The spans that satisfy a condition and have no ancestor that does.
    private func topmost(where condition: (Span) -> Bool) -> [Span] {
        let chosen = spans.filter(condition)
        if chosen.count < 2 { return chosen }
        let parents = Dictionary(spans.map { ($0.id, $0.parentID) }, uniquingKeysWith: { first, _ in first })
        let ids = Set(chosen.map(\.id))
        return chosen.filter { span in
            var parent = span.parentID
            var steps = 0
            while let id = parent, steps <= spans.count {
                if ids.contains(id) { return false }
                parent = parents[id] ?? nil
                steps += 1
            }
            return true
        }
    }
}
