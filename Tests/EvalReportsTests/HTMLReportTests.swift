import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalReports

@Suite struct HTMLReportTests {
    private func read(_ report: Report, _ rows: [FinishedRow]) throws -> (text: String, tags: JSON) {
        let page = HTMLReport.render(report, Samples.highlights(of: rows, report))
        let read = try Python.run(Python.html, on: page)
        return (read["text"]?.string ?? "", read["tags"] ?? .null)
    }

    @Test("the page is well-formed, loads nothing, runs nothing, and its policy names its style sheet")
    func page() throws {
        let (text, tags) = try read(Samples.report, Samples.rows)
        for words in [
            "shorter-prompts-2", "2 of 4 thresholds are missed", "correctness/mean.lower >= 0.9", "≥ 221,581",
            "≥ $1.23",
            "177 scored", "3 errored", "18 skipped", "timeout", "no answer within 10 s",
            "commit", "with changes that were not committed", "Flaky records", "ci-runner-7",
        ] {
            let isThere = text.contains(words)
            #expect(isThere, "\(words)")
        }
        #expect(tags["svg"]?.integer ?? 0 > 20)
        #expect(tags["h1"] == 1)
    }

    @Test("what rows say stays text", arguments: Hostile.all.indices)
    func hostile(index: Int) throws {
        let hostile = Hostile.all[index]
        let facts = [ScorerFacts(name: "exact", range: 0...1, pass: .yes), ScorerFacts(name: "<b>|`\"'&")]
        let error = ScorerError(code: hostile, message: hostile)
        let rows = [
            Samples.row(
                0,
                id: hostile,
                inputs: .object([(hostile, JSON(hostile))]),
                outputs: JSON(hostile),
                expectations: .object([(hostile, JSON(hostile))]),
                [.boolean(false, rationale: hostile), .feedback(Feedback(.text(hostile), name: hostile))]
            ),
            Samples.row(1, id: hostile, [.errored(error), .skipped(hostile)]),
        ]
        var report = Samples.small(facts, rows: rows, name: hostile, notes: [hostile])
        report.dataSource = hostile
        report.experiment = hostile
        report.provenance.tags = [hostile: hostile]
        report.provenance.configuration = ["k": JSON(hostile)]
        let (text, tags) = try read(report, rows)
        #expect(text.contains(Printable.line(hostile)))
        #expect(tags["b"] == nil)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x202A...0x202E).contains($0.value) })
    }

    @Test("a page without scored rows, with errors only, or of one row is complete")
    func small() throws {
        let metric = Metric(name: "exact/mean", value: nil)
        #expect(try read(Samples.small(metrics: [metric]), []).text.contains("exact/mean"))
        let error = ScorerError(code: "timeout", message: "no answer")
        let errored = (0..<3).map { Samples.row($0, [.errored(error)]) }
        let text = try read(Samples.small(metrics: [metric], rows: errored), errored).text
        #expect(text.contains("3 errored"))
        #expect(text.contains("no answer"))
        let one = [Samples.row(0, outputs: JSON(Samples.answers[1] + Samples.answers[2]), [.boolean(false)])]
        let single = Samples.small(metrics: [Metric(name: "exact/mean", value: 0)], rows: one)
        let page = try read(single, one).text
        #expect(page.contains("none: fewer than 5 units"))
        #expect(page.contains(Samples.answers[1] + Samples.answers[2]))
    }

    @Test("an output of a megabyte is cut, and the page says how much is left out")
    func long() throws {
        let rows = [Samples.row(0, outputs: JSON(String(repeating: "é", count: 500_000)), [.boolean(false)])]
        let report = Samples.small(rows: rows)
        let page = HTMLReport.render(report, Samples.highlights(of: rows, report))
        #expect(page.utf8.count < 100_000)
        #expect(page.contains("983,616 more bytes, left out of this report"))
    }

    @Test("the page can be looked at: EVALHOST_REPORT_SAMPLES names the folder that gets it")
    func sample() throws {
        let page = HTMLReport.render(Samples.report, Samples.highlights)
        #expect(page.hasPrefix("<!DOCTYPE html>"))
        guard let folder = ProcessInfo.processInfo.environment["EVALHOST_REPORT_SAMPLES"] else { return }
        let files = [
            "run.html": page,
            "run.md": MarkdownReport.render(Samples.report, Samples.highlights),
            "run.txt": TableReport.render(Samples.report, width: 100),
            "run.github": GitHubReport.annotations(Samples.report, Samples.highlights),
            "run.json": JSONReport.render(Samples.report).indented,
        ]
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    }
}
