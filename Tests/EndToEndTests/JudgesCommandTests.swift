// `evalhost judges`: judges in plain language as a person makes, tries and uses them.

import EvalJSON
import Foundation
import Testing

@Suite struct JudgesCommandTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.writeRows(6)
    }

    @Test("a judge is made, tried on a row, and used in a run")
    func whole() throws {
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        let made = try place.run([
            "judges", "create", "is_polite", "--instructions",
            "Is the answer {{ outputs }} to {{ inputs.question }} polite?",
        ])
        #expect(made.status == 0 && made.output == "is_polite  version 1\n", "\(made.error)")
        let tried = try place.run([
            "judges", "test", "is_polite", "--data", "rows.jsonl", "--judge-model", endpoint.model(),
        ])
        #expect(tried.status == 0, "\(tried.error)")
        for words in ["answer 0", "q 0", "[reply of", "[cost]", "is_polite: yes"] {
            #expect(tried.output.contains(words), "\(tried.output)")
        }
        #expect(try endpoint.calls().count == 1)
        let prompt = try place.run([
            "judges", "test", "is_polite", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--prompt-only",
        ])
        #expect(prompt.status == 0 && prompt.output.contains("answer 0"), "\(prompt.error)")
        #expect(try endpoint.calls().count == 1)
        let run = try place.run([
            "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--scorer", "is_polite", "--format",
            "json",
        ])
        #expect(run.status == 0, "\(run.error)")
        #expect(try JSON(parsing: run.output)["metrics"]?["is_polite/mean"]?.number == 1)
        #expect(try place.run(["scorers", "show", "is_polite"]).output.contains("judge"))
    }

    @Test("versions are kept, and a run goes on with the one that it began with")
    func versions() throws {
        let create = ["judges", "create", "tone", "--value", "kind,neutral,rude", "--instructions"]
        #expect(try place.run(create + ["Tone of {{ outputs }}?"]).output == "tone  version 1\n")
        #expect(try place.run(create + ["Tone of {{ outputs }}?"]).output == "tone  version 1, as it was\n")
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "kind"])
        let run = try place.run([
            "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--scorer",
            "tone:aggregations=share:kind",
            "--format", "json",
        ])
        #expect(try JSON(parsing: run.output)["metrics"]?["tone/share:kind"]?.number == 1, "\(run.error)")
        #expect(try place.run(create + ["What is the tone of {{ outputs }}?"]).output == "tone  version 2\n")
        #expect(try place.run(["evaluate", "--resume", "latest"]).status == 0)
        let list = try JSON(parsing: place.run(["judges", "list", "--format", "json"]).output)
        #expect(list.count == 1 && list[0]?["version"]?.integer == 2)
        let first = try place.run(["judges", "show", "tone", "--version", "1"])
        try place.write("tone.yaml", first.output)
        #expect(
            try place.run(["judges", "create", "--file", "tone.yaml"]).output == "tone  version 3\n",
            "\(first.output)"
        )
        try place.expectRefusal(["judges", "show", "tome"], 2, "did you mean 'tone'")
        try place.expectRefusal(["judges", "show", "tone", "--version", "9"], 2, "versions 1 to 3")
    }

    @Test("a judge's mistakes are told with their flag or their line")
    func mistakes() throws {
        func create(_ more: String...) -> [String] { ["judges", "create"] + more }
        try place.expectRefusal(create("x", "--instructions", "Is {{ output }} good?"), 2, "did you mean 'outputs'")
        try place.expectRefusal(create("x", "--instructions", "Good?"), 2, "--instructions")
        try place.expectRefusal(create("x", "--instructions", "{{ outputs }}", "--value", "yes_or_no"), 2, "yes_no")
        try place.expectRefusal(create("Bad Name", "--instructions", "{{ outputs }}"), 2, "Bad Name")
        try place.expectRefusal(create("correctness", "--instructions", "{{ outputs }}"), 2, "built-in")
        try place.write("bad.yaml", "name: a\ninstructions: '{{ outputs }}'\nvalu: yes_no\n")
        try place.expectRefusal(create("--file", "bad.yaml"), 2, "bad.yaml:3", "did you mean 'value'")
        #expect(!place.exists(".evalhost"))
    }

    @Test("a suite has judges of its own, a panel, and conversations")
    func suite() throws {
        try place.write(
            "rows.jsonl",
            (0..<6)
                .map { #"{"inputs":{"q":"\#($0)"},"outputs":"hello \#($0)","session_id":"s\#($0 / 3)"}"# }
                .joined(separator: "\n")
        )
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        try place.write(
            "evalhost.yaml",
            """
            data: rows.jsonl
            judge: { model: '\(endpoint.model())' }
            judges:
              - name: friendly
                instructions: 'Is {{ outputs }} friendly?'
                value: boolean
              - name: on_topic
                instructions: 'Did the assistant stay on topic in {{ conversation }}?'
            scorers:
              - friendly: { model: ['\(endpoint.model("a"))', '\(endpoint.model("b"))'] }
              - on_topic
            thresholds: { friendly/mean: 1, on_topic/mean: 1 }
            """
        )
        let outcome = try place.run(["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["accounts"]?["on_topic"]?["sessions"]?.integer == 2)
        #expect(try endpoint.calls().count == 14)
        #expect(try place.run(["evaluate", "--resume", "latest", "--format", "json"]).status == 0)
    }
}
