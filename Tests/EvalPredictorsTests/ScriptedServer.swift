// HTTP endpoints for tests, on loopback and a port of the system's: sockets and threads, so that they can misbehave.

import EvalJSON
import Foundation
import Synchronization
import Testing

/// A connection to a scripted server.
struct ServedConnection: Sendable {
    fileprivate let socket: Int32
    /// Which connection it is, from 0.
    let number: Int

    /// A request as it came.
    struct Request: Sendable {
        var head: String
        var body: JSON
    }

    /// Reads the next request; nil when the client has gone.
    func next() -> Request? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        var length = 0
        while true {
            if headEnd == nil, bytes.count >= 4 {
                headEnd = (0...bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == end }.map { $0 + 4 }
                let head = String(decoding: bytes[..<(headEnd ?? 0)], as: UTF8.self).lowercased()
                if let line = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }) {
                    length = Int(line.drop { !$0.isNumber }) ?? 0
                }
            }
            if let headEnd, bytes.count >= headEnd + length {
                let body = try? JSON(parsing: bytes[headEnd..<headEnd + length])
                return Request(head: String(decoding: bytes[..<headEnd], as: UTF8.self), body: body ?? nil)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket, &chunk, chunk.count, 0)
            if count <= 0 { return nil }
            bytes += chunk[..<count]
        }
    }

    /// Sends text; false when the client has gone.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Sends a reply that leaves the connection open.
    @discardableResult
    func reply(_ body: String, status: String = "200 OK", headers: [String] = []) -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers + ["", body]
        return send(lines.joined(separator: "\r\n"))
    }

    /// Waits until the client hangs up, but no longer than `milliseconds`.
    func waitForHangUp(_ milliseconds: Int32 = -1) -> Bool {
        var events = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&events, 1, milliseconds) > 0
    }

    /// Closes with a reset instead of an end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
}

/// A server that runs a script for each connection; it ends with the test.
final class ScriptedServer: Sendable {
    private let socket: Int32
    let port: Int
    private let connections = Atomic(0)
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    init(_ script: @escaping @Sendable (ServedConnection) -> Void) throws {
        let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        try #require(isBound)
        socket = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread { [weak self] in
            var number = 0
            while true {
                let accepted = accept(listener, nil, nil)
                if accepted < 0 { break }
                self?.connections.add(1, ordering: .relaxed)
                let connection = ServedConnection(socket: accepted, number: number)
                number += 1
                Thread.detachNewThread {
                    script(connection)
                    close(accepted)
                }
            }
            close(listener)
        }
        thread.start()
    }

    deinit { shutdown(socket, Int32(SHUT_RDWR)) }

    /// A server that answers each request with the same reply.
    convenience init(status: String = "200 OK", headers: [String] = [], _ body: String) throws {
        try self.init { connection in
            while connection.next() != nil { connection.reply(body, status: status, headers: headers) }
        }
    }

    var url: String { "http://127.0.0.1:\(port)/predict" }
}
