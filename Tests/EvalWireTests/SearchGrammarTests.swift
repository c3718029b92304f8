// MLflow's filter language: what parses and to what, and what is refused where.

import EvalCore
import EvalWire
import Testing

@Suite struct SearchGrammarTests {
    private typealias Condition = SearchFilter.Condition

    @Test(
        "filters that MLflow's clients send are read",
        arguments: [
            ("trace.status = 'OK'", Condition(.attribute, "status", .equal, .text("OK"))),
            ("attribute.status IN ('OK', 'ERROR')", Condition(.attribute, "status", .among, .texts(["OK", "ERROR"]))),
            ("status not  in ('OK',)", Condition(.attribute, "status", .notAmong, .texts(["OK"]))),
            (
                "trace.timestamp >= 1700000002000",
                Condition(.attribute, "timestamp_ms", .atLeast, .number(1.700000002e12))
            ),
            ("execution_time != -3.5e1", Condition(.attribute, "execution_time_ms", .unequal, .number(-35))),
            ("name rlike '^Name [a-c]$'", Condition(.attribute, "name", .matches, .text("^Name [a-c]$"))),
            ("tags.`with space` = 'b'", Condition(.tag, "with space", .equal, .text("b"))),
            ("tag.dotted.key = 'c'", Condition(.tag, "dotted.key", .equal, .text("c"))),
            ("tags.\"dotted.key\" = \"it's\"", Condition(.tag, "dotted.key", .equal, .text("it's"))),
            ("tags.a='it''s'", Condition(.tag, "a", .equal, .text("it's"))),
            ("tags.a = 'back\\slash'", Condition(.tag, "a", .equal, .text("back\\slash"))),
            ("tags.unknown IS NULL", Condition(.tag, "unknown", .isNull)),
            ("metadata.region Is  Not\nNull", Condition(.metadata, "region", .isNotNull)),
            (
                "request_metadata.`mlflow.trace.session` != ''",
                Condition(.metadata, "mlflow.trace.session", .unequal, .text(""))
            ),
            ("span.name ILIKE 'child%'", Condition(.span, "name", .caselessLike, .text("child%"))),
            ("span.content LIKE '%3%'", Condition(.span, "content", .like, .text("%3%"))),
            ("span.attributes.a.b = 'x'", Condition(.spanAttribute, "a.b", .equal, .text("x"))),
            ("span.attributes.`a b` LIKE 'x'", Condition(.spanAttribute, "a b", .like, .text("x"))),
            ("text LIKE '%b%'", Condition(.attribute, "text", .like, .text("%b%"))),
            ("feedback.score > 0.5", Condition(.feedback, "score", .above, .number(0.5))),
            ("feedback.`good` = 'true'", Condition(.feedback, "good", .equal, .text("true"))),
            ("expectation.count IS NULL", Condition(.expectation, "count", .isNull)),
            ("prompt = 'name/1'", Condition(.attribute, "prompt", .equal, .text("name/1"))),
            ("issue.id = 'iss-1'", Condition(.issue, "id", .equal, .text("iss-1"))),
        ]
    )
    private func traces(_ text: String, _ expected: SearchFilter.Condition) throws {
        #expect(try MLflowSearchGrammar.traces.filter(text).conditions == [expected])
    }

