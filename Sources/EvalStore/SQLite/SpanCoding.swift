// The span block of a trace: compact JSON, so that a trace is one write and anybody's tools can read it.
// Format 1 is an array of objects; what is absent, and a status of OK, is left out.

internal import EvalCore
internal import EvalJSON

enum SpanCoding {
    /// The format that is written.
    static let format = 1

    /// Appends the block of a trace's spans.
    static func write(_ spans: [Span], to writer: inout JSONWriter) {
        writer.raw("[")
        var first = true
        for span in spans {
            if first { first = false } else { writer.raw(",") }
            write(span, to: &writer)
        }
        writer.raw("]")
    }

    private static func write(_ span: Span, to writer: inout JSONWriter) {
        writer.raw(#"{"id":"#)
        writer.write(Int64(bitPattern: span.id))
        if let parent = span.parentID {
            writer.raw(#","parent":"#)
            writer.write(Int64(bitPattern: parent))
        }
        writer.raw(#","name":"#)
        writer.write(span.name)
        writer.raw(#","type":"#)
        writer.write(span.type.rawValue)
        writer.raw(#","start":"#)
        writer.write(span.startNanoseconds)
        if let end = span.endNanoseconds {
            writer.raw(#","end":"#)
            writer.write(end)
        }
        if span.status != .ok {
            writer.raw(#","status":"#)
            writer.write(span.status.rawValue)
        }
        if let message = span.statusMessage {
            writer.raw(#","message":"#)
            writer.write(message)
        }
        if let inputs = span.inputs {
            writer.raw(#","inputs":"#)
            writer.write(inputs)
        }
        if let outputs = span.outputs {
            writer.raw(#","outputs":"#)
            writer.write(outputs)
        }
        if let attributes = span.attributes {
            writer.raw(#","attributes":"#)
            writer.write(attributes)
        }
        if !span.events.isEmpty { write(span.events, to: &writer) }
        if !span.links.isEmpty { write(span.links, to: &writer) }
        if let usage = span.usage {
            writer.raw(#","tokens":["#)
            writer.write(usage.inputTokens)
            writer.raw(",")
            writer.write(usage.outputTokens)
            writer.raw(",")
            writer.write(usage.totalTokens)
            writer.raw("]")
        }
        if let cost = span.costUSD {
            writer.raw(#","cost":"#)
            writer.write(cost)
        }
        writer.raw("}")
    }

    private static func write(_ events: [SpanEvent], to writer: inout JSONWriter) {
        writer.raw(#","events":["#)
        for (position, event) in events.enumerated() {
            writer.raw(position == 0 ? #"{"name":"# : #",{"name":"#)
            writer.write(event.name)
            writer.raw(#","time":"#)
            writer.write(event.timestampNanoseconds)
            if let attributes = event.attributes {
                writer.raw(#","attributes":"#)
                writer.write(attributes)
            }
            writer.raw("}")
        }
        writer.raw("]")
    }

    private static func write(_ links: [SpanLink], to writer: inout JSONWriter) {
        writer.raw(#","links":["#)
        for (position, link) in links.enumerated() {
            writer.raw(position == 0 ? #"{"trace":"# : #",{"trace":"#)
            writer.write(link.traceID.hexadecimal)
            writer.raw(#","span":"#)
            writer.write(Int64(bitPattern: link.spanID))
            if let attributes = link.attributes {
                writer.raw(#","attributes":"#)
                writer.write(attributes)
            }
            writer.raw("}")
        }
        writer.raw("]")
    }

    /// Reads a block; nil if it is not one of `format`.
    static func spans(_ block: JSON, format: Int) -> [Span]? {
        guard format == Self.format, block.kind == .array else { return nil }
        var spans: [Span] = []
        for element in block.elements {
            guard let span = span(element) else { return nil }
            spans.append(span)
        }
        return spans
    }

    private static func span(_ json: JSON) -> Span? {
        guard let id = json[key: "id"]?.integer, let name = json[key: "name"]?.string,
            let type = json[key: "type"]?.string, let start = json[key: "start"]?.integer
        else { return nil }
        var events: [SpanEvent] = []
        for event in json[key: "events"]?.elements ?? JSON.null.elements {
            guard let name = event[key: "name"]?.string, let time = event[key: "time"]?.integer else { return nil }
            events.append(SpanEvent(name: name, timestampNanoseconds: time, attributes: event[key: "attributes"]))
        }
        var links: [SpanLink] = []
        for link in json[key: "links"]?.elements ?? JSON.null.elements {
            guard let trace = link[key: "trace"]?.string.flatMap(PublicID.init(hexadecimal:)),
                let span = link[key: "span"]?.integer
            else { return nil }
            links.append(
                SpanLink(traceID: trace, spanID: UInt64(bitPattern: span), attributes: link[key: "attributes"])
            )
        }
        return Span(
            id: UInt64(bitPattern: id),
            parentID: json[key: "parent"]?.integer.map { UInt64(bitPattern: $0) },
            name: name,
            type: SpanType(rawValue: type),
            startNanoseconds: start,
            endNanoseconds: json[key: "end"]?.integer,
            status: json[key: "status"]?.string.flatMap(SpanStatus.init(rawValue:)) ?? .ok,
            statusMessage: json[key: "message"]?.string,
            inputs: json[key: "inputs"],
            outputs: json[key: "outputs"],
            attributes: json[key: "attributes"],
            events: events,
            links: links,
            usage: json[key: "tokens"].flatMap(usage),
            costUSD: json[key: "cost"]?.number
        )
    }

    private static func usage(_ json: JSON) -> TokenUsage? {
        let counts = json.elements.compactMap(\.integer)
        guard counts.count == 3 else { return nil }
        return TokenUsage(inputTokens: counts[0], outputTokens: counts[1], totalTokens: counts[2])
    }
}

extension TraceState {
    /// The state as the table has it.
    var code: Int {
        switch self {
        case .unspecified: 0
        case .ok: 1
        case .error: 2
        case .inProgress: 3
        }
    }

    /// Reads what the table has.
    init?(code: Int) {
        guard let state = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = state
    }
}
