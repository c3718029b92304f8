// Who may call, by which name and from where.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite(.timeLimit(.minutes(2))) struct SecurityTests {
    private func token(
        _ name: String,
        _ scope: AccessScope,
        in store: SQLiteStore,
        expires: Int64? = nil
    ) async throws -> String {
        let text = "eh_secret_of_\(name)"
        try await store.add(
            AccessToken(
                name: name,
                scope: scope,
                digest: Digest(of: Array(text.utf8)),
                createdMilliseconds: 0,
                expiresMilliseconds: expires
            )
        )
        return text
    }

    private static let reads = ("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0")
    private static let writes = ("POST", "/api/2.0/mlflow/experiments/create")
    private static let administers = ("POST", "/api/evalhost/v1/evaluations")

    @Test("a server is called by its names, and by no other")
    func hosts() async throws {
        let server = try await LiveServer { $0.allowedHosts = ["evals.example"] }
        for name in ["127.0.0.1", "localhost", "LOCALHOST:1234", "[::1]:80", "evals.example", "evals.example:8443"] {
            #expect(try await server.call("GET", "/health", headers: ["Host": name]).status == 200, "\(name)")
        }
        for name in [
            "evil.example", "127.0.0.1.evil.example", "localhost.", "evals.example.evil", "127.0.0.1@evil", "",
        ] {
            let answer = try await server.call("GET", "/health", headers: ["Host": name])
            #expect(answer.status == 403 || answer.status == 400, "\(name): \(answer.status)")
        }
        let open = try await LiveServer { $0.allowedHosts = ["*"] }
        #expect(try await open.call("GET", "/health", headers: ["Host": "anything.example"]).status == 200)
    }

    @Test("a page elsewhere writes nothing, and one of the server's own may")
    func origins() async throws {
        let server = try await LiveServer { $0.allowedOrigins = ["https://labels.example"] }
        let own = "http://127.0.0.1:\(server.port)"
        func create(_ name: String, _ origin: String) async throws -> Int {
            try await server.call("POST", Self.writes.1, ["name": JSON(name)], headers: ["Origin": origin]).status
        }
        #expect(try await create("a", own) == 200)
        #expect(try await create("b", "https://labels.example") == 200)
        #expect(try await create("c", "HTTPS://LABELS.EXAMPLE") == 200)
        for origin in [
            "https://evil.example", "null", "http://127.0.0.1:\(server.port + 1)", "http://labels.example",
            "https://labels.example.evil", "https://evil.example/?\(own)", "", "127.0.0.1:\(server.port)",
        ] {
            #expect(try await create("d", origin) == 403, "\(origin)")
        }
        let found = try await server.call("GET", "/api/2.0/mlflow/experiments/get-by-name?experiment_name=d")
        #expect(found.status == 404)
        #expect(try await server.call("GET", Self.reads.1, headers: ["Origin": "https://evil.example"]).status == 200)
    }

    @Test("each scope may what it says, and less is refused")
    func scopes() async throws {
        let server = try await LiveServer(tokens: true)
        let expected: [(AccessScope, [Int])] = [
            (.read, [200, 403, 403]), (.write, [200, 200, 403]), (.admin, [200, 200, 202]),
        ]
        var tokens: [AccessScope: String] = [:]
        for (scope, _) in expected { tokens[scope] = try await token(scope.rawValue, scope, in: server.store) }
        for (scope, statuses) in expected {
            let text = try #require(tokens[scope])
            let basic = Data("anybody:\(text)".utf8).base64EncodedString()
            for authorization in ["Bearer \(text)", "bearer \(text)", "Basic \(basic)"] {
                let name = "\(scope.rawValue) \(UUID().uuidString)"
                var found: [Int] = []
                for ((method, path), body) in zip(
                    [Self.reads, Self.writes, Self.administers],
                    [nil, ["name": JSON(name)], ["suite": "support"]] as [JSON?]
                ) {
                    let answer = try await server.call(method, path, body, headers: ["Authorization": authorization])
                    found.append(answer.status)
                    if answer.status == 403 { #expect(answer.code == "PERMISSION_DENIED") }
                }
                #expect(found == statuses, "\(scope) by \(authorization.prefix(6))")
            }
        }
    }

    @Test("every call that isn't read wants more than read, and starting and judges want admin")
    func declaredScopes() throws {
        for endpoint in try ServerSample.server().endpoints {
            let isSearch = endpoint.method == .post && endpoint.scope == .read
            if endpoint.method != .get && !isSearch { #expect(endpoint.scope > .read, "\(endpoint.path)") }
            if isSearch {
                let words = ["search", "batchGetInfos", "metrics", "latest-versions"]
                #expect(words.contains { endpoint.path.contains($0) }, "\(endpoint.path) reads by POST")
            }
            if endpoint.path.hasPrefix("/api/evalhost/"), endpoint.method != .get {
                #expect(endpoint.scope == .admin, "\(endpoint.path)")
            }
        }
    }

    @Test("without a token, with an unknown, an expired or a revoked one nothing is answered, not even what there is")
    func badTokens() async throws {
        let server = try await LiveServer(tokens: true)
        let old = try await token("old", .admin, in: server.store, expires: 1000)
        let late = Int64(Date().timeIntervalSince1970 * 1000) + 3_600_000
        let good = try await token("good", .admin, in: server.store, expires: late)
        func status(_ authorization: String?, _ path: String = Self.reads.1) async throws -> Int {
            let headers = authorization.map { ["Authorization": $0] } ?? [:]
            let answer = try await server.call("GET", path, headers: headers)
            if answer.status == 401 {
                #expect(answer.code == "UNAUTHENTICATED" && answer.headers["www-authenticate"] == "Bearer")
                #expect(!answer.body.contains("secret"))
            }
            return answer.status
        }
        let bad = [
            nil, "", "Bearer", "Bearer ", "Bearer  ", "Bearer nonsense", "Bearer \(old)", good, "Token \(good)",
            "Bearer \(good) ", "Bearer x\(good)", "Basic !!!", "Basic \(Data("nocolon".utf8).base64EncodedString())",
            "Basic \(Data("\(good):".utf8).base64EncodedString())",
        ]
        for authorization in bad where authorization != "Bearer \(good) " {
            #expect(try await status(authorization) == 401, "\(authorization ?? "none")")
        }
        for path in ["/health", "/version", "/openapi.json", "/api/evalhost/v1/plugins"] {
            #expect(try await status(nil, path) == 401, "\(path)")
        }
        #expect(try await status("Bearer \(good)") == 200)
        #expect(try await server.store.revokeAccessToken(named: "good"))
        var last = 200
        let end = ContinuousClock.now + .seconds(20)
        while last == 200, ContinuousClock.now < end { last = try await status("Bearer \(good)") }
        #expect(last == 401)
    }
}
