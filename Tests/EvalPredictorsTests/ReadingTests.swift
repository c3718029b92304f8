import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalPredictors

@Suite("What answers say")
struct ReadingTests {
    @Test("usage, cost and trace come with the outputs; what is no number counts as not measured")
    func usage() throws {
        let answer: JSON = [
            "outputs": nil, "trace": ["info": [:]], "usage": ["input_tokens": 3, "output_tokens": 4, "cost": 0.5],
        ]
        let prediction = try AnswerReader.read(answer).get()
        #expect(prediction.outputs.isNull)
        #expect(prediction.trace == ["info": [:]])
        #expect(prediction.usage == TokenUsage(inputTokens: 3, outputTokens: 4, totalTokens: 7))
        #expect(prediction.costUSD == 0.5)
        let openAI: JSON = [
            "outputs": 1, "usage": ["prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 9, "cost": -1],
        ]
        let other = try AnswerReader.read(openAI).get()
        #expect(other.usage == TokenUsage(inputTokens: 3, outputTokens: 4, totalTokens: 9))
        #expect(other.costUSD == nil)
        let half = try AnswerReader.read(["outputs": 1, "usage": ["input_tokens": 3]]).get()
        #expect(half.usage == nil)
    }

    @Test("an error is told with its code, and says whether to try again")
    func errors() {
        let cases: [(String, PredictFailure)] = [
            (#"{"code":"E","message":"no luck","retryable":true}"#, PredictFailure("E: no luck", isRetryable: true)),
            (#"{"message":"no luck"}"#, PredictFailure("no luck")),
            (#""plain""#, PredictFailure("plain")),
            (#"{"code":7}"#, PredictFailure("7")),
            ("{}", PredictFailure("the application reports an error without a message")),
        ]
        for (error, expected) in cases {
            #expect(throws: expected) {
                try AnswerReader.read(JSON(parsing: #"{"outputs":1,"error":\#(error)}"#)).get()
            }
        }
        #expect(throws: PredictFailure("the answer has neither 'outputs' nor 'error'")) {
            try AnswerReader.read(["output": 1]).get()
        }
    }

    @Test("Retry-After is seconds or a date in one of three forms, and never negative")
    func retryAfter() throws {
        let now = Date(timeIntervalSince1970: 784_111_777 - 60)
        #expect(RetryAfter.duration(" 120 ", now: now) == .seconds(120))
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ] { #expect(RetryAfter.duration(date, now: now) == .seconds(60), "\(date)") }
        #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:47:37 GMT", now: now) == .zero)
        for wrong in ["", "-1", "soon", "Sun, 06 Now 1994 08:49:37 GMT", "1.5"] {
            #expect(RetryAfter.duration(wrong, now: now) == nil, "\(wrong)")
        }
    }

    @Test("half an object is no JSON")
    func half() {
        for text in ["{\"outputs\": 12", "{\"outputs\":12", "{", "{\"a\":[", "[1"] {
            #expect(throws: JSONError.self) { try JSON(parsing: text) }
        }
    }

    @Test("one program takes the shell's place, anything else is the shell's")
    func shell() {
        for command in ["python3 app.py --x 'a b' \"$HOME\"", "./app", "/opt/app < in", "env A=1 app"] {
            #expect(ShellCommand.executing(" \(command)") == "exec \(command)")
        }
        for command in [
            "cd app && ./run", "A=1 app", "app | tee log", "app; app", "if true; then app; fi", "exec app", "$APP x",
            "'my app' x", "app\napp", "app `x`", "app $(x)", "echo 1", "(app)", "",
        ] { #expect(ShellCommand.executing(command) == command) }
    }

    @Test("lines come whole, whatever the pieces, and without their newline")
    func lines() {
        let text = Array("a\n\nlonger line\nrest".utf8)
        for size in [1, 2, 3, 7, 100] {
            var buffer = LineBuffer()
            var found: [String] = []
            for piece in stride(from: 0, to: text.count, by: size).map({ text[$0..<min($0 + size, text.count)] }) {
                _ = buffer.fill(64) { memory in
                    memory.copyBytes(from: piece)
                    return piece.count
                }
                while let line = buffer.withNextLine({ String(decoding: $0, as: UTF8.self) }) { found.append(line) }
            }
            #expect(found == ["a", "", "longer line"])
            #expect(buffer.pending == 4)
            #expect(buffer.withRest { String(decoding: $0, as: UTF8.self) } == "rest")
            #expect(buffer.withRest { $0.count } == nil)
        }
    }

    @Test("a log keeps its end, in whole characters")
    func logs() {
        var log = ErrorLog()
        #expect(log.text(since: 0, limit: 10) == nil)
        log.append(Array("before\n".utf8))
        let start = log.position
        log.append(Array("née\n\n".utf8))
        #expect(log.text(since: start, limit: 10) == "née\n\n")
        #expect(log.text(since: start, limit: 4) == "…e\n\n", "a half character goes")
        #expect(log.lastLine == "née")
        for _ in 0..<1000 { log.append(Array(repeating: UInt8(ascii: "x"), count: 1000)) }
        #expect(log.text(since: start, limit: ErrorLog.rowBytes)?.utf8.count == ErrorLog.rowBytes + 3)
    }

    @Test("a proxy comes from the environment, but never before loopback")
    func proxies() throws {
        let environment = [
            "http_proxy": "http://me:secret@proxy:3128", "HTTPS_PROXY": "other", "no_proxy": ".inside, exact.org",
        ]
        func proxy(_ url: String) throws -> ProxySettings? {
            ProxySettings(for: try #require(URL(string: url)), environment: environment)
        }
        let found = try #require(try proxy("http://example.org/x"))
        #expect(found.host == "proxy" && found.port == 3128 && found.user == "me" && found.password == "secret")
        #expect(try proxy("https://example.org")?.host == "other")
        for url in [
            "http://localhost:1/", "http://127.0.0.1/", "http://127.8.0.1/", "http://[::1]:8/", "http://a.inside/",
            "http://exact.org/", "http://sub.exact.org/",
        ] { #expect(try proxy(url) == nil, "\(url)") }
        let url = try #require(URL(string: "http://a.org"))
        #expect(ProxySettings(for: url, environment: ["HTTP_PROXY": "http://evil:1"]) == nil)
        #expect(ProxySettings(for: url, environment: ["http_proxy": "http://p:1", "NO_PROXY": "*"]) == nil)
    }
}
