// Where a model is asked and as whom: an address and headers, checked before the first call.

internal import AsyncHTTPClient
internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import NIOHTTP1

/// An endpoint ready to be asked.
struct Endpoint: Sendable, CustomReflectable {
    let dialect: Dialect
    /// The address below which paths begin, without anything secret.
    let base: String
    /// The query of every request, as Azure wants it; empty, or with its `?`.
    let query: String
    /// The headers of every request.
    let headers: HTTPHeaders
    /// Host and port, as messages name the endpoint.
    let name: String
    let proxy: HTTPClient.Configuration.Proxy?
    let masker: Masker
    /// Where its key comes from: a variable or a file.
    let keySource: String?
    /// What tells one gate from another: scheme, host, port, and who asks.
    let identity: String

    /// The headers have keys in them: no description shows them.
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }

    /// The full address of a path.
    func url(_ path: String) -> String { base + path + query }

    /// Resolves an endpoint.
    ///
    /// - Parameters:
    ///   - model: The model, whose provider decides.
    ///   - settings: What the suite says.
    ///   - environment: Where addresses and keys are looked up.
    ///   - needsKey: Whether a missing key is an error.
    ///   - warn: Told what is unwise.
    /// - Throws: What is wrong, without anything secret.
    init(
        of model: ModelName,
        _ settings: EndpointSettings,
        environment: [String: String],
        needsKey: Bool,
        warn: (Diagnostic) -> Void
    ) throws(Diagnostic) {
        dialect = model.provider == .anthropic ? .anthropic : .openai
        let address = BaseAddress.text(of: model, settings, environment)
        guard var parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else {
            throw Diagnostic(
                "the address of \(model.provider == .endpoint ? "an endpoint" : model.description) is not one of http or https",
                help: "It is written https://HOST/v1."
            )
        }
        let isAzure = host.hasSuffix(".azure.com") || parts.query?.contains("api-version=") == true
        let user = parts.user.map { (name: $0, password: parts.password ?? "") }
        query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        (parts.scheme, parts.user, parts.password, parts.fragment, parts.query) = (scheme, nil, nil, nil, nil)
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        guard let url = parts.url else { throw Diagnostic("the address of the endpoint is malformed") }
        base = url.absoluteString
        name = parts.port.map { "\(host):\($0)" } ?? host
        proxy = ProxySettings.proxy(for: url, environment: environment)

        var headers = try Self.expanded(settings.headers, environment)
        if let user, !headers.contains(name: "authorization") {
            let secret = Data("\(user.name):\(user.password)".utf8).base64EncodedString()
            headers.add(name: "authorization", value: "Basic \(secret)")
        }
        let keyHeaders = ["authorization", "api-key", "x-api-key"]
        for (name, text) in settings.headers where keyHeaders.contains(name.lowercased()) && !text.contains("${") {
            warn(
                Diagnostic(
                    "the header '\(name)' has its key written out",
                    help: "Write ${NAME} for it, or name its variable with 'api_key_env'."
                )
            )
        }
        let hasKey = keyHeaders.contains { headers.contains(name: $0) }
        let finder = KeyFinder(model: model, settings: settings, environment: environment, host: host)
        let secret = try finder.key(isNeeded: needsKey && !hasKey, hasOther: hasKey, warn: warn)
        if let secret {
            switch (dialect, isAzure) {
            case (.anthropic, _): headers.replaceOrAdd(name: "x-api-key", value: secret.value)
            case (.openai, true): headers.replaceOrAdd(name: "api-key", value: secret.value)
            case (.openai, false): headers.replaceOrAdd(name: "authorization", value: "Bearer \(secret.value)")
            }
        }
        let secrets =
            settings.headers.compactMap { headers.first(name: $0.name) }
            + [secret?.value, user?.password]
            .compactMap { $0 }
        masker = Masker(secrets)
        keySource = secret?.source
        let who = keyHeaders.compactMap { headers.first(name: $0) }.joined(separator: "\n")
        identity = "\(scheme)://\(name) \(Digest(of: Array(who.utf8)))"
        Self.addUsual(&headers, dialect)
        self.headers = headers
    }

    private static func addUsual(_ headers: inout HTTPHeaders, _ dialect: Dialect) {
        var usual = [
            ("content-type", "application/json"), ("accept", "application/json"), ("accept-encoding", "gzip, deflate"),
            ("user-agent", "evalhost"),
        ]
        if dialect == .anthropic { usual.append(("anthropic-version", "2023-06-01")) }
        for (name, value) in usual where !headers.contains(name: name) { headers.add(name: name, value: value) }
    }

    /// The headers with what `${NAME}` names.
    private static func expanded(
        _ pairs: [(name: String, value: String)],
        _ environment: [String: String]
    ) throws(Diagnostic) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for (name, text) in pairs {
            guard isToken(name) else { throw Diagnostic("'\(name)' can't be the name of a header") }
            var value = ""
            var rest = text[...]
            while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
                let variable = String(rest[start.upperBound..<end])
                guard let found = environment[variable] else {
                    throw Diagnostic("the header '\(name)' needs the variable \(variable), which is not set")
                }
                value += rest[..<start.lowerBound] + found
                rest = rest[rest.index(after: end)...]
            }
            value += rest
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw Diagnostic("the value of the header '\(name)' has a character that no header can have")
            }
            headers.add(name: name, value: value)
        }
        return headers
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}

/// The addresses of the vendors, and where the environment points instead.
enum BaseAddress {
    /// The address below which paths begin.
    static func text(of model: ModelName, _ settings: EndpointSettings, _ environment: [String: String]) -> String {
        if let url = settings.baseURL { return url }
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return switch model.provider {
        case .openai: variable("OPENAI_BASE_URL") ?? "https://api.openai.com/v1"
        case .anthropic: variable("ANTHROPIC_BASE_URL") ?? "https://api.anthropic.com"
        case .endpoint: model.address ?? ""
        }
    }
}
