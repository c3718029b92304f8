// The floor: as many connections as there are calls at a time, each writing one request and reading one reply, with no
// client, no judge and no journal.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Makes the same requests over bare connections.
func bare(_ port: Int, _ calls: Int, _ width: Int) async throws {
    let padding = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 40)
    let body = ByteBuffer(string: #"{"model":"m","messages":[{"role":"user","content":"\#(padding)"}]}"#)
    let next = Counter()
    let before = processorSeconds()
    let clock = ContinuousClock()
    let took = try await clock.measure {
        let done = try await (0..<width)
            .asyncMap { _ in
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHTTPClientHandlers()
                            try channel.pipeline.syncOperations.addHandler(Asker(body, next, calls))
                        }
                    }
                    .connect(host: "127.0.0.1", port: port).get()
            }
        for channel in done { try await channel.closeFuture.get() }
    }
    let own = (processorSeconds() - before) / Double(calls) * 1e6
    print(
        "\(Int(Double(calls) / (took / .seconds(1)))) calls/s, \(String(format: "%.1f", own)) us of our own processor time a call"
    )
}

extension Sequence {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

private final class Asker: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    private let body: ByteBuffer
    private let head: HTTPRequestHead
    private let next: Counter
    private let calls: Int

    init(_ body: ByteBuffer, _ next: Counter, _ calls: Int) {
        (self.body, self.next, self.calls) = (body, next, calls)
        head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/v1/chat/completions",
            headers: ["host": "127.0.0.1", "content-length": "\(body.readableBytes)"]
        )
    }

    func channelActive(context: ChannelHandlerContext) { ask(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { ask(context) }
    }

    private func ask(_ context: ChannelHandlerContext) {
        guard next.take() < calls else { return context.close(promise: nil) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
