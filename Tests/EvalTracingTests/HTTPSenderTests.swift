// Requests reach a server on the loopback, and what it answers decides what becomes of spans.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import Testing
import Tracing

@testable import EvalTracing

/// Answers one request on the loopback, and keeps it.
private struct OneAnswer {
    let port: UInt16
    private let socket: Int32

    init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && listen(socket, 4) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
        try #require(listening)
        self.socket = socket
        port = UInt16(bigEndian: address.sin_port)
    }

    /// The head and the body of the request.
    func serve(_ status: String, _ reply: String) -> (head: String, body: [UInt8]) {
        let connection = accept(socket, nil, nil)
        defer {
            close(connection)
            close(socket)
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                let length =
                    head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                if bytes.count - end.upperBound >= length {
                    let answer =
                        "HTTP/1.1 \(status)\r\nContent-Length: \(reply.utf8.count)\r\nConnection: close\r\n\r\n\(reply)"
                    _ = Array(answer.utf8).withUnsafeBytes { send(connection, $0.baseAddress, $0.count, 0) }
                    return (head, Array(bytes[end.upperBound...]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return ("", []) }
            bytes += buffer[..<count]
        }
    }
}

@Suite struct HTTPSenderTests {
    private func exchange(_ status: String, _ reply: String = "") async throws -> (
        head: String, body: [UInt8], exporter: SpanExporter
    ) {
        let server = try OneAnswer()
        let sender = try HTTPSender(server: "http://127.0.0.1:\(server.port)/", experimentID: "7", token: "secret")
        var limits = SpanExporter.Limits()
        limits.interval = .seconds(3_600)
        let exporter = SpanExporter(resource: ["service.name": "shop"], limits: limits) { try await sender.send($0) }
        async let served = Task.detached { server.serve(status, reply) }.value
        EvalTracer(exporter: exporter).startSpan("ask", context: .topLevel).end()
        await exporter.flush()
        let (head, body) = await served
        return (head, body, exporter)
    }

    @Test("a request has its experiment, its token and its spans", .timeLimit(.minutes(1)))
    func request() async throws {
        let (head, body, exporter) = try await exchange("200 OK")
        #expect(exporter.lastFailure == nil && exporter.dropped == 0)
        let lines = head.lowercased().split(separator: "\r\n")
        #expect(lines.first == "post /v1/traces http/1.1")
        #expect(lines.contains("x-mlflow-experiment-id: 7") && lines.contains("authorization: bearer secret"))
        #expect(lines.contains("content-type: application/x-protobuf"))
        #expect(try OTLPTraces().decode(protobuf: body)[0].spans.map(\.name) == ["ask"])
    }

    @Test("spans wait for a server that is busy", .timeLimit(.minutes(1)))
    func busy() async throws {
        let (_, _, exporter) = try await exchange("503 Service Unavailable")
        #expect(exporter.lastFailure == "the server answered 503" && exporter.dropped == 0)
    }

    @Test("spans that a server refuses are given up, and why is told", .timeLimit(.minutes(1)))
    func refused() async throws {
        let (_, _, exporter) = try await exchange("404 Not Found", #"{"error_code":"RESOURCE_DOES_NOT_EXIST"}"#)
        #expect(exporter.lastFailure == #"the server answered 404: {"error_code":"RESOURCE_DOES_NOT_EXIST"}"#)
        #expect(exporter.dropped == 1)
    }
}
