// Traces as MLflow's client and OpenTelemetry's collectors write them, for tests to import.

import EvalJSON
import Foundation

enum TraceFiles {
    /// The id of the nth trace.
    static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "tr-" + String(repeating: "a", count: 32 - digits.count) + digits
    }

    /// A trace of one question as `Trace.to_json()` has it, in one line.
    static func mlflow(
        _ number: Int,
        question: String,
        answer: String,
        state: String = "OK",
        tags: JSON = [:],
        assessments: [JSON] = []
    ) -> String {
        let start = 1_790_000_000_000_000_000 + Int64(number) * 60_000_000_000
        let inputs: JSON = ["question": JSON(question)]
        let span: JSON = [
            "trace_id": "qqqqqqqqqqqqqqqqqqqqqg==", "span_id": "AAAAAAAAAAE=", "parent_span_id": .null,
            "name": "answer", "start_time_unix_nano": JSON(start), "end_time_unix_nano": JSON(start + 250_000_000),
            "events": [], "status": ["code": JSON("STATUS_CODE_" + state), "message": ""],
            "attributes": [
                "mlflow.spanType": "\"CHAIN\"", "mlflow.spanInputs": JSON(inputs.serialized),
                "mlflow.spanOutputs": JSON(JSON(answer).serialized),
            ],
        ]
        let name: JSON = ["mlflow.traceName": "answer"]
        let all = name.members.map { (String($0.key), $0.value) } + tags.members.map { (String($0.key), $0.value) }
        let trace: JSON = [
            "info": [
                "trace_id": JSON(id(number)),
                "trace_location": ["type": "MLFLOW_EXPERIMENT", "mlflow_experiment": ["experiment_id": "77"]],
                "request_time": JSON(time(start / 1_000_000)), "state": JSON(state), "execution_duration_ms": 250,
                "trace_metadata": ["mlflow.trace_schema.version": "3"], "tags": .object(all),
                "request_preview": JSON(inputs.serialized), "response_preview": JSON(answer),
                "assessments": .array(assessments),
            ],
            "data": ["spans": [span]],
        ]
        return trace.serialized + "\n"
    }

    /// An assessment as `Trace.to_json()` has it.
    static func assessment(
        _ digit: Character,
        of number: Int,
        _ name: String,
        _ content: JSON,
        by source: (String, String) = ("HUMAN", "ann"),
        overrides: Character? = nil,
        valid: Bool = true
    ) -> JSON {
        func id(_ digit: Character) -> JSON { JSON("a-" + String(repeating: digit, count: 32)) }
        var members: [(String, JSON)] = [
            ("assessment_id", id(digit)), ("assessment_name", JSON(name)), ("trace_id", JSON(Self.id(number))),
            ("source", ["source_type": JSON(source.0), "source_id": JSON(source.1)]),
            ("create_time", "2026-11-24T06:43:07.477Z"), ("last_update_time", "2026-11-24T06:43:07.477Z"),
            ("valid", JSON(valid)),
        ]
        if let overrides { members.append(("overrides", id(overrides))) }
        return .object(members + content.members.map { (String($0.key), $0.value) })
    }

    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// A model's call with tokens, an event and a link, as an exporter of OpenTelemetry sends it in JSON.
    static let otlp = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{\
        "scope":{"name":"my.library"},"spans":[{"traceId":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1","spanId":"00000000000000c1",\
        "name":"agent","kind":1,"startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000001500000000",\
        "attributes":[{"key":"mlflow.spanInputs","value":{"stringValue":"{\\"question\\":\\"Where?\\"}"}},\
        {"key":"mlflow.spanOutputs","value":{"stringValue":"\\"Here.\\""}}],\
        "events":[{"timeUnixNano":"1790000000200000000","name":"retry","attributes":[{"key":"attempt","value":{"intValue":"2"}}]}],\
        "links":[{"traceId":"cccccccccccccccccccccccccccccccc","spanId":"00000000000000d4"}],"status":{"code":1}},\
        {"traceId":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1","spanId":"00000000000000c2","parentSpanId":"00000000000000c1",\
        "name":"chat gpt-5-mini","kind":3,"startTimeUnixNano":"1790000000300000000","endTimeUnixNano":"1790000001300000000",\
        "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
        {"key":"gen_ai.request.model","value":{"stringValue":"gpt-5-mini"}},\
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"100"}},\
        {"key":"gen_ai.usage.output_tokens","value":{"intValue":"20"}},\
        {"key":"mlflow.llm.cost","value":{"stringValue":"{\\"input_cost\\":0.0025,\\"output_cost\\":0.01,\\"total_cost\\":0.0125}"}}],"status":{"code":1}}]}]}]}

        """
}

extension Workplace {
    /// Runs a command that must succeed.
    func succeed(_ arguments: [String], input: String = "") throws -> Outcome {
        let outcome = try run(arguments, input: input)
        guard outcome.status == 0 else { throw Failure(arguments: arguments, outcome: outcome) }
        return outcome
    }

    /// A command that should have succeeded.
    struct Failure: Error {
        var arguments: [String]
        var outcome: Outcome
    }

    /// Runs a command with `--format json` that must succeed.
    func json(_ arguments: String...) throws -> JSON {
        try JSON(parsing: succeed(arguments + ["--format", "json"]).output)
    }
}
