// An endpoint for the bench: the same reply to every request, after a fixed time, at little cost.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves chat completions on loopback.
final class BenchEndpoint: Sendable {
    private let listener: any Channel
    let port: Int

    init(latency: TimeAmount) async throws {
        let reply = Self.reply
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 2048)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try channel.pipeline.syncOperations.addHandler(Answerer(latency: latency, reply: reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    func wait() async throws { try await listener.closeFuture.get() }

    private static let reply: ByteBuffer = {
        let rationale = Array(repeating: "It says what was expected.", count: 6).joined(separator: " ")
        let content = #"{\"rationale\":\"\#(rationale)\",\"result\":\"yes\"}"#
        let body =
            #"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,"message":"#
            + #"{"role":"assistant","content":"\#(content)","refusal":null},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":500,"completion_tokens":60,"total_tokens":560}}"#
        return ByteBuffer(
            string:
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }()
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer
    private let latency: TimeAmount
    private let reply: ByteBuffer

    init(latency: TimeAmount, reply: ByteBuffer) { (self.latency, self.reply) = (latency, reply) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let channel = context.channel
        guard latency > .zero else { return channel.writeAndFlush(reply, promise: nil) }
        channel.eventLoop.scheduleTask(in: latency) { [reply] in channel.writeAndFlush(reply, promise: nil) }
    }
}
