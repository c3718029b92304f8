import EvalCore
import EvalJSON
import Testing

@testable import EvalReports

@Suite struct TableReportTests {
    @Test("the unit is that of the scorer's own values, not of its further feedbacks")
    func units() {
        let facts = [ScorerFacts(name: "readability", unit: "grade")]
        let metrics = [
            Metric(name: "readability/mean", value: 5.5), Metric(name: "readability/plain/mean", value: 0.5),
        ]
        let text = TableReport.render(Samples.small(facts, metrics: metrics, rows: [Samples.row(0, [.number(5.5)])]))
        #expect(text.contains("5.5000 grade"))
        #expect(!text.contains("0.5000 grade"))
    }

    @Test("a report is a table with values, intervals and accounts, and then all that must be known")
    func golden() {
        let facts = [ScorerFacts(name: "exact_match", range: 0...1, pass: .yes), ScorerFacts(name: "ms", unit: "ms")]
        let rows = (0..<16)
            .map { place in
                Samples.row(
                    place,
                    [
                        place < 2 ? .errored(ScorerError(code: "x", message: "y")) : .boolean(place != 3),
                        .number(Double(place)),
                    ]
                )
            }
        let mean = Interval(low: 0.6853, high: 0.9873, method: .wilson, units: 14)
        var report = Samples.small(
            facts,
            metrics: [
                Metric(name: "exact_match/mean", value: 13.0 / 14, interval: mean),
                Metric(name: "ms/p90", value: 13.5), Metric(name: "ms/median", value: nil),
            ],
            rows: rows,
            notes: ["look here"]
        )
        report.summary.costUSD = CostTotal(0.0125, isPartial: true)
        report.summary.tokens = TokenTotal(TokenUsage(inputTokens: 1_000, outputTokens: 234), isPartial: false)
        report.summary.repeats = 2
        report.summary.flakyRecords = 1
        report.intervalNotes = ["ms/p90": "all sessions are one"]
        report.outcomes = [
            ThresholdOutcome(threshold: Threshold(metric: "ms/p90", bound: Bound(.atMost, 20)), value: 13.5)
        ]
        #expect(
            TableReport.render(report, width: 80) == """
                Default · run · rows.jsonl
                  metric                 value  95 % interval  scored  errored  skipped
                  exact_match/mean      0.9286   [0.69, 0.99]      14        2        0
                  ms/p90            13.5000 ms                     16        0        0
                  ms/median                  –                     16        0        0
                  exact_match/mean is in [0.81, 0.94] with 2 errored rows as worst and as best
                  ms/p90 has no interval: all sessions are one
                16 rows, 2 with errors, 1.5 s · run 00000000000000000000000000000001
                1 record is flaky: of 2 repeats some pass and some fail
                tokens 1,234 (1,000 in, 234 out)
                cost ≥ $0.0125
                  holds: ms/p90 <= 20 (13.5000)
                note: look here

                """
        )
    }

    @Test("no line is wider than the terminal, but for a name", arguments: [1, 7, 20, 33, 40, 79, 80, 120])
    func widths(width: Int) {
        let text = TableReport.render(Samples.report, width: width)
        for line in text.split(separator: "\n") where Lines.columns(String(line)) > width {
            #expect(!line.trimmingPrefix { $0 == " " }.contains(" "), "\(line)")
        }
        for metric in Samples.report.summary.metrics { #expect(text.contains(metric.name)) }
    }

    @Test("colours don't count as columns, and missing ones change nothing else")
    func colors() {
        let plain = TableReport.render(Samples.report, width: 60)
        let painted = TableReport.render(Samples.report, color: true, width: 60)
        #expect(painted.contains("\u{1B}[31m180 rows, 9 with errors"))
        #expect(painted.replacing("\u{1B}[31m", with: "").replacing("\u{1B}[0m", with: "") == plain)
    }

    @Test("names can't act on the terminal", arguments: Hostile.all.indices)
    func hostile(index: Int) {
        let text = Hostile.all[index]
        let report = Samples.small(name: text, notes: [text])
        let shown = TableReport.render(report, width: 40)
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) })
        #expect(!shown.unicodeScalars.contains("\u{202E}"))
    }

    @Test("East Asian characters and emoji take two columns, marks none")
    func columns() {
        #expect(Lines.columns("abc") == 3)
        #expect(Lines.columns("日本") == 4)
        #expect(Lines.columns("e\u{301}") == 1)
        #expect(Lines.columns("👩‍👧") == 2)
    }

    @Test(
        "an interval has as many decimals as its width makes worth reading",
        arguments: [
            (0.7421, 0.8701, "[0.74, 0.87]"), (0.8123, 0.8241, "[0.812, 0.824]"), (649.4, 732.8, "[649, 733]"),
            (1, 1, "[1, 1]"), (0.5, 0.5, "[0.5000, 0.5000]"), (-3.21, 4.5, "[-3.2, 4.5]"),
        ]
    )
    func intervals(low: Double, high: Double, written: String) {
        #expect(Numbers.interval(low, high) == written)
    }

    @Test(
        "numbers are written for people",
        arguments: [
            (0.5, "0.5000"), (3, "3"), (691.1073, "691.11"), (0.000_001_25, "1.25e-06"), (1e300, "1e+300"),
            (-2.5, "-2.5000"), (-0x1p63, "-9.223e+18"),
        ]
    )
    func numbers(value: Double, written: String) {
        #expect(Numbers.plain(value) == written)
    }
}
