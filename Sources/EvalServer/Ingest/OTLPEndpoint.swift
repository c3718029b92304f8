// Spans by OTLP/HTTP, as OpenTelemetry's exporters and MLflow's client send them.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import HTTPTypes
internal import NIOCore

enum OTLPEndpoint {
    private static let protobuf = "application/x-protobuf"

    static func all(_ store: any TraceStore, price: @escaping TraceParts.Price) -> [Endpoint] {
        [endpoint { request, encoding in try await take(request, encoding, store, price) }]
    }

    /// The call, with what is done with its request.
    static func endpoint(
        _ take: @escaping @Sendable (APIRequest, OTLPTraces.Encoding) async throws -> Void
    ) -> Endpoint {
        var endpoint = Endpoint(
            .post,
            "/v1/traces",
            "Take spans by OTLP/HTTP",
            group: "OTLP"
        ) { request in
            let encoding = try encoding(request)
            try await take(request, encoding)
            return APIReply(
                contentType: encoding == .json ? "application/json" : protobuf,
                body: .bytes(ByteBuffer(bytes: OTLPTraces.reply(encoding)))
            )
        }
        .taking([protobuf, "application/json"]).giving(.bytes(protobuf))
        .reading([
            Field("x-mlflow-experiment-id", required: true, "The experiment that the spans belong to"),
            Field("x-mlflow-run-id", "The run that the spans belong to"),
        ])
        endpoint.refusesWithDetail = true
        return endpoint
    }

    /// The traces of a request.
    static func traces(_ request: APIRequest, _ encoding: OTLPTraces.Encoding) throws -> [ReceivedTrace] {
        let traces = OTLPTraces()
        do throws(OTLPError) {
            return try request.body.withUnsafeReadableBytes { bytes throws(OTLPError) in
                let bytes = bytes.bindMemory(to: UInt8.self)
                return encoding == .json ? try traces.decode(json: bytes) : try traces.decode(protobuf: bytes)
            }
        } catch {
            throw APIError(.badRequest, "Invalid OTLP request: \(error).")
        }
    }

    private static func take(
        _ request: APIRequest,
        _ encoding: OTLPTraces.Encoding,
        _ store: any TraceStore,
        _ price: TraceParts.Price
    ) async throws {
        let experiment = try experiment(request)
        let run = try request.header("x-mlflow-run-id").map { try APIRequest.runID($0) }
        let received = try traces(request, encoding)
        if received.isEmpty { return }
        let parts = received.map { TraceParts.part($0, experiment: experiment, price: price) }
        do {
            try await store.ingest(parts, run: run, summary: TraceParts.summary)
        } catch let refusal as Refusal where refusal.kind == .missing {
            throw APIError(.resourceDoesNotExist, refusal.message).inMLflowsForm
        }
    }

    private static func encoding(_ request: APIRequest) throws -> OTLPTraces.Encoding {
        let type = request.headers[.contentType] ?? ""
        switch type.split(separator: ";").first.map({ $0.trimmed.lowercased() }) {
        case protobuf: return .protobuf
        case "application/json": return .json
        default:
            throw APIError(.badRequest, "Invalid Content-Type: \(type). Expected: \(protobuf) or application/json")
        }
    }

    private static func experiment(_ request: APIRequest) throws -> Int64 {
        guard let text = request.header("x-mlflow-experiment-id") else {
            throw APIError(
                .invalidParameterValue,
                "The header x-mlflow-experiment-id is required: it says which experiment the spans belong to.",
                status: 422
            )
        }
        guard let id = Int64(text) else {
            throw APIError(.resourceDoesNotExist, "There is no experiment with the id '\(text.prefix(100))'.")
                .inMLflowsForm
        }
        return id
    }
}

extension APIRequest {
    /// A header; nil where it is absent or empty.
    func header(_ name: String) -> String? {
        guard let field = HTTPField.Name(name), let value = headers[field], !value.isEmpty else { return nil }
        return value
    }
}

extension Substring {
    /// The text without spaces at its ends.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...end]
    }
}
