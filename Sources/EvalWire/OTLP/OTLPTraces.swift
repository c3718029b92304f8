// OpenTelemetry's protocol for traces, OTLP/HTTP in both of its encodings: requests in and out, and the reply. Bytes in,
// values out; whether bytes are packed, and who may send them, is the server's.

public import EvalCore
public import EvalJSON

/// Reads and writes OTLP's traces.
public struct OTLPTraces: Sendable {
    /// How much of a request is taken.
    public var limits: OTLPLimits

    /// Makes a reader.
    public init(limits: OTLPLimits = OTLPLimits()) { self.limits = limits }

    /// Reads an `ExportTraceServiceRequest` in protobuf.
    ///
    /// - Parameter bytes: The request, unpacked.
    /// - Returns: The traces in the order of their first spans.
    /// - Throws: What is wrong with the request, and where.
    public func decode(protobuf bytes: some Collection<UInt8>) throws(OTLPError) -> [ReceivedTrace] {
        if let result = bytes.withContiguousStorageIfAvailable({ read($0) }) { return try result.get() }
        return try Array(bytes).withUnsafeBufferPointer { read($0) }.get()
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<[ReceivedTrace], OTLPError> {
        do throws(OTLPError) {
            return .success(try ProtobufTraces(bytes, limits: limits).traces())
        } catch {
            return .failure(error)
        }
    }

    /// Reads an `ExportTraceServiceRequest` in JSON.
    ///
    /// - Parameter bytes: The request, unpacked.
    /// - Returns: The traces in the order of their first spans.
    /// - Throws: What is wrong with the request, and where.
    public func decode(json bytes: some Collection<UInt8>) throws(OTLPError) -> [ReceivedTrace] {
        let request: JSON
        do throws(JSONError) {
            request = try JSON(parsing: bytes)
        } catch {
            throw OTLPError("", "is no JSON: \(error)")
        }
        return try JSONTraces(limits: limits).traces(request)
    }

    /// The two ways of writing a request and its reply.
    public enum Encoding: Sendable {
        case protobuf
        case json
    }

    /// An `ExportTraceServiceResponse`: empty where all spans were taken.
    ///
    /// - Parameters:
    ///   - encoding: The encoding of the request.
    ///   - rejectedSpans: How many spans were not taken.
    ///   - message: Why.
    /// - Returns: The bytes of the reply.
    public static func reply(_ encoding: Encoding, rejectedSpans: Int64 = 0, message: String = "") -> [UInt8] {
        let isWhole = rejectedSpans == 0 && message.isEmpty
        switch encoding {
        case .json:
            if isWhole { return Array("{}".utf8) }
            let partial: JSON = ["rejectedSpans": JSON(String(rejectedSpans)), "errorMessage": JSON(message)]
            return Array((["partialSuccess": partial] as JSON).serialized.utf8)
        case .protobuf:
            if isWhole { return [] }
            var response = ProtobufWriter()
            response.message(1) { partial in
                if rejectedSpans != 0 { partial.field(1, varint: UInt64(bitPattern: rejectedSpans)) }
                partial.field(2, text: message)
            }
            return response.bytes
        }
    }

    /// Writes a request with the spans of one trace, in protobuf.
    ///
    /// What spans hold beside their attributes is written as MLflow's attributes, so that reading gives the same spans.
    ///
    /// - Parameters:
    ///   - spans: The spans.
    ///   - traceID: Their trace.
    ///   - resource: What is known of the program that made them, such as `service.name`: an object.
    /// - Returns: The bytes of an `ExportTraceServiceRequest`.
    public static func encode(spans: [Span], traceID: PublicID, resource: JSON? = nil) -> [UInt8] {
        // About as much as what is sent, so that it seldom grows.
        var writer = ProtobufWriter(reserving: 1_024 * spans.count)
        writer.resourceSpans(spans, traceID: traceID, resource: resource)
        return writer.bytes
    }
}
