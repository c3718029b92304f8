// An endpoint for tests, in this process, on loopback and a port of the system's: a script decides about each request,
// down to the bytes, so that it can misbehave.

import EvalJSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as it came.
struct ServedRequest: Sendable {
    /// Which request of the endpoint it is, from 0.
    var number: Int
    var path: String
    var headers: HTTPHeaders
    var body: [UInt8]

    var json: JSON { (try? JSON(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The words of the last message.
    var lastContent: String { json["messages"]?.elements.map { $0 }.last?["content"]?.string ?? "" }
}

/// What becomes of a request.
enum ServedReply: Sendable {
    /// A reply with a length.
    case reply(status: Int = 200, headers: [(String, String)] = [], String)
    /// The same in compressed bytes.
    case bytes(status: Int = 200, headers: [(String, String)] = [], [UInt8])
    /// A reply in chunks.
    case chunked(String)
    /// The reply is cut off, then the connection ends.
    case half(String)
    /// A byte every few milliseconds.
    case drip(String)
    /// Nothing at all.
    case hang
    /// The connection is reset.
    case reset
    /// After a while.
    indirect case late(milliseconds: Int64, ServedReply)
}

/// An endpoint that follows a script; it ends with the test.
final class ScriptedEndpoint: Sendable {
    typealias Script = @Sendable (ServedRequest) -> ServedReply

    fileprivate struct State {
        var requests: [ServedRequest] = []
        var underWay = 0
        var mostUnderWay = 0
        var connections = 0
    }
    fileprivate let state = Mutex(State())
    private let listener: any Channel
    let port: Int

    init(_ script: @escaping Script) async throws {
        let box = ScriptBox(script)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    box.endpoint?.state.withLock { $0.connections += 1 }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        box.set(self)
    }

    deinit { listener.close(promise: nil) }

    /// The host as messages name it.
    var host: String { "127.0.0.1:\(port)" }
    /// OpenAI's base address.
    var url: String { "http://\(host)/v1" }
    var requests: [ServedRequest] { state.withLock { $0.requests } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }
    var connections: Int { state.withLock { $0.connections } }
}

/// Hands the script to connections without keeping the endpoint.
final class ScriptBox: Sendable {
    private struct Weak { weak var endpoint: ScriptedEndpoint? }
    let script: ScriptedEndpoint.Script
    private let held = Mutex(Weak())
    var endpoint: ScriptedEndpoint? { held.withLock { $0.endpoint } }

    init(_ script: @escaping ScriptedEndpoint.Script) { self.script = script }
    func set(_ endpoint: ScriptedEndpoint) { held.withLock { $0.endpoint = endpoint } }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer
    private let box: ScriptBox
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ box: ScriptBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head, let endpoint = box.endpoint else { return context.close(promise: nil) }
            let request = endpoint.state.withLock { state in
                let number = state.requests.count
                let request = ServedRequest(number: number, path: head.uri, headers: head.headers, body: body)
                state.requests.append(request)
                state.underWay += 1
                state.mostUnderWay = max(state.mostUnderWay, state.underWay)
                return request
            }
            act(box.script(request), context.channel)
        }
    }

    private func act(_ reply: ServedReply, _ channel: any Channel) {
        if case .late(let milliseconds, let reply) = reply {
            let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
            channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { bound.value.act(reply, channel) }
            return
        }
        box.endpoint?.state.withLock { $0.underWay -= 1 }
        switch reply {
        case .late, .hang: break
        case .reply(let status, let headers, let text): send(status, headers, Array(text.utf8), channel)
        case .bytes(let status, let headers, let bytes): send(status, headers, bytes, channel)
        case .chunked(let text):
            var words = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let part = rest.prefix(7)
                words += String(part.count, radix: 16) + "\r\n" + String(decoding: part, as: UTF8.self) + "\r\n"
                rest = rest.dropFirst(7)
            }
            channel.writeAndFlush(ByteBuffer(string: words + "0\r\n\r\n"), promise: nil)
        case .half(let text):
            let words = "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
            channel.writeAndFlush(ByteBuffer(string: words + text.prefix(text.count / 2)))
                .whenComplete { _ in channel.close(promise: nil) }
        case .drip(let text):
            let words = "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
            channel.writeAndFlush(ByteBuffer(string: words), promise: nil)
            drip(Array(text.utf8)[...], channel)
        case .reset:
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func send(_ status: Int, _ headers: [(String, String)], _ body: [UInt8], _ channel: any Channel) {
        var words = "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n"
        for (name, value) in headers { words += "\(name): \(value)\r\n" }
        words += "Content-Length: \(body.count)\r\n\r\n"
        var buffer = ByteBuffer(string: words)
        buffer.writeBytes(body)
        channel.writeAndFlush(buffer, promise: nil)
    }

    private func drip(_ rest: ArraySlice<UInt8>, _ channel: any Channel) {
        guard let byte = rest.first, channel.isActive else { return }
        channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.eventLoop.scheduleTask(in: .milliseconds(10)) { bound.value.drip(rest.dropFirst(), channel) }
    }
}