    @Test("filters of runs, experiments, models, versions and data sets have keys of their own")
    func others() throws {
        let runs = try MLflowSearchGrammar.runs.filter(
            "metric.`a b` <= 2 and parameters.x IS NULL AND `Run Name` = 'a' AND created < 5 AND datasets.name IN ('d')"
        )
        #expect(
            runs.conditions == [
                Condition(.metric, "a b", .atMost, .number(2)), Condition(.parameter, "x", .isNull),
                Condition(.attribute, "run_name", .equal, .text("a")),
                Condition(.attribute, "start_time", .below, .number(5)),
                Condition(.dataset, "name", .among, .texts(["d"])),
            ]
        )
        let prompts = try MLflowSearchGrammar.registeredModels.filter(
            "tags.`mlflow.prompt.is_prompt` = 'true' AND name LIKE 'p%'"
        )
        #expect(prompts.conditions.map(\.key) == ["mlflow.prompt.is_prompt", "name"])
        #expect(try MLflowSearchGrammar.modelVersions.filter("version_number > 1").conditions.count == 1)
        #expect(
            try MLflowSearchGrammar.loggedModels.filter("creation_time > 0 AND metrics.score >= 0.2").conditions
                .map(\.key)
                == ["creation_timestamp", "score"]
        )
        #expect(try MLflowSearchGrammar.datasets.filter("created_by = 'ann'").conditions.count == 1)
        #expect(try MLflowSearchGrammar.experiments.filter("experiment_id IN ('1', '2')").conditions.count == 1)
        #expect(try MLflowSearchGrammar.traces.filter(nil) == SearchFilter())
        #expect(try MLflowSearchGrammar.traces.filter("  ") == SearchFilter())
    }

    @Test(
        "filters of traces that are wrong are refused at the column where they are",
        arguments: [
            ("status", 7), ("status =", 9), ("= 'OK'", 1), ("status = OK", 10), ("status ~ 'OK'", 8),
            ("unknown = 'x'", 1),
            ("trace.unknown = 'x'", 1), ("what.ever = 'x'", 1), ("status = 'OK' OR status = 'ERROR'", 15),
            ("(status = 'OK')", 1), ("status = 1", 10), ("status > 'OK'", 8), ("tags.letter > 'a'", 13),
            ("tags.a = b", 10),
            ("tags.letter = 1", 15), ("span.unknown = 'x'", 1), ("span.name > 'a'", 11), ("span.attributes. = 'x'", 17),
            ("span.content = 'x'", 14), ("text = 'x'", 6), ("feedback.good > 'x'", 17), ("feedback.good = true", 17),
            ("feedback.score = 3", 18), ("timestamp_ms IN (1, 2)", 14), ("prompt = 'no version'", 10),
            ("prompt LIKE 'x/1'", 8), ("issue.unknown = 'x'", 1), ("name = 'a', name = 'b'", 11), ("'", 1),
            ("name = 'unterminated", 8), ("name = 'x'; DROP TABLE spans", 11), ("status = 'OK' AND", 18),
            ("timestamp_ms = 'yesterday'", 16), ("status IS NULL", 8), ("status IN ()", 12), ("status IN 'OK'", 11),
            ("name RLIKE '(a'", 12), ("tags = 'x'", 1), ("a.", 3), ("status == 'OK'", 8), ("timestamp_ms > 0x10", 16),
        ]
    )
    func refused(_ text: String, _ column: Int) {
        let error = #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter(text) }
        #expect(error?.location.column == column, "\(error?.description ?? "")")
    }

    @Test(
        "filters of runs and experiments that are wrong are refused",
        arguments: [
            "metrics.accuracy = 'x'", "params.model > 'a'", "params.model = 1", "attributes.unknown = 'x'",
            "accuracy > 1",
            "metrics.accuracy >", "status = FINISHED", "tags.a = 'x' OR tags.b = 'y'", "what.ever = 'x'", "'",
            "start_time = 'x'", "status IN ('FINISHED')", "name ~ 'x'", "size = 'x'", "experiment_name",
        ]
    )
    func refusedForRuns(_ text: String) {
        #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.runs.filter(text) }
        #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.experiments.filter(text) }
    }

    @Test("a refusal shows the place, what may stand there, and the word that was meant")
    func message() throws {
        let comparator = #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter("status ~ 'OK'") }
        #expect(
            comparator?.description == """
                the filter of traces is wrong at column 8: '~' is no comparator
                  status ~ 'OK'
                         ^
                  `status` takes: =, !=, LIKE, ILIKE, RLIKE, IN, NOT IN.
                """
        )
        let key = #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter("statsu = 'OK'") }
        #expect(key?.suggestion == "status")
        let long = String(repeating: "status = 'OK' AND ", count: 20) + "size = 'x'"
        let shown = #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter(long) }
        let lines = shown?.description.split(separator: "\n").map(String.init) ?? []
        let before = try #require(lines.dropFirst(2).first).prefix { $0 != "^" }
        #expect(lines[1].dropFirst(before.count).hasPrefix("size"))
    }

    @Test("a filter has bounds")
    func bounds() {
        let many = Array(repeating: "name = 'a'", count: Limits.searchConditions + 1).joined(separator: " AND ")
        #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter(many) }
        let long = "name = '" + String(repeating: "x", count: Limits.searchFilterBytes) + "'"
        #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.filter(long) }
    }

    @Test("orders are read, and wrong ones refused")
    func orders() throws {
        let traces = try MLflowSearchGrammar.traces.order([
            "timestamp DESC", "attributes.timestamp_ms", "tag.`a b` asc", "metadata.x desc", "experiment_id",
        ])
        #expect(
            traces == [
                SearchOrder(.attribute, "timestamp_ms", isAscending: false), SearchOrder(.attribute, "timestamp_ms"),
                SearchOrder(.tag, "a b"), SearchOrder(.metadata, "x", isAscending: false),
                SearchOrder(.attribute, "experiment_id"),
            ]
        )
        #expect(try MLflowSearchGrammar.runs.order(["metrics.accuracy"]) == [SearchOrder(.metric, "accuracy")])
        #expect(try MLflowSearchGrammar.registeredModels.order(["timestamp"]).first?.key == "last_updated_timestamp")
        for wrong in [
            "unknown", "timestamp UP", "", "what.ever", "timestamp; DROP TABLE spans", "prompt", "a DESC ASC",
        ] {
            #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.traces.order([wrong]) }
        }
        #expect(throws: Diagnostic.self) { try MLflowSearchGrammar.experiments.order(["tags.a"]) }
    }
}
