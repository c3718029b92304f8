// Token counts and cost as spans tell them. What our types have no room for, such as tokens of caches, stays among the
// attributes.

internal import EvalCore
internal import EvalJSON

extension SpanTranslator {
    /// Token usage of MLflow's attribute; nil for something else.
    static func usage(_ value: JSON) -> TokenUsage? {
        let input = value[key: "input_tokens"]?.integer
        let output = value[key: "output_tokens"]?.integer
        let total = value[key: "total_tokens"]?.integer
        guard input != nil || output != nil || total != nil else { return nil }
        return TokenUsage(inputTokens: input ?? 0, outputTokens: output ?? 0, totalTokens: total)
    }

    /// Whether a usage says no more than `TokenUsage` holds.
    static func isPlain(_ value: JSON) -> Bool {
        value.count == 3 && value[key: "input_tokens"]?.integer != nil && value[key: "output_tokens"]?.integer != nil
            && value[key: "total_tokens"]?.integer != nil
    }

    /// A cost of MLflow's attribute, in US dollars: a number, or an object with `total_cost`.
    static func cost(_ value: JSON) -> Double? {
        if let total = (value[key: "total_cost"] ?? value).number { return total }
        let parts = [value[key: "input_cost"]?.number, value[key: "output_cost"]?.number].compactMap { $0 }
        return parts.isEmpty ? nil : parts.reduce(0, +)
    }

    /// The tokens that a convention tells, and all of them as an object where they are more than the three.
    mutating func conventionalUsage(_ known: KnownAttributes) -> (usage: TokenUsage, details: JSON?)? {
        for (convention, terms) in Convention.all where known.present & terms != 0 {
            let counts =
                convention.rule == .claudeCode ? claudeCodeTokens(known) : tokens(known, convention.tokens)
            guard counts.input != nil || counts.output != nil || counts.total != nil else { continue }
            return Self.usage(of: counts)
        }
        return nil
    }

    /// Token counts, those that are there.
    struct TokenCounts {
        var input: Int64?
        var output: Int64?
        var total: Int64?
        var cacheRead: Int64?
        var cacheCreation: Int64?
    }

    private static func usage(of counts: TokenCounts) -> (usage: TokenUsage, details: JSON?) {
        let usage = TokenUsage(
            inputTokens: counts.input ?? 0,
            outputTokens: counts.output ?? 0,
            totalTokens: counts.total
        )
        if counts.input != nil, counts.output != nil, counts.cacheRead == nil, counts.cacheCreation == nil {
            return (usage, nil)
        }
        let total = counts.total ?? (counts.input != nil && counts.output != nil ? usage.totalTokens : nil)
        var builder = JSONBuilder(values: 10, bytes: 128)
        func add(_ name: String, _ count: Int64?, to builder: inout JSONBuilder) {
            guard let count else { return }
            builder.key(name)
            builder.append(count)
        }
        builder.beginObject()
        add("input_tokens", counts.input, to: &builder)
        add("output_tokens", counts.output, to: &builder)
        add("total_tokens", total, to: &builder)
        add("cache_read_input_tokens", counts.cacheRead, to: &builder)
        add("cache_creation_input_tokens", counts.cacheCreation, to: &builder)
        builder.endObject()
        return (usage, builder.finish())
    }

    private func tokens(_ known: KnownAttributes, _ keys: Convention.Tokens) -> TokenCounts {
        func count(_ terms: [Term]) -> Int64? { terms.lazy.compactMap { known[$0] }.first.flatMap(Self.count) }
        return TokenCounts(
            input: count(keys.input),
            output: count(keys.output),
            total: count(keys.total),
            cacheRead: count(keys.cacheRead),
            cacheCreation: count(keys.cacheCreation)
        )
    }

    /// A whole number, or digits in a text.
    static func count(_ value: JSON) -> Int64? { value.integer ?? value.string.flatMap { Int64($0) } }
}
