// Spans as protobuf, for the way out.

internal import EvalCore
internal import EvalJSON

extension ProtobufWriter {
    /// Appends a `ResourceSpans` with the spans of one trace to a request.
    mutating func resourceSpans(_ spans: [Span], traceID: PublicID, resource: JSON?) {
        let word = JSON(traceID.traceID)
        message(1) { group in
            if let resource { group.message(1) { $0.attributes(1, resource) } }
            group.message(2) { scope in
                for span in spans {
                    scope.message(2) { $0.span(span, traceID, word) }
                }
            }
        }
    }

    private mutating func span(_ span: Span, _ traceID: PublicID, _ word: JSON) {
        field(1, identifier: traceID.bits)
        field(2, identifier: span.id)
        if let parent = span.parentID { field(4, identifier: parent) }
        field(5, text: span.name)
        time(7, span.startNanoseconds)
        time(8, span.endNanoseconds ?? 0)
        WireAttributes.forEach(span, traceID: word) { attribute(9, $0, $1) }
        for event in span.events {
            message(11) { writer in
                writer.time(1, event.timestampNanoseconds)
                writer.field(2, text: event.name)
                if let attributes = event.attributes { writer.attributes(3, attributes) }
            }
        }
        for link in span.links {
            message(13) { writer in
                writer.field(1, identifier: link.traceID.bits)
                writer.field(2, identifier: link.spanID)
                if let attributes = link.attributes { writer.attributes(4, attributes) }
            }
        }
        message(15) { writer in
            if let text = span.statusMessage { writer.field(2, text: text) }
            switch span.status {
            case .unset: break
            case .ok: writer.field(3, varint: 1)
            case .error: writer.field(3, varint: 2)
            }
        }
    }

    /// Appends a time; 1970 itself is what protobuf leaves out.
    private mutating func time(_ number: UInt64, _ nanoseconds: Int64) {
        if nanoseconds > 0 { field(number, fixed64: UInt64(nanoseconds)) }
    }

    /// Appends the members of an object as attributes.
    private mutating func attributes(_ number: UInt64, _ json: JSON) {
        for (key, value) in json.members { attribute(number, key, value) }
    }

    private mutating func attribute(_ number: UInt64, _ key: Text, _ value: JSON) {
        message(number) { writer in
            if !key.isEmpty { key.withUTF8 { writer.field(1, bytes: $0) } }
            writer.message(2) { $0.value(value) }
        }
    }

    /// Appends a typed value; null is one without anything.
    private mutating func value(_ json: JSON) {
        switch json.kind {
        case .null: break
        case .boolean: field(2, varint: json.boolean == true ? 1 : 0)
        case .integer: field(3, varint: UInt64(bitPattern: json.integer ?? 0))
        case .number: field(4, fixed64: (json.number ?? 0).bitPattern)
        case .string: json.text?.withUTF8 { field(1, bytes: $0) }
        case .array: message(5) { list in for element in json.elements { list.message(1) { $0.value(element) } } }
        case .object: message(6) { $0.attributes(1, json) }
        }
    }
}
