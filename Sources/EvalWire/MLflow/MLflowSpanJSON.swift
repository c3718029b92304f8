// Spans as MLflow's server gives them: OTLP's fields in snake case, identifiers in base64, typed values. Files of the
// client (`Trace.to_json`) have the same fields with attributes as texts of JSON.

public import EvalCore
public import EvalJSON
internal import Foundation

/// Writes spans as MLflow's JSON.
public enum MLflowSpanJSON {
    /// The spans of a trace as `trace.spans` of `traces/get` and `traces/batchGet` has them.
    ///
    /// - Parameters:
    ///   - spans: The spans.
    ///   - traceID: Their trace.
    /// - Returns: An array.
    public static func array(_ spans: [Span], traceID: PublicID) -> JSON {
        var builder = JSONBuilder()
        append(spans, traceID: traceID, to: &builder)
        return builder.finish()
    }

    /// Appends the spans of a trace as an array.
    ///
    /// - Parameters:
    ///   - spans: The spans.
    ///   - traceID: Their trace.
    ///   - builder: Where they go.
    public static func append(_ spans: [Span], traceID: PublicID, to builder: inout JSONBuilder) {
        let trace = Data(bytesOf: traceID).base64EncodedString()
        let word = JSON(traceID.traceID)
        builder.beginArray()
        for span in spans { append(span, word, trace, to: &builder) }
        builder.endArray()
    }

    private static func append(_ span: Span, _ traceID: JSON, _ trace: String, to builder: inout JSONBuilder) {
        builder.beginObject()
        builder.append("trace_id", trace)
        builder.append("span_id", base64(span.id))
        if let parent = span.parentID { builder.append("parent_span_id", base64(parent)) }
        builder.append("name", span.name)
        builder.key("start_time_unix_nano")
        builder.append(span.startNanoseconds)
        if let end = span.endNanoseconds {
            builder.key("end_time_unix_nano")
            builder.append(end)
        }
        builder.key("attributes")
        builder.beginArray()
        WireAttributes.forEach(span, traceID: traceID) { builder.append(typed: $1, $0) }
        builder.endArray()
        appendEvents(span.events, to: &builder)
        appendLinks(span.links, to: &builder)
        builder.key("status")
        builder.beginObject()
        if let message = span.statusMessage { builder.append("message", message) }
        if span.status != .unset { builder.append("code", "STATUS_CODE_" + span.status.rawValue) }
        builder.endObject()
        builder.endObject()
    }

    private static func appendEvents(_ events: [SpanEvent], to builder: inout JSONBuilder) {
        if events.isEmpty { return }
        builder.key("events")
        builder.beginArray()
        for event in events {
            builder.beginObject()
            builder.key("time_unix_nano")
            builder.append(event.timestampNanoseconds)
            builder.append("name", event.name)
            builder.append(typed: event.attributes)
            builder.endObject()
        }
        builder.endArray()
    }

    private static func appendLinks(_ links: [SpanLink], to builder: inout JSONBuilder) {
        if links.isEmpty { return }
        builder.key("links")
        builder.beginArray()
        for link in links {
            builder.beginObject()
            builder.append("trace_id", Data(bytesOf: link.traceID).base64EncodedString())
            builder.append("span_id", base64(link.spanID))
            builder.append(typed: link.attributes)
            builder.endObject()
        }
        builder.endArray()
    }

    static func base64(_ id: UInt64) -> String { Data(bytesOf: id).base64EncodedString() }
}

// As files of the client have them
extension MLflowSpanJSON {
    /// The spans of a trace as `data.spans` of `Trace.to_json` has them.
    ///
    /// - Parameters:
    ///   - spans: The spans.
    ///   - traceID: Their trace.
    /// - Returns: An array.
    public static func file(_ spans: [Span], traceID: PublicID) -> JSON {
        let trace = JSON(Data(bytesOf: traceID).base64EncodedString())
        let word = JSON(traceID.traceID)
        return .array(spans.map { file($0, word, trace) })
    }

    private static func file(_ span: Span, _ traceID: JSON, _ trace: JSON) -> JSON {
        var attributes: [(String, JSON)] = []
        WireAttributes.forEach(span, traceID: traceID) { attributes.append((String($0), JSON($1.serialized))) }
        return [
            "trace_id": trace,
            "span_id": JSON(base64(span.id)),
            "parent_span_id": span.parentID.map { JSON(base64($0)) } ?? .null,
            "name": JSON(span.name),
            "start_time_unix_nano": JSON(span.startNanoseconds),
            "end_time_unix_nano": span.endNanoseconds.map { JSON($0) } ?? .null,
            "events": .array(span.events.map(file)),
            "status": [
                "code": JSON("STATUS_CODE_" + span.status.rawValue), "message": JSON(span.statusMessage ?? ""),
            ],
            "attributes": .object(attributes),
            "links": .array(span.links.map(file)),
        ]
    }

    private static func file(_ event: SpanEvent) -> JSON {
        [
            "name": JSON(event.name), "time_unix_nano": JSON(event.timestampNanoseconds),
            "attributes": event.attributes ?? .object([]),
        ]
    }

    private static func file(_ link: SpanLink) -> JSON {
        [
            "trace_id": JSON(link.traceID.traceID), "span_id": JSON(hexadecimal(link.spanID)),
            "attributes": link.attributes ?? .null,
        ]
    }

    static func hexadecimal(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension JSONBuilder {
    /// Appends a key with a text.
    mutating func append(_ key: String, _ value: String) {
        self.key(key)
        append(value)
    }

    /// Appends a list of attributes under its key; nothing where there are none.
    fileprivate mutating func append(typed attributes: JSON?) {
        guard let attributes, attributes.isTelling else { return }
        key("attributes")
        appendMembers(attributes)
    }

    /// Appends a key with its typed value as an element of a list of attributes.
    fileprivate mutating func append(typed value: JSON, _ key: Text) {
        beginObject()
        self.key("key")
        append(key)
        self.key("value")
        append(typedValue: value)
        endObject()
    }

    private mutating func appendMembers(_ json: JSON) {
        beginArray()
        for (name, value) in json.members {
            beginObject()
            key("key")
            append(name)
            key("value")
            append(typedValue: value)
            endObject()
        }
        endArray()
    }

    /// Appends a value with its type; null is an object without anything.
    private mutating func append(typedValue json: JSON) {
        beginObject()
        switch json.kind {
        case .null: break
        case .boolean: appendScalar("bool_value", json)
        case .integer: appendScalar("int_value", json)
        case .number: appendScalar("double_value", json)
        case .string: appendScalar("string_value", json)
        case .array:
            key("array_value")
            beginObject()
            if json.isTelling {
                key("values")
                beginArray()
                for element in json.elements { append(typedValue: element) }
                endArray()
            }
            endObject()
        case .object:
            key("kvlist_value")
            beginObject()
            if json.isTelling {
                key("values")
                appendMembers(json)
            }
            endObject()
        }
        endObject()
    }

    private mutating func appendScalar(_ name: String, _ json: JSON) {
        key(name)
        append(json)
    }
}

extension Data {
    /// 8 bytes in big-endian order.
    fileprivate init(bytesOf id: UInt64) { self = Swift.withUnsafeBytes(of: id.bigEndian) { Data($0) } }

    /// 16 bytes in big-endian order.
    fileprivate init(bytesOf id: PublicID) { self = Swift.withUnsafeBytes(of: id.bits.bigEndian) { Data($0) } }
}
