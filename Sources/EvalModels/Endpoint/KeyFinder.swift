// Which key goes to which endpoint, and what is said when it is the wrong one: its variable, never a part of it.

internal import EvalCore

/// Finds the key for a model.
struct KeyFinder {
    let model: ModelName
    let settings: EndpointSettings
    let environment: [String: String]
    let host: String

    /// The variable that a provider's own clients read.
    private var usual: String {
        switch model.provider {
        case .openai: "OPENAI_API_KEY"
        case .anthropic: "ANTHROPIC_API_KEY"
        case .endpoint: "EVALHOST_ENDPOINT_API_KEY"
        }
    }

    /// The key.
    ///
    /// - Parameters:
    ///   - isNeeded: Whether a missing key is an error.
    ///   - hasOther: Whether a header carries a key already, so that the usual variable isn't asked.
    ///   - warn: Told what is unwise.
    /// - Returns: The key; nil where there is none and none is needed.
    /// - Throws: What is wrong with it.
    func key(isNeeded: Bool, hasOther: Bool, warn: (Diagnostic) -> Void) throws(Diagnostic) -> Secret? {
        if let path = settings.keyFile { return try Secret(file: path, warn: warn) }
        if let name = settings.keyVariable {
            guard let value = environment[name], !value.isEmpty else {
                if !isNeeded { return nil }
                throw Diagnostic("\(model) needs the key of \(name), which is not set")
            }
            return try checked(Secret(value, source: name))
        }
        guard !hasOther else { return nil }
        if let value = environment[usual], !value.isEmpty { return try checked(Secret(value, source: usual)) }
        guard isNeeded, model.provider != .endpoint else { return nil }
        throw missing
    }

    private var missing: Diagnostic {
        var message = "\(model) needs a key, but \(usual) is not set"
        let other = model.provider == .openai ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"
        var help = "Set \(usual), or name another variable with 'api_key_env', or a file with 'api_key_file'."
        if environment[other]?.isEmpty == false {
            message += "; \(other) is"
            let example = model.provider == .openai ? "anthropic:/claude-sonnet-4-5" : "openai:/gpt-5-mini"
            help += " With the key of \(other), name a model of that provider, such as \(example)."
        }
        return Diagnostic(message, help: help)
    }

    /// The vendors' own addresses take the vendors' own keys only; a gateway's may look like anybody's.
    private func checked(_ secret: Secret) throws(Diagnostic) -> Secret {
        let isAnthropic = secret.value.hasPrefix("sk-ant-")
        if host == "api.openai.com", isAnthropic {
            throw Diagnostic(
                "\(secret.source) holds a key of Anthropic, and \(model) is asked at OpenAI",
                help: "Put it into ANTHROPIC_API_KEY, or name a model such as anthropic:/claude-sonnet-4-5."
            )
        }
        if host == "api.anthropic.com", model.provider == .anthropic, secret.value.hasPrefix("sk-"), !isAnthropic {
            throw Diagnostic(
                "\(secret.source) holds a key that is not one of Anthropic, and \(model) is asked there",
                help: "Keys of Anthropic begin with sk-ant-. One of OpenAI belongs into OPENAI_API_KEY."
            )
        }
        return secret
    }
}
