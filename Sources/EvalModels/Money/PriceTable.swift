// The prices that come with the product, under those that a person has. Nothing is fetched.

public import EvalCore
public import EvalJSON

/// Prices of models.
///
///     {"openai:/gpt-5-mini": {"input": 0.25, "output": 2, "cached_input": 0.025, "date": "2025-10-01"},
///      "my-model": {"input": 0.1, "output": 0.1, "date": "2026-11-24"}}
///
/// A key is a model as people name it, or only what the endpoint calls it. The person's entries stand above the built-in
/// ones, and a key with the provider above one without.
public struct PriceTable: Sendable {
    /// The prices that come with the product.
    public static let builtIn = PriceTable()

    private let own: [String: ModelPrice]

    private init() { own = [:] }

    /// The built-in prices, and those of an object above them.
    ///
    /// - Parameter json: The object of a file of prices, or null.
    /// - Throws: Which entry is wrong.
    public init(_ json: JSON) throws(Diagnostic) {
        guard json.kind == .object || json.isNull else { throw Diagnostic("the prices must be an object of models") }
        var own: [String: ModelPrice] = [:]
        for (key, value) in json.members { own[String(key)] = try Self.price(value, of: String(key)) }
        self.own = own
    }

    /// The price of a model; nil where nobody knows it.
    ///
    /// A name that ends in a version, such as `gpt-5-mini-2025-08-07`, has the price of its model where it has none of
    /// its own. The built-in prices are the vendors': a server of one's own has none.
    public func price(for name: ModelName) -> ModelPrice? {
        let names = Self.names(of: name.model)
        for model in names {
            let prefix = "\(name.provider.rawValue):/" + (name.address.map { "\($0)#" } ?? "")
            if let price = own[prefix + model] ?? own[model] { return price }
        }
        return names.lazy.compactMap { BuiltInPrices.table["\(name.provider.rawValue):/\($0)"] }.first
    }

    /// A model's name, and that without a version at its end.
    private static func names(of model: String) -> [String] {
        var names = [model]
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        func isNumber(_ part: Substring, _ count: Int) -> Bool { part.count == count && part.allSatisfy(\.isNumber) }
        if parts.count > 3, isNumber(parts[parts.count - 3], 4), isNumber(parts[parts.count - 2], 2),
            isNumber(parts[parts.count - 1], 2)
        {
            names.append(parts.dropLast(3).joined(separator: "-"))
        } else if let last = parts.last, parts.count > 1, isNumber(last, 8) || last == "latest" || last == "0" {
            names.append(parts.dropLast().joined(separator: "-"))
        }
        return names
    }

    private static func price(_ json: JSON, of key: String) throws(Diagnostic) -> ModelPrice {
        let help = "For example {\"input\": 0.25, \"output\": 2, \"cached_input\": 0.025, \"date\": \"2026-11-24\"}."
        let keys = ["input", "output", "cached_input", "date"]
        for (word, _) in json.members where !keys.contains(String(word)) {
            throw Diagnostic(
                "the price of '\(key)' has an unknown key '\(word)'",
                didYouMean: nearestWord(to: String(word), among: keys),
                help: help
            )
        }
        func dollars(_ word: String) throws(Diagnostic) -> Double? {
            guard let value = json[word], !value.isNull else { return nil }
            guard let number = value.number, number.isFinite, number >= 0 else {
                throw Diagnostic("'\(word)' of the price of '\(key)' must be a number from 0", help: help)
            }
            return number
        }
        guard json.kind == .object, let input = try dollars("input") else {
            throw Diagnostic("the price of '\(key)' needs 'input', US dollars for a million tokens", help: help)
        }
        guard let date = json["date"]?.string, !date.isEmpty else {
            throw Diagnostic("the price of '\(key)' needs 'date', the day on which it was looked up", help: help)
        }
        // Embeddings have no tokens of answers.
        let output = try dollars("output") ?? 0
        return ModelPrice(input: input, output: output, cachedInput: try dollars("cached_input"), date: date)
    }
}
