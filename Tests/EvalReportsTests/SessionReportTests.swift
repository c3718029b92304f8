// What reports say of scorers that judge sessions: their counts are never taken for those of rows.

import EvalCore
import EvalJSON
import Testing

@testable import EvalReports

@Suite struct SessionReportTests {
    private let facts = [
        ScorerFacts(name: "exact", range: 0...1, pass: .yes),
        ScorerFacts(name: "coherence", range: 0...1, pass: .yes, scope: .session),
    ]
    /// Three conversations: two that were judged, one that could not be.
    private let rows = [
        Samples.row(
            0,
            duration: 40,
            session: "s0",
            [.boolean(true), .feedback(Feedback(.boolean(false), rationale: "it drifts").about(session: "s0"))]
        ),
        Samples.row(1, session: "s1", [.boolean(true), Verdict.boolean(true).about(session: "s1")]),
        Samples.row(2, session: "s0", [.boolean(true), nil]),
        Samples.row(3, session: "s2", [.boolean(true), .errored(ScorerError(code: "timeout", message: "late"))]),
    ]

    private var report: Report {
        Samples.small(
            facts,
            metrics: [Metric(name: "exact/mean", value: 1), Metric(name: "coherence/mean", value: 0.5)],
            rows: rows,
            notes: ["look here"]
        )
    }

    @Test("the table says what is counted")
    func table() {
        let text = TableReport.render(report, width: 100)
        #expect(text.contains("\n  coherence judges sessions: 3 sessions = 2 scored + 1 errored + 0 skipped\n"))
        #expect(text.contains("coherence/mean is in [0.33, 0.67] with 1 errored session as worst and as best"))
        #expect(text.contains("4 rows"))
        #expect(!text.contains("exact judges"))
    }

    @Test("in JSON the account has sessions in place of rows")
    func json() {
        let accounts = JSONReport.render(report)["accounts"]
        #expect(accounts?["exact"] == ["rows": 4, "scored": 4, "errored": 0, "skipped": 0])
        #expect(accounts?["coherence"] == ["sessions": 3, "scored": 2, "errored": 1, "skipped": 0])
    }

    @Test("Markdown and HTML say what is counted")
    func pages() {
        let markdown = MarkdownReport.render(report, nil)
        let line = Markdown.text("judges sessions: 3 sessions = 2 scored + 1 errored + 0 skipped")
        #expect(markdown.contains("`coherence` \(line).\n"))
        let html = HTMLReport.render(report, nil)
        #expect(html.contains("judges sessions"))
        #expect(html.contains("3 sessions: 2 scored, 1 errored, 0 skipped"))
        #expect(html.contains("4 rows: 4 scored, 0 errored, 0 skipped"))
    }

    @Test("JUnit has a test for each session, without the texts of its first row")
    func junit() async throws {
        var bytes: [UInt8] = []
        try await JUnitReport.write(
            report,
            rows: { body throws(Diagnostic) in for row in rows { try await body(row) } },
            to: { bytes += $0 }
        )
        let text = String(decoding: bytes, as: UTF8.self)
        let suite = #"<testsuite name="coherence" tests="3" failures="1" errors="1" skipped="0" time="0.000">"#
        #expect(text.contains(suite))
        let failure = """
            <testcase name="session s0" classname="coherence"><failure message="false does not satisfy yes" \
            type="pass">rationale: it drifts
            </failure></testcase>
            """
        #expect(text.contains(failure))
        #expect(text.contains(#"<testcase name="session s1" classname="coherence"/>"#))
        #expect(text.contains(#"<testsuite name="exact" tests="4""#))
    }

    @Test("a line of rows has the session's feedback on its first row only")
    func lines() throws {
        let keys = FeedbackKeys(facts.map(\.name))
        let feedback = try rows.map { row in
            var writer = JSONWriter()
            RowLines.write(row, keys: keys, to: &writer)
            return try JSON(parsing: writer.bytes)["feedback"]
        }
        #expect(feedback.map { Array($0?.members ?? JSON.null.members).count } == [2, 2, 1, 2])
        #expect(feedback[0]?["coherence"]?["metadata"] == ["mlflow.trace.session": "s0"])
    }

    @Test("thresholds on a metric of sessions are judged by the account of sessions")
    func thresholds() {
        let threshold = Threshold(metric: "coherence/mean", bound: Bound(.atLeast, 0.4))
        func judged(allowing most: Int) -> ThresholdOutcome {
            threshold.judged(by: report.summary, allows: { errors, _ in errors <= most }, skips: [])
        }
        #expect(judged(allowing: 0).missed == "1 of 3 sessions have an error")
        #expect(judged(allowing: 1).missed == nil)
    }

    @Test("what only the end of a run could tell is among the notes, once")
    func notes() {
        var summary = report.summary
        summary.notes = ["look here", "no row has a session_id: coherence judged nothing"]
        let report = Report(
            runID: PublicID(bits: 1),
            runName: "run",
            experimentID: 0,
            experiment: "Default",
            dataSource: "rows.jsonl",
            summary: summary,
            notes: ["look here"]
        )
        #expect(report.notes == ["look here", "no row has a session_id: coherence judged nothing"])
    }

    @Test("repetitions of a session make none of the records flaky")
    func flaky() {
        var highlights = RowHighlights(facts, repeats: 2)
        for repetition in 0..<2 {
            highlights.add(
                Samples.row(0, repetition: repetition, session: "s", [.boolean(true), .boolean(repetition == 0)])
            )
        }
        highlights.finish()
        #expect(highlights.flakyCount == 0)
    }
}
