// The report for CI systems that collect tests: thresholds are one suite, and each scorer with a pass rule is one with a
// test for each row, or session. Rows pass by and are never kept; since the counts come first in the file, they pass by once to be
// counted and once more for each suite.

public import EvalCore
internal import EvalJSON
internal import Foundation

/// A run as JUnit's XML, as Jenkins (junit-10.xsd), GitLab and others read it.
public struct JUnitReport {
    /// Gives every row of a run, in order, to a closure; it is called several times.
    public typealias Rows = (
        _ body: (FinishedRow) async throws(Diagnostic) -> Void
    ) async throws(Diagnostic) -> Void

    /// The most bytes of one text of a row.
    private static let textBytes = 4 << 10

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0
        var milliseconds: Int64 = 0
    }

    /// What a row is to a suite.
    private enum Outcome {
        case passed, failed
        case errored(ScorerError)
        case skipped(String)
    }

    private let report: Report
    /// The scorers that have a pass rule, by their places in a row's verdicts.
    private let judged: [(place: Int, facts: ScorerFacts, rule: PassRule)]
    private var buffer = ""

    /// Writes a report.
    ///
    /// - Parameters:
    ///   - report: The run with its scorers' facts.
    ///   - rows: Gives the run's rows; it must give the same ones each time.
    ///   - sink: Takes the document, a piece at a time.
    /// - Throws: What `rows` throws.
    public static func write(_ report: Report, rows: @escaping Rows, to sink: ([UInt8]) -> Void)
        async throws(Diagnostic)
    {
        var writer = JUnitReport(report)
        try await writer.write(rows, to: sink)
    }

    private init(_ report: Report) {
        self.report = report
        judged = report.scorers.enumerated()
            .compactMap { place, facts in facts.pass.map { (place, facts, $0) } }
    }

    private mutating func write(_ rows: @escaping Rows, to sink: ([UInt8]) -> Void) async throws(Diagnostic) {
        var counts = [Counts](repeating: Counts(), count: judged.count)
        if !judged.isEmpty {
            try await rows { row throws(Diagnostic) in
                for index in judged.indices { count(row, index, &counts[index]) }
            }
        }
        var thresholds = Counts()
        thresholds.tests = report.outcomes.count
        thresholds.failures = report.missed
        let all = counts + [thresholds]
        add(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="\(report.experiment) · \(report.runName)" tests="\(all.reduce(0) { $0 + $1.tests })" \
            failures="\(all.reduce(0) { $0 + $1.failures })" errors="\(all.reduce(0) { $0 + $1.errors })" \
            time="\(Self.seconds(report.summary.durationMilliseconds))">

            """
        )
        open("thresholds", thresholds)
        for outcome in report.outcomes { add(outcome) }
        add("  </testsuite>\n")
        for index in judged.indices {
            open(judged[index].facts.name, counts[index])
            try await rows { row throws(Diagnostic) in
                add(row, index)
                if buffer.utf8.count > 1 << 16 { flush(to: sink) }
            }
            add("  </testsuite>\n")
        }
        add("</testsuites>\n")
        flush(to: sink)
    }

    private func outcome(_ row: FinishedRow, _ index: Int) -> Outcome {
        switch row.verdict(of: judged[index].place) {
        case .errored(let error): .errored(error)
        case .skipped(let reason): .skipped(reason)
        case nil: .skipped("the row was not scored")
        case let verdict?:
            switch verdict.passes(judged[index].rule) {
            case true?: .passed
            case false?: .failed
            case nil: .skipped("no values")
            }
        }
    }

    /// Whether the row has a test in a suite: a session is one test, of its first row.
    private func isTest(_ row: FinishedRow, _ index: Int) -> Bool {
        judged[index].facts.scope == .row || row.verdict(of: judged[index].place) != nil
    }

    private func count(_ row: FinishedRow, _ index: Int, _ counts: inout Counts) {
        guard isTest(row, index) else { return }
        counts.tests += 1
        counts.milliseconds += milliseconds(row, index) ?? 0
        switch outcome(row, index) {
        case .passed: break
        case .failed: counts.failures += 1
        case .errored: counts.errors += 1
        case .skipped: counts.skipped += 1
        }
    }

    /// How long the row took; a session's first row says nothing of the session's time.
    private func milliseconds(_ row: FinishedRow, _ index: Int) -> Int64? {
        judged[index].facts.scope == .session ? nil : row.trace.durationMilliseconds
    }

    private mutating func open(_ name: String, _ counts: Counts) {
        add(
            """
              <testsuite name="\(name)" tests="\(counts.tests)" failures="\(counts.failures)" \
            errors="\(counts.errors)" skipped="\(counts.skipped)" time="\(Self.seconds(counts.milliseconds))">

            """
        )
    }

    private mutating func add(_ outcome: ThresholdOutcome) {
        let value = outcome.value.map(Numbers.plain) ?? "undefined"
        add("    <testcase name=\"\(outcome.threshold.description)\" classname=\"thresholds\"")
        guard let missed = outcome.missed else { return add("/>\n") }
        add("><failure message=\"\(missed)\" type=\"threshold\">The value is \(value).</failure></testcase>\n")
    }

    private mutating func add(_ row: FinishedRow, _ index: Int) {
        guard isTest(row, index) else { return }
        let (place, facts, rule) = judged[index]
        let repeats = report.summary.repeats
        let name = facts.scope == .session ? row.sessionName(repeats: repeats) : row.name(repeats: repeats)
        add("    <testcase name=\"\(name)\" classname=\"\(facts.name)\"")
        if let duration = milliseconds(row, index) { add(" time=\"\(Self.seconds(duration))\"") }
        switch outcome(row, index) {
        case .passed: add("/>\n")
        case .failed:
            let verdict = row.verdict(of: place)
            let value = Excerpt(verdict?.shownValue ?? "", limit: 500).cell(200)
            add("><failure message=\"\(value) does not satisfy \(rule.description)\" type=\"pass\">")
            if let rationale = verdict?.rationale { add(Self.passage("rationale", Text(rationale))) }
            let root = facts.scope == .session ? nil : row.trace.root
            if let inputs = root?.inputs { add(Self.passage("inputs", inputs.textOfValue)) }
            if let outputs = root?.outputs { add(Self.passage("outputs", outputs.textOfValue)) }
            if facts.scope == .row, let expected = row.expectations {
                add(Self.passage("expectations", expected.textOfValue))
            }
            add("</failure></testcase>\n")
        case .errored(let error):
            let message = Excerpt(error.message, limit: 500).cell(500)
            add("><error message=\"\(message)\" type=\"\(error.code)\">")
            add(.text(Excerpt(error.message, limit: Self.textBytes).text))
            add("</error></testcase>\n")
        case .skipped(let reason):
            add("><skipped message=\"\(Excerpt(reason, limit: 500).cell(500))\"/></testcase>\n")
        }
    }

    private static func passage(_ title: String, _ text: Text) -> Markup {
        let excerpt = Excerpt(text, limit: textBytes)
        let note: Markup? = excerpt.note.map { "\n\($0)" }
        return "\(title): \(.text(excerpt.text))\(note)\n"
    }

    private mutating func add(_ markup: Markup) { buffer += markup.source }

    private mutating func flush(to sink: ([UInt8]) -> Void) {
        sink(Array(buffer.utf8))
        buffer.removeAll(keepingCapacity: true)
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        String(format: "%.3f", Double(milliseconds) / 1000)
    }
}
