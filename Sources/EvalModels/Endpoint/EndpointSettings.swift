// What a suite says about an endpoint: address, headers, key, rates.

internal import EvalCore
internal import EvalJSON

/// The settings of an endpoint as they were written.
struct EndpointSettings: Sendable {
    var baseURL: String?
    var headers: [(name: String, value: String)] = []
    var keyVariable: String?
    var keyFile: String?
    var requestsPerMinute: Double?
    var tokensPerMinute: Double?
    /// How objects are asked for; nil finds out.
    var structured: StructuredLevel?
    var tokensParameter: String?

    static let keys = ModelChoice.endpointKeys

    /// Reads settings.
    ///
    /// - Throws: Which one is wrong.
    init(_ json: JSON) throws(Diagnostic) {
        guard json.kind == .object || json.isNull else { throw Diagnostic("an endpoint's settings must be an object") }
        for (key, value) in json.members where !value.isNull { try read(String(key), value) }
        if keyVariable != nil, keyFile != nil {
            throw Diagnostic("an endpoint has either 'api_key_env' or 'api_key_file'")
        }
    }

    /// These settings, and for what they leave open those of `others`; nothing of `others` goes to another address.
    func filled(from others: EndpointSettings) -> EndpointSettings {
        guard baseURL == nil || baseURL == others.baseURL else { return self }
        var merged = self
        merged.baseURL = others.baseURL
        if headers.isEmpty { merged.headers = others.headers }
        if keyVariable == nil, keyFile == nil {
            (merged.keyVariable, merged.keyFile) = (others.keyVariable, others.keyFile)
        }
        merged.requestsPerMinute = requestsPerMinute ?? others.requestsPerMinute
        merged.tokensPerMinute = tokensPerMinute ?? others.tokensPerMinute
        merged.structured = structured ?? others.structured
        merged.tokensParameter = tokensParameter ?? others.tokensParameter
        return merged
    }

    private mutating func read(_ key: String, _ value: JSON) throws(Diagnostic) {
        switch key {
        case "base_url": baseURL = try text(key, value)
        case "api_key_env": keyVariable = try text(key, value)
        case "api_key_file": keyFile = try text(key, value)
        case "requests_per_minute": requestsPerMinute = try rate(key, value)
        case "tokens_per_minute": tokensPerMinute = try rate(key, value)
        case "structured": structured = try level(value)
        case "tokens_parameter":
            let name = try text(key, value)
            guard name == "max_tokens" || name == "max_completion_tokens" else {
                throw Diagnostic("'tokens_parameter' is max_tokens or max_completion_tokens")
            }
            tokensParameter = name
        case "headers":
            guard value.kind == .object else { throw Diagnostic("'headers' must be an object of texts") }
            for (name, text) in value.members { headers.append((String(name), try self.text("headers", text))) }
        case "api_key":
            throw Diagnostic(
                "a key has no place in a suite or on the command line",
                help: "Name its variable with 'api_key_env', or its file with 'api_key_file'."
            )
        default:
            throw Diagnostic(
                "unknown key '\(key)' of an endpoint",
                didYouMean: nearestWord(to: key, among: Self.keys),
                help: "An endpoint has: \(Self.keys.joined(separator: ", "))."
            )
        }
    }

    private func text(_ key: String, _ value: JSON) throws(Diagnostic) -> String {
        guard let text = value.string, !text.isEmpty else { throw Diagnostic("'\(key)' must be a text") }
        return text
    }

    private func rate(_ key: String, _ value: JSON) throws(Diagnostic) -> Double {
        guard let number = value.number, number > 0 else { throw Diagnostic("'\(key)' must be a number above 0") }
        return number
    }

    private func level(_ value: JSON) throws(Diagnostic) -> StructuredLevel? {
        let word = value.string ?? ""
        if word == "auto" { return nil }
        guard let level = StructuredLevel(rawValue: word) else {
            throw Diagnostic(
                "'structured' is auto, \(StructuredLevel.allCases.map(\.rawValue).joined(separator: ", "))",
                didYouMean: nearestWord(to: word, among: StructuredLevel.allCases.map(\.rawValue))
            )
        }
        return level
    }
}
