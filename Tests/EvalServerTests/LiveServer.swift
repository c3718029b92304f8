// A server that listens, and bytes that are sent to it as they are: what a client library would never send too.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

/// What came back.
struct LiveAnswer {
    var status = 0
    var headers: [String: String] = [:]
    var body = ""
    var json: JSON { (try? JSON(parsing: body)) ?? .null }
    var code: String? { json["error_code"]?.string }

    /// Reads an answer; one that was cut off has what came.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        body = String(text[end.upperBound...])
        if headers["transfer-encoding"] == "chunked" { body = Self.joined(body[...]) }
    }

    private static func joined(_ chunked: Substring) -> String {
        var rest = Array(chunked.utf8)[...]
        var bytes: [UInt8] = []
        while let end = rest.firstIndex(of: 10),
            let size = Int(
                String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
                radix: 16
            ),
            size > 0
        {
            rest = rest[(end + 1)...]
            bytes += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A server at a port of its own, for as long as the value lives.
final class LiveServer: Sendable {
    let port: Int
    let store: SQLiteStore
    private let task: Task<Void, Never>

    /// Starts a server on a store in memory.
    init(
        tokens: Bool = false,
        starter: any EvaluationStarter = ScriptedStarter(),
        rhythm: EvaluationEvents.Rhythm = .init(look: .milliseconds(5), heartbeat: .seconds(15)),
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        let store = try SQLiteStore(path: ":memory:")
        var configuration = ServerConfiguration(port: 0)
        configuration.checksReplies = true
        change(&configuration)
        var services = ServerSample.services(store, starter: starter)
        services.events = rhythm
        let server = Server(configuration: configuration, services: services, tokens: tokens ? store : nil)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        task = Task {
            try? await server.run { listening.yield($0) }
            listening.finish()
        }
        var found: Int?
        for await port in ports {
            found = port
            break
        }
        port = try #require(found)
        self.store = store
    }

    deinit { task.cancel() }

    /// Makes a call and reads its answer.
    func call(
        _ method: String,
        _ path: String,
        _ body: JSON? = nil,
        headers: [String: String] = [:]
    ) async throws -> LiveAnswer {
        try await call(method, path, bytes: body.map { Array($0.serialized.utf8) } ?? [], headers: headers)
    }

    /// Makes a call with a body of any bytes.
    func call(
        _ method: String,
        _ path: String,
        bytes: [UInt8],
        headers: [String: String] = [:]
    ) async throws -> LiveAnswer {
        var all = ["Host": "127.0.0.1:\(port)", "Connection": "close", "Content-Length": "\(bytes.count)"]
        all.merge(headers) { $1 }
        let head = "\(method) \(path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
        return try await send(Array(head.utf8) + bytes)
    }

    /// Sends bytes and reads until the server ends the connection or has said what is waited for.
    func send(_ bytes: [UInt8], until words: String? = nil) async throws -> LiveAnswer {
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global()
                .async {
                    continuation.resume(with: Result { LiveAnswer(try Self.exchange(port, bytes, until: words)) })
                }
        }
    }

    private static func exchange(_ port: Int, _ bytes: [UInt8], until words: String?) throws -> [UInt8] {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var patience = timeval(tv_sec: 150, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A server that refuses a body doesn't read on.
            guard sent > 0 else { break }
            rest = rest.dropFirst(sent)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer.prefix(count)
            if let words, String(decoding: answer, as: UTF8.self).contains(words) { return answer }
        }
    }
}
