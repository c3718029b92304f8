// Texts, identifiers and attributes of OTLP's protobuf. A value of an attribute becomes JSON: bytes a text in base64,
// a number that JSON doesn't have its name, a value without anything null.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// Reads values that lie in a buffer.
struct ProtobufValues {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: OTLPLimits
    private var attributes: Allowance

    init(bytes: UnsafeBufferPointer<UInt8>, limits: OTLPLimits) {
        self.bytes = bytes
        self.limits = limits
        attributes = Allowance(limits.attributes, "attributes")
    }

    /// Begins a span or a resource, whose attributes are counted anew.
    mutating func begin() { attributes = Allowance(limits.attributes, "attributes") }

    /// A text.
    func string(_ range: Range<Int>, _ field: String) throws(OTLPError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw OTLPError(field, "is not valid UTF-8")
        }
        return text
    }

    /// A text that says something.
    func text(_ range: Range<Int>, _ field: String) throws(OTLPError) -> String? {
        range.isEmpty ? nil : try string(range, field)
    }

    /// The 16 bytes of a trace's identifier; all zeros where there are none.
    func traceID(_ range: Range<Int>) throws(OTLPError) -> PublicID {
        if range.isEmpty { return PublicID(bits: 0) }
        guard let id = PublicID(bytes: UnsafeBufferPointer(rebasing: bytes[range])) else {
            throw OTLPError("trace_id", "has \(range.count) bytes, not 16")
        }
        return id
    }

    /// The 8 bytes of a span's identifier; nil where there are none, or zeros only.
    func spanID(_ range: Range<Int>, _ field: String) throws(OTLPError) -> UInt64? {
        if range.isEmpty { return nil }
        guard range.count == 8 else { throw OTLPError(field, "has \(range.count) bytes, not 8") }
        let id = bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
        return id == 0 ? nil : id
    }

    /// Attributes as an object of their own; nil where there are none.
    mutating func object(_ ranges: [Range<Int>]) throws(OTLPError) -> JSON? {
        if ranges.isEmpty { return nil }
        var builder = JSONBuilder()
        try append(ranges, to: &builder)
        return builder.finish()
    }

    /// Appends attributes as an object.
    mutating func append(_ ranges: [Range<Int>], to builder: inout JSONBuilder) throws(OTLPError) {
        try attributes.take(ranges.count)
        builder.beginObject()
        var position = 0
        for range in ranges {
            do throws(OTLPError) {
                try appendMember(range, to: &builder, depth: 0)
            } catch {
                throw error.within("attributes[\(position)]")
            }
            position += 1
        }
        builder.endObject()
    }

    /// Appends a key and its value.
    private func appendMember(_ range: Range<Int>, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        var key = range.lowerBound..<range.lowerBound
        var inner: Range<Int>?
        var reader = ProtobufReader(bytes, range)
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let range)): key = range
            case (2, .bytes(let range)): inner = range
            default: break
            }
        }
        guard builder.append(checking: reader.slice(key)) else { throw OTLPError("key", "is not valid UTF-8") }
        guard let inner else { return builder.appendNull() }
        do throws(OTLPError) {
            try appendValue(inner, to: &builder, depth: depth)
        } catch {
            throw error.within("value")
        }
    }

    private func appendValue(_ range: Range<Int>, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        // Of alternatives that are all there the last one counts, as in all of protobuf.
        var last: (number: UInt64, value: ProtobufReader.Value)?
        var reader = ProtobufReader(bytes, range)
        while let field = try reader.next() { if (1...7).contains(field.number) { last = field } }
        switch (last?.number, last?.value) {
        case (1, .bytes(let range)):
            guard builder.append(checking: reader.slice(range)) else {
                throw OTLPError("string_value", "is not valid UTF-8")
            }
        case (2, .varint(let number)): builder.append(number != 0)
        case (3, .varint(let number)): builder.append(Int64(bitPattern: number))
        case (4, .fixed64(let bits)): builder.append(wire: Double(bitPattern: bits))
        case (5, .bytes(let range)):
            try appendList(range, to: &builder, depth: depth + 1)
        case (6, .bytes(let range)):
            try appendMap(range, to: &builder, depth: depth + 1)
        case (7, .bytes(let range)): builder.append(Data(buffer: reader.slice(range)).base64EncodedString())
        default: builder.appendNull()
        }
    }

    private func appendList(_ range: Range<Int>, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        guard depth <= limits.depth else { throw OTLPError("", "is nested deeper than \(limits.depth) levels") }
        builder.beginArray()
        var reader = ProtobufReader(bytes, range)
        while let (number, value) = try reader.next() {
            if number == 1, case .bytes(let range) = value { try appendValue(range, to: &builder, depth: depth) }
        }
        builder.endArray()
    }

    private func appendMap(_ range: Range<Int>, to builder: inout JSONBuilder, depth: Int) throws(OTLPError) {
        guard depth <= limits.depth else { throw OTLPError("", "is nested deeper than \(limits.depth) levels") }
        builder.beginObject()
        var reader = ProtobufReader(bytes, range)
        while let (number, value) = try reader.next() {
            if number == 1, case .bytes(let range) = value { try appendMember(range, to: &builder, depth: depth) }
        }
        builder.endObject()
    }
}

extension JSONBuilder {
    /// Appends a number; one that JSON doesn't have is appended by its name in protobuf's JSON.
    mutating func append(wire number: Double) {
        if number.isFinite {
            append(number)
        } else {
            append(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
        }
    }
}
