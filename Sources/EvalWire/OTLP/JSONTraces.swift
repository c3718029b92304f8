// A request of OTLP as JSON: identifiers in hexadecimal, whole numbers as numbers or texts, enumerations as numbers or
// names, fields in camel case or as protobuf has them. Unknown fields are passed over.

internal import EvalCore
internal import EvalJSON

/// Walks an `ExportTraceServiceRequest` in JSON.
struct JSONTraces: ~Copyable {
    private let limits: OTLPLimits
    private var collector = TraceCollector()
    private var spans: Allowance
    private var attributes: Allowance

    init(limits: OTLPLimits) {
        self.limits = limits
        spans = Allowance(limits.spans, "spans")
        attributes = Allowance(limits.attributes, "attributes")
    }

    /// The traces of a request.
    consuming func traces(_ request: JSON) throws(OTLPError) -> [ReceivedTrace] {
        guard request.kind == .object else { throw OTLPError("", "is \(request.kind.withArticle), not an object") }
        let list = try Self.list(request, "resourceSpans", "resource_spans")
        for (position, element) in list.enumerated() {
            do throws(OTLPError) {
                try resourceSpans(element)
            } catch {
                throw error.within("resource_spans[\(position)]")
            }
        }
        if list.isEmpty { throw OTLPError("", "has no resource_spans") }
        return collector.finish()
    }

    private mutating func resourceSpans(_ json: JSON) throws(OTLPError) {
        attributes = Allowance(limits.attributes, "attributes")
        let resource = try json[key: "resource"]
            .flatMap { json throws(OTLPError) in
                do throws(OTLPError) { return try object(json) } catch { throw error.within("resource") }
            }
        for (position, element) in try Self.list(json, "scopeSpans", "scope_spans").enumerated() {
            do throws(OTLPError) {
                try scopeSpans(element, resource)
            } catch {
                throw error.within("scope_spans[\(position)]")
            }
        }
    }

    private mutating func scopeSpans(_ json: JSON, _ resource: JSON?) throws(OTLPError) {
        let scope = json[key: "scope"]?[key: "name"]?.string ?? ""
        for (position, element) in try Self.list(json, "spans", "spans").enumerated() {
            do throws(OTLPError) {
                try spans.take()
                collector.add(try span(element), resource: resource, scope: scope)
            } catch {
                throw error.within("spans[\(position)]")
            }
        }
    }

    private mutating func span(_ json: JSON) throws(OTLPError) -> WireSpan {
        guard json.kind == .object else { throw OTLPError("", "is \(json.kind.withArticle), not an object") }
        attributes = Allowance(limits.attributes, "attributes")
        var span = WireSpan()
        span.traceID = try Self.traceID(json)
        span.id = try Self.spanID(json, "spanId", "span_id") ?? 0
        span.parentID = try Self.spanID(json, "parentSpanId", "parent_span_id")
        span.name = try Self.text(json, "name") ?? ""
        span.startNanoseconds = try Self.time(json, "startTimeUnixNano", "start_time_unix_nano") ?? 0
        span.endNanoseconds = try Self.time(json, "endTimeUnixNano", "end_time_unix_nano")
            .flatMap { $0 == 0 ? nil : $0 }
        if let status = json[key: "status"] {
            span.status = Self.status(status[key: "code"])
            span.statusMessage = try Self.text(status, "message").flatMap { $0.isEmpty ? nil : $0 }
        }
        var builder = JSONBuilder()
        try append(try Self.list(json, "attributes", "attributes"), to: &builder)
        span.attributes = builder.finish()
        try addEvents(json, to: &span)
        try addLinks(json, to: &span)
        return try span.checked()
    }

    private mutating func addEvents(_ json: JSON, to span: inout WireSpan) throws(OTLPError) {
        let events = try Self.list(json, "events", "events")
        guard events.count <= limits.events else { throw OTLPError("", "has more than \(limits.events) events") }
        for (position, json) in events.enumerated() {
            do throws(OTLPError) {
                span.events.append(
                    SpanEvent(
                        name: try Self.text(json, "name") ?? "",
                        timestampNanoseconds: try Self.time(json, "timeUnixNano", "time_unix_nano") ?? 0,
                        attributes: try object(json)
                    )
                )
            } catch {
                throw error.within("events[\(position)]")
            }
        }
    }

