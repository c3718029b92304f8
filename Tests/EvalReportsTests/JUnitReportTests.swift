import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalReports

@Suite struct JUnitReportTests {
    private func document(_ report: Report, _ rows: [FinishedRow]) async throws -> String {
        var bytes: [UInt8] = []
        try await JUnitReport.write(
            report,
            rows: { body throws(Diagnostic) in
                for row in rows { try await body(row) }
            },
            to: { bytes += $0 }
        )
        return String(decoding: bytes, as: UTF8.self)
    }

    private func read(_ report: Report, _ rows: [FinishedRow]) async throws -> JSON {
        try Python.run(Python.junit, on: await document(report, rows))
    }

    @Test("thresholds are a suite, and each scorer with a pass rule is one with a test for each row")
    func suites() async throws {
        if let folder = ProcessInfo.processInfo.environment["EVALHOST_REPORT_SAMPLES"] {
            let document = try await document(Samples.report, Samples.rows)
            try document.write(toFile: "\(folder)/run.xml", atomically: true, encoding: .utf8)
        }
        let suites = try await read(Samples.report, Samples.rows)
        #expect(
            suites.elements.map { $0["name"]?.string } == [
                "thresholds", "correctness", "edit_similarity", "latency", "tone",
            ]
        )
        #expect(suites[0]?["cases"]?.elements.map { $0["outcome"]?.string } == ["pass", "failure", "failure", "pass"])
        #expect(suites[0]?["cases"]?[2]?["message"] == "it is 965")
        #expect(suites[1]?["cases"]?.count == 180)
        #expect(suites[1]?["cases"]?[0]?["name"] == "row 1 (repeat 1)")
        #expect(suites[1]?["cases"]?[0]?["message"] == "no does not satisfy yes")
        #expect(suites[1]?["cases"]?[51]?["outcome"] == "error")
        #expect(suites[4]?["cases"]?[0]?["outcome"] == "skipped")
    }

    @Test("the golden document of a small run")
    func golden() async throws {
        let rows = [
            Samples.row(0, id: "a", duration: 1_250, [.boolean(true)]),
            Samples.row(
                1,
                inputs: ["q": "1 < 2"],
                outputs: "no",
                expectations: ["expected_response": "yes"],
                [.boolean(false, rationale: "it isn't")]
            ),
            Samples.row(2, id: "c", [.errored(ScorerError(code: "timeout", message: "late"))]),
            Samples.row(3, id: "d", [.skipped("nothing")]),
        ]
        let missed = ThresholdOutcome(
            threshold: Threshold(metric: "exact/mean", bound: Bound(.atLeast, 0.8)),
            value: 0.5,
            missed: "it is 0.5000"
        )
        let text = try await document(Samples.small(rows: rows, outcomes: [missed]), rows)
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="Default · run" tests="5" failures="2" errors="1" time="1.500">
                  <testsuite name="thresholds" tests="1" failures="1" errors="0" skipped="0" time="0.000">
                    <testcase name="exact/mean &gt;= 0.8" classname="thresholds"><failure message="it is 0.5000" \
                type="threshold">The value is 0.5000.</failure></testcase>
                  </testsuite>
                  <testsuite name="exact" tests="4" failures="1" errors="1" skipped="1" time="1.250">
                    <testcase name="a" classname="exact" time="1.250"/>
                    <testcase name="row 2" classname="exact"><failure message="false does not satisfy yes" \
                type="pass">rationale: it isn&#39;t
                inputs: {&quot;q&quot;:&quot;1 &lt; 2&quot;}
                outputs: no
                expectations: {&quot;expected_response&quot;:&quot;yes&quot;}
                </failure></testcase>
                    <testcase name="c" classname="exact"><error message="late" type="timeout">late</error></testcase>
                    <testcase name="d" classname="exact"><skipped message="nothing"/></testcase>
                  </testsuite>
                </testsuites>

                """
        )
    }

    @Test("no row breaks the document", arguments: Hostile.all.indices)
    func hostile(index: Int) async throws {
        let hostile = Hostile.all[index]
        let facts = [ScorerFacts(name: hostile, pass: .labels([hostile, "x"]))]
        let rows = [
            Samples.row(
                0,
                id: hostile,
                inputs: .object([(hostile, JSON(hostile))]),
                outputs: JSON(hostile),
                [.boolean(false, rationale: hostile)]
            ),
            Samples.row(1, id: hostile, [.errored(ScorerError(code: hostile, message: hostile))]),
            Samples.row(2, id: hostile, [.skipped(hostile)]),
            Samples.row(3, id: hostile, [.feedback(Feedback(.text(hostile)))]),
        ]
        let suites = try await read(Samples.small(facts, rows: rows, name: hostile), rows)
        let cases = suites[1]?["cases"]
        #expect(cases?.elements.map { $0["outcome"]?.string } == ["failure", "error", "skipped", "pass"])
        #expect(cases?[0]?["name"]?.string == Printable.line(hostile))
        #expect(cases?[0]?["text"]?.string?.contains("rationale: " + Printable.text(hostile)) == true)
    }

    @Test("a run without rows, thresholds or rules is a document all the same")
    func empty() async throws {
        #expect(try await read(Samples.small([]), []) == [["name": "thresholds", "cases": []]])
        #expect(try await read(Samples.small(), [])[1]?["cases"] == [])
    }

    @Test("a row that could not be read is an error of each scorer; one without a value of the scorer's own is skipped")
    func unread() async throws {
        let rows = [
            Samples.row(0, failure: ScorerError(code: "read", message: "not JSON"), []),
            Samples.row(1, [.feedback(Feedback(.number(1), name: "precision"))]),
        ]
        let suites = try await read(Samples.small(rows: rows), rows)
        #expect(suites[1]?["cases"]?.elements.map { $0["outcome"]?.string } == ["error", "skipped"])
    }

    @Test("the document comes in pieces, and long texts are cut")
    func pieces() async throws {
        let output = JSON(String(repeating: "long ", count: 200_000))
        let report = Samples.small()
        var (largest, total) = (0, 0)
        try await JUnitReport.write(
            report,
            rows: { body throws(Diagnostic) in
                for place in 0..<500 { try await body(Samples.row(place, outputs: output, [.boolean(false)])) }
            },
            to: {
                largest = max(largest, $0.count)
                total += $0.count
            }
        )
        #expect(total > 2_000_000)
        #expect(largest < 100_000)
    }
}
