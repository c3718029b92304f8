import EvalCore
import EvalJSON
import EvalPredictors
import EvalTestSupport
import Foundation
import Testing

@Suite("A URL answers")
struct URLPredictorTests {
    private func predictor(
        _ server: ScriptedServer,
        _ change: (inout URLPredictor.Options) -> Void = { _ in }
    ) throws -> URLPredictor {
        var options = URLPredictor.Options(timeout: .seconds(20), connections: 8, environment: [:])
        change(&options)
        return try URLPredictor(url: server.url, options: options)
    }

    /// The failure of one request to a server with this reply.
    private func failure(
        status: String = "200 OK",
        headers: [String] = [],
        _ body: String,
        _ change: (inout URLPredictor.Options) -> Void = { _ in }
    ) async throws -> (PredictFailure, endpoint: String) {
        let server = try ScriptedServer(status: status, headers: headers, body)
        return (try await failure(predictor(server, change)), "127.0.0.1:\(server.port)")
    }

    private func failure(_ predictor: URLPredictor) async throws -> PredictFailure {
        let error = await #expect(throws: PredictFailure.self) {
            try await predictor.predict(PredictRequest(id: .make(), inputs: ["q": 1]))
        }
        await predictor.close()
        return try #require(error)
    }

    @Test("it gets the request as a body, traceparent as a header, and the headers of the suite")
    func request() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.next() {
                let head = JSON(request.head).serialized
                connection.reply(#"{"outputs":{"head":\#(head),"body":\#(request.body.serialized)}}"#)
            }
        }
        let predictor = try predictor(server) { $0.headers = [("X-Key", "secret"), ("X-Key", "other")] }
        let turn = PredictRequest.Turn(inputs: ["q": 1], outputs: "one")
        let request = PredictRequest(id: .make(), inputs: ["q": 2], sessionID: "s", history: [turn])
        let outputs = try await predictor.predict(request).outputs
        #expect(outputs["body"] == request.json)
        let head = try #require(outputs["head"]?.string)
        #expect(head.hasPrefix("POST /predict HTTP/1.1\r\n"))
        for line in [
            "x-key: secret", "x-key: other", "content-type: application/json", "traceparent: \(request.traceparent)",
            "host: 127.0.0.1:\(server.port)",
        ] { #expect(head.lowercased().contains("\r\n\(line)\r\n"), "\(line)") }
        await predictor.close()
    }

    @Test("outputs may lie deeper, and trace and usage beside them")
    func outputPath() async throws {
        let server = try ScriptedServer(
            """
            {"choices":[{"message":{"content":"Canberra"}}],"usage":{"prompt_tokens":9,"completion_tokens":2}}
            """
        )
        let predictor = try predictor(server) { $0.outputPath = "choices[0].message.content" }
        let prediction = try await predictor.predict(PredictRequest(id: .make(), inputs: [:]))
        #expect(prediction.outputs == "Canberra")
        #expect(prediction.usage == TokenUsage(inputTokens: 9, outputTokens: 2))
        await predictor.close()
        let (failure, _) = try await failure("{\"choices\":[]}") { $0.outputPath = "choices[0].message" }
        #expect(failure.message == "the answer has nothing at 'choices[0].message'")
    }

    @Test("connections are kept, and there are no more than told")
    func keepAlive() async throws {
        let server = try ScriptedServer("{\"outputs\":1}")
        let predictor = try predictor(server) { $0.connections = 4 }
        for _ in 0..<3 {
            await withTaskGroup { group in
                for _ in 0..<40 {
                    group.addTask {
                        let prediction = try? await predictor.predict(PredictRequest(id: .make(), inputs: [:]))
                        #expect(prediction?.outputs == 1)
                    }
                }
            }
        }
        await predictor.close()
        #expect(server.connectionCount <= 4)
    }

    @Test(
        "statuses that may pass are tried again, others not",
        arguments: [
            ("408 Request Timeout", true), ("429 Too Many Requests", true), ("500 Internal Server Error", true),
            ("502 Bad Gateway", true), ("503 Service Unavailable", true), ("529 ", true), ("400 Bad Request", false),
            ("401 Unauthorized", false), ("403 Forbidden", false), ("404 Not Found", false),
            ("422 Unprocessable Entity", false),
        ]
    )
    func statuses(_ status: String, isRetryable: Bool) async throws {
        let (failure, endpoint) = try await failure(status: status, #"{"error":{"message":"why"},"secret":1}"#)
        let words = status.hasSuffix(" ") ? String(status.dropLast()) : status
        #expect(failure.message == "\(endpoint) answered \(words): why")
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.retryAfter == nil)
        #expect(failure.log == #"{"error":{"message":"why"},"secret":1}"#)
    }

    @Test("Retry-After of 429 and 503 is kept")
    func retryAfter() async throws {
        for (status, after) in [("429 ", Duration.seconds(7)), ("503 ", .seconds(7)), ("500 ", nil)] {
            let (failure, _) = try await failure(status: status, headers: ["Retry-After: 7"], "")
            #expect(failure.retryAfter == after)
        }
        let past = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(try await failure(status: "429 ", headers: [past], "").0.retryAfter == .zero)
    }

    @Test("a redirect is an error that names the other host, not its path")
    func redirects() async throws {
        let location = "Location: https://me:secret@other.example:8443/path?key=secret"
        let (failure, endpoint) = try await failure(status: "307 Temporary Redirect", headers: [location], "")
        #expect(
            failure.message == "\(endpoint) answered 307, a redirect to other.example:8443, which is not followed"
        )
        #expect(!failure.isRetryable)
        let (near, here) = try await self.failure(status: "301 Moved", headers: ["Location: /new"], "")
        #expect(near.message == "\(here) answered 301, a redirect to another path of \(here), which is not followed")
    }

    @Test("what is not JSON, or has no outputs, is told as that")
    func wrongBodies() async throws {
        let (html, endpoint) = try await failure("<html>")
        #expect(html.message.hasPrefix("\(endpoint) answered with what is not JSON"))
        #expect(html.log == "<html>")
        #expect(!html.isRetryable)
        let (other, _) = try await failure(#"{"output":1}"#)
        #expect(other.message == "the answer has neither 'outputs' nor 'error'")
        let (error, _) = try await failure(#"{"error":{"code":"E","message":"m","retryable":true}}"#)
        #expect(error.message == "E: m" && error.isRetryable)
    }

    @Test("a reply that is too large ends where the bound is")
    func tooLarge() async throws {
        let body = "\"" + String(repeating: "x", count: 100_000) + "\""
        let (failure, _) = try await failure(body) { $0.replyBytes = 50_000 }
        #expect(failure.message.hasSuffix("answered with more than 64 MiB"))
        #expect(!failure.isRetryable)
    }

    @Test("nobody listens")
    func refused() async throws {
        // Held, but never listened on: a port that was given back may be another test's by now.
        let closed = try ClosedPort()
        let predictor = try URLPredictor(url: "http://127.0.0.1:\(closed.number)/", options: .init(environment: [:]))
        let failure = try await failure(predictor)
        #expect(failure.isRetryable)
        #expect(failure.message.hasSuffix("refuses connections"), "\(failure)")
    }

    @Test("it resets, or closes without an answer")
    func resets() async throws {
        for isReset in [true, false] {
            let server = try ScriptedServer { connection in
                _ = connection.next()
                if isReset { connection.reset() }
            }
            let failure = try await failure(predictor(server))
            #expect(failure.isRetryable)
            #expect(failure.message.hasPrefix("127.0.0.1:\(server.port) "), "\(failure)")
        }
    }

    @Test("it accepts and says nothing, or drips a reply: the attempt's time ends both")
    func slow() async throws {
        let silent = try ScriptedServer { _ = $0.waitForHangUp() && $0.next() != nil && $0.waitForHangUp() }
        let dripping = try ScriptedServer { connection in
            _ = connection.next()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while !connection.waitForHangUp(5), connection.send("1") {}
        }
        for server in [silent, dripping] {
            // It drips for minutes otherwise.
            let failure = try await failure(predictor(server) { $0.timeout = .milliseconds(300) })
            #expect(failure == PredictFailure("no answer within 0.3 seconds", isRetryable: true))
        }
    }

    @Test("it doesn't speak HTTP")
    func notHTTP() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.next()
            connection.send("220 mail.example ESMTP\r\n")
        }
        let failure = try await failure(predictor(server))
        #expect(failure.message == "127.0.0.1:\(server.port) does not answer in HTTP")
        #expect(!failure.isRetryable)
    }

    @Test("a connection that isn't encrypted where it should be is no secret's way out")
    func plainText() async throws {
        let server = try ScriptedServer { _ = $0.waitForHangUp() && $0.reply("{\"outputs\":1}") }
        let url = "https://127.0.0.1:\(server.port)/"
        let failure = try await failure(URLPredictor(url: url, options: .init(environment: [:])))
        #expect(failure.message.contains("127.0.0.1:\(server.port)"))
        #expect(!failure.message.contains("outputs"))
    }

    @Test("a cancelled call ends at once")
    func cancelling() async throws {
        let server = try ScriptedServer { _ = $0.next() != nil && $0.waitForHangUp() }
        let predictor = try predictor(server)
        let call = Task { try await predictor.predict(PredictRequest(id: .make(), inputs: [:])) }
        while server.connectionCount == 0 { await Task.yield() }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        await predictor.close()
        await #expect(throws: PredictFailure("the predictor was closed")) {
            try await predictor.predict(PredictRequest(id: .make(), inputs: [:]))
        }
    }

    @Test("user and password of the URL are a header, and no secret is in a message")
    func secrets() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.next() {
                let hasKey = request.head.lowercased().contains("authorization: basic bwu6cebzcw==\r\n")
                connection.reply("\(hasKey)", status: "400 Bad Request")
            }
        }
        let url = "http://me:p%40ss@127.0.0.1:\(server.port)/x?key=secret"
        let predictor = try URLPredictor(url: url, options: .init(headers: [("X", "secret")], environment: [:]))
        let failure = try await failure(predictor)
        #expect(failure.message == "127.0.0.1:\(server.port) answered 400 Bad Request")
        #expect(failure.log == "true")
    }

    @Test("what can't be a URL, a header or a path is refused before anything opens")
    func options() {
        typealias Options = URLPredictor.Options
        for (url, options, message) in [
            ("ftp://me:secret@host/", Options(), "the predict URL is not one of http or https"),
            ("localhost:80", Options(), "the predict URL is not one of http or https"),
            ("http://", Options(), "the predict URL is not one of http or https"),
            ("http://a", Options(headers: [("a b", "secret")]), "'a b' can't be the name of a header"),
            (
                "http://a", Options(headers: [("a", "se\r\ncret")]),
                "the value of the header 'a' has a character that no header can have"
            ),
            (
                "http://a", Options(outputPath: "a..b"),
                "the path of the outputs is malformed: a key was expected in the path"
            ),
            ("http://a", Options(timeout: .zero), "the timeout must be above 0"),
            ("http://a", Options(connections: 0), "the predict URL needs at least 1 connection"),
        ] {
            let error = #expect(throws: Diagnostic.self) { try URLPredictor(url: url, options: options) }
            #expect(error?.message == message)
        }
    }
}
