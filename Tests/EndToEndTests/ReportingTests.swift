// Reports, comparisons, and what is checked before a run, through the command line.

import EvalJSON
import Foundation
import Testing

@Suite struct ReportingTests {
    private func place(_ rows: Int = 12) throws -> Workplace {
        let place = try Workplace()
        try place.writeRows(rows)
        return place
    }

    @Test("several reports at once, each where it belongs")
    func several() throws {
        let place = try place()
        let outcome = try place.run(
            [
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--scorer", "token_f1", "--fail-if",
                "exact_match/mean < 0.9", "--format", "github", "--format", "html", "--output", "report.html",
                "--format",
                "junit", "--output", "junit.xml", "--format", "markdown", "--output", "report.md", "--format", "json",
                "--output", "report.json",
            ],
            environment: ["GITHUB_STEP_SUMMARY": place.folder.appendingPathComponent("summary.md").path]
        )
        #expect(outcome.status == 1, "\(outcome.error)")
        #expect(outcome.output.contains("::error title=Threshold missed::exact_match/mean >= 0.9"))
        #expect(try place.read("summary.md").contains("exact_match/mean"))
        #expect(
            try place.read("report.html").contains("<!doctype html>")
                || place.read("report.html").contains("<!DOCTYPE html>")
        )
        #expect(try place.read("junit.xml").contains("<testsuite"))
        #expect(try place.read("report.md").contains("exact_match/mean"))
        let report = try JSON(parsing: place.read("report.json"))
        #expect(report["thresholds"]?[0]?["holds"]?.boolean == false)
        let left = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
            .filter { $0.hasSuffix(".tmp") }
        #expect(left.isEmpty)
    }

    @Test("a bound on an interval's end, and one on a metric that can't be")
    func intervalEnds() throws {
        let place = try place()
        let base = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"]
        let missed = try place.run(base + ["--fail-under", "exact_match/mean.lower=0.4"])
        #expect(missed.status == 1)
        #expect(missed.error.contains("missed: exact_match/mean.lower >= 0.4"))
        #expect(try place.run(base + ["--fail-if", "exact_match/mean.upper < 0.6"]).status == 0)
        let none = try place.run(base + ["--fail-under", "exact_match/p9=1"])
        #expect(none.status == 2)
        #expect(none.error.contains("produce no metric 'exact_match/p9'"))
        let repeated = try place.run(base + ["--fail-under", "exact_match/pass@3=0.1"])
        #expect(repeated.status == 2)
        #expect(try place.run(base + ["--fail-under", "exact_match/pass@3=0.1", "--repeats", "3"]).status == 0)
    }

    @Test("two runs are compared: metrics, and the rows that changed")
    func compare() throws {
        let place = try place()
        let base = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"]
        #expect(try place.run(base + ["--run-name", "before"]).status == 0)
        let better = try place.read("rows.jsonl")
            .replacing(
                #""id":"r3","inputs":{"question":"q 3"},"outputs":"wrong""#,
                with: #""id":"r3","inputs":{"question":"q 3"},"outputs":"answer 3""#
            )
        try place.write("rows.jsonl", better)
        #expect(try place.run(base + ["--run-name", "after"]).status == 0)
        let table = try place.run(["runs", "compare", "before", "after"])
        #expect(table.status == 0, "\(table.error)")
        #expect(table.output.contains("exact_match/mean"))
        #expect(table.output.contains("r3"))
        let json = try JSON(parsing: place.run(["runs", "compare", "before", "after", "--format", "json"]).output)
        #expect(json.kind == .object)
        #expect(try place.run(["runs", "compare", "before", "before"]).status == 2)
        #expect(try place.run(["runs", "compare", "before", "nobody"]).status == 2)
    }

    @Test("a dry run reads all, asks nothing and stores nothing")
    func dryRun() throws {
        let place = try place()
        let outcome = try place.run(
            [
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--predict-command", "touch called; cat",
                "--repeats", "2", "--dry-run",
            ]
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("rows         12 of rows.jsonl"))
        #expect(outcome.output.contains("calls        24"))
        let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
        #expect(!names.contains("called") && !names.contains(".evalhost"))
    }

    @Test("a suite is written, checked and run; nothing is overwritten")
    func initAndCheck() throws {
        let place = try Workplace()
        let made = try place.run(["init", "suite"])
        #expect(made.status == 0, "\(made.error)")
        #expect(try place.run(["check", "suite/evalhost.yaml"]).status == 0)
        #expect(try place.run(["evaluate", "suite/evalhost.yaml"]).status == 0)
        let again = try place.run(["init", "suite"])
        #expect(again.status == 2)
        #expect(again.error.contains("suite/evalhost.yaml: the file is there already"))
        try place.write(
            "suite/evalhost.yaml",
            "data: questions.jsonl\nscorers: [exact_match]\nthresholds: { nothing/mean: 1 }\n"
        )
        let broken = try place.run(["check", "suite/evalhost.yaml"])
        #expect(broken.status == 2)
        #expect(
            broken.error.contains("suite/evalhost.yaml:3:29: the scorers of this run produce no metric 'nothing/mean'")
        )
    }

    @Test("check warns of fields that scorers need and rows don't have")
    func missingFields() throws {
        let place = try Workplace()
        try place.write(
            "rows.jsonl",
            "{\"inputs\":{},\"outputs\":\"x\"}\n{\"inputs\":{},\"expectations\":{\"expected_response\":\"x\"}}\n"
        )
        let outcome = try place.run(["check", "--data", "rows.jsonl", "--scorer", "exact_match"])
        #expect(outcome.status == 0)
        #expect(outcome.error.contains("the scorer 'exact_match' misses 'outputs' in 1 of 2 rows"))
        #expect(
            outcome.error.contains("the scorer 'exact_match' misses 'expectations.expected_response' in 1 of 2 rows")
        )
    }

    @Test("the published schema is the one that the program prints, and holds for the suites that we publish")
    func schema() throws {
        let place = try Workplace()
        let printed = try place.run(["check", "--schema"])
        let published = Workplace.checkout.appendingPathComponent("Documentation/evalhost.schema.json")
        #expect(try printed.output == String(contentsOf: published, encoding: .utf8), "make schema")
        let schema = try JSON(parsing: printed.output)
        for name in ["exact_match", "json_schema", "rouge"] {
            let known = schema["properties"]?["scorers"]?["items"]?["anyOf"]?[1]?["properties"]?[name]
            #expect(known?["properties"]?["pass"] != nil, "\(name)")
        }
    }
}
