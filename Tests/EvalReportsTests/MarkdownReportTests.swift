import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalReports

@Suite struct MarkdownReportTests {
    @Test("a comment begins with the verdict, then metrics and thresholds, the missed ones first")
    func golden() {
        let mean = Metric(
            name: "exact/mean",
            value: 0.8125,
            interval: Interval(low: 0.7421, high: 0.8701, method: .wilson, units: 16)
        )
        let outcomes = [
            ThresholdOutcome(threshold: Threshold(metric: "exact/mean", bound: Bound(.atLeast, 0.8)), value: 0.8125),
            ThresholdOutcome(
                threshold: Threshold(metric: "exact/mean.lower", bound: Bound(.atLeast, 0.8)),
                value: 0.7421,
                missed: "it is 0.7421"
            ),
        ]
        let rows = (0..<16).map { Samples.row($0, id: "r\($0)", inputs: ["q": "a|b"], [.boolean($0 > 2)]) }
        let report = Samples.small(metrics: [mean], rows: rows, outcomes: outcomes)
        let text = MarkdownReport.render(report, Samples.highlights(of: [rows[0]], report))
        #expect(
            text == """
                ### Default · run

                ❌ **1 of 2 thresholds are missed** · 16 rows, no errors, 1.5 s

                | metric | value | 95 % interval | scored | errored | skipped |
                |:--|--:|:-:|--:|--:|--:|
                | `exact/mean` | 0.8125 | [0.74, 0.87] | 16 | 0 | 0 |

                | | threshold | value | |
                |:-:|:--|--:|:--|
                | ❌ | `exact/mean.lower >= 0.8` | 0.7421 | it is 0.7421 |
                | ✅ | `exact/mean >= 0.8` | 0.8125 |  |

                <details><summary>Worst rows: 1 fail a pass rule</summary>

                **`r0`**

                - ❌ `exact` `false`

                inputs `q`

                <pre>
                a|b</pre>

                outputs

                <pre>
                !</pre>

                </details>

                <sub>run `00000000000000000000000000000001` · data `rows.jsonl`</sub>

                """
        )
    }

    @Test("no text of a row is more than text", arguments: Hostile.all.indices)
    func hostile(index: Int) {
        let hostile = Hostile.all[index]
        let rows = [
            Samples.row(
                0,
                id: hostile,
                inputs: .object([(hostile, JSON(hostile))]),
                outputs: JSON(hostile),
                [.boolean(false, rationale: hostile)]
            ),
            Samples.row(1, id: hostile, [.errored(ScorerError(code: hostile, message: hostile))]),
        ]
        let report = Samples.small(
            metrics: [Metric(name: "exact/share:\(hostile)", value: 1)],
            rows: rows,
            outcomes: [
                ThresholdOutcome(
                    threshold: Threshold(metric: hostile, bound: Bound(.atLeast, 1)),
                    missed: hostile
                )
            ],
            name: hostile,
            notes: [hostile]
        )
        let text = MarkdownReport.render(report, Samples.highlights(of: rows, report))
        if let folder = ProcessInfo.processInfo.environment["EVALHOST_REPORT_SAMPLES"] {
            try? text.write(toFile: "\(folder)/hostile\(index).md", atomically: true, encoding: .utf8)
        }
        let outside = outsideOfCode(text)
        for tag in ["<script", "<img", "<!--", "<![CDATA"] { #expect(!outside.contains(tag)) }
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        for sign in ["@octocat", "](https", " www.evil", " #12"] { #expect(!outside.contains(sign)) }
        // Every row of a table has the cells of its header.
        for line in outside.split(separator: "\n") where line.hasPrefix("|") {
            #expect([5, 7].contains(line.count { $0 == "|" }), "\(line)")
        }
    }

    /// The document without what GitHub takes for code, in which it finds neither mentions nor links.
    private func outsideOfCode(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        for (opening, closing) in [("<pre>", "</pre>"), ("<code>", "</code>")] {
            while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing)
            {
                #expect(!rest[start.upperBound..<end.lowerBound].contains("<"))
                result += rest[..<start.lowerBound]
                rest = rest[end.upperBound...]
            }
            rest = (result + rest)[...]
            result = ""
        }
        return rest.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset.isMultiple(of: 2) }
                    .map { String($0.element) }.joined()
            }
            .joined(separator: "\n")
    }

    @Test(
        "a comment is as long as GitHub takes, rows are left out first, and it says so",
        arguments: [2_000, 8_000, 65_536]
    )
    func bounded(limit: Int) {
        let rows = (0..<40)
            .map { Samples.row($0, outputs: JSON(String(repeating: "&", count: 4_000)), [.boolean(false)]) }
        var limits = RowHighlights.Limits()
        limits.rows = 40
        let report = Samples.small(metrics: [Metric(name: "exact/mean", value: 0)], rows: rows)
        var highlights = RowHighlights(report.scorers, limits: limits)
        for row in rows { highlights.add(row) }
        let text = MarkdownReport.render(report, highlights, limit: limit)
        #expect(text.utf8.count <= limit)
        #expect(text.contains("`exact/mean`"))
        #expect(text.contains("left out") || limit == 2_000)
        #expect(text.count { $0 == "\n" } > 3)
        let opened = text.split(separator: "<details>", omittingEmptySubsequences: false).count
        #expect(text.split(separator: "</details>", omittingEmptySubsequences: false).count == opened)
    }

    @Test("hundreds of metrics and thresholds are cut too")
    func manyMetrics() {
        let metrics = (0..<5_000).map { Metric(name: "exact/share:label number \($0)", value: 0.5) }
        let outcomes = metrics.map {
            ThresholdOutcome(threshold: Threshold(metric: $0.name, bound: Bound(.atLeast, 0.4)), value: 0.5)
        }
        let text = MarkdownReport.render(Samples.small(metrics: metrics, outcomes: outcomes))
        #expect(text.utf8.count <= 65_536)
        #expect(text.contains("more metrics left out."))
    }
}

