// Runs that MLflow's client logged: listed, shown, exported, and compared with runs of `evaluate`.

import EvalJSON
import Foundation
import Testing

@Suite struct LoggedRunTests {
    private let place: Workplace
    private let run: String

    /// A run of three traces with feedback, logged as `mlflow.genai.evaluate` does.
    init() throws {
        place = try Workplace()
        let server = try RunningServer(place)
        let experiment = try #require(
            try server.post("/api/2.0/mlflow/experiments/create", ["name": "bot"])["experiment_id"]?.string
        )
        let made = try server.post(
            "/api/2.0/mlflow/runs/create",
            [
                "experiment_id": JSON(experiment), "user_id": "ann", "run_name": "theirs",
                "start_time": 1_790_000_000_000, "tags": [["key": "stage", "value": "try"]],
            ]
        )
        run = try #require(made["run"]?["info"]?["run_id"]?.string)
        for (number, answer) in [(1, "answer 1"), (2, "wrong"), (3, "answer 3")] {
            try Self.log(number, answer, to: run, in: experiment, of: server)
        }
        let ids = JSON.array([1, 2, 3].map { JSON(TraceFiles.id($0)) })
        _ = try server.post("/api/2.0/mlflow/traces/link-to-run", ["trace_ids": ids, "run_id": JSON(run)])
        _ = try server.post(
            "/api/2.0/mlflow/runs/log-batch",
            [
                "run_id": JSON(run), "params": [["key": "temperature", "value": "0.2"]],
                "metrics": [
                    ["key": "exact_match/mean", "value": JSON(2.0 / 3), "timestamp": 1_790_000_000_000, "step": 0]
                ],
            ]
        )
        _ = try server.post(
            "/api/2.0/mlflow/runs/log-inputs",
            [
                "run_id": JSON(run),
                "datasets": [
                    [
                        "dataset": [
                            "name": "questions", "digest": "0f3cb6e4", "source_type": "code", "source": "{}",
                        ],
                        "tags": [["key": "mlflow.data.context", "value": "evaluation"]],
                    ]
                ],
            ]
        )
        _ = try server.post(
            "/api/2.0/mlflow/runs/update",
            ["run_id": JSON(run), "status": "FINISHED", "end_time": 1_790_000_060_000]
        )
    }

    private static func log(
        _ number: Int,
        _ answer: String,
        to run: String,
        in experiment: String,
        of server: RunningServer
    ) throws {
        let file = try JSON(parsing: TraceFiles.mlflow(number, question: "q \(number)", answer: answer))
        let info = try #require(file["info"])
        let members = info.members.map { (String($0.key), $0.value) }
            .filter { !["execution_duration_ms", "trace_location", "assessments"].contains($0.0) }
        let place: JSON = ["type": "MLFLOW_EXPERIMENT", "mlflow_experiment": ["experiment_id": JSON(experiment)]]
        _ = try server.post(
            "/api/3.0/mlflow/traces",
            ["trace": ["trace_info": .object(members + [("trace_location", place), ("execution_duration", "0.25s")])]]
        )
        let inputs: JSON = ["question": JSON("q \(number)")]
        func attribute(_ key: String, _ value: JSON) -> JSON {
            ["key": JSON(key), "value": ["stringValue": JSON(value.serialized)]]
        }
        let span: JSON = [
            "traceId": JSON(String(TraceFiles.id(number).dropFirst(3))), "spanId": "0000000000000001", "name": "answer",
            "startTimeUnixNano": "1790000000000000000", "endTimeUnixNano": "1790000000250000000",
            "attributes": [
                attribute("mlflow.spanInputs", inputs), attribute("mlflow.spanOutputs", JSON(answer)),
                attribute("mlflow.spanType", "CHAIN"),
            ],
            "status": ["code": 1],
        ]
        _ = try server.post(
            "/v1/traces",
            ["resourceSpans": [["scopeSpans": [["spans": [span]]]]]],
            headers: ["x-mlflow-experiment-id": experiment]
        )
        func assess(_ name: String, _ content: JSON) throws {
            let all: [(String, JSON)] = [
                ("assessment_name", JSON(name)), ("trace_id", JSON(TraceFiles.id(number))),
                ("source", ["source_type": "CODE", "source_id": JSON(name)]),
                ("metadata", ["mlflow.assessment.sourceRunId": JSON(run)]),
            ]
            _ = try server.post(
                "/api/3.0/mlflow/traces/\(TraceFiles.id(number))/assessments",
                ["assessment": .object(all + content.members.map { (String($0.key), $0.value) })]
            )
        }
        try assess("exact_match", ["feedback": ["value": JSON(answer != "wrong")]])
        if number == 3 { try assess("tone", ["feedback": ["error": ["error_code": "ValueError"]]]) }
    }

    @Test("it is listed and shown with parameters, data sets and how often each scorer judged")
    func shown() throws {
        let listed = try place.json("runs", "list", "--experiment", "bot")
        #expect(listed.count == 1 && listed[0]?["name"] == "theirs" && listed[0]?["rows"] == 3)
        let shown = try place.json("runs", "show", "theirs")
        #expect(shown["params"] == ["temperature": "0.2"] && shown["user"] == "ann")
        #expect(shown["inputs"]?[0]?["name"] == "questions" && shown["data_source"] == "questions (0f3cb6e4)")
        #expect(shown["errors"] == 1 && shown["started"] == "2026-09-21T14:13:20.000Z")
        let text = try place.succeed(["runs", "show", "theirs"]).output
        #expect(text.contains("parameter   temperature=0.2\n"), "\(text)")
        #expect(text.contains("data set    questions (0f3cb6e4), for evaluation\n"), "\(text)")
        #expect(text.contains("by a client for ann\n"), "\(text)")
        let line = text.split(separator: "\n").first { $0.contains("exact_match/mean") } ?? ""
        #expect(line.split(separator: " ").suffix(3).elementsEqual(["3", "0", "0"]), "\(text)")
    }

    @Test("its traces are its rows")
    func exported() throws {
        let rows = try place.succeed(["runs", "export", "theirs"]).lines()
        #expect(rows.map { $0["inputs"]?["question"]?.string } == ["q 1", "q 2", "q 3"])
        #expect(rows.map { $0["ordinal"]?.integer } == [0, 1, 2])
        #expect(rows.map { $0["feedback"]?["exact_match"]?["value"]?.boolean } == [true, false, true])
        #expect(rows[2]["feedback"]?["tone"]?["error"]?["code"] == "ValueError")
        #expect(rows[0]["feedback"]?["tone"]?["skipped"]?.isNull == false)
        #expect(rows[0]["trace_id"]?.string == TraceFiles.id(1))
    }

    @Test("it is compared with a run of evaluate, row by row, by what was asked", arguments: [false, true])
    func compared(_ isReversed: Bool) throws {
        let rows = (1...4)
            .map {
                #"{"inputs":{"question":"q \#(5 - $0)"},"outputs":"answer \#(5 - $0)","expectations":{"expected_response":"answer \#(5 - $0)"}}"#
            }
        try place.write("rows.jsonl", rows.joined(separator: "\n"))
        _ = try place.succeed(
            [
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--experiment", "bot", "--run-name",
                "ours",
            ]
        )
        let pair = isReversed ? ["ours", "theirs"] : ["theirs", "ours"]
        let comparison = try place.json("runs", "compare", pair[0], pair[1])
        let metric = comparison["metrics"]?["exact_match/mean"]
        let values = [metric?["left"]?.number, metric?["right"]?.number]
        let expected: [Double?] = isReversed ? [1, 2.0 / 3] : [2.0 / 3, 1]
        #expect(values == expected, "\(comparison)")
        #expect(comparison["paired"] == 3)
        #expect(comparison[isReversed ? "only_left" : "only_right"]?["count"] == 1)
        #expect(comparison[isReversed ? "only_right" : "only_left"]?["count"] == 0)
        let scorer = try #require(comparison["scorers"]?["exact_match"])
        let count: JSON? = scorer[isReversed ? "worse" : "better"]
        #expect(scorer["compared"] == 3)
        #expect(count == 1)
        // The second question stands third among ours.
        let change = try #require(scorer[isReversed ? "worse_rows" : "better_rows"]?[0])
        let places = [change["left_ordinal"]?.integer, change["right_ordinal"]?.integer]
        let wanted: [Int64?] = isReversed ? [2, 1] : [1, 2]
        #expect(places == wanted)
        #expect(try place.succeed(["runs", "compare"] + pair).output.contains("exact_match/mean"))
    }
}
