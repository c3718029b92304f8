// Calls handlers as the router does, without a network.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import EvalServer

/// What a call came to.
struct Answered {
    var status: Int
    var json: JSON
    var bytes: [UInt8] = []
    var code: String? { json["error_code"]?.string }
    var message: String { json["message"]?.string ?? "" }
}

/// A store in memory and the calls on it.
struct Caller {
    let endpoints: [Endpoint]

    /// Calls as the router does: the path's parts, then the body, then the query; what is declared is checked.
    func callAsFunction(
        _ method: Endpoint.Method,
        _ path: String,
        _ body: JSON = .object([]),
        query: [(String, String)] = [],
        bytes: [UInt8] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> Answered {
        for endpoint in endpoints where endpoint.method.rawValue == method.rawValue {
            guard let captures = Self.captures(endpoint.path, path) else { continue }
            do {
                return try await answer(endpoint, captures, body, query, bytes)
            } catch {
                let refused = Self.apiError(error)
                return Answered(status: refused.status, json: refused.body)
            }
        }
        Issue.record("no endpoint answers \(method) \(path)", sourceLocation: sourceLocation)
        return Answered(status: 0, json: .null)
    }

    private func answer(
        _ endpoint: Endpoint,
        _ captures: [(String, JSON)],
        _ body: JSON,
        _ query: [(String, String)],
        _ bytes: [UInt8]
    ) async throws -> Answered {
        var members = captures
        func add(_ name: String, _ value: JSON) {
            if !members.contains(where: { $0.0 == name }) { members.append((name, value)) }
        }
        if case .json(let fields) = endpoint.body {
            for field in fields { try field.check(body[field.name], at: "") }
        }
        for (name, value) in body.members where !value.isNull { add(String(name), value) }
        for (name, value) in query { add(name, JSON(value)) }
        let arguments = JSON.object(members)
        for field in endpoint.query where field.isRequired && arguments[field.name] == nil {
            throw APIError.invalid("Missing value for required parameter '\(field.name)'.")
        }
        let request = APIRequest(
            arguments: arguments,
            headers: HTTPFields(),
            body: ByteBuffer(bytes: bytes),
            query: query.map { (name: $0.0, value: $0.1) },
            principal: Principal(name: nil, scope: .admin)
        )
        let reply = try await endpoint.handler(request)
        if let fault = endpoint.fault(of: reply) { Issue.record("\(endpoint.path): \(fault)") }
        switch reply.body {
        case .json(let json):
            return Answered(status: reply.status, json: json)
        case .file(let path):
            return Answered(
                status: reply.status,
                json: .null,
                bytes: try Array(Data(contentsOf: URL(fileURLWithPath: path)))
            )
        default: return Answered(status: reply.status, json: .null)
        }
    }

    /// The parts of a path that an endpoint's path has names for; nil where it is another path.
    private static func captures(_ pattern: String, _ path: String) -> [(String, JSON)]? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)[...]
        var found: [(String, JSON)] = []
        for wanted in pattern.split(separator: "/", omittingEmptySubsequences: false) {
            guard let part = parts.first else { return nil }
            if wanted.hasSuffix("...}") {
                let name = String(wanted.dropFirst().dropLast(4))
                return found + [(name, JSON(parts.joined(separator: "/")))]
            }
            if wanted.hasPrefix("{") {
                found.append((String(wanted.dropFirst().dropLast()), JSON(String(part))))
            } else if wanted != part {
                return nil
            }
            parts.removeFirst()
        }
        return parts.isEmpty ? found : nil
    }

    private static func apiError(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: return error
        case let refusal as Refusal:
            switch refusal.kind {
            case .missing: return .missing(refusal.message)
            case .exists: return .exists(refusal.message)
            case .invalid: return .invalid(refusal.message)
            }
        case let diagnostic as Diagnostic where diagnostic.category == .usage: return .invalid("\(diagnostic)")
        default: return APIError(.internalError, "\(error)")
        }
    }
}
