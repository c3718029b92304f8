// What GitHub Actions shows of a run: annotations, which are lines on standard output, and the page of the job.

internal import EvalCore

/// A run for a workflow of GitHub Actions.
public enum GitHubReport {
    /// The most annotations of a kind that GitHub shows of one step.
    static let annotationsOfAKind = 10
    /// The largest summary that GitHub takes of one step; a larger one is refused as a whole.
    public static let summaryBytes = 1 << 20

    /// The workflow commands: an error for each missed threshold, a warning for each kind of error, and a notice with
    /// the metrics.
    ///
    /// The syntax is that of "Workflow commands for GitHub Actions" in GitHub's documentation.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - highlights: What was seen in its rows; nil where nobody looked.
    /// - Returns: Lines for standard output.
    public static func annotations(_ report: Report, _ highlights: RowHighlights? = nil) -> String {
        let missed = report.outcomes.compactMap { outcome in
            outcome.missed.map { command("error", "Threshold missed", "\(outcome.threshold): \($0)") }
        }
        let warnings = (highlights?.errors ?? [])
            .map { group in
                let rows = "\(Numbers.count(group.rows, "row")), for example \(group.examples.joined(separator: ", "))"
                return command("warning", group.code, "\(group.message.cell(500)) (\(rows))")
            }
        let metrics = report.summary.metrics.prefix(20)
            .map { metric in
                let interval = metric.interval.map { " " + Numbers.interval($0.low, $0.high) } ?? ""
                return "\(metric.name) \(report.value(metric))\(interval)"
            }
        var notices = [command("notice", "\(report.experiment) · \(report.runName)", metrics.joined(separator: "\n"))]
        if let flaky = report.flakyLine { notices.append(command("notice", "Flaky", flaky)) }
        return (bounded(missed, "error") + bounded(warnings, "warning") + notices).joined()
    }

    /// The Markdown for `$GITHUB_STEP_SUMMARY`.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - highlights: What was seen in its rows; nil where nobody looked.
    ///   - limit: The most bytes: what other steps of the job leave of ``summaryBytes``.
    /// - Returns: The document.
    public static func summary(
        _ report: Report,
        _ highlights: RowHighlights? = nil,
        limit: Int = summaryBytes
    ) -> String {
        MarkdownReport.render(report, highlights, limit: min(limit, summaryBytes), textBytes: 8_000)
    }

    private static func bounded(_ commands: [String], _ kind: String) -> [String] {
        guard commands.count > annotationsOfAKind else { return commands }
        let rest = commands.count - annotationsOfAKind + 1
        return commands.prefix(annotationsOfAKind - 1) + [command(kind, "And more", "\(rest) more of this kind")]
    }

    /// A workflow command: `::error title=…::…` and its end of line.
    static func command(_ kind: String, _ title: String, _ message: String) -> String {
        // Lines of our own joints stay lines; what acts in a text is shown.
        let message = Printable.text(message).replacing("%", with: "%25").replacing("\r", with: "%0D")
            .replacing("\n", with: "%0A")
        let title = Printable.line(title).replacing("%", with: "%25").replacing(":", with: "%3A")
            .replacing(",", with: "%2C")
        return "::\(kind) title=\(title)::\(message)\n"
    }
}
