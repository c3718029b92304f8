// Requests that are wrong are refused, and it is said where; what is too much is refused before it costs memory.

import EvalCore
import EvalJSON
import EvalWire
import Testing

/// Protobuf by hand, so that it can be wrong.
struct Wire {
    var bytes: [UInt8] = []

    static func varint(_ number: UInt64) -> [UInt8] {
        var rest = number
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func field(_ number: UInt64, _ content: [UInt8]) {
        bytes += Self.varint(number << 3 | 2) + Self.varint(UInt64(content.count)) + content
    }

    mutating func field(_ number: UInt64, fixed: UInt64) {
        bytes += Self.varint(number << 3 | 1)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: fixed >> (8 * $0)) }
    }

    static func message(_ build: (inout Wire) -> Void) -> [UInt8] {
        var wire = Wire()
        build(&wire)
        return wire.bytes
    }

    static let trace = [UInt8](1...16)
    static let id = [UInt8](1...8)

    /// A request with one span, after one that is right.
    static func request(trace: [UInt8] = trace, id: [UInt8] = id, _ more: (inout Wire) -> Void = { _ in }) -> [UInt8] {
        func span(_ trace: [UInt8], _ id: [UInt8], _ more: (inout Wire) -> Void) -> [UInt8] {
            message { wire in
                if !trace.isEmpty { wire.field(1, trace) }
                if !id.isEmpty { wire.field(2, id) }
                more(&wire)
            }
        }
        let scope = message { wire in
            wire.field(2, span(self.trace, self.id, { _ in }))
            wire.field(2, span(trace, id, more))
        }
        return message { wire in wire.field(1, message { $0.field(2, scope) }) }
    }

    /// A key with a value.
    static func attribute(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
        message { wire in
            wire.field(1, key)
            wire.field(2, value)
        }
    }
}

@Suite struct OTLPErrorTests {
    private static let span = "resource_spans[0].scope_spans[0].spans[1]"

    private func problem(_ bytes: [UInt8], limits: OTLPLimits = OTLPLimits()) -> String? {
        do throws(OTLPError) {
            _ = try OTLPTraces(limits: limits).decode(protobuf: bytes)
            return nil
        } catch {
            return error.description
        }
    }

    private func problem(json: String, limits: OTLPLimits = OTLPLimits()) -> String? {
        do throws(OTLPError) {
            _ = try OTLPTraces(limits: limits).decode(json: Array(json.utf8))
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a request by hand is right")
    func right() throws {
        let traces = try OTLPTraces().decode(protobuf: Wire.request { $0.field(5, Array("ünï".utf8)) })
        #expect(traces.count == 1 && traces[0].spans.map(\.name) == ["", "ünï"])
        #expect(traces[0].id.hexadecimal == "0102030405060708090a0b0c0d0e0f10")
        #expect(traces[0].spans[1].id == 0x0102_0304_0506_0708 && traces[0].spans[1].endNanoseconds == nil)
    }

    @Test("identifiers have their size, and are not all zeros")
    func identifiers() {
        #expect(problem(Wire.request(trace: [1, 2, 3, 4, 5, 6, 7])) == Self.span + ".trace_id has 7 bytes, not 16")
        #expect(problem(Wire.request(trace: [])) == Self.span + ".trace_id is missing or all zeros")
        #expect(
            problem(Wire.request(trace: Array(repeating: 0, count: 16))) == Self.span
                + ".trace_id is missing or all zeros"
        )
        #expect(problem(Wire.request(id: [])) == Self.span + ".span_id is missing or all zeros")
        #expect(
            problem(Wire.request(id: Array(repeating: 0, count: 8))) == Self.span + ".span_id is missing or all zeros"
        )
        #expect(problem(Wire.request { $0.field(4, [1]) }) == Self.span + ".parent_span_id has 1 bytes, not 8")
    }

    @Test("a parent of zeros is none")
    func parent() throws {
        let body = Wire.request { $0.field(4, Array(repeating: 0, count: 8)) }
        #expect(try OTLPTraces().decode(protobuf: body)[0].spans[1].parentID == nil)
    }

    @Test("texts are UTF-8")
    func texts() {
        #expect(problem(Wire.request { $0.field(5, [0xFF]) }) == Self.span + ".name is not valid UTF-8")
        let key = Wire.request { $0.field(9, Wire.attribute([0x61, 0xC3], [])) }
        #expect(problem(key) == Self.span + ".attributes[0].key is not valid UTF-8")
        let value = Wire.request {
            $0.field(9, Wire.attribute([0x61], Wire.message { $0.field(1, [0xED, 0xA0, 0x80]) }))
        }
        #expect(problem(value) == Self.span + ".attributes[0].value.string_value is not valid UTF-8")
    }

