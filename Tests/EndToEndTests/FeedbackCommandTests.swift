// `evalhost feedback`, and the way from what reviewers said to a data set and a run.

import EvalJSON
import Foundation
import Testing

@Suite struct FeedbackCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        let text = (1...6).map { TraceFiles.mlflow($0, question: "q \($0)", answer: "answer \($0)") }.joined()
        try place.write("traces.jsonl", text)
        _ = try place.succeed(["traces", "import", "traces.jsonl", "--experiment", "bot"])
    }

    /// Gives feedback; the assessment's id comes back.
    private func add(_ number: Int, _ name: String, _ value: String, _ more: String...) throws -> String {
        let arguments = ["feedback", "add", TraceFiles.id(number), name, value]
        let output = try place.succeed(arguments + (more.contains("--user") ? more : more + ["--user", "ann"])).output
        return String(output.prefix { $0 != " " })
    }

    private func assessments(_ number: Int) throws -> [JSON] {
        Array(try place.json("traces", "show", TraceFiles.id(number))["assessments"]?.elements ?? JSON.null.elements)
    }

    @Test("values are JSON where they read as JSON, and all that is given is kept")
    func values() throws {
        for (value, json) in [
            ("true", JSON(true)), ("0.5", JSON(0.5)), ("3", JSON(3)), ("good", "good"), ("\"3\"", "3"),
            (#"{"a":[1]}"#, ["a": [1]]),
        ] as [(String, JSON)] {
            _ = try add(1, "v", value)
            #expect(try assessments(1).last?["feedback"] == ["value": json], "\(value)")
        }
        _ = try add(
            2,
            "helpful",
            "false",
            "--rationale",
            "too short",
            "--source",
            "llm_judge",
            "--user",
            "openai:/m",
            "--span",
            "0000000000000001",
            "--metadata",
            "why=length"
        )
        let made = try #require(try assessments(2).first)
        #expect(made["source"] == ["type": "LLM_JUDGE", "id": "openai:/m"] && made["rationale"] == "too short")
        #expect(made["span_id"] == "0000000000000001" && made["metadata"] == ["why": "length"])
        _ = try add(3, "expected_response", "Here", "--expectation")
        #expect(try assessments(3).first?["expectation"] == ["value": "Here"])
    }

    @Test("a revision keeps what was said before, and counts in its place")
    func revised() throws {
        let first = try add(1, "helpful", "true")
        let revise = ["feedback", "revise", TraceFiles.id(1)]
        _ = try place.succeed(revise + ["helpful", "false", "--rationale", "old form", "--user", "ben"])
        let both = try assessments(1)
        #expect(both.map { $0["valid"]?.boolean } == [false, true])
        #expect(both.last?["overrides"]?.string == first && both.last?["source"]?["id"] == "ben")
        #expect(try place.json("feedback", "list").elements.map { $0["feedback"]?["value"] } == [false])
        #expect(try place.json("feedback", "list", "--overridden").count == 2)
        let again = try place.run(revise + [first, "true"])
        #expect(again.status == 2 && again.error.contains("was overridden already"))
        _ = try add(1, "helpful", "true", "--user", "cy")
        let many = try place.run(revise + ["helpful", "true"])
        #expect(many.status == 2 && many.error.contains("2 assessments of the trace are called 'helpful'"))
        _ = try add(2, "expected_response", "A", "--expectation")
        _ = try place.succeed(["feedback", "revise", TraceFiles.id(2), "expected_response", "B"])
        #expect(try assessments(2).map { $0["expectation"]?["value"] } == ["A", "B"])
    }

    @Test("feedback is listed by trace, name, experiment and run, and exported for programs and spreadsheets")
    func listed() throws {
        _ = try add(1, "helpful", "true")
        _ = try add(2, "helpful", "no", "--rationale", "a, \"b\"\nc")
        _ = try add(2, "tone", "0.5")
        _ = try place.succeed(["evaluate", "--data", "traces:", "--scorer", "response_length:min_length=1"])
        #expect(try place.json("feedback", "list", "--trace", TraceFiles.id(2), "--name", "helpful").count == 1)
        #expect(try place.json("feedback", "list", "--name", "helpful").count == 2)
        #expect(try place.json("feedback", "list", "--experiment", "bot").count == 9)
        let run = try place.json("feedback", "list", "--run", "latest")
        #expect(run.count == 6 && run[0]?["name"] == "response_length" && run[0]?["run_id"]?.string?.count == 32)
        let table = try place.succeed(["feedback", "list", "--name", "helpful"]).output
        #expect(table.contains("\(TraceFiles.id(1))  helpful = true  [HUMAN ann]\n"))
        let cut = try place.succeed(["feedback", "list", "--limit", "1"])
        #expect(cut.output.split(separator: "\n").count == 1 && cut.error.contains("There is more"))
        let csv = try place.succeed(["feedback", "export", "--name", "helpful", "--format", "csv"]).output
        let header = "trace_id,span_id,name,type,value,rationale,source_type,source_id,run_id,created,valid,"
        #expect(csv.hasPrefix(header))
        #expect(csv.contains("\(TraceFiles.id(1)),,helpful,feedback,true,,HUMAN,ann,,"))
        #expect(csv.contains(",no,\"a, \"\"b\"\"\nc\",HUMAN,"))
        let told = try place.succeed(["feedback", "export", "--output", "all.jsonl"])
        #expect(told.error == "9 assessments\n")
        #expect(try place.read("all.jsonl").split(separator: "\n").count == 9)
    }

    @Test("agreement is told of two reviewers and of more")
    func agreement() throws {
        let ratings: [(String, [String?])] = [
            ("ann", ["true", "true", "false", "false", "true", nil]),
            ("ben", ["true", "true", "false", "true", "true", "false"]),
        ]
        for (user, values) in ratings {
            for (place, value) in values.enumerated() {
                if let value { _ = try add(place + 1, "helpful", value, "--user", user) }
            }
        }
        // Of what one says twice the last counts.
        _ = try add(1, "helpful", "false", "--user", "ben")
        _ = try add(1, "helpful", "true", "--user", "ben")
        _ = try add(1, "helpful", "false", "--source", "llm_judge", "--user", "judge")
        let two = try place.json("feedback", "agreement", "helpful", "--experiment", "bot")
        #expect(two["rated"] == 6 && two["shared"] == 5 && two["raw_agreement"] == 0.8)
        // 4 of 5 agree; by chance (3/5)(4/5) + (2/5)(1/5) would.
        let kappa = try #require(two["pairs"]?[0]?["cohen_kappa"]?.number)
        #expect(abs(kappa - (0.8 - 0.56) / 0.44) < 1e-12)
        let text = try place.succeed(["feedback", "agreement", "helpful"]).output
        #expect(text.contains("raw agreement         0.8\nCohen's kappa         0.545\n"), "\(text)")
        for number in 1...3 { _ = try add(number, "helpful", "true", "--user", "cy") }
        let three = try place.json("feedback", "agreement", "helpful")
        #expect(three["rated_by_all"] == 3 && three["pairs"]?.count == 3 && three["fleiss_kappa"]?.number != nil)
        let withJudge = try place.json(
            "feedback",
            "agreement",
            "helpful",
            "--source",
            "human",
            "--source",
            "llm_judge"
        )
        #expect(withJudge["reviewers"]?.elements.map { $0["reviewer"]?.string }.contains("LLM_JUDGE judge") == true)
        let alone = try place.run(["feedback", "agreement", "tone"])
        #expect(alone.status == 2 && alone.error.contains("nobody said anything of 'tone'"))
    }

    @Test("expectations and corrections of reviewers become a data set in one command")
    func dataset() throws {
        _ = try add(1, "expected_response", "answer 1", "--expectation")
        _ = try add(2, "good_answer", "answer 2")
        _ = try add(2, "good_answer", "answer two", "--source", "llm_judge", "--user", "judge")
        _ = try add(3, "good_answer", "never", "--user", "ann")
        _ = try add(3, "expected_response", "answer 3", "--expectation")
        try place.write("spans.json", TraceFiles.otlp)
        _ = try place.succeed(["traces", "import", "spans.json", "--experiment", "bot"])
        let made = try place.succeed(
            [
                "datasets", "import", "golden", "traces:experiment = 'bot'", "--expect-from",
                "good_answer=expected_response",
            ]
        )
        #expect(made.output == "golden@2  7 added, 0 changed, 0 unchanged; 7 records\n")
        let items = try place.json("datasets", "show", "golden")["items"]?.elements.map { $0 } ?? []
        #expect(
            items.map { $0["expectations"]?["expected_response"]?.string }
                == ["answer 1", "answer 2", "answer 3", nil, nil, nil, nil]
        )
        #expect(items.last?["inputs"] == ["question": "Where?"] && items.last?["outputs"] == "Here.")
        #expect(items[1]["source"]?["source_data"]?["trace_id"]?.string == TraceFiles.id(2))
        let refused = try place.run(["datasets", "import", "x", "traces.jsonl", "--expect-from", "good_answer"])
        #expect(refused.status == 2 && refused.error.contains("--expect-from is for traces:FILTER"))
    }

    @Test("traces of MLflow's client are evaluated where they are, found by either language")
    func evaluated() throws {
        _ = try add(1, "expected_response", "answer 1", "--expectation")
        _ = try add(2, "expected_response", "wrong", "--expectation")
        _ = try add(4, "helpful", "true")
        func rows(_ condition: String) throws -> Int64? {
            let outcome = try place.run(
                [
                    "evaluate", "--data", "traces:" + condition, "--scorer", "response_length:min_length=1", "--format",
                    "json",
                ]
            )
            return try JSON(parsing: outcome.output)["rows"]?.integer
        }
        // The language of rows, with what it alone can say.
        #expect(try rows("expectations.expected_response = 'wrong' OR feedback.helpful = 'true'") == 2)
        #expect(try rows("inputs.question IN ('q 1', 'q 2')") == 2)
        // MLflow's, with what it alone can say.
        #expect(try rows("expectation.expected_response IS NOT NULL") == 2)
        #expect(try rows("span.type = 'CHAIN' AND feedback.helpful = 'true'") == 1)
        #expect(try rows("metadata.`mlflow.trace_schema.version` = '3'") == 6)
        let outcome = try place.run(
            [
                "evaluate", "--data", "traces:expectation.expected_response IS NOT NULL", "--scorer", "exact_match",
                "--format", "json",
            ]
        )
        let report = try JSON(parsing: outcome.output)
        #expect(report["rows"] == 2, "\(outcome.error)")
        let found = try place.json("feedback", "list", "--name", "exact_match", "--run", "latest").elements.map { $0 }
        #expect(found.map { $0["trace_id"]?.string } == [TraceFiles.id(1), TraceFiles.id(2)])
        let run = try place.json("runs", "show", "latest")["run_id"]
        #expect(found.allSatisfy { $0["run_id"] == run })
        #expect(try place.json("traces", "show", TraceFiles.id(1))["run_ids"]?.elements.contains { $0 == run } == true)
    }

    @Test(
        "mistakes are told",
        arguments: [
            (["add", "tr-ff", "x", "true"], "there is no trace 'tr-ff'"),
            (["add", TraceFiles.id(1), "x", "null"], "null is no value"),
            (["add", TraceFiles.id(1), "", "true"], "the name of what is judged is empty"),
            (["add", TraceFiles.id(1), "x", "true", "--span", "0000000000000002"], "did you mean '0000000000000001'?"),
            (["add", TraceFiles.id(1), "x", "true", "--metadata", "x"], "--metadata is key=value"),
            (["add", TraceFiles.id(1), "x", "true", "--source", "robot"], "--source"),
            (["revise", TraceFiles.id(1), "helpful", "true"], "the trace has no assessment 'helpful'"),
            (["list", "--experiment", "boot"], "did you mean 'bot'?"),
            (["list", "--run", "none"], "there is no run"),
        ]
    )
    func mistakes(_ arguments: [String], _ expected: String) throws {
        let outcome = try place.run(["feedback"] + arguments)
        #expect(outcome.status == 2 && outcome.error.contains(expected), "\(outcome.status) \(outcome.error)")
        #expect(try place.json("feedback", "list").count == 0)
    }
}
