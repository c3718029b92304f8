import EvalJSON
import Foundation
import Testing

@Suite struct EvaluateTests {
    @Test("an evaluation prints each metric in full, keeps the run, and exits with 0")
    func table() throws {
        let place = try Workplace()
        try place.writeRows(10)
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--run-name", "first",
        ])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("exact_match/mean"))
        #expect(outcome.output.contains("0.5000"))
        #expect(outcome.error.isEmpty)
        let runs = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)
        #expect(runs[0]?["name"] == "first")
        #expect(runs[0]?["status"] == "FINISHED")
        #expect(runs[0]?["metrics"]?["exact_match/mean"]?.number == 0.5)
        let folder = place.folder.appendingPathComponent(".evalhost")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(try place.read(".evalhost/.gitignore") == "*\n")
    }

    @Test("the report as JSON has the numbers and nulls for what nobody measured")
    func json() throws {
        let place = try Workplace()
        try place.writeRows(7)
        let outcome = try place.run(["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "json"])
        let report = try JSON(parsing: outcome.output)
        #expect(report["rows"] == 7)
        #expect(report["errors"] == 0)
        #expect(report["metrics"]?["exact_match/mean"]?.number == 4.0 / 7)
        #expect(report["accounts"]?["exact_match"] == ["rows": 7, "scored": 7, "errored": 0, "skipped": 0])
        #expect(report["cost"]?.isNull == true)
        #expect(report["run_id"]?.string?.count == 32)
    }

    @Test("the rows as JSON Lines are in source order, with feedback by scorer")
    func jsonl() throws {
        let place = try Workplace()
        try place.writeRows(1_000)
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "jsonl",
        ])
        let lines = try outcome.lines()
        #expect(lines.map { $0["id"]?.string } == (0..<1_000).map { "r\($0)" })
        #expect(lines[1]["feedback"]?["exact_match"]?["value"] == false)
        #expect(lines[1]["feedback"]?["exact_match"]?["error"]?.isNull == true)
        #expect(lines[1]["expectations"]?["expected_response"] == "answer 1")
        let trace = try #require(lines[1]["trace_id"]?.string)
        let shown = try JSON(parsing: place.run(["traces", "show", trace, "--format", "json"]).output)
        #expect(shown["spans"]?[0]?["outputs"] == "wrong")
        #expect(shown["tags"]?["evalhost.pregenerated"] == "true")
        #expect(shown["assessments"]?.elements.contains { $0["expectation"]?["value"] == "answer 1" } == true)
        #expect(try place.run(["runs", "export", "latest"]).output == outcome.output)
    }

    @Test("several reports go to where they were asked for")
    func outputs() throws {
        let place = try Workplace()
        try place.writeRows(4)
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--output", "r.json", "--output", "r.jsonl",
        ])
        #expect(outcome.output.contains("exact_match/mean"))
        #expect(try JSON(parsing: place.read("r.json"))["rows"] == 4)
        #expect(try place.read("r.jsonl").split(separator: "\n").count == 4)
    }

    @Test("a suite is found in the working folder, and its paths are its own")
    func suite() throws {
        let place = try Workplace()
        try place.writeRows(10, to: "data/rows.jsonl")
        try place.write(
            "evalhost.yaml",
            """
            experiment: capitals
            data: data/rows.jsonl
            scorers:
              - exact_match: { pass: yes }
              - response_length: { name: short, max_length: 5, unit: chars }
            thresholds: { exact_match/pass_rate: 0.4, short/mean: '>= 0.5' }
            """
        )
        let outcome = try place.run([])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("holds: exact_match/pass_rate >= 0.4 (0.5000)"))
        let elsewhere = try Workplace()
        let path = place.folder.appendingPathComponent("evalhost.yaml").path
        #expect(try elsewhere.run(["evaluate", path]).status == 0)
    }

    @Test("rows come from standard input")
    func standardInput() throws {
        let place = try Workplace()
        try place.writeRows(3)
        let outcome = try place.run(
            ["evaluate", "--data", "-", "--scorer", "exact_match", "--format", "json"],
            input: place.read("rows.jsonl")
        )
        #expect(try JSON(parsing: outcome.output)["rows"] == 3)
    }

    @Test("rows come from a pipe with a name, which is read once")
    func namedPipe() throws {
        let place = try Workplace()
        try place.writeRows(3)
        let outcome = try place.run(
            [
                "-c", "mkfifo p; cat rows.jsonl > p & exec \"$0\" evaluate --data p --scorer exact_match --format json",
                Workplace.binary,
            ],
            program: "/bin/sh"
        )
        #expect(try JSON(parsing: outcome.output)["rows"] == 3, "\(outcome.error)")
    }

    @Test("a terminal gets a progress bar whose last line stays")
    func progressBar() throws {
        let place = try Workplace()
        try place.writeRows(10)
        let command = "\(Workplace.binary) evaluate --data rows.jsonl --scorer exact_match"
        let outcome = try place.run(["-qec", command, "/dev/null"], program: "/usr/bin/script")
        #expect(outcome.output.contains("████████████████████  10/10 rows"), "\(outcome.output)")
        let quiet = try place.run(["-qec", command + " --quiet", "/dev/null"], program: "/usr/bin/script")
        #expect(!quiet.output.contains("rows/s"))
    }

    @Test("flags come before variables, and variables before the suite")
    func precedence() throws {
        let place = try Workplace()
        try place.writeRows(3)
        try place.write("evalhost.yaml", "data: rows.jsonl\nexperiment: suite\nscorers: [exact_match]\n")
        func experiment(_ arguments: [String], _ environment: [String: String]) throws -> String? {
            _ = try place.run(arguments, environment: environment)
            return try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)[0]?["experiment"]?.string
        }
        #expect(try experiment([], [:]) == "suite")
        #expect(try experiment([], ["EVALHOST_EXPERIMENT": "variable"]) == "variable")
        #expect(try experiment(["--experiment", "flag"], ["EVALHOST_EXPERIMENT": "variable"]) == "flag")
    }

    @Test("a scorer on the command line takes its settings, commas and lists")
    func scorerArguments() throws {
        let place = try Workplace()
        try place.writeRows(4)
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--format", "json",
            "--scorer", "contains:name=a,values=answer,values=0,mode=any,ignore_case=true",
            "--scorer", #"contains:{"name":"b","values":["answer","0"],"mode":"all"}"#,
            "--scorer", "contains:name=c,value=wrong, or not,mode=any",
        ])
        #expect(outcome.status == 0, "\(outcome.error)")
        let metrics = try #require(JSON(parsing: outcome.output)["metrics"])
        #expect(metrics["a/mean"]?.number == 0.5)
        #expect(metrics["b/mean"]?.number == 0.25)
        #expect(metrics["c/mean"]?.number == 0)
    }
}

