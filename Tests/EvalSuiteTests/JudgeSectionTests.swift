// `judge:`, `judges:` and a model under `predict:` in suites; prompts as files.

import EvalCore
import EvalJSON
import EvalSuite
import Foundation
import Testing

@Suite struct JudgeSectionTests {
    private func parse(_ text: String, _ environment: [String: String] = [:]) throws(Diagnostic) -> Suite {
        try Suite.parse(text, file: "suites/s.yaml", environment: environment)
    }

    private func error(_ text: String, _ environment: [String: String] = [:]) -> Diagnostic? {
        #expect(throws: Diagnostic.self) { _ = try parse(text, environment) }
    }

    @Test("the judge section names model, cache, parameters and endpoint")
    func whole() throws {
        let suite = try parse(
            """
            judge:
              model: openai:/gpt-5-mini
              cache: record
              parameters: { temperature: 0, seed: 7, service_tier: flex }
              base_url: http://127.0.0.1:8000/v1
              headers: { x-team: a, authorization: 'Bearer ${TOKEN}' }
              api_key_file: keys/openai
              tokens_per_minute: 30000
            max_cost: 2.5
            max_judge_calls: 100
            prices: prices.json
            """,
            ["TOKEN": "t0p"]
        )
        #expect(suite.judge.model == "openai:/gpt-5-mini")
        #expect(suite.judge.cache == .record)
        #expect(suite.judge.parameters == ["temperature": 0, "seed": 7, "service_tier": "flex"])
        #expect(suite.judge.endpoint["api_key_file"] == "suites/keys/openai")
        #expect(suite.judge.endpoint["tokens_per_minute"] == 30000)
        #expect(suite.maxCost == 2.5 && suite.maxJudgeCalls == 100 && suite.prices == "suites/prices.json")
        // What a variable stands for is never part of what a run stores.
        #expect(suite.judge.json.serialized.contains("t0p") == false)
        #expect(JudgeSection(stored: suite.judge.json).endpoint == suite.judge.endpoint)
    }

    @Test("secrets of a scorer's own endpoint stay variables, and prompts keep their dollars")
    func raw() throws {
        let suite = try parse(
            """
            scorers:
              - correctness:
                  model: openai:/gpt-5-mini
                  endpoint: { headers: { authorization: 'Bearer ${TOKEN}' } }
              - guidelines: { guidelines: ['Prices are written as ${AMOUNT}'] }
            """,
            ["TOKEN": "t0p"]
        )
        #expect(suite.scorers[0].configuration["endpoint"]?["headers"]?["authorization"] == "Bearer ${TOKEN}")
        #expect(suite.scorers[1].configuration["guidelines"] == ["Prices are written as ${AMOUNT}"])
    }

    @Test("what is wrong is told with its place")
    func mistakes() {
        let cases: [(text: String, message: String)] = [
            ("judge: { modle: x }", "unknown key 'modle' in 'judge'"),
            ("judge: { api_key: sk-1 }", "unknown key 'api_key' in 'judge'"),
            ("judge: { model: gpt-5 }", "the model 'gpt-5' has no provider"),
            ("judge: { model: 'opena:/gpt-5' }", "unknown provider 'opena' of the model 'opena:/gpt-5'"),
            ("judge: { cache: on }", "'cache' must be off, record, replay or refresh"),
            ("judge: { parameters: { temperature: hot } }", "'temperature' must be a number from 0 to 100"),
            (
                "judge: { headers: { Authorization: Bearer abc } }",
                "the header 'Authorization' is written out in the suite"
            ),
            ("judge: { tokens_per_minute: 0 }", "'tokens_per_minute' must be above 0"),
            ("predict: { prompt: p.txt }", "a prompt needs a model"),
            ("predict: { command: x, model: 'openai:/m' }", "the application is one of a command, a URL and a model"),
            ("max_cost: 0", "'max_cost' must be a number of US dollars above 0"),
            ("judges: [{ name: Bad Name, instructions: '{{ outputs }}' }]", ""),
            ("judges: [{ name: a, instructions: '{{ output }}' }]", ""),
        ]
        for (text, message) in cases {
            let found = error(text)
            #expect(found?.location.line == 1 && found?.location.file == "suites/s.yaml", "\(text)")
            if !message.isEmpty { #expect(found?.message == message) }
        }
        #expect(error("judge: { headers: { x: '${NONE}' } }")?.message == "the environment has no variable 'NONE'")
    }

    @Test("judges stand in the suite or in files, and no two have one name")
    func judges() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("judges.yaml").path
        try Data("- name: kind\n  instructions: 'Is {{ outputs }} kind? It costs ${X}'\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        let suite = try parse("judges:\n- \(file)\n- { name: short, instructions: 'Is {{ outputs }} short?' }")
        #expect(suite.judges.map(\.definition.name) == ["kind", "short"])
        #expect(suite.judges[0].definition.instructions.source == "Is {{ outputs }} kind? It costs ${X}")
        let twice = error("judges:\n- \(file)\n- { name: kind, instructions: '{{ outputs }}?' }")
        #expect(twice?.message == "two judges are called 'kind'" && twice?.location.line == 3)
        let yaml = JudgeFile.yaml(suite.judges[0].definition.json)
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: file))
        #expect(try JudgeFile.read(file, environment: [:]).map(\.definition) == [suite.judges[0].definition])
    }

    @Test("a prompt is a text, or messages in YAML")
    func prompts() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            let url = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            return url.path
        }
        let text = try PromptFile.read(try file("a.txt", "Answer: {{ q }} ${HOME}\n"))
        #expect(text.map(\.role) == ["user"] && text.map(\.text) == ["Answer: {{ q }} ${HOME}"])
        let yaml = "- { role: system, content: Be brief. }\n- role: user\n  content: |\n    {{ q }}\n"
        let messages = try PromptFile.read(try file("b.yaml", yaml))
        #expect(messages.map(\.role) == ["system", "user"] && messages.map(\.text) == ["Be brief.", "{{ q }}\n"])
        for (name, bad) in [
            ("c.yaml", "- { role: user }"), ("d.yaml", "- { rol: user, content: x }"), ("e.txt", " \n"),
        ] {
            let path = try file(name, bad)
            let error = #expect(throws: Diagnostic.self) { _ = try PromptFile.read(path) }
            #expect(error?.location.file == path)
        }
        #expect(throws: Diagnostic.self) { _ = try PromptFile.read(folder.path + "/none.txt") }
    }
}
