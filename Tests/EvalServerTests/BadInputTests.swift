// What no honest client sends. The server says what is wrong, stays up, and takes nothing half.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite(.timeLimit(.minutes(3))) struct BadInputTests {
    private static let create = "/api/2.0/mlflow/experiments/create"
    private static let search = "/api/2.0/mlflow/runs/search"

    private func head(_ server: LiveServer, _ path: String, _ more: String) -> [UInt8] {
        Array("POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\(more)\r\n".utf8)
    }

    @Test(
        "a body that is no JSON object is refused",
        arguments: [
            "{", "[]", "null", "1", "\"x\"", "{\"name\": }", "{\"name\": \"a\"} x", "{'name': 'a'}", "\u{FEFF}x",
            "{\"name\": \"\\uD800\"}", String(repeating: "[", count: 100_000), "{\"a\": 1e99999999999}x",
        ]
    )
    func malformed(_ body: String) async throws {
        let server = try await LiveServer()
        let answer = try await server.call("POST", Self.create, bytes: Array(body.utf8))
        #expect(answer.status == 400 && answer.code != nil, "\(answer.status) \(answer.body.prefix(200))")
    }

    @Test("members of wrong types are refused with their place")
    func wrongTypes() async throws {
        let server = try await LiveServer()
        let bodies: [(String, JSON)] = [
            (Self.create, ["name": 1]), (Self.create, ["name": ["a"]]), (Self.create, ["name": .null]),
            (Self.create, [:]),
            (Self.create, ["name": ""]), (Self.create, ["name": "a", "tags": "x"]),
            (Self.create, ["name": "a", "tags": [["value": "x"]]]), (Self.create, ["name": "a", "tags": [["key": 1]]]),
            (Self.search, ["max_results": "many"]), (Self.search, ["max_results": 0]),
            (Self.search, ["max_results": -1]),
            (Self.search, ["max_results": 1e30]), (Self.search, ["run_view_type": "SOME"]),
            (Self.search, ["experiment_ids": "0"]), (Self.search, ["page_token": 5]),
            (Self.search, ["filter": "x = = 1"]),
        ]
        for (path, body) in bodies {
            let answer = try await server.call("POST", path, body)
            #expect(answer.status == 400 && answer.code == "INVALID_PARAMETER_VALUE", "\(body): \(answer.body)")
        }
        #expect(try await server.call("GET", "/health").status == 200)
    }

    @Test("a body that is too large is refused before it is read, however it is sent")
    func largeBody() async throws {
        let server = try await LiveServer { $0.bodyLimit = 1 << 20 }
        let announced = try await server.send(head(server, Self.create, "Content-Length: 104857600\r\n"))
        #expect(announced.status == 413 && announced.code == "REQUEST_LIMIT_EXCEEDED")
        #expect(announced.headers["connection"] == "close")
        let huge = try await server.send(head(server, Self.create, "Content-Length: 99999999999999999999999\r\n"))
        #expect(huge.status == 400 || huge.status == 413)
        let negative = try await server.send(head(server, Self.create, "Content-Length: -5\r\n"))
        #expect(negative.status == 400)
        // Chunks say no length before; what is over the limit ends it.
        let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
        let chunks = Array(String(repeating: chunk, count: 17).utf8)
        let streamed = try await server.send(head(server, Self.create, "Transfer-Encoding: chunked\r\n") + chunks)
        #expect(streamed.status == 413)
        let just = try await server.call("POST", Self.create, ["name": JSON(String(repeating: "n", count: 400))])
        #expect(just.status == 200)
    }

    /// A gzip member that inflates to zeros: runs of 258 by fixed codes, 13 bits each.
    private static func bomb(_ bytes: Int) -> [UInt8] {
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var bits = 0
        var count = 0
        func write(_ value: Int, _ width: Int) {
            for place in 0..<width {
                bits |= (value >> place & 1) << count
                count += 1
                if count == 8 {
                    stream.append(UInt8(bits))
                    (bits, count) = (0, 0)
                }
            }
        }
        write(0b011, 3)  // the last block, with fixed codes
        write(0b0000_1100, 8)  // the literal 0, whose code 00110000 is written from its high bit
        for _ in 0..<(bytes / 258) {
            write(0b1010_0011, 8)  // the length 258: code 11000101 from its high bit
            write(0, 5)  // the distance 1
        }
        write(0, 7)
        if count > 0 { write(0, 8 - count) }
        return stream
    }

    @Test("a small body that inflates to a huge one is refused, and so is a damaged one")
    func bombs() async throws {
        let server = try await LiveServer { $0.bodyLimit = 4 << 20 }
        let bomb = Self.bomb(200 << 20)
        #expect(bomb.count < 2 << 20)
        let answer = try await server.call("POST", Self.create, bytes: bomb, headers: ["Content-Encoding": "gzip"])
        #expect(answer.status == 413 && answer.code == "REQUEST_LIMIT_EXCEEDED")
        for (encoding, bytes) in [
            ("gzip", Array(bomb.prefix(100))), ("gzip", [1, 2, 3]), ("deflate", [9, 9]), ("br", [1]),
            ("gzip, gzip", [1]),
        ] as [(String, [UInt8])] {
            let answer = try await server.call(
                "POST",
                Self.create,
                bytes: bytes,
                headers: ["Content-Encoding": encoding]
            )
            #expect(answer.status == 400, "\(encoding): \(answer.status)")
        }
    }

    @Test("a body that doesn't come is given up, and an announced one that ends early too")
    func slowBody() async throws {
        let server = try await LiveServer { $0.bodySeconds = 1 }
        let answer = try await server.send(head(server, Self.create, "Content-Length: 100\r\n") + Array("{\"name".utf8))
        #expect(answer.status == 408)
        let chunked = try await server.send(
            head(server, Self.create, "Transfer-Encoding: chunked\r\n") + Array("5\r\n{\"na".utf8)
        )
        #expect(chunked.status == 408)
        #expect(try await server.call("GET", "/health").status == 200)
    }

    @Test("what nobody serves is 404 in MLflow's form, with any method")
    func unknownPaths() async throws {
        let server = try await LiveServer()
        let calls = [
            ("GET", "/"), ("GET", "/api"), ("POST", "/api/2.0/mlflow/experiments/vanish"), ("GET", Self.create),
            ("PUT", Self.create), ("DELETE", "/health"), ("PATCH", "/api/evalhost/v1/runs"), ("GET", "/health/more"),
            ("GET", "/api/2.0/mlflow/experiments/get/../create"),
            ("OPTIONS", Self.create), ("TRACE", "/health"),
        ]
        for (method, path) in calls {
            let answer = try await server.call(method, path)
            #expect(answer.status == 404 && answer.code == "ENDPOINT_NOT_FOUND", "\(method) \(path): \(answer.status)")
        }
        #expect(try await server.call("BREW", "/health").status == 400)
    }

    @Test("an address that isn't UTF-8 or has bad escapes is refused")
    func addresses() async throws {
        let server = try await LiveServer()
        for query in ["experiment_name=%FF%FE", "experiment_name=%", "experiment_name=%zz", "%C3=1&experiment_name=a"] {
            let answer = try await server.call("GET", "/api/2.0/mlflow/experiments/get-by-name?\(query)")
            #expect(answer.status == 400, "\(query): \(answer.status)")
        }
        for path in [
            "/api/3.0/mlflow/traces/%FF", "/api/2.0/mlflow-artifacts/artifacts/%FF", "/api/evalhost/v1/runs/%C0%80",
        ] {
            #expect(try await server.call("GET", path).status == 400, "\(path)")
        }
        let body = Array("{\"name\": \"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
        #expect(try await server.call("POST", Self.create, bytes: body).status == 400)
        #expect(try await server.call("GET", "/api/evalhost/v1/runs/%00").status == 404)
    }

    @Test("a token of another search, or of nobody's, gives a page or a refusal, never a failure")
    func pageTokens() async throws {
        let server = try await LiveServer()
        func token(_ json: String) -> String { Data(json.utf8).base64EncodedString() }
        let tokens = [
            "x", "%%%", token("{}"), token("{\"offset\": -1}"), token("{\"offset\": \"1\"}"), token("[]"),
            token("{\"offset\": 9223372036854775807}"), token("{\"offset\": 1e300}"), token("{\"offset\": 7}"),
            "0123456789abcdef0123456789abcdef.0.0", String(repeating: "A", count: 10_000),
        ]
        let searches: [(String, JSON)] = [
            (Self.search, ["experiment_ids": ["0"]]), ("/api/2.0/mlflow/experiments/search", ["max_results": 5]),
            ("/api/3.0/mlflow/datasets/search", [:]),
            ("/api/2.0/mlflow/logged-models/search", ["experiment_ids": ["0"]]),
            ("/api/3.0/mlflow/traces/search", ["locations": [["mlflow_experiment": ["experiment_id": "0"]]]]),
        ]
        for token in tokens {
            for (path, body) in searches {
                let members = body.members.map { (String($0.key), $0.value) } + [("page_token", JSON(token))]
                let answer = try await server.call("POST", path, .object(members))
                #expect(
                    [200, 400].contains(answer.status),
                    "\(path) \(token.prefix(60)): \(answer.status) \(answer.body)"
                )
            }
            let escaped = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            for path in [
                "/api/evalhost/v1/runs", "/api/2.0/mlflow/registered-models/search",
                "/api/2.0/mlflow/model-versions/search",
            ] {
                let answer = try await server.call("GET", "\(path)?page_token=\(escaped)")
                #expect(
                    [200, 400].contains(answer.status),
                    "\(path) \(token.prefix(60)): \(answer.status) \(answer.body)"
                )
            }
        }
    }

    @Test("of clients that change one record at once each is answered, and nothing is lost")
    func together() async throws {
        let server = try await LiveServer()
        let made = try await server.call("POST", "/api/2.0/mlflow/runs/create", ["experiment_id": "0"])
        let run = try #require(made.json["run"]?["info"]?["run_id"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask {
                    let tag: JSON = ["run_id": run, "key": JSON("own\(number)"), "value": JSON("\(number)")]
                    #expect(try await server.call("POST", "/api/2.0/mlflow/runs/set-tag", tag).status == 200)
                    let shared: JSON = ["run_id": run, "key": "shared", "value": JSON("\(number)")]
                    #expect(try await server.call("POST", "/api/2.0/mlflow/runs/set-tag", shared).status == 200)
                    let parameter: JSON = ["run_id": run, "key": "once", "value": JSON("\(number)")]
                    let set = try await server.call("POST", "/api/2.0/mlflow/runs/log-parameter", parameter)
                    #expect([200, 400].contains(set.status))
                }
            }
            try await group.waitForAll()
        }
        let found = try await server.call("GET", "/api/2.0/mlflow/runs/get?run_id=\(run.string ?? "")")
        let data = found.json["run"]?["data"]
        let tags = data?["tags"]?.elements.compactMap { $0["key"]?.string } ?? []
        #expect(tags.count { $0.hasPrefix("own") } == 24 && tags.count { $0 == "shared" } == 1)
        #expect(data?["params"]?.count == 1)
    }
}
