// Spans as protobuf's messages, for the way out.

internal import EvalCore
internal import EvalJSON
internal import Foundation

typealias ProtobufSpan = Opentelemetry_Proto_Trace_V1_Span
typealias ProtobufAttribute = Opentelemetry_Proto_Common_V1_KeyValue
typealias ProtobufValue = Opentelemetry_Proto_Common_V1_AnyValue

extension ProtobufSpan {
    /// The message of a span.
    init(_ span: Span, traceID: PublicID) {
        self.init()
        self.traceID = Data(bytesOf: traceID)
        spanID = Data(bytesOf: span.id)
        if let parent = span.parentID { parentSpanID = Data(bytesOf: parent) }
        name = span.name
        startTimeUnixNano = UInt64(clamping: span.startNanoseconds)
        endTimeUnixNano = UInt64(clamping: span.endNanoseconds ?? 0)
        attributes = WireAttributes(span, traceID: traceID).members.map { .init($0.key, $0.value) }
        events = span.events.map { event in
            var message = Event()
            message.name = event.name
            message.timeUnixNano = UInt64(clamping: event.timestampNanoseconds)
            message.attributes = event.attributes?.members.map { .init(String($0.key), $0.value) } ?? []
            return message
        }
        links = span.links.map { link in
            var message = Link()
            message.traceID = Data(bytesOf: link.traceID)
            message.spanID = Data(bytesOf: link.spanID)
            message.attributes = link.attributes?.members.map { .init(String($0.key), $0.value) } ?? []
            return message
        }
        switch span.status {
        case .unset: break
        case .ok: status.code = .ok
        case .error: status.code = .error
        }
        if let text = span.statusMessage { status.message = text }
    }
}

extension ProtobufAttribute {
    /// A key with its value.
    init(_ key: String, _ value: JSON) {
        self.init()
        self.key = key
        self.value = ProtobufValue(value)
    }
}

extension ProtobufValue {
    /// A typed value; null is one without anything.
    init(_ json: JSON) {
        self.init()
        switch json.kind {
        case .null: break
        case .boolean: boolValue = json.boolean ?? false
        case .integer: intValue = json.integer ?? 0
        case .number: doubleValue = json.number ?? 0
        case .string: stringValue = json.string ?? ""
        case .array: arrayValue.values = json.elements.map { ProtobufValue($0) }
        case .object: kvlistValue.values = json.members.map { ProtobufAttribute(String($0.key), $0.value) }
        }
    }
}

extension Data {
    /// 8 bytes in big-endian order.
    init(bytesOf id: UInt64) { self = Swift.withUnsafeBytes(of: id.bigEndian) { Data($0) } }

    /// 16 bytes in big-endian order.
    init(bytesOf id: PublicID) { self = Swift.withUnsafeBytes(of: id.bits.bigEndian) { Data($0) } }
}
