// What authors of scorers meet: `plugin new`, `build` and `test`, and what they say when something is missing or wrong.

import EvalJSON
import Foundation
import Testing

@Suite struct AuthoringTests {
    let place: Workplace

    init() throws { place = try Workplace() }

    /// Makes a plugin in C with one scorer of outputs, and one golden row for each answer.
    private func makePlugin(_ score: String, answers: [String], expect: String = #"{"value": 1}"#) throws {
        #expect(try place.run(["plugin", "new", "careless"]).status == 0)
        try place.write(
            "careless/careless.c",
            """
            #include <evalhost/scorer.h>
            #include <stdlib.h>
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                evalhost_text answer = row->fields[0].text;
                int number = 1;
                \(score)
                return evalhost_number(out, number);
            }
            EVALHOST_SCORER(careless, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
            EVALHOST_PLUGIN("careless", "0.1.0", &careless)
            """
        )
        let rows = answers.map { #"{"scorer": "careless", "row": {"outputs": "\#($0)"}, "expect": \#(expect)}"# + "\n" }
        try place.write("careless/tests/golden.jsonl", rows.joined())
    }

    private func entries(_ folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.folder.appendingPathComponent(folder).path)
            .filter { $0 != "cache" }.sorted()
    }

    @Test("a name that can't be one is exit status 2, and leaves nothing", arguments: ["c", "cpp", "swift"])
    func badNames(language: String) throws {
        for name in [
            "my scorer", "Upper", "1st", "a-b", "", "..", "a/b", "int", "class", String(repeating: "a", count: 64),
        ] {
            if name == "int", language == "swift" { continue }
            if name == "class", language == "c" { continue }
            let command = ["plugin", "new", "--language", language, "--", name]
            try place.expectRefusal(command, 2, "'\(name.prefix(80))'")
            #expect(try entries() == [])
        }
    }

    @Test("a name that can be mended is mended")
    func suggestedName() throws {
        try place.expectRefusal(["plugin", "new", "My Scorer-2"], 2, "did you mean 'my_scorer_2'?")
    }

    @Test("a folder or a file that is there already isn't touched")
    func existing() throws {
        try place.write("taken/notes.txt", "mine")
        try place.write("file", "mine")
        try place.expectRefusal(["plugin", "new", "taken"], 2, "it exists already")
        try place.expectRefusal(["plugin", "new", "file"], 2, "it exists already")
        #expect(try entries() == ["file", "taken"])
        #expect(try entries("taken") == ["notes.txt"])
    }

    @Test("a parent that isn't there, or is a file, isn't made")
    func noParent() throws {
        try place.write("file", "text")
        try place.expectRefusal(["plugin", "new", "--in", "nowhere", "fine"], 2, "nowhere: there is no such folder")
        try place.expectRefusal(["plugin", "new", "--in", "file", "fine"], 2, "file: there is no such folder")
        #expect(try entries() == ["file"])
    }

    @Test("a parent that may not be written", .enabled(if: Nobody.prefix != nil, "root may write everywhere"))
    func readOnlyParent() throws {
        try place.write("kept/notes.txt", "mine")
        chmod(place.folder.appendingPathComponent("kept").path, 0o555)
        defer { chmod(place.folder.appendingPathComponent("kept").path, 0o755) }
        let outcome = try place.shell("exec \"$0\" plugin new --in kept fine", prefix: Nobody.prefix ?? [])
        #expect(outcome.status == 2, "\(outcome.error)")
        #expect(outcome.error.contains("kept: you may not write to this folder"))
        #expect(try entries("kept") == ["notes.txt"])
    }

