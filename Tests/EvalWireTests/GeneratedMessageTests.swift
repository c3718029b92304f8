// Our reading and writing of protobuf against messages that protobuf's own compiler made.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import SwiftProtobuf
import Testing

typealias Request = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest

@Suite struct GeneratedMessageTests {
    @Test("what we write is byte for byte what protobuf writes", arguments: OTLPReferenceTests.references)
    func writing(_ reference: OTLPReferenceTests.Reference) throws {
        let trace = try reference.trace
        let ours = OTLPTraces.encode(spans: trace.spans, traceID: trace.id, resource: trace.resource)
        let request = try Request(serializedBytes: ours)
        let theirs: [UInt8] = try request.serializedBytes()
        #expect(ours == theirs)
        let spans = request.resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans)
        #expect(spans.map(\.name) == trace.spans.map(\.name))
        #expect(spans.map(\.startTimeUnixNano) == trace.spans.map { UInt64($0.startNanoseconds) })
        #expect(spans.map { $0.events.map(\.name) } == trace.spans.map { $0.events.map(\.name) })
        #expect(spans.map(\.status.message) == trace.spans.map { $0.statusMessage ?? "" })
        #expect(spans.allSatisfy { $0.unknownFields.data.isEmpty && $0.traceID.count == 16 && $0.spanID.count == 8 })
    }

    @Test("long messages have their length before them", arguments: [0, 100, 127, 128, 16_383, 16_384, 3_000_000])
    func long(_ count: Int) throws {
        let text = String(repeating: "x", count: count)
        let span = Span(id: 1, name: text, type: .llm, startNanoseconds: 1, attributes: ["a": ["b": [JSON(text)]]])
        let bytes = OTLPTraces.encode(spans: [span], traceID: PublicID(bits: 1))
        let again: [UInt8] = try Request(serializedBytes: bytes).serializedBytes()
        #expect(bytes == again)
        let read = try #require(try OTLPTraces().decode(protobuf: bytes).first?.spans.first)
        #expect(read.name == text && read.attributes?["a"]?["b"]?[0]?.string == text)
    }

    @Test("a request with all that protobuf has is read")
    func reading() throws {
        var value = Opentelemetry_Proto_Common_V1_AnyValue()
        value.bytesValue = Data([1, 2])
        var number = Opentelemetry_Proto_Common_V1_AnyValue()
        number.doubleValue = -.infinity
        var span = Opentelemetry_Proto_Trace_V1_Span()
        span.traceID = Data(1...16)
        span.spanID = Data(1...8)
        span.traceState = "a=b"
        span.kind = .server
        span.flags = 1
        span.droppedAttributesCount = 3
        span.attributes = [
            .with {
                $0.key = "b"; $0.value = value
            },
            .with {
                $0.key = "n"; $0.value = number
            },
        ]
        span.attributes.append(.with { $0.key = "none" })
        span.links = [
            .with {
                $0.traceID = Data(2...17)
                $0.spanID = Data(2...9)
                $0.traceState = "c=d"
                $0.flags = 1
            },
            .with { $0.spanID = Data(2...9) },
        ]
        var request = Request()
        request.resourceSpans = [
            .with { group in
                group.schemaURL = "https://opentelemetry.io/schemas/1.21.0"
                group.resource.droppedAttributesCount = 1
                group.scopeSpans = [
                    .with { scope in
                        scope.scope.name = "library"
                        scope.scope.version = "1.0"
                        scope.schemaURL = "x"
                        scope.spans = [span]
                    }
                ]
            }
        ]
        let bytes: [UInt8] = try request.serializedBytes()
        let trace = try #require(try OTLPTraces().decode(protobuf: bytes).first)
        #expect(trace.scopeNames == ["library"] && trace.resource == nil)
        let read = trace.spans[0]
        #expect(read.attributes == ["b": "AQI=", "n": "-Infinity", "none": nil])
        #expect(read.links.map(\.spanID) == [0x0203_0405_0607_0809])
        #expect(read.status == .unset)
    }

    @Test("what protobuf refuses, we refuse, and the other way round")
    func mutations() throws {
        var random = SeededGenerator(seed: 11)
        var differences = 0
        for reference in OTLPReferenceTests.references.prefix(12) {
            let text = try #require(reference.json["protobuf"]?.string)
            let whole = [UInt8](try #require(Data(base64Encoded: text)))
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
                }
                let request = try? Request(serializedBytes: bytes)
                let ours = Result { () throws(OTLPError) in try OTLPTraces().decode(protobuf: bytes) }
                switch (request, ours) {
                case (nil, .success): differences += 1
                case (let request?, .success(let traces)):
                    let spans = request.resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans)
                    #expect(spans.count == traces.reduce(0) { $0 + $1.spans.count })
                default: break
                }
            }
        }
        // We don't look into what we pass over, such as groups and texts that aren't kept.
        #expect(differences < 200)
    }
}
