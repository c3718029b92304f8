// Spans by OTLP/HTTP for whoever runs it, from this machine alone: nothing else is answered, and nothing is stored.

public import EvalCore
internal import EvalJSON
internal import EvalWire
internal import NIOCore

/// Takes spans by OTLP on a free port of this machine.
///
///     let receiver = SpanReceiver { trace, spans in print(trace, spans.count) }
///     try await receiver.run { port in print("http://127.0.0.1:\(port)") }
public struct SpanReceiver: Sendable {
    private let server: Server

    /// Makes a receiver.
    ///
    /// - Parameter take: Is told the spans of a trace as they come.
    public init(_ take: @escaping @Sendable (_ trace: PublicID, _ spans: [Span]) -> Void) {
        server = Server(
            configuration: ServerConfiguration(port: 0),
            endpoints: [
                OTLPEndpoint.endpoint { request, encoding in
                    for trace in try OTLPEndpoint.traces(request, encoding) { take(trace.id, trace.spans) }
                }
            ]
        )
    }

    /// Listens and takes spans until the task is cancelled; signals stay the program's.
    ///
    /// - Parameter onListening: Is told the port once it listens.
    /// - Throws: That no port can be listened at.
    public func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        try await server.run(handlingSignals: false, onListening: onListening)
    }
}
