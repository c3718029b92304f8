// What goes wrong with models: keys, names, endpoints, replies; and that no key is ever written down.

import EvalJSON
import Foundation
import Testing

@Suite struct BadModelTests {
    private let place: Workplace
    private let rows = ["evaluate", "--data", "rows.jsonl", "--scorer", "correctness"]

    init() throws {
        place = try Workplace()
        try place.writeRows(4)
    }

    @Test("without a judge model nothing begins")
    func noModel() throws {
        try place.expectRefusal(rows, 2, "judge model", "--judge-model")
        try place.expectRefusal(rows + ["--judge-model", "gpt-5"], 2, "openai:/")
        try place.expectRefusal(rows + ["--judge-model", "opnai:/gpt-5"], 2, "did you mean 'openai'")
        #expect(!place.exists(".evalhost"))
    }

    @Test("a missing key is told before any row, with the variable that has another vendor's")
    func missingKey() throws {
        let model = rows + ["--judge-model", "openai:/gpt-test"]
        try place.expectRefusal(model, 2, "OPENAI_API_KEY")
        let other = "sk-ant-api03-3Jq9xW7secretKEY"
        let wrong = try place.expectRefusal(
            model,
            2,
            "OPENAI_API_KEY",
            "ANTHROPIC",
            environment: ["OPENAI_API_KEY": other]
        )
        #expect(!wrong.error.contains("3Jq9xW7"))
        #expect(!place.exists(".evalhost"))
    }

    @Test("a wrong key ends the run at once, after one call and without a second try")
    func wrongKey() throws {
        let endpoint = try ScriptedEndpoint(place, ["--key", "another"])
        let arguments = rows + ["--judge-model", "openai:/gpt-test", "--concurrency", "1"]
        let outcome = try place.expectRefusal(arguments, 4, "401", "OPENAI_API_KEY", environment: endpoint.environment)
        #expect(!outcome.error.contains(ScriptedEndpoint.key))
        #expect(try endpoint.calls().count == 1)
        #expect(try place.contains(ScriptedEndpoint.key).isEmpty)
    }

    @Test("an endpoint that repeats the key in its words is not repeated")
    func echoedKey() throws {
        let endpoint = try ScriptedEndpoint(place, place.script([["then": ["fault": "key"]]]))
        let arguments = rows + ["--judge-model", "openai:/gpt-test", "--concurrency", "1"]
        let outcome = try place.run(arguments, environment: endpoint.environment)
        #expect(outcome.status == 4)
        #expect(!outcome.error.contains(ScriptedEndpoint.key))
        #expect(try place.contains(ScriptedEndpoint.key).isEmpty)
    }

    @Test("no key is in anything that a run writes", arguments: ["openai", "anthropic"])
    func noKeyWritten(vendor: String) throws {
        let faults = "429=0.1,500=0.1,json=0.1,filter-400=0.1,403=0.05"
        let endpoint = try ScriptedEndpoint(place, ["--faults", faults, "--seed", "5"])
        var environment = endpoint.environment
        if vendor == "anthropic" {
            environment = ["ANTHROPIC_API_KEY": ScriptedEndpoint.key, "ANTHROPIC_BASE_URL": endpoint.url]
        }
        let arguments =
            rows + [
                "--judge-model", "\(vendor):/model-1", "--scorer", "safety", "--judge-cache", "record", "--format",
                "json",
                "--output", "a.json", "--format", "html", "--output", "a.html", "--format", "junit", "--output",
                "a.xml",
            ]
        let outcome = try place.run(arguments, environment: environment)
        #expect(!outcome.error.contains(ScriptedEndpoint.key) && !outcome.output.contains(ScriptedEndpoint.key))
        let export = try place.run(["runs", "export", "latest"], environment: environment)
        try place.write("export.jsonl", export.output)
        #expect(try !endpoint.calls().isEmpty)
        #expect(try place.contains(ScriptedEndpoint.key).isEmpty)
    }

    @Test("an unknown model ends the run, with its name")
    func unknownModel() throws {
        let endpoint = try ScriptedEndpoint(place, ["--models", "a,b"])
        try place.expectRefusal(rows + ["--judge-model", endpoint.model("c"), "--concurrency", "1"], 4, "404", "`c`")
        #expect(try endpoint.calls().count == 1)
    }

    @Test("an address without a server, and one that shows a web page, are told")
    func wrongAddress() throws {
        let nobody = try place.run(rows + ["--judge-model", "endpoint:/http://127.0.0.1:1/v1#m", "--row-timeout", "1"])
        #expect(nobody.status == 3, "\(nobody.error)")
        // The terminal says of what kind the errors are.
        #expect(nobody.error.contains("correctness: 4 rows: deadline: no answer within 1"), "\(nobody.error)")
        let page = try ScriptedEndpoint(place, place.script([["then": ["fault": "html"]]]))
        let outcome = try place.run(rows + ["--judge-model", page.model(), "--format", "jsonl", "--row-timeout", "20"])
        #expect(outcome.status != 0)
        #expect((outcome.error + outcome.output).contains("web page"), "\(outcome.error) \(outcome.output)")
    }

    @Test("a row that is too long, and one that is filtered, are errors of their rows only")
    func rowErrors() throws {
        let long = String(repeating: "word ", count: 4000)
        try place.write(
            "rows.jsonl",
            #"{"inputs":{"q":"a"},"outputs":"fine","expectations":{"expected_response":"x"}}"# + "\n"
                + #"{"inputs":{"q":"b"},"outputs":"\#(long)","expectations":{"expected_response":"x"}}"# + "\n"
                + #"{"inputs":{"q":"c"},"outputs":"forbidden words","expectations":{"expected_response":"x"}}"# + "\n"
        )
        let script = try place.script([["when": ["text": "forbidden"], "then": ["fault": "filter"]]])
        let endpoint = try ScriptedEndpoint(place, ["--context", "3000"] + script)
        let outcome = try place.run(rows + ["--judge-model", endpoint.model(), "--format", "jsonl"])
        #expect(outcome.status == 3, "\(outcome.error)")
        let errors = try outcome.lines().map { $0["feedback"]?["correctness"]?["error"] }
        #expect(errors[0]?.isNull == true)
        #expect(errors[1]?["code"]?.string == "context_too_long")
        #expect(errors[1]?["message"]?.string?.contains("3000") == true, "\(String(describing: errors[1]))")
        #expect(errors[2]?["code"]?.string == "content_filter")
        // Neither is tried again.
        #expect(try endpoint.calls().count == 3)
    }

    @Test("a scorer's wrong model settings are told with their place")
    func settings() throws {
        let cases: [(scorer: String, words: String)] = [
            ("correctness:model=gpt", "openai:/"),
            (#"correctness:parameters={"temperature":"hot"}"#, "temperature"),
            (#"correctness:endpoint={"api_key":"x"}"#, "api_key"),
            ("correctness:vote=most", "majority"),
            ("guidelines", "guidelines"),
            ("correctness:samples=0", "samples"),
        ]
        for (scorer, words) in cases {
            let arguments = ["evaluate", "--data", "rows.jsonl", "--judge-model", "endpoint:/http://127.0.0.1:1/v1#m"]
            try place.expectRefusal(arguments + ["--scorer", scorer], 2, words)
        }
    }
}
