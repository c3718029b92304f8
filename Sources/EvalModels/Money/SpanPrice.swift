// What a step of an application elsewhere cost, by what its span tells of model and tokens.

public import EvalCore

extension PriceTable {
    /// What tokens cost, in US dollars; nil where nobody knows the model's price.
    ///
    /// - Parameters:
    ///   - usage: The tokens; those of a vendor's cache count as any.
    ///   - model: The model as the application calls it, such as `gpt-5-mini-2025-08-07`.
    ///   - provider: The vendor as the application calls it; without one, the vendors are tried in turn.
    /// - Returns: The cost.
    public func cost(of usage: TokenUsage, model: String, provider: String?) -> Double? {
        let vendors = provider.map { [$0.lowercased()] } ?? ["openai", "anthropic"]
        for vendor in vendors {
            guard let name = try? ModelName("\(vendor):/\(model)"), let price = price(for: name) else { continue }
            return price.cost(of: CountedTokens(input: usage.inputTokens, output: usage.outputTokens))
        }
        return nil
    }
}
