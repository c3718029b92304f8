// One call of the server's interface, as a value: the router, the checks and the OpenAPI document are made of it.

internal import EvalCore

/// Who asks, and what they may.
struct Principal: Sendable {
    /// The token's name; nil where the server asks for none.
    var name: String?
    var scope: AccessScope
}

/// One call of the interface.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (APIRequest) async throws -> APIReply

    /// HTTP's methods.
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    enum Body: Sendable {
        /// No body, or one that says nothing; DELETE may have one.
        case none
        /// An object with these members.
        case json([Field])
        /// Bytes of these media types.
        case bytes([String])
    }

    enum Reply: Sendable {
        case json([Field])
        case text
        case bytes(String)
        case events
    }

    var method: Method
    /// The path; `{name}` stands for one part, `{name...}` at the end for all that follow.
    var path: String
    var summary: String
    /// The group in the document.
    var group: String
    var scope: AccessScope
    /// Arguments in the query; those of the path are texts.
    var query: [Field]
    /// Arguments in headers, beside those that HTTP has for all.
    var headers: [Field] = []
    var body: Body
    var reply: Reply
    /// The status of an answer that is no refusal.
    var status = 200
    /// Whether a body may be as large as an artifact.
    var isArtifact = false
    /// Whether errors are `{"detail": …}` instead of MLflow's form, as those of `/v1/traces` are in MLflow.
    var refusesWithDetail = false
    var handler: Handler

    /// Describes a call.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path with its `{names}`.
    ///   - summary: What the call does, a sentence without its full stop.
    ///   - group: The group in the document.
    ///   - scope: What the caller must be allowed to do; reading for GET, writing for all else unless told.
    ///   - query: Arguments in the query.
    ///   - body: Members of the body.
    ///   - reply: Members of the answer.
    ///   - handler: What answers.
    init(
        _ method: Method,
        _ path: String,
        _ summary: String,
        group: String,
        scope: AccessScope? = nil,
        query: [Field] = [],
        body: [Field] = [],
        reply: [Field] = [],
        handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.group = group
        self.scope = scope ?? (method == .get ? .read : .write)
        self.query = query
        self.body = body.isEmpty ? .none : .json(body)
        self.reply = .json(reply)
        self.handler = handler
    }

    /// The name of the last part of the path, where it stands for all that follow.
    var tail: String? { path.hasSuffix("...}") ? path.split(separator: "{").last.map { String($0.dropLast(4)) } : nil }

    /// The path as the router knows it.
    var route: String {
        guard tail != nil, let start = path.lastIndex(of: "{") else { return path }
        return path[..<start] + "**"
    }

    /// The call with a body of bytes.
    func taking(_ mediaTypes: [String]) -> Endpoint {
        var endpoint = self
        endpoint.body = .bytes(mediaTypes)
        return endpoint
    }

    /// The call with arguments in headers.
    func reading(_ headers: [Field]) -> Endpoint {
        var endpoint = self
        endpoint.headers = headers
        return endpoint
    }

    /// The call with another status of its answer.
    func answering(_ status: Int) -> Endpoint {
        var endpoint = self
        endpoint.status = status
        return endpoint
    }

    /// The call with an answer that is no JSON.
    func giving(_ reply: Reply) -> Endpoint {
        var endpoint = self
        endpoint.reply = reply
        return endpoint
    }
}
