import Foundation
import Testing

@Suite struct BadOptionTests {
    @Test(
        "an option that can't be meant is 2 with its own words, before a store is made",
        arguments: [
            (["--filter", "tags.lang ="], "at character 12 of the condition 'tags.lang ='"),
            (["--filter", "tags.lang = 'en"], "a text does not end that begins at character 13"),
            (["--filter", ""], "a field was expected at character 1"),
            (["--map", "question"], "--map question: there is no '='"),
            (["--map", "question=nowhere.q"], "'nowhere.q' is no place in a row"),
            (["--map", "=inputs.q"], "--map =inputs.q: a key was expected in the path"),
            (["--map", "a=inputs[0]"], "'inputs[0]' is no place in a row"),
            (["--fail-if", "exact_match/mean"], "--fail-if 'exact_match/mean': a condition is a metric and a bound"),
            (["--fail-if", "exact_match/mean <"], "a condition is a metric and a bound"),
            (["--fail-if", "exact_match/mean < x"], "a condition is a metric and a bound"),
            (["--fail-if", "exact_match/mean < nan"], "a condition is a metric and a bound"),
            (
                ["--fail-if", "exact_match/men < 1"],
                "--fail-if 'exact_match/men < 1': the scorers of this run produce no metric"
            ),
            (["--fail-if", "latency/p90 > 1"], "They produce: exact_match/mean, exact_match/pass_rate."),
            (["--fail-under", "exact_match/mean=nan"], "a threshold is METRIC=VALUE"),
            (
                ["--fail-under", "exact_match/p90=1"],
                "--fail-under exact_match/p90=1: the scorers of this run produce no metric"
            ),
            (["--fail-under", "exact_match/pass@3=0.5"], "produce no metric 'exact_match/pass@3'"),
            (["--rate-limit", "20/x"], "a rate is a number of calls in a time"),
            (["--rate-limit", "0/s"], "such as 20/s or 600/m, not '0/s'"),
            (["--rate-limit", "1e400/s"], "a rate is a number of calls in a time"),
            (["--rate-limit=-1/s"], "a rate is a number of calls in a time"),
            (["--cluster", "x"], "the cluster 'x' is no field of a row"),
            (["--cluster", "inputs..a"], "the cluster 'inputs..a' is no field of a row: a key was expected"),
            (["--cluster", "inputs["], "the cluster 'inputs[' is no field of a row"),
            (["--max-errors", "101%"], "the allowance of errors is a number such as 5, or a share such as 2%"),
            (["--max-errors=-1"], "the allowance of errors"),
            (["--concurrency", "0"], "--concurrency must be from 1 to 65536"),
            (["--sample", "0"], "--sample must be 1 at least"),
            (["--repeats", "1000000"], "a record can be repeated"),
            (["--timeout", "0"], "--timeout must be above 0"),
            (["--timeout", "nan"], "--timeout must be above 0"),
            (["--tag", "x"], "--tag x: a tag is KEY=VALUE"),
            (["--format", "jsn"], "jsn"),
            (["--output", "report.xyz"], "the format of 'report.xyz' is unknown"),
            (["--store", "postgres://user:secret@host/x"], "is of a kind that this version doesn't have"),
            (["--predict-url", "ftp://x/"], "the predict URL is not one of http or https"),
            (["--predict-command", ""], "the predict command is empty"),
            (
                ["--predict-command", "x", "--predict-url", "http://x/"],
                "the application is one of a command, a URL and a model"
            ),
        ]
    )
    func options(arguments: [String], words: String) throws {
        let place = try Workplace()
        try place.writeSame(3)
        let outcome = try place.expectRefusal(
            ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"] + arguments,
            2,
            words
        )
        #expect(!outcome.error.contains("secret"))
        if !arguments.contains("--filter") { #expect(!place.exists(".evalhost"), "\(arguments)") }
    }

    @Test(
        "settings of a scorer that don't fit are 2",
        arguments: [
            ("contains:valu=x", "'contains' has no setting 'valu'; did you mean 'value'?"),
            ("contains:value=x,ignore_case=maybe", "'ignore_case' must be true or false"),
            ("response_length:max_length=many,unit=chars", "'max_length' must be an integer"),
            ("response_length:unit=chars", "response_length"),
            (#"contains:{"value":"#, "--scorer contains"),
            ("regex_match:pattern=(", "pattern"),
            ("exact_match@nowhere", "unknown scorer 'exact_match@nowhere'"),
            ("", "scorer"),
        ]
    )
    func settings(scorer: String, words: String) throws {
        let place = try Workplace()
        try place.writeSame(3)
        for command in ["evaluate", "score"] {
            try place.expectRefusal([command, "--data", "rows.jsonl", "--scorer", scorer], 2, words)
        }
    }

    @Test(
        "a data source that isn't one is 2",
        arguments: [
            ("dataset:x", "there is no store"),
            ("traces:status =", "at character 9 of the condition 'status ='"),
            ("traces:status = 'OK", "a text does not end"),
            ("traces", "traces: there is no such file"),
            ("traces:inputs.nothing = 1", "there is no store"),
        ]
    )
    func sources(data: String, words: String) throws {
        let place = try Workplace()
        try place.expectRefusal(["evaluate", "--data", data, "--scorer", "exact_match"], 2, words)
    }

    @Test("a filter that leaves no row is told as the filter's mistake")
    func filter() throws {
        let place = try Workplace()
        try place.writeSame(3)
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--filter", "inputs.p = 'x'"]
        for more in [[], ["--sample", "2"]] {
            try place.expectRefusal(
                evaluate + more,
                2,
                "rows.jsonl: none of the 3 rows satisfies 'inputs.p = 'x''"
            )
        }
    }

    /// A suite of `data` and `scorers`, and one more line that is wrong.
    private static let lines = [
        ("experimnt: x", "suite.yaml:3:1: unknown key 'experimnt'; did you mean 'experiment'?"),
        ("thresholds: { exact_match/men: 1 }", "suite.yaml:3:32: the scorers of this run produce no metric"),
        ("thresholds: { exact_match/mean: high }", "suite.yaml:3:33: a threshold is a number or a bound"),
        ("fail_if: [exact_match/mean]", "suite.yaml:3:11: a condition is a metric and a bound"),
        ("concurrency: many", "suite.yaml:3:14: 'concurrency' must be a whole number from 1 to 65536"),
        ("rate_limit: fast", "suite.yaml:3:13: 'rate_limit' must be a rate such as 20/s"),
        ("filter: \"tags.lang =\"", "suite.yaml:3:9: a number, true, false or a text in single quotes was expected"),
        ("map: [question]", "suite.yaml:3:6: map question: there is no '='"),
        ("cluster: x", "suite.yaml:3:10: the cluster 'x' is no field of a row"),
        ("max_errors: many", "suite.yaml:3:13: the allowance of errors is a number"),
        ("format: jsn", "suite.yaml:3:9: unknown format 'jsn'; did you mean 'json'?"),
        ("plugins: [nowhere]", "suite.yaml:3:10: the plugin folder can't be read: it isn't there: nowhere"),
        (
            "predict: { command: x, url: 'http://y' }",
            "suite.yaml:3:10: the application is one of a command, a URL and a model"
        ),
        ("predict: { url: 'http://${NOWHERE}/' }", "suite.yaml:3:17: the environment has no variable 'NOWHERE'"),
        ("predict: { comand: x }", "suite.yaml:3:12: unknown key 'comand' in 'predict'; did you mean 'command'?"),
        ("tags: [a", "the YAML is malformed"),
        ("data: other.jsonl", "a key stands twice: data"),
        ("tags: &a [*a]", "the YAML is malformed"),
    ]

    @Test("what is wrong in a suite is told with file, line and column", arguments: lines)
    func suite(line: String, words: String) throws {
        let place = try Workplace()
        try place.writeSame(3)
        try place.write("suite.yaml", "data: rows.jsonl\nscorers: [exact_match]\n\(line)\n")
        try place.expectRefusal(["evaluate", "suite.yaml"], 2, "error: suite.yaml:", words)
        #expect(!place.exists(".evalhost"))
    }

    @Test(
        "a scorer of a suite that doesn't fit is told with its line",
        arguments: [
            ("exct_match", "suite.yaml:3:5: unknown scorer 'exct_match'; did you mean 'exact_match'?"),
            ("contains: { value: x, mode: al }", "suite.yaml:3:27: 'mode' must be one of all, any"),
            ("contains: { valu: x }", "suite.yaml:3:17: 'contains' has no setting 'valu'"),
            ("response_length: { max_length: many, unit: chars }", "suite.yaml:3:24: 'max_length' must be an integer"),
            ("contains: x", "suite.yaml:3:15: the configuration of 'contains' must be a mapping"),
            ("exact_match\n  - exact_match", "suite.yaml:4:5: two scorers are called 'exact_match'"),
        ]
    )
    func suiteScorers(scorer: String, words: String) throws {
        let place = try Workplace()
        try place.writeSame(3)
        try place.write("suite.yaml", "data: rows.jsonl\nscorers:\n  - \(scorer)\n")
        try place.expectRefusal(["evaluate", "suite.yaml"], 2, words)
    }

    @Test("a suite that is none, or isn't there, is 2")
    func noSuite() throws {
        let place = try Workplace()
        for (content, words) in [
            ("just text", "suite.yaml:1:1: a suite must be a mapping"), ("", "suite.yaml: the suite is empty"),
            ("scorers: [exact_match]\n", "suite.yaml: there are no rows to evaluate"),
            ("data: nowhere.jsonl\nscorers: [exact_match]\n", "suite.yaml:1:7: there is no such file: nowhere.jsonl"),
        ] {
            try place.write("suite.yaml", content)
            try place.expectRefusal(["evaluate", "suite.yaml"], 2, words)
        }
        try place.write("suite.yaml", bytes: [0xFF, 0xFE, 0x00])
        try place.expectRefusal(["evaluate", "suite.yaml"], 2, "suite.yaml: the suite is not valid UTF-8")
        for command in ["evaluate", "check"] {
            try place.expectRefusal([command, "nowhere.yaml"], 2, "nowhere.yaml: the suite can't be read")
        }
    }

    @Test(
        "a variable with a bad value is 2 and names itself",
        arguments: [
            ("EVALHOST_CONCURRENCY", "many"), ("EVALHOST_LIMIT", "0"), ("EVALHOST_SEED", "-1"),
            ("EVALHOST_TIMEOUT", "x"),
        ]
    )
    func variables(name: String, value: String) throws {
        let place = try Workplace()
        try place.writeSame(3)
        try place.expectRefusal(
            ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"],
            2,
            "\(name) must be",
            environment: [name: value]
        )
    }
}
