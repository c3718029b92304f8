import EvalCore
import EvalJSON
import EvalSuite
import Testing

@Suite struct SuiteTests {
    private func parse(_ text: String) throws(Diagnostic) -> EvalSuite.Suite {
        try EvalSuite.Suite.parse(text, file: "folder/evalhost.yaml", environment: ["HOME_DATA": "/data", "EMPTY": ""])
    }

    @Test("a suite is read with its scorers, thresholds and paths relative to it")
    func whole() throws {
        let suite = try parse(
            """
            experiment: support-bot
            data: data/questions.jsonl
            plugins: [./Plugins, "${HOME_DATA}/plugins", "${NONE:-/opt}/x"]
            scorers:
              - exact_match
              - contains: { name: mentions_refund, value: refund, ignore_case: true, pass: yes }
              - edit_similarity: { pass: '>= 0.9', aggregations: [mean, p90], on_missing: skip, timeout: 2 }
            thresholds: { exact_match/mean: 0.8, edit_similarity/p90: '> 0.5' }
            max_errors: 2%
            tags: { team: search }
            """
        )
        #expect(suite.data == "folder/data/questions.jsonl")
        #expect(suite.plugins == ["folder/./Plugins", "/data/plugins", "/opt/x"])
        #expect(suite.scorers.map(\.scorer) == ["exact_match", "contains", "edit_similarity"])
        #expect(suite.scorers[1].name == "mentions_refund")
        #expect(suite.scorers[1].configuration.serialized == #"{"value":"refund","ignore_case":true}"#)
        #expect(suite.scorers[1].pass == .yes)
        #expect(suite.scorers[2].pass?.description == ">= 0.9")
        #expect(suite.scorers[2].onMissing == .skip)
        #expect(suite.scorers[2].timeout == .seconds(2))
        #expect(
            suite.thresholds.map(\.threshold.description) == ["exact_match/mean >= 0.8", "edit_similarity/p90 > 0.5"]
        )
        #expect(suite.maxErrors == "2%")
    }

    @Test(
        "a mistake is told with file, line and column and the nearest word",
        arguments: [
            ("data: x\nscorer: []\n", "folder/evalhost.yaml:2:1: unknown key 'scorer'; did you mean 'scorers'?"),
            ("data: [a\n", "folder/evalhost.yaml:2:1: the YAML is malformed"),
            ("", "folder/evalhost.yaml: the suite is empty"),
            ("- a\n", "folder/evalhost.yaml:1:1: a suite must be a mapping"),
            ("concurrency: many\n", "folder/evalhost.yaml:1:14: 'concurrency' must be a whole number"),
            (
                "scorers:\n  - contains: 3\n",
                "folder/evalhost.yaml:2:15: the configuration of 'contains' must be a mapping"
            ),
            ("scorers:\n  - contains: { pass: '>= x' }\n", "folder/evalhost.yaml:2:5: 'pass' must be a bound"),
            ("scorers:\n  - a: {}\n    b: {}\n", "folder/evalhost.yaml:2:5: a scorer is a name"),
            ("thresholds: { m: high }\n", "folder/evalhost.yaml:1:18: a threshold is a number"),
            (
                "data: ${HOME_DATE}/x\n",
                "folder/evalhost.yaml:1:7: the environment has no variable 'HOME_DATE'; did you mean 'HOME_DATA'?"
            ),
            ("data: a\ndata: b\n", "a key stands twice: data"),
        ]
    )
    func mistakes(text: String, message: String) {
        #expect {
            _ = try parse(text)
        } throws: {
            let description = "\($0)"
            return description.contains(message)
        }
    }
}
