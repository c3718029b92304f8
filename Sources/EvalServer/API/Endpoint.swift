// One call of the server's interface, as a value: the router, the checks and the OpenAPI document are made of it.

internal import HTTPTypes

/// What a caller may do.
public enum Scope: String, Sendable, CaseIterable, Comparable {
    case read
    case write
    case admin

    /// Each scope holds those before it.
    public static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .admin: 2
        }
    }
}

/// Who asks, and what they may.
struct Principal: Sendable {
    /// The token's name; nil where the server asks for none.
    var name: String?
    var scope: Scope
}

/// One call of the interface.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (APIRequest) async throws -> APIReply

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

    var method: HTTPRequest.Method
    /// The path; `{name}` stands for one part, `{name...}` at the end for all that follow.
    var path: String
    var summary: String
    /// The group in the document.
    var group: String
    var scope: Scope
    /// Arguments in the query; those of the path are texts.
    var query: [Field]
    var body: Body
    var reply: Reply
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
        _ method: HTTPRequest.Method,
        _ path: String,
        _ summary: String,
        group: String,
        scope: Scope? = nil,
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

    /// The call with a body of bytes.
    func taking(_ mediaTypes: [String]) -> Endpoint {
        var endpoint = self
        endpoint.body = .bytes(mediaTypes)
        return endpoint
    }

    /// The call with an answer that is no JSON.
    func giving(_ reply: Reply) -> Endpoint {
        var endpoint = self
        endpoint.reply = reply
        return endpoint
    }
}