    private mutating func addLinks(_ json: JSON, to span: inout WireSpan) throws(OTLPError) {
        let links = try Self.list(json, "links", "links")
        guard links.count <= limits.links else { throw OTLPError("", "has more than \(limits.links) links") }
        for (position, json) in links.enumerated() {
            do throws(OTLPError) {
                let trace = try Self.traceID(json)
                let id = try Self.spanID(json, "spanId", "span_id")
                guard trace.bits != 0, let id else { continue }
                span.links.append(SpanLink(traceID: trace, spanID: id, attributes: try object(json)))
            } catch {
                throw error.within("links[\(position)]")
            }
        }
    }

    /// The attributes of something as an object of their own; nil where there are none.
    private mutating func object(_ json: JSON) throws(OTLPError) -> JSON? {
        let list = try Self.list(json, "attributes", "attributes")
        if list.isEmpty { return nil }
        var builder = JSONBuilder()
        try append(list, to: &builder)
        return builder.finish()
    }

    private mutating func append(_ list: [JSON], to builder: inout JSONBuilder) throws(OTLPError) {
        try attributes.take(list.count)
        try JSONValues(depth: limits.depth).appendMap(list, to: &builder, depth: 0)
    }
}

// Fields
extension JSONTraces {
    private static func field(_ json: JSON, _ camel: StaticString, _ snake: StaticString) -> JSON? {
        (json[key: camel] ?? json[key: snake])?.unlessNull
    }

    private static func list(_ json: JSON, _ camel: StaticString, _ snake: StaticString) throws(OTLPError) -> [JSON] {
        guard let list = field(json, camel, snake) else { return [] }
        guard list.kind == .array else { throw OTLPError("\(snake)", "is \(list.kind.withArticle), not an array") }
        return Array(list.elements)
    }

    private static func text(_ json: JSON, _ name: StaticString) throws(OTLPError) -> String? {
        guard let value = json[key: name]?.unlessNull else { return nil }
        guard let text = value.string else { throw OTLPError("\(name)", "is \(value.kind.withArticle), not a string") }
        return text
    }

    private static func traceID(_ json: JSON) throws(OTLPError) -> PublicID {
        guard let value = field(json, "traceId", "trace_id"), value.text?.isEmpty != true else {
            return PublicID(bits: 0)
        }
        guard let id = value.string.flatMap(PublicID.init(hexadecimal:)) else {
            throw OTLPError("trace_id", "is not 32 hexadecimal digits")
        }
        return id
    }

    private static func spanID(
        _ json: JSON,
        _ camel: StaticString,
        _ snake: StaticString
    ) throws(OTLPError) -> UInt64? {
        guard let value = field(json, camel, snake), value.text?.isEmpty != true else { return nil }
        guard let id = value.string.flatMap(WireSpan.id) else {
            throw OTLPError("\(snake)", "is not 16 hexadecimal digits")
        }
        return id == 0 ? nil : id
    }

    private static func time(_ json: JSON, _ camel: StaticString, _ snake: StaticString) throws(OTLPError) -> Int64? {
        guard let value = field(json, camel, snake) else { return nil }
        if let time = value.integer ?? value.string.flatMap({ Int64($0) }) {
            guard time >= 0 else { throw OTLPError("\(snake)", "is \(time), a time before 1970") }
            return time
        }
        if let time = value.string.flatMap({ UInt64($0) }) { return try WireSpan.time(time, of: "\(snake)") }
        guard let time = value.number.flatMap({ Int64(exactly: $0) }), time >= 0 else {
            throw OTLPError("\(snake)", "is not a whole number of nanoseconds since 1970 that fits in 64 bits")
        }
        return time
    }

    private static func status(_ code: JSON?) -> SpanStatus {
        switch code?.string {
        case "STATUS_CODE_OK", "OK", "1": .ok
        case "STATUS_CODE_ERROR", "ERROR", "2": .error
        default: WireSpan.status(code?.integer ?? 0)
        }
    }
}
