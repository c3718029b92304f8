import EvalJSON
import Foundation
import Testing

@Suite struct PluginTests {
    @Test("a new plugin in C builds, passes its test, and runs beside the built-in scorers")
    func newPlugin() throws {
        let place = try Workplace()
        try place.writeRows(4)
        let made = try place.run(["plugin", "new", "--language", "c", "--in", ".", "shouting"])
        #expect(made.status == 0, "\(made.error)")
        #expect(try place.run(["plugin", "build", "shouting"]).status == 0)
        let tested = try place.run(["plugin", "test", "shouting"])
        #expect(tested.status == 0)
        #expect(tested.output.contains(" passed, 0 failed"))
        let run = try place.run(["evaluate", "--data", "rows.jsonl", "--plugins", ".", "--format", "json"])
        #expect(run.status == 0, "\(run.error)")
        let report = try JSON(parsing: run.output)
        #expect(report["accounts"]?["shouting"]?["scored"] == 4)
        #expect(
            report["notes"] == [],
            "a plugin in workers, behind the whole sandbox, needs no note"
        )
        let listed = try place.run(["scorers", "list", "--plugins", "."])
        #expect(listed.output.contains("shouting@shouting"))
    }

    @Test("a golden row that doesn't hold is told with its file and line, and is exit status 1")
    func failingRow() throws {
        let place = try Workplace()
        _ = try place.run(["plugin", "new", "--language", "c", "shouting"])
        _ = try place.run(["plugin", "build", "shouting"])
        let wrong =
            #"{"scorer": "shouting", "row": {"outputs": "quiet", "expectations": {"expected_response": "x"}}, "expect": {"value": 0.123456}}"#
            + "\n"
        try place.write("shouting/tests/golden.jsonl", wrong)
        let outcome = try place.run(["plugin", "test", "shouting"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("shouting/tests/golden.jsonl:1: shouting: expected the value 0.123456"))
    }

    @Test("a library that can't be used is 2, or a warning and a note where it may be left out")
    func broken() throws {
        let place = try Workplace()
        try place.writeRows(2)
        try place.write("libraries/broken.so", "this is text")
        let arguments = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--plugins", "libraries"]
        let refused = try place.run(arguments)
        #expect(refused.status == 2)
        #expect(refused.error.contains("libraries/broken.so: this is not an ELF library"))
        let lenient = try place.run(arguments + ["--skip-broken-plugins"])
        #expect(lenient.status == 0)
        #expect(lenient.error.contains("warning: left out: libraries/broken.so"))
        #expect(lenient.output.contains("note: left out:"))
    }

    @Test("a folder of plugins alone is listed, with the command to type next")
    func listing() throws {
        let place = try Workplace()
        _ = try place.run(["plugin", "new", "--language", "c", "shouting"])
        _ = try place.run(["plugin", "build", "shouting"])
        let outcome = try place.run(["--plugins", "."])
        #expect(outcome.status == 2)
        #expect(outcome.output.contains("shouting@shouting"))
        #expect(outcome.error.contains("Type: evalhost --plugins . --data questions.jsonl"))
    }

    @Test("a resumed run refuses a library that changed, unless that is allowed")
    func changedLibrary() throws {
        let place = try Workplace()
        try place.writeRows(5)
        try place.write("rows.jsonl", place.read("rows.jsonl") + "{\n")
        _ = try place.run(["plugin", "new", "--language", "c", "shouting"])
        _ = try place.run(["plugin", "build", "shouting"])
        #expect(try place.run(["evaluate", "--data", "rows.jsonl", "--plugins", "."]).status == 2)
        try place.writeRows(5)
        let source = try place.read("shouting/shouting.c")
        try place.write(
            "shouting/shouting.c",
            source + "\nstatic const char evidence[] __attribute__((used)) = \"new\";\n"
        )
        #expect(try place.run(["plugin", "build", "shouting"]).status == 0)
        let refused = try place.run(["evaluate", "--resume", "latest"])
        #expect(refused.status == 2)
        #expect(
            refused.error.contains("the scorer 'shouting' is not the one that the run began with: its library_sha256")
        )
        #expect(try place.run(["evaluate", "--resume", "latest", "--allow-changed-scorers"]).status == 0)
    }
}
