// What MLflow's own code makes of requests of OTLP; reference/make_otlp.py wrote the file down.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import Testing

@Suite struct OTLPReferenceTests {
    /// A request, and what MLflow makes of it.
    struct Reference: CustomTestStringConvertible {
        let json: JSON
        var testDescription: String { json["name"]?.string ?? "" }

        /// The trace by protobuf.
        var trace: ReceivedTrace {
            get throws {
                let text = try #require(json["protobuf"]?.string)
                let traces = try OTLPTraces().decode(protobuf: try #require(Data(base64Encoded: text)))
                try #require(traces.count == 1)
                return traces[0]
            }
        }
    }

    static let references: [Reference] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/otlp.jsonl")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? Reference(json: JSON(parsing: String($0))) }
    }()

    @Test("the reference is there")
    func there() { #expect(Self.references.count == 73) }

    @Test("spans are those of MLflow's server", arguments: references)
    func spans(_ reference: Reference) throws {
        let trace = try reference.trace
        let ours = MLflowSpanJSON.array(trace.spans, traceID: trace.id)
        let theirs = try #require(reference.json["spans"])
        #expect(ours.count == theirs.count)
        for (our, their) in zip(ours.elements, theirs.elements) {
            for field in [
                "trace_id", "span_id", "parent_span_id", "name", "start_time_unix_nano", "end_time_unix_nano",
            ] {
                #expect(our[field] == their[field], "\(field)")
            }
            #expect(our["status"] == their["status"])
            #expect(Self.plain(our["events"]) == Self.plain(their["events"]))
            #expect(Self.plain(our["links"]) == Self.plain(their["links"]))
            var attributes = Self.attributes(our)
            // We always tell a type, and keep texts of JSON as the texts that came.
            let expected = Self.attributes(their)
            if expected["mlflow.spanType"] == nil, attributes["mlflow.spanType"] == "UNKNOWN" {
                attributes["mlflow.spanType"] = nil
            }
            #expect(Set(attributes.keys) == Set(expected.keys))
            for (key, value) in expected { #expect(attributes[key] == value, "\(key)") }
        }
    }

    @Test("a request in JSON says the same", arguments: references)
    func json(_ reference: Reference) throws {
        let one = try reference.trace
        let body = Array(try #require(reference.json["json"]).serialized.utf8)
        let other = try #require(try OTLPTraces().decode(json: body).first)
        let (left, right) = (one, other)
        #expect(left.id == right.id)
        #expect(
            MLflowSpanJSON.array(left.spans, traceID: left.id) == MLflowSpanJSON.array(right.spans, traceID: right.id)
        )
        #expect(left.resource == right.resource && left.scopeNames == right.scopeNames)
        #expect(left.tags.map { "\($0)" } == right.tags.map { "\($0)" })
        #expect(left.metadata.map { "\($0)" } == right.metadata.map { "\($0)" })
    }

    @Test("spans that are written are read again", arguments: references)
    func round(_ reference: Reference) throws {
        let trace = try reference.trace
        let bytes = OTLPTraces.encode(spans: trace.spans, traceID: trace.id, resource: trace.resource)
        let again = try #require(try OTLPTraces().decode(protobuf: bytes).first)
        #expect(again.id == trace.id && again.resource == trace.resource)
        #expect(
            MLflowSpanJSON.array(again.spans, traceID: again.id) == MLflowSpanJSON.array(trace.spans, traceID: trace.id)
        )
        for (one, other) in zip(trace.spans, again.spans) {
            #expect(one.attributes == other.attributes && one.type == other.type && one.usage == other.usage)
            #expect(one.inputs == other.inputs && one.outputs == other.outputs && one.costUSD == other.costUSD)
        }
    }

    @Test("what the spans sum up to is MLflow's", arguments: references)
    func rollup(_ reference: Reference) throws {
        let rollup = TraceRollup(try reference.trace.spans)
        func metadata(_ key: String) throws -> JSON? {
            try rollup.metadata.first { $0.key == key }.map { try JSON(parsing: $0.value) }
        }
        #expect(try metadata("mlflow.trace.tokenUsage") == reference.json["usage"]?.unlessNull)
        #expect(try metadata("mlflow.trace.cost") == reference.json["cost"]?.unlessNull)
        // An object that came as a text keeps its spacing with MLflow; we write it anew.
        func same(_ ours: String?, _ theirs: JSON?) -> Bool {
            if ours == theirs?.string { return true }
            guard let ours, let theirs = theirs?.string, let left = try? JSON(parsing: ours) else { return false }
            return (try? JSON(parsing: theirs)).map { $0 == left } ?? false
        }
        #expect(same(rollup.requestPreview, reference.json["request_preview"]))
        #expect(same(rollup.responsePreview, reference.json["response_preview"]))
    }

    // MARK: plain values of typed ones

    private static func attributes(_ span: JSON) -> [String: JSON] {
        var result: [String: JSON] = [:]
        for attribute in span["attributes"]?.elements ?? JSON.null.elements {
            result[attribute["key"]?.string ?? ""] = unwrapped(plain(value: attribute["value"]))
        }
        return result
    }

    private static func unwrapped(_ value: JSON) -> JSON {
        guard let text = value.string, let inner = try? JSON(parsing: text) else { return value }
        return [.array, .object, .string].contains(inner.kind) ? inner : value
    }

    private static func plain(_ list: JSON?) -> JSON {
        .array(
            (list?.elements ?? JSON.null.elements)
                .map { element in
                    .object(
                        element.members.map { key, value in
                            (String(key), key.equals("attributes") ? map(value) : value)
                        }
                    )
                }
        )
    }

    private static func map(_ list: JSON?) -> JSON {
        .object(
            (list?.elements ?? JSON.null.elements).map { ($0["key"]?.string ?? "", plain(value: $0["value"])) }
        )
    }

    private static func plain(value: JSON?) -> JSON {
        guard let (type, value) = value?.members.first(where: { _ in true }) else { return .null }
        if type.equals("array_value") {
            return .array((value["values"]?.elements ?? JSON.null.elements).map { plain(value: $0) })
        }
        return type.equals("kvlist_value") ? map(value["values"]) : value
    }
}