    @Test("times fit in 64 bits with a sign")
    func times() throws {
        let late = Wire.request { $0.field(7, fixed: 1 << 63) }
        #expect(
            problem(late) == Self.span + ".start_time_unix_nano is 9223372036854775808, a time after the year 2262"
        )
        let last = Wire.request { $0.field(7, fixed: 1 << 63 - 1) }
        #expect(try OTLPTraces().decode(protobuf: last)[0].spans[1].startNanoseconds == .max)
    }

    @Test("bytes that end early or are no protobuf are refused, wherever they are cut")
    func cut() {
        let whole = Wire.request { wire in
            wire.field(5, Array("name".utf8))
            wire.field(7, fixed: 5)
            wire.field(9, Wire.attribute([0x61], Wire.message { $0.field(1, [0x62]) }))
        }
        #expect(problem(whole) == nil)
        for count in 0..<whole.count { #expect(problem(Array(whole.prefix(count))) != nil, "\(count)") }
        #expect(problem([]) == "the request has no resource_spans")
        #expect(problem(Array("\u{7F}no protobuf".utf8))?.contains("which protobuf doesn't have") == true)
        #expect(problem([0x0A] + Array(repeating: 0xFF, count: 12)) == "the request has a number of more than 10 bytes")
    }

    @Test("any byte may be changed without harm")
    func flipped() {
        var random = SeededGenerator(seed: 7)
        let whole = Wire.request { wire in
            wire.field(
                9,
                Wire.attribute([0x61], Wire.message { $0.field(6, Wire.message { $0.field(1, [0x0A, 0]) }) })
            )
            wire.field(11, Wire.message { $0.field(2, [0x65]) })
            wire.field(15, Wire.message { $0.field(2, [0x6D]) })
        }
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            if problem(bytes) != nil { refused += 1 }
        }
        #expect(refused > 1_000 && refused < 20_000)
    }

    @Test("what is too much is refused")
    func limits() {
        var limits = OTLPLimits()
        limits.spans = 1
        limits.attributes = 3
        limits.depth = 10
        limits.events = 1
        limits.links = 0
        #expect(problem(Wire.request(), limits: limits) == "resource_spans[0].scope_spans[0] has more than 1 spans")
        limits.spans = 2
        let attributes = Wire.request { wire in for _ in 0..<4 { wire.field(9, Wire.attribute([0x61], [])) } }
        #expect(problem(attributes, limits: limits) == Self.span + " has more than 3 attributes")
        let events = Wire.request { wire in for _ in 0..<2 { wire.field(11, []) } }
        #expect(problem(events, limits: limits) == Self.span + " has more than 1 events")
        #expect(problem(Wire.request { $0.field(13, []) }, limits: limits) == Self.span + " has more than 0 links")
        func nested(_ depth: Int) -> [UInt8] {
            (0..<depth).reduce([]) { inner, _ in Wire.message { $0.field(5, Wire.message { $0.field(1, inner) }) } }
        }
        #expect(problem(Wire.request { $0.field(9, Wire.attribute([0x61], nested(10))) }, limits: limits) == nil)
        #expect(
            problem(Wire.request { $0.field(9, Wire.attribute([0x61], nested(11))) }, limits: limits)
                == Self.span + ".attributes[0].value is nested deeper than 10 levels"
        )
        #expect(
            problem(Wire.request { $0.field(9, Wire.attribute([0x61], nested(20_000))) })?.contains("100 levels")
                == true
        )
    }

    @Test("the attributes of each span and each resource are counted by themselves")
    func counted() throws {
        var limits = OTLPLimits()
        limits.attributes = 3
        let attribute = Wire.attribute([0x61], [])
        let span = Wire.message { wire in
            wire.field(1, Wire.trace)
            wire.field(2, Wire.id)
            for _ in 0..<3 { wire.field(9, attribute) }
        }
        let group = Wire.message { wire in
            wire.field(1, Wire.message { wire in for _ in 0..<3 { wire.field(1, attribute) } })
            wire.field(2, Wire.message { wire in for _ in 0..<2 { wire.field(2, span) } })
        }
        let body = Wire.message { wire in for _ in 0..<2 { wire.field(1, group) } }
        #expect(try OTLPTraces(limits: limits).decode(protobuf: body)[0].spans.count == 4)
        let request = try #require(OTLPReferenceTests.references.first { $0.testDescription == "a tree" }?.json["json"])
        #expect(problem(json: request.serialized, limits: limits) == nil)
        limits.attributes = 2
        #expect(
            problem(json: request.serialized, limits: limits) == "resource_spans[0].resource has more than 2 attributes"
        )
    }

    @Test("many scopes and tags of one trace cost no more than others", .timeLimit(.minutes(1)))
    func many() throws {
        let spans = (1...50_000)
            .map { number in
                Wire.message { wire in
                    wire.field(1, Wire.message { $0.field(1, Array("scope \(number)".utf8)) })
                    wire.field(
                        2,
                        Wire.message { wire in
                            wire.field(1, Wire.trace)
                            wire.field(2, withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) })
                            wire.field(9, Wire.attribute(Array("mlflow.traceTag.\(number)".utf8), []))
                        }
                    )
                }
            }
        let body = Wire.message { $0.field(1, Wire.message { wire in for span in spans { wire.field(2, span) } }) }
        let traces = try OTLPTraces().decode(protobuf: body)
        #expect(traces.count == 1 && traces[0].scopeNames.count == 50_000 && traces[0].tags.count == 50_000)
    }

    @Test("JSON that is wrong is refused, and it is said where")
    func json() {
        func body(_ span: String) -> String { #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(span)]}]}]}"# }
        let ids = #""traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708""#
        let path = "resource_spans[0].scope_spans[0].spans[0]"
        #expect(problem(json: body("{\(ids)}")) == nil)
        #expect(problem(json: "{")?.hasPrefix("the request is no JSON") == true)
        #expect(problem(json: "[]") == "the request is an array, not an object")
        #expect(problem(json: #"{"resourceSpans":[]}"#) == "the request has no resource_spans")
        #expect(problem(json: #"{"resourceSpans":5}"#) == "resource_spans is an integer, not an array")
        #expect(problem(json: body("5")) == path + " is an integer, not an object")
        #expect(problem(json: body(#"{"traceId":"xyz"}"#)) == path + ".trace_id is not 32 hexadecimal digits")
        #expect(
            problem(json: body(#"{"traceId":"+102030405060708090a0b0c0d0e0f10"}"#)) == path
                + ".trace_id is not 32 hexadecimal digits"
        )
        #expect(problem(json: body("{}")) == path + ".trace_id is missing or all zeros")
        #expect(
            problem(json: body(#"{\#(ids),"startTimeUnixNano":"-1"}"#)) == path
                + ".start_time_unix_nano is -1, a time before 1970"
        )
        #expect(
            problem(json: body(#"{\#(ids),"endTimeUnixNano":1.5}"#))
                == path + ".end_time_unix_nano is not a whole number of nanoseconds since 1970 that fits in 64 bits"
        )
        #expect(
            problem(json: body(#"{\#(ids),"attributes":[{"key":"n","value":{"intValue":"x"}}]}"#))
                == path + ".attributes[0].value.intValue is a string, not a whole number of 64 bits"
        )
        #expect(
            problem(json: body(#"{\#(ids),"attributes":[{}]}"#)) == path + ".attributes[0].key is missing or no string"
        )
        let nested = String(repeating: #"{"arrayValue":{"values":["#, count: 101) + String(repeating: "]}}", count: 101)
        #expect(
            problem(json: body(#"{\#(ids),"attributes":[{"key":"n","value":\#(nested)}]}"#))
                == path + ".attributes[0].value is nested deeper than 100 levels"
        )
    }

    @Test("numbers come as texts, enumerations by name, fields in both cases")
    func spellings() throws {
        let body = """
            {"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"0102030405060708090A0B0C0D0E0F10",
             "span_id":"0102030405060708","start_time_unix_nano":"5","end_time_unix_nano":7,
             "status":{"code":"STATUS_CODE_ERROR","message":"no"},"attributes":[
             {"key":"n","value":{"int_value":"9007199254740993"}},{"key":"d","value":{"doubleValue":"NaN"}},
             {"key":"b","value":{"bytesValue":"AQI="}},{"key":"z","value":{}}]}]}]}]}
            """
        let span = try OTLPTraces().decode(json: Array(body.utf8))[0].spans[0]
        #expect(span.startNanoseconds == 5 && span.endNanoseconds == 7)
        #expect(span.status == .error && span.statusMessage == "no")
        #expect(span.attributes == ["n": 9_007_199_254_740_993, "d": "NaN", "b": "AQI=", "z": nil])
    }

    @Test("replies are empty, or say what was left out")
    func replies() throws {
        #expect(OTLPTraces.reply(.protobuf) == [])
        #expect(String(decoding: OTLPTraces.reply(.json), as: UTF8.self) == "{}")
        let partial = try JSON(parsing: OTLPTraces.reply(.json, rejectedSpans: 3, message: "too many"))
        #expect(partial == ["partialSuccess": ["rejectedSpans": "3", "errorMessage": "too many"]])
        let bytes = OTLPTraces.reply(.protobuf, rejectedSpans: 3, message: "too many")
        #expect(bytes == [0x0A, 12, 0x08, 3, 0x12, 8] + Array("too many".utf8))
    }
}
