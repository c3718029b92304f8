// What a model's tokens cost, and since when that is known.

internal import EvalCore
public import EvalJSON

/// The price of a model, in US dollars for a million tokens.
public struct ModelPrice: Sendable, Equatable {
    /// Of a question.
    public var input: Double
    /// Of an answer, with its reasoning.
    public var output: Double
    /// Of what the vendor's prompt cache had of a question; nil is the price of any question.
    public var cachedInput: Double?
    /// The day on which the price was looked up, as `2025-11-24`.
    public var date: String

    /// Makes a price.
    ///
    /// - Parameters:
    ///   - input: Of a question.
    ///   - output: Of an answer.
    ///   - cachedInput: Of what the vendor's prompt cache had of a question.
    ///   - date: The day on which the price was looked up.
    public init(input: Double, output: Double, cachedInput: Double? = nil, date: String) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.date = date
    }

    /// The price as it is kept with a reply.
    public var json: JSON {
        .object([
            ("input", JSON(input)), ("output", JSON(output)), ("cached_input", cachedInput.map { JSON($0) } ?? .null),
            ("date", JSON(date)),
        ])
    }

    /// What tokens cost, in US dollars.
    func cost(of tokens: CountedTokens) -> Double {
        let fresh = Double(max(0, tokens.input - tokens.cachedInput - tokens.cacheWrites))
        // Anthropic takes a quarter more for what it writes into its cache; nobody else counts that.
        let written = Double(tokens.cacheWrites) * 1.25
        let cached = Double(tokens.cachedInput) * (cachedInput ?? input)
        return ((fresh + written) * input + cached + Double(tokens.output) * output) / 1_000_000
    }
}

/// The tokens of one reply, as far as prices tell them apart.
struct CountedTokens: Sendable, Equatable {
    /// All of the question.
    var input: Int64 = 0
    /// Those of the question that the vendor's cache had.
    var cachedInput: Int64 = 0
    /// Those of the question that went into the vendor's cache.
    var cacheWrites: Int64 = 0
    /// All of the answer.
    var output: Int64 = 0
    /// What the endpoint says that all are; nil for the sum.
    var total: Int64?
}
