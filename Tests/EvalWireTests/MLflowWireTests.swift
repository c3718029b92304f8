// Calls between the official client and MLflow's server, read and written again; Tests/MLflowClient/wire has them.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import Testing

@Suite struct MLflowWireTests {
    static let calls: [JSON] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("MLflowClient/wire/calls.jsonl")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
    }()

    /// What was sent or replied under a path of keys.
    static func found(_ call: String, _ path: [String]) -> [JSON] {
        calls.filter { $0["call"]?.string?.hasPrefix(call) == true && $0["status"]?.integer == 200 }
            .compactMap { json in path.reduce(json) { $0?[$1] } }
    }

    static let infos =
        found("GET /api/3.0/mlflow/traces/get", ["replied", "trace", "trace_info"])
        + found("POST /api/3.0/mlflow/traces", ["sent", "trace", "trace_info"])
        + found("POST /api/3.0/mlflow/traces", ["replied", "trace", "trace_info"])
        + found("POST /api/3.0/mlflow/traces/search", ["replied", "traces"]).flatMap(\.elements)
        + found("POST /api/3.0/mlflow/traces/batchGetInfos", ["replied", "trace_infos"]).flatMap(\.elements)

    static let assessments =
        found("", ["replied", "assessment"]) + infos.compactMap { $0["assessments"] }.flatMap(\.elements)

    @Test("the calls are there")
    func there() {
        #expect(Self.infos.count == 8)
        #expect(Self.assessments.count == 7)
    }

    @Test("an info that is read is written as it came", arguments: infos)
    func info(_ json: JSON) throws {
        let (info, assessments) = try MLflowTraceJSON.readInfo(json, nowMilliseconds: 0)
        #expect(assessments.count == json["assessments"]?.count ?? 0)
        let without = json.members.filter { !$0.key.equals("assessments") }.map { (String($0.key), $0.value) }
        #expect(MLflowTraceJSON.info(info) == .object(without))
    }

    @Test("an assessment that is read is written as it came", arguments: assessments)
    func assessment(_ json: JSON) throws {
        let trace = try #require(json["trace_id"]?.string.flatMap { PublicID(hexadecimal: String($0.dropFirst(3))) })
        let assessment = try MLflowAssessmentJSON.read(["assessment": json], traceID: trace, nowMilliseconds: 0)
        // The client leaves it to the server to name assessments, and to say that they count.
        let written = JSON.object(
            MLflowAssessmentJSON.object(assessment).members.map { (String($0.key), $0.value) }
                .filter { json[$0.0] != nil || !["assessment_id", "valid"].contains($0.0) }
        )
        // Texts of JSON are compared by what they hold.
        if let inner = json["expectation"]?["serialized_value"]?["value"]?.string {
            let ours = try #require(written["expectation"]?["serialized_value"]?["value"]?.string)
            #expect(try JSON(parsing: ours) == JSON(parsing: inner))
            #expect(written["metadata"] == json["metadata"] && written["create_time"] == json["create_time"])
        } else {
            #expect(written == json)
        }
    }

    @Test("the whole trace of a reply is written again")
    func trace() throws {
        let reply = try #require(Self.found("GET /api/3.0/mlflow/traces/get", ["replied", "trace"]).first)
        let (info, _) = try MLflowTraceJSON.readInfo(["trace": reply], nowMilliseconds: 0)
        // Requests have identifiers in hexadecimal where replies have base64.
        let spans = try #require(reply["spans"]).elements
            .map { span in
                JSON.object(
                    try span.members.map { key, value in
                        guard String(key).hasSuffix("_id"), let text = value.string else { return (String(key), value) }
                        let bytes = try #require(Data(base64Encoded: text))
                        return (String(key), JSON(bytes.map { String(format: "%02x", $0) }.joined()))
                    }
                )
            }
        let request: JSON = ["resource_spans": [["scope_spans": [["spans": .array(spans)]]]]]
        let received = try #require(try OTLPTraces().decode(json: Array(request.serialized.utf8)).first)
        let written = MLflowTraceJSON.trace(info, assessments: [], spans: received.spans)
        #expect(written["trace_info"] == reply["trace_info"])
        #expect(Self.sorted(written["spans"]) == Self.sorted(reply["spans"]))
        let event = try #require(received.spans[1].events.first)
        #expect(event.name == "exception" && event.attributes?["exception.type"] == "KeyError")
    }

    /// The order of attributes says nothing.
    private static func sorted(_ spans: JSON?) -> [JSON] {
        (spans?.elements.map { $0 } ?? [])
            .map { span in
                .object(
                    span.members.map { key, value in
                        guard key.equals("attributes") else { return (String(key), value) }
                        return (
                            String(key),
                            .array(value.elements.sorted { ($0["key"]?.string ?? "") < ($1["key"]?.string ?? "") })
                        )
                    }
                )
            }
    }

    @Test("a file of the client is written as it was read")
    func file() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/trace.json")
        let json = try JSON(parsing: Data(contentsOf: url))
        let trace = try MLflowTraceReader().trace(json).trace
        let info = TraceInfo(
            id: trace.id,
            experimentID: 7,
            state: trace.state,
            requestTimeMilliseconds: trace.requestTimeMilliseconds,
            durationMilliseconds: trace.durationMilliseconds,
            tags: trace.tags,
            metadata: trace.metadata
        )
        let written = MLflowTraceJSON.file(info, assessments: [], spans: trace.spans)
        for key in ["trace_id", "request_time", "state", "trace_metadata", "tags", "execution_duration_ms"] {
            #expect(written["info"]?[key] == json["info"]?[key], "\(key)")
        }
        #expect(written["data"]?["spans"]?.count == 4)
        let again = try MLflowTraceReader().trace(written).trace
        for (one, other) in zip(trace.spans, again.spans) {
            #expect(one.id == other.id && one.parentID == other.parentID && one.name == other.name)
            #expect(one.inputs == other.inputs && one.outputs == other.outputs && one.attributes == other.attributes)
            #expect(one.usage == other.usage && one.costUSD == other.costUSD && one.type == other.type)
            #expect(one.startNanoseconds == other.startNanoseconds && one.endNanoseconds == other.endNanoseconds)
        }
    }

    @Test("failures, expectations and overrides come back as they are")
    func contents() throws {
        func round(_ change: (inout Assessment) -> Void) throws -> (JSON, Assessment) {
            var assessment = Assessment(
                traceID: .make(),
                name: "quality",
                content: .feedback(.number(0.5)),
                source: AssessmentSource(kind: .judge, id: "m"),
                createdMilliseconds: 1_700_000_000_000,
                updatedMilliseconds: -1
            )
            change(&assessment)
            let json = MLflowAssessmentJSON.object(assessment)
            let read = try MLflowAssessmentJSON.read(json, traceID: assessment.traceID, nowMilliseconds: 0)
            #expect(read.content == assessment.content && read.id == assessment.id)
            #expect(read.createdMilliseconds == assessment.createdMilliseconds)
            #expect(read.updatedMilliseconds == assessment.updatedMilliseconds)
            return (json, read)
        }
        let (plain, _) = try round { _ in }
        #expect(
            plain["create_time"] == "2023-11-14T22:13:20Z" && plain["last_update_time"] == "1969-12-31T23:59:59.999Z"
        )
        let (failed, read) = try round {
            $0.content = .failed(ScorerError(code: "timeout", message: "no answer", stackTrace: "at 7"))
            $0.metadata = ["a": "b"]
        }
        #expect(
            failed["feedback"] == [
                "value": nil, "error": ["error_code": "timeout", "error_message": "no answer", "stack_trace": "at 7"],
            ]
        )
        #expect(failed["metadata"] == ["a": "b"] && read.metadata == ["a": "b"])
        _ = try round { $0.content = .expectation(["a": [1, nil]]) }
        _ = try round { $0.content = .expectation("x") }
        _ = try round { $0.content = .feedback(.json(["a": 1])) }
        _ = try round { $0.content = .feedback(.boolean(true)) }
        let old = PublicID.make()
        let run = PublicID.make()
        let (json, other) = try round {
            $0.overrides = old
            $0.isValid = false
            $0.spanID = 0xAB
            $0.runID = run
        }
        #expect(json["overrides"]?.string == "a-" + old.hexadecimal && json["span_id"] == "00000000000000ab")
        #expect(json["metadata"]?["mlflow.assessment.sourceRunId"]?.string == run.hexadecimal)
        #expect(other.overrides == old && other.runID == run && other.spanID == 0xAB && !other.isValid)
    }

    @Test(
        "what is malformed is refused, and it is said what",
        arguments: [
            (#"{"feedback":{"value":1}}"#, "it has no assessment_name"),
            (#"{"assessment_name":"a"}"#, "it has neither feedback nor expectation"),
            (#"{"assessment_name":"a","feedback":{},"expectation":{}}"#, "it has both feedback and expectation"),
            (#"{"assessment_name":"a","expectation":{}}"#, "expectation has no value"),
            (
                #"{"assessment_name":"a","expectation":{"serialized_value":{"value":"{"}}}"#,
                "expectation.serialized_value.value holds no JSON"
            ),
            (
                #"{"assessment_name":"a","feedback":{"value":1},"source":{"source_type":"CAT"}}"#,
                "source.source_type is none of HUMAN, LLM_JUDGE, CODE"
            ),
            (
                #"{"assessment_name":"a","feedback":{"value":1},"create_time":"yesterday"}"#,
                #"create_time is no time such as "2026-01-31T12:00:00.5Z""#
            ),
            (#"{"assessment_name":"a","feedback":{"value":1},"span_id":"7"}"#, "span_id is not 16 hexadecimal digits"),
            (
                #"{"assessment_name":"a","feedback":{"value":1},"overrides":"7"}"#,
                "overrides is not a- and 32 hexadecimal digits"
            ),
            (#"{"assessment_name":"a","feedback":{"value":1},"trace_id":"tr-1"}"#, "trace_id is that of another trace"),
        ]
    )
    func malformed(_ text: String, _ problem: String) throws {
        let json = try JSON(parsing: text)
        let error = #expect(throws: Diagnostic.self) {
            try MLflowAssessmentJSON.read(json, traceID: .make(), nowMilliseconds: 0)
        }
        #expect(error?.message == "the assessment is malformed: \(problem)")
    }

    @Test(
        "an info that is malformed is refused, and it is said what",
        arguments: [
            ("5", "it is an integer, not an object"), ("{}", "it has no trace_id"),
            (#"{"trace_id":"7"}"#, "trace_id is not tr- and 32 hexadecimal digits"),
            (
                #"{"trace_id":"tr-00000000000000000000000000000001"}"#,
                "it has no trace_location.mlflow_experiment.experiment_id"
            ),
            (#"{"x":"state","state":"GONE"}"#, "state is none of STATE_UNSPECIFIED, OK, ERROR, IN_PROGRESS"),
            (#"{"request_time":5}"#, #"request_time is no time such as "2026-01-31T12:00:00.5Z""#),
            (#"{"execution_duration":"5"}"#, #"execution_duration is no duration such as "0.5s""#),
            (#"{"tags":{"a":1}}"#, "tags 'a' is an integer, not a string"),
        ]
    )
    func malformedInfo(_ text: String, _ problem: String) throws {
        var json = try JSON(parsing: text)
        if json["trace_id"] == nil, json.count > 0 {
            let whole: [(String, JSON)] = [
                ("trace_id", "tr-00000000000000000000000000000001"),
                ("trace_location", ["mlflow_experiment": ["experiment_id": "7"]]),
            ]
            json = .object(whole + json.members.map { (String($0.key), $0.value) })
        }
        let error = #expect(throws: Diagnostic.self) { try MLflowTraceJSON.readInfo(json, nowMilliseconds: 0) }
        #expect(error?.message == "the trace's info is malformed: \(problem)")
    }

    @Test(
        "times are RFC 3339, whatever their offset",
        arguments: [
            ("2026-11-24T18:07:47.148Z", 1_795_543_667_148), ("2026-11-24T19:07:47.1489+01:00", 1_795_543_667_148),
            ("2024-02-29t00:00:00z", 1_709_164_800_000), ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999Z", -1), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ]
    )
    func times(_ text: String, _ milliseconds: Int64) throws {
        let json: JSON = [
            "trace_id": "tr-00000000000000000000000000000001", "request_time": JSON(text),
            "trace_location": ["mlflow_experiment": ["experiment_id": 7]],
        ]
        let info = try MLflowTraceJSON.readInfo(json, nowMilliseconds: 0).info
        #expect(info.requestTimeMilliseconds == milliseconds)
        let again = try MLflowTraceJSON.readInfo(MLflowTraceJSON.info(info), nowMilliseconds: 0).info
        #expect(again.requestTimeMilliseconds == milliseconds)
    }
}
