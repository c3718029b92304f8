// Spans as OTLP's JSON, for the way out: identifiers in hexadecimal, times and whole numbers as texts, typed values.

public import EvalCore
public import EvalJSON

extension OTLPTraces {
    /// A request with the spans of one trace, in JSON.
    ///
    /// What spans hold beside their attributes is written as MLflow's attributes, so that reading gives the same spans.
    ///
    /// - Parameters:
    ///   - spans: The spans.
    ///   - traceID: Their trace.
    ///   - resource: What is known of the program that made them, such as `service.name`: an object.
    /// - Returns: An `ExportTraceServiceRequest`.
    public static func json(spans: [Span], traceID: PublicID, resource: JSON? = nil) -> JSON {
        let word = JSON(traceID.traceID)
        let list = spans.map { span in
            var attributes: [JSON] = []
            WireAttributes.forEach(span, traceID: word) { key, value in attributes.append(attribute(key, value)) }
            return json(span, traceID, attributes)
        }
        var members: [(String, JSON)] = []
        if let resource { members.append(("resource", ["attributes": attributes(resource)])) }
        members.append(("scopeSpans", [["spans": .array(list)]]))
        return ["resourceSpans": [.object(members)]]
    }

    private static func json(_ span: Span, _ traceID: PublicID, _ attributes: [JSON]) -> JSON {
        var status: [(String, JSON)] = []
        if let message = span.statusMessage { status.append(("message", JSON(message))) }
        switch span.status {
        case .unset: break
        case .ok: status.append(("code", 1))
        case .error: status.append(("code", 2))
        }
        let members: [(String, JSON?)] = [
            ("traceId", JSON(traceID.hexadecimal)),
            ("spanId", JSON(MLflowSpanJSON.hexadecimal(span.id))),
            ("parentSpanId", span.parentID.map { JSON(MLflowSpanJSON.hexadecimal($0)) }),
            ("name", JSON(span.name)),
            ("kind", 1),
            ("startTimeUnixNano", JSON(String(span.startNanoseconds))),
            ("endTimeUnixNano", span.endNanoseconds.map { JSON(String($0)) }),
            ("attributes", .array(attributes)),
            ("events", JSON.array(span.events.map(json)).unlessEmpty),
            ("links", JSON.array(span.links.map(json)).unlessEmpty),
            ("status", .object(status)),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private static func json(_ event: SpanEvent) -> JSON {
        [
            "timeUnixNano": JSON(String(event.timestampNanoseconds)), "name": JSON(event.name),
            "attributes": attributes(event.attributes ?? [:]),
        ]
    }

    private static func json(_ link: SpanLink) -> JSON {
        [
            "traceId": JSON(link.traceID.hexadecimal), "spanId": JSON(MLflowSpanJSON.hexadecimal(link.spanID)),
            "attributes": attributes(link.attributes ?? [:]),
        ]
    }

    private static func attributes(_ json: JSON) -> JSON { .array(json.members.map { attribute($0.key, $0.value) }) }

    private static func attribute(_ key: Text, _ value: JSON) -> JSON {
        ["key": JSON(String(key)), "value": typed(value)]
    }

    /// A value with its type; null is an object without anything.
    private static func typed(_ json: JSON) -> JSON {
        switch json.kind {
        case .null: [:]
        case .boolean: ["boolValue": json]
        case .integer: ["intValue": JSON(json.serialized)]
        case .number: ["doubleValue": json]
        case .string: ["stringValue": json]
        case .array: ["arrayValue": ["values": .array(json.elements.map(typed))]]
        case .object: ["kvlistValue": ["values": attributes(json)]]
        }
    }
}