    @Test("a language that there is no template for is named with those that there are")
    func unknownLanguage() throws {
        let outcome = try place.run(["plugin", "new", "--language", "cobol", "fine"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("cobol") && outcome.error.contains("cpp"))
        #expect(try entries() == [])
    }

    @Test("a new folder has golden rows, a workflow and a README, all with its name", arguments: ["c", "cpp", "swift"])
    func contents(language: String) throws {
        #expect(try place.run(["plugin", "new", "--language", language, "word_count"]).status == 0)
        for name in ["README.md", "tests/golden.jsonl", ".gitignore", ".github/workflows/plugin.yml"] {
            let text = try place.read("word_count/\(name)")
            #expect(!text.contains("__NAME__") && !text.contains("__TYPE__"), "\(name)")
            if name != ".gitignore" { #expect(text.contains("word_count"), "\(name)") }
        }
    }

    @Test(
        "without a compiler it is said what to install",
        arguments: [("c", "cc"), ("cpp", "c++"), ("swift", "swift")]
    )
    func noCompiler(language: String, compiler: String) throws {
        #expect(try place.run(["plugin", "new", "--language", language, "lonely"]).status == 0)
        // A PATH with `env` on it, and no compiler.
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("bin"),
            withIntermediateDirectories: false
        )
        let environment = ["PATH": place.folder.appendingPathComponent("bin").path]
        let outcome = try place.run(["plugin", "build", "lonely"], environment: environment)
        #expect(outcome.status == 4, "\(outcome.error)")
        #expect(outcome.error.contains("`\(compiler)` isn't installed\n  Install "))
        #expect(outcome.output.isEmpty)
        #expect(!place.exists("lonely/lonely.so"))
    }

    @Test("what the compiler says is shown as it wrote it")
    func compilerWords() throws {
        try makePlugin("return nonsense;", answers: ["a"])
        let outcome = try place.run(["plugin", "build", "careless"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("\ncareless.c:6:"))
        #expect(outcome.error.contains("error: "))
        #expect(try entries("careless").allSatisfy { !$0.hasPrefix(".careless") })
    }

    @Test(
        "a library that `libraries` names is linked; one that isn't there is told by the linker, and what to do by us"
    )
    func libraries() throws {
        try makePlugin("number = (int)zlibVersion()[0] - '0';", answers: ["a"])
        let source = try place.read("careless/careless.c")
        try place.write("careless/careless.c", "#include <zlib.h>\n" + source)
        let unnamed = try place.run(["plugin", "build", "careless"])
        #expect(unnamed.status == 2 && unnamed.error.contains("zlibVersion"), "\(unnamed.error)")
        #expect(unnamed.error.contains("name that in the file `libraries`"))
        try place.write("careless/libraries", "z # compresses\n")
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        #expect(try place.run(["plugin", "test", "careless"]).status == 0)
        try place.write("careless/libraries", "z\nnowhere\n")
        let missing = try place.run(["plugin", "build", "careless"])
        #expect(missing.status == 2 && missing.error.contains("-lnowhere"), "\(missing.error)")
        #expect(missing.error.contains("The file `libraries` names nowhere: install its development package."))
    }

    @Test("cases.jsonl, as golden rows were once called, is refused with their new place")
    func oldPlace() throws {
        try makePlugin("", answers: ["a"])
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        try place.write("careless/cases.jsonl", "{}\n")
        try place.expectRefusal(
            ["plugin", "test", "careless"],
            2,
            "golden rows lie in tests/*.jsonl",
            "mkdir -p tests"
        )
    }

    @Test("a folder without golden rows, with a line that is none, and without a library")
    func badRows() throws {
        try makePlugin("", answers: [])
        try place.expectRefusal(["plugin", "test", "careless"], 2, "there are no golden rows in tests/*.jsonl")
        try place.write("careless/tests/golden.jsonl", "\n{\"scorer\": \"careless\"\n")
        try place.expectRefusal(["plugin", "test", "careless"], 2, "there is no library yet", "evalhost plugin build")
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        try place.expectRefusal(["plugin", "test", "careless"], 2, "careless/tests/golden.jsonl:2: ")
        try place.write("careless/tests/golden.jsonl", #"{"scorer": "careles", "row": {}, "expect": {"value": 1}}"#)
        try place.expectRefusal(["plugin", "test", "careless"], 2, "did you mean 'careless'?")
    }

    @Test("golden rows are scored where the kernel has no Landlock too: their judge has no key")
    func withoutLandlock() throws {
        try makePlugin("", answers: ["a"])
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        let outcome = try place.run(
            ["plugin", "test", "careless"],
            environment: ["EVALHOST_WITHOUT_LANDLOCK": "1"]
        )
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    @Test("results for programs: JSON, and JUnit with the words of a failure escaped")
    func formats() throws {
        try makePlugin("if (answer.size > 1) return evalhost_error(out, \"<&\\\"\");", answers: ["a", "ab"])
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        let json = try place.run(["plugin", "test", "careless", "--format", "json"])
        #expect(json.status == 1)
        let report = try JSON(parsing: json.output)
        #expect(report["passed"] == 1 && report["failed"] == 1)
        #expect(report["rows"]?[1]?["file"] == "tests/golden.jsonl")
        #expect(report["rows"]?[1]?["line"] == 2)
        let junit = try place.run(["plugin", "test", "careless", "--format", "junit"])
        #expect(junit.output.contains("<testsuite name=\"careless\" tests=\"2\" failures=\"1\">"))
        #expect(junit.output.contains("scorer_error: &lt;&amp;&quot;"))
    }

    @Test("a row that takes too long is stopped after --plugin-timeout")
    func timeout() throws {
        try makePlugin("for (;;) {}", answers: ["a"], expect: #"{"error": "deadline"}"#)
        #expect(try place.run(["plugin", "build", "careless"]).status == 0)
        let outcome = try place.run(["plugin", "test", "careless", "--plugin-timeout", "0.2"])
        #expect(outcome.status == 0, "\(outcome.output)")
    }
}