@Suite struct GitHubReportTests {
    @Test(
        "a command escapes what GitHub reads as its own",
        arguments: [
            ("100 %: a, b", "100 %25: a, b", "100 %25%3A a%2C b"), ("a\r\nb\nc", "a%0Ab%0Ac", "a b c"),
            ("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax"),
        ]
    )
    func command(text: String, message: String, title: String) {
        #expect(GitHubReport.command("error", text, text) == "::error title=\(title)::\(message)\n")
    }

    @Test("every line is a command of ours, whatever rows say")
    func lines() {
        let rows = Hostile.all.enumerated()
            .map { Samples.row($0, id: $1, [.errored(ScorerError(code: $1, message: $1))]) }
        let report = Samples.small(rows: rows, name: Hostile.workflow)
        let text = GitHubReport.annotations(report, Samples.highlights(of: rows, report))
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            #expect(line.hasPrefix("::warning title=") || line.hasPrefix("::notice title="))
        }
        #expect(!text.contains("\r"))
    }

    @Test("there are ten annotations of a kind at most, and the last one says how many more there are")
    func most() {
        let outcomes = (0..<25)
            .map { place in
                ThresholdOutcome(
                    threshold: Threshold(metric: "exact/p\(place)", bound: Bound(.atLeast, 1)),
                    missed: "it is undefined"
                )
            }
        let text = GitHubReport.annotations(Samples.small(outcomes: outcomes))
        let errors = text.split(separator: "\n").filter { $0.hasPrefix("::error") }
        #expect(errors.count == 10)
        #expect(errors[0] == "::error title=Threshold missed::exact/p0 >= 1: it is undefined")
        #expect(errors[9] == "::error title=And more::16 more of this kind")
    }

    @Test("the summary is as large as GitHub takes")
    func summary() {
        #expect(GitHubReport.summary(Samples.report, Samples.highlights).utf8.count <= 1 << 20)
        #expect(GitHubReport.summary(Samples.report, Samples.highlights, limit: 5_000).utf8.count <= 5_000)
    }
}
