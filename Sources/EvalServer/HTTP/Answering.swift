// From a request of the network to a handler and back: checks, body, arguments, errors.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Answers requests for one endpoint.
struct Answering: Sendable {
    typealias Context = BasicRequestContext

    let configuration: ServerConfiguration
    let hosts: HostCheck
    let gate: any Gate
    let logger: Logger

    /// Answers a request; every error becomes an answer.
    func answer(
        _ request: Request,
        for endpoint: Endpoint,
        context: Context
    ) async -> Response {
        do {
            let reply = try await reply(to: request, for: endpoint, context: context)
            return try await reply.response(context)
        } catch {
            return refusal(error, of: request, for: endpoint)
        }
    }

    private func reply(
        to request: Request,
        for endpoint: Endpoint,
        context: Context
    ) async throws -> APIReply {
        let writes = request.method != .get && request.method != .head
        try hosts.check(host: request.head.authority, origin: request.headers[.origin], writes: writes)
        let principal = try await gate.principal(authorization: request.headers[.authorization])
        guard principal.scope >= endpoint.scope else {
            throw APIError(
                .permissionDenied,
                "The token `\(principal.name ?? "")` may \(principal.scope.rawValue), and this needs \(endpoint.scope.rawValue)."
            )
        }
        let body = try await body(of: request, for: endpoint)
        var members: [(String, JSON)] = []
        var names: Set<String> = []
        func add(_ name: String, _ value: JSON) {
            if names.insert(name).inserted { members.append((name, value)) }
        }
        for (name, value) in context.parameters {
            add(String(name), JSON(try URLText.decoded(value, plusIsSpace: false)))
        }
        if let name = endpoint.tail, let tail = endpoint.tail(of: request.uri.path) {
            add(name, JSON(try URLText.decoded(tail, plusIsSpace: false)))
        }
        let query = try URLText.pairs((request.uri.query ?? "")[...])
        if case .json(let fields) = endpoint.body {
            let json = try Self.object(body)
            for field in fields { try field.check(json[field.name], at: "") }
            for (name, value) in json.members where !value.isNull { add(String(name), value) }
        } else if case .none = endpoint.body, body.readableBytes > 0, let json = try? Self.object(body) {
            for (name, value) in json.members where !value.isNull { add(String(name), value) }
        }
        for (name, value) in query { add(name, JSON(value)) }
        let arguments = JSON.object(members)
        for field in endpoint.query { try field.checkQuery(arguments[field.name]) }
        let reply = try await endpoint.handler(
            APIRequest(arguments: arguments, headers: request.headers, body: body, query: query, principal: principal)
        )
        if configuration.checksReplies, let fault = endpoint.fault(of: reply) {
            throw APIError(
                .internalError,
                "\(request.method) \(endpoint.path) answers what it doesn't declare: \(fault)"
            )
        }
        return reply
    }

    private static func object(_ body: ByteBuffer) throws(APIError) -> JSON {
        if body.readableBytes == 0 { return .object([]) }
        let json: JSON
        do {
            json = try body.withUnsafeReadableBytes { try JSON(parsing: $0.bindMemory(to: UInt8.self)) }
        } catch {
            throw APIError(.badRequest, "The body is no JSON: \(error).")
        }
        guard json.kind == .object else { throw APIError(.badRequest, "The body must be a JSON object.") }
        return json
    }

    private func body(of request: Request, for endpoint: Endpoint) async throws -> ByteBuffer {
        let limit = endpoint.isArtifact ? configuration.artifactLimit : configuration.bodyLimit
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
            if length == 0 { return ByteBuffer() }
            if length > limit { throw Self.tooLarge(limit) }
        } else if request.headers[.transferEncoding] == nil {
            return ByteBuffer()
        }
        let seconds = configuration.bodySeconds
        let collected = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await request.body.collect(upTo: limit)
                } catch is NIOTooManyBytesError {
                    throw Self.tooLarge(limit)
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let collected else {
            throw APIError(.badRequest, "The body took longer than \(seconds) s to arrive.", status: 408)
        }
        return try Inflating.inflated(collected, encoding: request.headers[.contentEncoding] ?? "", limit: limit)
    }

    private static func tooLarge(_ limit: Int) -> APIError {
        APIError(.requestLimitExceeded, "The body is larger than \(limit) bytes; send less at once.", status: 413)
    }

    private func refusal(_ error: any Error, of request: Request, for endpoint: Endpoint) -> Response {
        let refused = APIError(any: error)
        if refused.status >= 500 {
            logger.error("\(request.method) \(request.uri.path): \(refused.message)")
        }
        return refused.response(asDetail: endpoint.refusesWithDetail)
    }
}

extension APIError {
    /// What an error of any kind is to a client.
    init(any error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as Refusal: self.init(error)
        case let error as Diagnostic:
            self.init(error.category == .usage ? .invalidParameterValue : .temporarilyUnavailable, "\(error)")
        case is CancellationError: self.init(.temporarilyUnavailable, "The server is stopping; try again.")
        default: self.init(.internalError, "\(error)")
        }
    }

    /// What a store's refusal is to a client.
    private init(_ refusal: Refusal) {
        switch refusal.kind {
        case .missing: self = .missing(refusal.message)
        case .exists: self = .exists(refusal.message)
        case .invalid: self = .invalid(refusal.message)
        }
    }

    /// The answer; services of FastAPI, which `/v1/traces` is in MLflow, say `detail` instead.
    func response(asDetail: Bool) -> Response {
        let json: JSON = asDetail && !isInMLflowsForm ? .object([("detail", JSON(message))]) : body
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        if status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        if status == 408 || status == 413 { headers[.connection] = "close" }
        return Response(
            status: .init(code: status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: json.serialized))
        )
    }
}

extension APIReply {
    /// The answer as the network gets it.
    func response(_ context: Answering.Context) async throws -> Response {
        var fields = HTTPFields()
        if let contentType { fields[.contentType] = contentType }
        for (name, value) in headers { fields[name] = value }
        let content: ResponseBody =
            switch body {
            case .none: .init()
            case .json(let json): .init(byteBuffer: ByteBuffer(string: json.serialized))
            case .text(let text): .init(byteBuffer: ByteBuffer(string: text))
            case .bytes(let bytes): .init(byteBuffer: bytes)
            case .file(let path): try await FileIO().loadFile(path: path, context: context)
            case .stream(let pieces): .init(asyncSequence: pieces)
            }
        return Response(status: .init(code: status), headers: fields, body: content)
    }
}
