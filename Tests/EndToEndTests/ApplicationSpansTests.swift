// Spans that a predict command sends by OpenTelemetry's protocol join the traces of its rows.

import EvalJSON
import Foundation
import Testing

@Suite struct ApplicationSpansTests {
    private let place: Workplace

    /// An application that sends a TOOL span for each row: before its answer, after it, or of a trace that is not the row's.
    init() throws {
        place = try Workplace()
        try place.write(
            "app.py",
            """
            import json, os, sys, urllib.request
            endpoint = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
            assert os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/protobuf"

            def send(request):
                version, trace, parent, flags = request["traceparent"].split("-")
                if request["inputs"]["when"] == "elsewhere":
                    trace = "f" * 32
                def span(id, parent, name, kind):
                    attributes = [{"key": "mlflow.spanType", "value": {"stringValue": json.dumps(kind)}}]
                    return {"traceId": trace, "spanId": id, "parentSpanId": parent, "name": name, "attributes": attributes,
                            "startTimeUnixNano": "1790000000000000000", "endTimeUnixNano": "1790000000100000000"}
                spans = [span("00000000000000b2", "00000000000000b1", "search", "TOOL"),
                         span("00000000000000b1", parent, "work", "AGENT")]
                body = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
                headers = {"Content-Type": "application/json"}
                urllib.request.urlopen(urllib.request.Request(endpoint, json.dumps(body).encode(), headers)).read()

            late = []
            for line in sys.stdin:
                request = json.loads(line)
                late.append(request) if request["inputs"]["when"] == "late" else send(request)
                answer = {"id": request["id"], "outputs": "done"}
                if request["inputs"].get("fails"):
                    answer = {"id": request["id"], "error": {"code": "E", "message": "no", "retryable": False}}
                print(json.dumps(answer), flush=True)
            for request in late:
                send(request)
            """
        )
    }

    /// The traces of a run over rows with these inputs, in their order.
    private func traces(_ rows: [JSON], environment: [String: String] = [:]) throws -> [JSON] {
        try place.write("rows.jsonl", rows.map { (["inputs": $0] as JSON).serialized }.joined(separator: "\n"))
        let outcome = try place.run(
            [
                "evaluate", "--data", "rows.jsonl", "--predict-command", "exec python3 app.py",
                "--scorer", "response_length:min_length=1", "--max-errors", "9", "--predict-processes", "1",
            ],
            environment: environment
        )
        #expect(outcome.status == 0 && !outcome.error.contains("evalhost.server"), "\(outcome.error)")
        return try place.succeed(["runs", "export", "latest"]).lines()
            .map { try place.json("traces", "show", $0["trace_id"]?.string ?? "") }
    }

    @Test("before or after the answer, spans are below the row's root; those of another trace are nobody's")
    func joined() throws {
        let traces = try traces([
            ["when": "early"], ["when": "late"], ["when": "elsewhere"], ["when": "late", "fails": true],
        ])
        #expect(traces.map { $0["spans"]?.count } == [3, 3, 1, 3])
        for trace in [traces[0], traces[1], traces[3]] {
            let spans = trace["spans"]?.elements.map { $0 } ?? []
            let parents = Dictionary(
                uniqueKeysWithValues: spans.map { ($0["name"]?.string ?? "", $0["parent_id"]?.string) }
            )
            #expect(parents["work"] == "0000000000000001" && parents["search"] == "00000000000000b1")
            #expect(spans.first { $0["name"] == "search" }?["type"] == "TOOL")
        }
        #expect(traces.map { $0["state"]?.string } == ["OK", "OK", "OK", "ERROR"])
        #expect(traces[1]["tags"]?["mlflow.traceName"] == nil || traces[1]["tags"]?["mlflow.traceName"] == "predict")
        #expect(try place.run(["traces", "show", "tr-ffffffff"]).status == 2)
    }

    @Test("a collector of the person's own keeps the spans")
    func elsewhere() throws {
        try place.write(
            "app.py",
            """
            import json, os, sys
            for line in sys.stdin:
                found = [os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"), os.environ.get("EVALHOST_SPANS")]
                print(json.dumps({"id": json.loads(line)["id"], "outputs": found}), flush=True)
            """
        )
        let traces = try traces([["when": "never"]], environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"])
        #expect(traces.first?["spans"]?[0]?["outputs"] == ["http://127.0.0.1:9", nil])
    }
}
