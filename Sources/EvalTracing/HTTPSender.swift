// Posts requests to a server's /v1/traces.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Tracing

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// Why a server took no spans for now.
struct ServerBusy: Error, CustomStringConvertible {
    let status: Int
    var description: String { "the server answered \(status)" }
}

/// Sends requests to one server.
struct HTTPSender: Sendable {
    private let request: URLRequest

    /// Makes a sender.
    ///
    /// - Parameters:
    ///   - server: The server's address, such as `http://127.0.0.1:5000`.
    ///   - experimentID: Where traces go.
    ///   - token: The token of a server that wants one.
    /// - Throws: An address that is none.
    init(server: String, experimentID: String, token: String?) throws(Diagnostic) {
        guard let base = URL(string: server), ["http", "https"].contains(base.scheme), base.host?.isEmpty == false
        else {
            throw Diagnostic(
                "'\(server)' is not the address of a server",
                help: "It begins with http:// or https://, such as http://127.0.0.1:5000."
            )
        }
        var request = URLRequest(url: base.appendingPathComponent("v1/traces"))
        request.httpMethod = "POST"
        request.timeoutInterval = 10
        request.setValue("application/x-protobuf", forHTTPHeaderField: "Content-Type")
        request.setValue(experimentID, forHTTPHeaderField: "x-mlflow-experiment-id")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        self.request = request
    }

    /// Sends a request.
    ///
    /// - Parameter bytes: The request.
    /// - Throws: A `SpanRefusal` where the server refuses it for good, else what may pass.
    func send(_ bytes: [UInt8]) async throws {
        var request = request
        request.httpBody = Data(bytes)
        let (body, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        // OTLP's statuses that may be tried again.
        if [429, 502, 503, 504].contains(status) { throw ServerBusy(status: status) }
        if !(200..<300).contains(status) {
            let reply = String(decoding: body.prefix(500), as: UTF8.self)
            throw SpanRefusal("the server answered \(status): \(reply)")
        }
    }
}

extension EvalTracer {
    /// Makes a tracer that sends to a server, and lets the whole program use it.
    ///
    /// It is called once, before the first span. What waits is sent by `shutdown` of what it returns.
    ///
    /// - Parameters:
    ///   - server: The address of an evalhost or MLflow server, such as `http://127.0.0.1:5000`.
    ///   - experimentID: The experiment that traces go to.
    ///   - service: The program's name.
    ///   - token: The token of a server that wants one.
    ///   - limits: How much is sent, and when.
    /// - Returns: What sends the spans.
    /// - Throws: An address that is none.
    @discardableResult
    public static func bootstrap(
        server: String,
        experimentID: String = "0",
        service: String,
        token: String? = nil,
        limits: SpanExporter.Limits = SpanExporter.Limits()
    ) throws(Diagnostic) -> SpanExporter {
        let sender = try HTTPSender(server: server, experimentID: experimentID, token: token)
        let exporter = SpanExporter(resource: ["service.name": JSON(service)], limits: limits) { bytes in
            try await sender.send(bytes)
        }
        InstrumentationSystem.bootstrap(EvalTracer(exporter: exporter))
        return exporter
    }
}
