// Traces as no tracer should send them: they are kept or refused, and the server stays up.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite(.timeLimit(.minutes(3))) struct StrangeTraceTests {
    fileprivate static let id = "0123456789abcdef0123456789abcdef"

    private static func span(
        _ number: Int,
        parent: Int?,
        start: JSON = "1800000000000000000",
        end: JSON = "1800000000001000000",
        trace: String = id
    ) -> JSON {
        .object(present: [
            ("traceId", JSON(trace)), ("spanId", JSON(String(format: "%016x", number))),
            ("parentSpanId", parent.map { JSON(String(format: "%016x", $0)) }),
            ("name", JSON("step \(number)")), ("startTimeUnixNano", start), ("endTimeUnixNano", end),
        ])
    }

    private func send(_ spans: [JSON], to server: LiveServer) async throws -> LiveAnswer {
        let body: JSON = ["resourceSpans": [["scopeSpans": [["spans": .array(spans)]]]]]
        return try await server.call(
            "POST",
            "/v1/traces",
            body,
            headers: ["Content-Type": "application/json", "x-mlflow-experiment-id": "0"]
        )
    }

    private func read(_ server: LiveServer, _ trace: String = Self.id) async throws -> LiveAnswer {
        try await server.call("GET", "/api/3.0/mlflow/traces/get?trace_id=tr-\(trace)")
    }

    @Test("a trace of 10,000 spans comes back whole")
    func large() async throws {
        let server = try await LiveServer()
        let spans = (1...10_000).map { Self.span($0, parent: $0 == 1 ? nil : $0 / 2) }
        #expect(try await send(spans, to: server).status == 200)
        let found = try await read(server)
        #expect(found.status == 200 && found.json["trace"]?["spans"]?.count == 10_000)
    }

    @Test("spans in a circle, without a root, or their own parents are kept and read")
    func circles() async throws {
        let shapes: [[(Int, Int?)]] = [
            [(1, 2), (2, 1)], [(1, 1)], [(1, 2), (2, 3), (3, 1)], [(2, 1), (3, 1)], [(1, nil), (2, nil)],
            [(1, nil), (2, 3), (3, 2)],
        ]
        for shape in shapes {
            let server = try await LiveServer()
            let answer = try await send(shape.map { Self.span($0.0, parent: $0.1) }, to: server)
            #expect(answer.status == 200, "\(shape): \(answer.body)")
            let found = try await read(server)
            #expect(found.status == 200 && found.json["trace"]?["spans"]?.count == shape.count, "\(shape)")
            let searched = try await server.call(
                "POST",
                "/api/3.0/mlflow/traces/search",
                ["locations": [["mlflow_experiment": ["experiment_id": "0"]]]]
            )
            #expect(searched.status == 200 && searched.json["traces"]?.count == 1, "\(shape)")
        }
    }

    @Test("times before 1970, after all calendars, and ends before beginnings are kept or refused")
    func times() async throws {
        let times: [JSON] = [
            "0", "1", "-1", "9223372036854775807", "18446744073709551615", "1e30", 5, -5, "now", .null,
        ]
        let server = try await LiveServer()
        for start in times {
            for end in times {
                let trace = PublicID.make().hexadecimal
                let span = Self.span(1, parent: nil, start: start, end: end, trace: trace)
                let answer = try await send([span], to: server)
                #expect([200, 400].contains(answer.status), "\(start) \(end): \(answer.status) \(answer.body)")
                let found = try await read(server, trace)
                #expect(found.status == (answer.status == 200 ? 200 : 404), "\(start) \(end): \(found.body)")
            }
        }
        for order in ["timestamp_ms ASC", "execution_time_ms DESC"] {
            let searched = try await server.call(
                "POST",
                "/api/3.0/mlflow/traces/search",
                [
                    "locations": [["mlflow_experiment": ["experiment_id": "0"]]], "order_by": [JSON(order)],
                    "max_results": 500,
                ]
            )
            #expect(searched.status == 200, "\(searched.body)")
        }
    }

    @Test("what MLflow's call is told of a trace may be strange too")
    func infos() async throws {
        let server = try await LiveServer()
        let place: JSON = ["type": "MLFLOW_EXPERIMENT", "mlflow_experiment": ["experiment_id": "0"]]
        let strange: [(String, JSON)] = [
            ("request_time", "-0001-01-01T00:00:00Z"), ("request_time", "9999-12-31T23:59:59.999999999Z"),
            ("request_time", "99999-01-01T00:00:00Z"), ("request_time", ""), ("request_time", 5),
            ("execution_duration", "-5s"), ("execution_duration", "1e30s"), ("execution_duration", "315576000001s"),
            ("state", "MAYBE"), ("state", 1), ("trace_metadata", []), ("tags", ["k": ["nested": 1]]),
            ("assessments", [[:]]),
            ("assessments", [["assessment_name": "x", "feedback": ["value": ["deep": [1, 2]]]]]),
            ("trace_id", "tr-xyz"), ("trace_id", ""), ("trace_location", [:]),
            ("trace_location", ["mlflow_experiment": ["experiment_id": "987654321"]]),
            ("trace_location", ["mlflow_experiment": ["experiment_id": "99999999999999999999"]]),
        ]
        for (key, value) in strange {
            var members: [(String, JSON)] = [
                ("trace_id", JSON("tr-\(PublicID.make().hexadecimal)")), ("trace_location", place),
                ("request_time", "2026-11-24T18:02:35.361Z"), ("state", "OK"),
            ]
            members.removeAll { $0.0 == key }
            members.append((key, value))
            let answer = try await server.call(
                "POST",
                "/api/3.0/mlflow/traces",
                ["trace": ["trace_info": .object(members)]]
            )
            #expect([200, 400, 404].contains(answer.status), "\(key) \(value): \(answer.status) \(answer.body)")
        }
    }
}
