// `judge:` of a suite: the model that judges, where it is asked, and what may be used again. Values are kept as they are
// written: what a variable stands for is looked up when the model is asked, and never stored with a run.

public import EvalCore
public import EvalJSON

/// The judge model as a suite or the command line names it.
public struct JudgeSection: Sendable, Equatable {
    /// The model: `openai:/gpt-5-mini`.
    public var model: String?
    /// Which replies of earlier runs are used.
    public var cache: CacheMode?
    /// How it should answer: `temperature`, `top_p`, `max_tokens`, `seed`, `reasoning_effort`, and keys of one vendor.
    public var parameters: JSON = .null
    /// Where and with which key it is asked: an object of ``endpointKeys``, or null.
    public var endpoint: JSON = .null
    /// Where the section stands.
    public var location = Diagnostic.Location()

    /// Nothing said.
    public init() {}

    /// The keys that say where and how an endpoint is asked.
    public static let endpointKeys = [
        "base_url", "headers", "api_key_env", "api_key_file", "structured", "requests_per_minute", "tokens_per_minute",
    ]

    /// The keys of the section.
    public static let keys = ["model", "cache", "parameters"] + endpointKeys

    /// How replies are held to their schema, for endpoints where that can't be found out.
    public static let structures = ["auto", "json_schema", "json_object", "tool", "text"]

    /// What a run stores of it; nothing where nothing was said.
    public var json: JSON {
        guard model != nil || cache != nil || !parameters.isNull || !endpoint.isNull else { return .null }
        return [
            "model": model.map { JSON($0) } ?? .null, "cache": cache.map { JSON($0.rawValue) } ?? .null,
            "parameters": parameters, "endpoint": endpoint,
        ]
    }

    /// Restores what a run stored.
    public init(stored: JSON) {
        model = stored["model"]?.string
        cache = stored["cache"]?.string.flatMap(CacheMode.init(rawValue:))
        parameters = stored["parameters"] ?? .null
        endpoint = stored["endpoint"] ?? .null
    }

    /// Checks what can be checked without asking anything.
    ///
    /// - Throws: Which name or parameter is wrong, or which secret is written out.
    public func check() throws(Diagnostic) {
        do throws(Diagnostic) {
            if let model { _ = try ModelName(model) }
            _ = try ModelParameters(parameters)
            try Self.check(endpoint: endpoint)
        } catch {
            throw error.located(location)
        }
    }

    /// Checks where and how an endpoint is asked; suites and scorers' own settings have the same keys.
    ///
    /// - Parameter endpoint: An object or null.
    /// - Throws: Which key is unknown, which value is wrong, or which secret is written out.
    public static func check(endpoint: JSON) throws(Diagnostic) {
        guard endpoint.kind == .object || endpoint.isNull else { throw Diagnostic("the endpoint must be an object") }
        for (key, value) in endpoint.members {
            switch String(key) {
            case "headers":
                guard value.kind == .object else { throw Diagnostic("'headers' must be an object of texts") }
                for (name, header) in value.members {
                    guard let text = header.string else { throw Diagnostic("the header '\(name)' must be a text") }
                    try SecretHeader.check(String(name), text)
                }
            case "base_url", "api_key_env", "api_key_file":
                guard value.string?.isEmpty == false else { throw Diagnostic("'\(key)' must be a text") }
            case "structured":
                guard let word = value.string, structures.contains(word) else {
                    throw Diagnostic("'structured' must be one of \(structures.joined(separator: ", "))")
                }
            case "requests_per_minute", "tokens_per_minute":
                guard let number = value.number, number > 0 else { throw Diagnostic("'\(key)' must be above 0") }
            default:
                throw Diagnostic(
                    "unknown key '\(key)' of an endpoint",
                    didYouMean: nearestWord(to: String(key), among: endpointKeys),
                    help: "It has: \(endpointKeys.joined(separator: ", "))."
                )
            }
        }
    }
}

/// Headers that must not stand in a file.
enum SecretHeader {
    /// Refuses a secret header whose value is written out.
    static func check(_ name: String, _ value: String) throws(Diagnostic) {
        let word = name.lowercased()
        let secrets = ["authorization", "cookie", "token", "secret", "api-key", "apikey"]
        guard secrets.contains(where: { word.contains($0) }), !value.contains("${") else { return }
        throw Diagnostic(
            "the header '\(name)' is written out in the suite",
            help: "Take its value from the environment: \(name): '${NAME_OF_A_VARIABLE}'"
        )
    }
}
