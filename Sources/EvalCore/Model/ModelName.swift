// Which model is meant: `openai:/gpt-5-mini`, `anthropic:/claude-sonnet-4-5`, `endpoint:/http://127.0.0.1:8000/v1#llama`.

/// A model as people name it; MLflow's `provider:/name`.
public struct ModelName: Sendable, Hashable, CustomStringConvertible {
    /// Whose protocol is spoken.
    public enum Provider: String, Sendable, CaseIterable {
        /// OpenAI's chat completions at OpenAI's address, or where `OPENAI_BASE_URL` points.
        case openai
        /// Anthropic's Messages at Anthropic's address, or where `ANTHROPIC_BASE_URL` points.
        case anthropic
        /// OpenAI's chat completions at an address of the person's own.
        case endpoint
    }

    /// Whose protocol is spoken.
    public let provider: Provider
    /// The address with which an ``Provider/endpoint`` begins its paths, such as `http://127.0.0.1:8000/v1`; nil for
    /// the vendors.
    public let address: String?
    /// The model as the endpoint calls it.
    public let model: String

    /// Reads a name.
    ///
    /// - Throws: What is wrong with it.
    public init(_ text: String) throws(Diagnostic) {
        guard let separator = text.firstIndex(of: ":"), text[separator...].hasPrefix(":/") else {
            throw Diagnostic("the model '\(text)' has no provider", help: Self.usage)
        }
        let word = String(text[..<separator])
        guard let provider = Provider(rawValue: word) else {
            throw Diagnostic(
                "unknown provider '\(word)' of the model '\(text)'",
                didYouMean: nearestWord(to: word, among: Provider.allCases.map(\.rawValue)),
                help: Self.usage
            )
        }
        var rest = text[text.index(separator, offsetBy: 2)...]
        self.provider = provider
        if provider == .endpoint {
            guard let mark = rest.lastIndex(of: "#"), mark != rest.startIndex else {
                throw Diagnostic("the endpoint '\(text)' names no model", help: Self.usage)
            }
            address = String(rest[..<mark])
            rest = rest[rest.index(after: mark)...]
        } else {
            // MLflow's users also write openai://name.
            while rest.hasPrefix("/") { rest.removeFirst() }
            address = nil
        }
        guard !rest.isEmpty, !rest.contains(where: \.isWhitespace) else {
            throw Diagnostic("the model '\(text)' has no name", help: Self.usage)
        }
        model = String(rest)
    }

    /// The name as it is written.
    public var description: String {
        "\(provider.rawValue):/" + (address.map { "\($0)#" } ?? "") + model
    }

    private static let usage =
        "For example openai:/gpt-5-mini, anthropic:/claude-sonnet-4-5, or endpoint:/http://127.0.0.1:8000/v1#NAME for "
        + "any server with OpenAI's chat completions."
}