@Suite struct ExitStatusTests {
    private func run(_ arguments: [String], rows: Int = 4) throws -> Outcome {
        let place = try Workplace()
        try place.writeRows(rows)
        return try place.run(arguments)
    }

    @Test("a missed threshold is 1, and one line on standard error, also when quiet")
    func missed() throws {
        let outcome = try run([
            "evaluate", "--quiet", "--data", "rows.jsonl", "--scorer", "exact_match", "--fail-under",
            "exact_match/mean=0.8",
        ])
        #expect(outcome.status == 1)
        #expect(outcome.error == "missed: exact_match/mean >= 0.8: it is 0.5000\n")
    }

    @Test(
        "what is wrong with the command is 2, and the message names the nearest word",
        arguments: [
            (["--scorer", "exct_match"], "unknown scorer 'exct_match'; did you mean 'exact_match'?"),
            (["--scorer", "contains:valu=x"], "'contains' has no setting 'valu'; did you mean 'value'?"),
            (["--scorer", "contains:mode=al,value=x"], "'mode' must be one of all, any"),
            (["--scorer", "response_length"], "response_length"),
            (["--scorer", "exact_match", "--scorer", "exact_match"], "two scorers are called 'exact_match'"),
            (["--scorer", "exact_match", "--fail-under", "exact_match/men=1"], "did you mean 'exact_match/mean'?"),
            (["--scorer", "exact_match", "--fail-under", "exact_match/mean"], "a threshold is METRIC=VALUE"),
            (["--scorer", "exact_match", "--max-errors", "many"], "the allowance of errors"),
            (["--scorer", "exact_match", "--fromat", "json"], "Unknown option '--fromat'"),
            (["--scorer", "exact_match", "--plugins", "nowhere"], "the plugin folder can't be read"),
            ([], "there is no scorer"),
        ]
    )
    func usage(arguments: [String], message: String) throws {
        let outcome = try run(["evaluate", "--data", "rows.jsonl"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains(message), "\(outcome.error)")
        #expect(outcome.output.isEmpty)
    }

    @Test("a malformed line is 2 with its place; allowed, it is an error of the run")
    func malformed() throws {
        let place = try Workplace()
        try place.writeRows(4)
        try place.write("rows.jsonl", place.read("rows.jsonl") + "{\"inputs\": {\"question\": \"x\"\n")
        let stopped = try place.run(["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"])
        #expect(stopped.status == 2)
        #expect(stopped.error.contains("error: rows.jsonl:5"))
        #expect(stopped.error.contains("the text is not valid JSON"))
        let runs = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)
        #expect(runs[0]?["status"] == "FAILED")
        let allowed = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--max-errors", "1", "--format", "json",
        ])
        #expect(allowed.status == 0, "\(allowed.error)")
        #expect(try JSON(parsing: allowed.output)["errors"] == 1)
    }

    @Test("errors beyond the allowance are 3, and a threshold on them is missed")
    func errors() throws {
        let place = try Workplace()
        try place.write("rows.jsonl", "{\"inputs\":{},\"outputs\":\"x\"}\n")
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--fail-under", "exact_match/mean=0",
        ])
        #expect(outcome.status == 3)
        #expect(outcome.error.contains("missed: exact_match/mean >= 0: 1 of 1 rows have an error"))
        #expect(outcome.error.contains("errors: 1 of 1 rows have an error, none is allowed"))
    }

    @Test("a store that can't be used is 4")
    func store() throws {
        let place = try Workplace()
        try place.writeRows(1)
        try place.write("not-a-store", "hello, this is text and no database at all, whatever its name says")
        for address in ["sqlite:no/such/folder/x.db", "not-a-store"] {
            let outcome = try place.run([
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--store", address,
            ])
            #expect(outcome.status == 4, "\(address): \(outcome.error)")
            #expect(outcome.error.hasPrefix("error: "))
        }
        #expect(try place.read("not-a-store").hasPrefix("hello"))
    }

    @Test("an empty data set and a missing file are 2")
    func noRows() throws {
        let place = try Workplace()
        try place.write("empty.jsonl", "\n\n")
        let empty = try place.run(["evaluate", "--data", "empty.jsonl", "--scorer", "exact_match"])
        #expect(empty.status == 2)
        #expect(empty.error.contains("empty.jsonl: the data set has no record"))
        let missing = try place.run(["evaluate", "--data", "emty.jsonl", "--scorer", "exact_match"])
        #expect(missing.status == 2)
        #expect(missing.error.contains("did you mean 'empty.jsonl'?"))
    }

    @Test("nothing to evaluate is 2, and says what to type")
    func nothing() throws {
        let place = try Workplace()
        let outcome = try place.run([])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("evalhost evaluate --data"))
    }

    @Test("help and version are 0 on standard output")
    func help() throws {
        let place = try Workplace()
        #expect(try place.run(["--version"]).output == "0.1.0\n")
        let help = try place.run(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Example:"))
    }
}
