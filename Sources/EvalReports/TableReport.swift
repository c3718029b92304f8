// The report that a terminal shows.

internal import EvalCore

/// The metrics of a run as a table for the terminal.
public enum TableReport {
    /// Renders a report; every metric is named in full.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - color: Whether missed demands and errors are red.
    /// - Returns: The text with its last end of line.
    public static func render(_ report: Report, color: Bool = false) -> String {
        let summary = report.summary
        var lines = ["\(report.experiment) · \(report.runName) · \(report.dataSource)"]
        var rows: [[String]] = [["metric", "value", "scored", "errored", "skipped"]]
        for metric in summary.metrics {
            let scorer = String(metric.name.prefix { $0 != "/" })
            let account = summary.accounts.first { $0.scorer == scorer }?.account ?? Account()
            var value = metric.value.map(Numbers.plain) ?? "–"
            if let unit = report.units[scorer], metric.value != nil, !metric.name.hasSuffix("rate") {
                value += " \(unit)"
            }
            rows.append(
                [metric.name, value] + [account.scored, account.errored, account.skipped].map(Numbers.grouped)
            )
        }
        lines += align(rows).enumerated()
            .map { index, line in
                color && index == 0 ? "\u{1B}[2m\(line)\u{1B}[0m" : line
            }
        for scorer in report.textual {
            lines.append("  \(scorer): its values are text and are not aggregated")
        }
        let errors = summary.errors == 0 ? "no errors" : "\(Numbers.grouped(summary.errors)) with errors"
        let noun = summary.rows == 1 ? "row" : "rows"
        lines.append(
            "\(Numbers.grouped(summary.rows)) \(noun), \(paint(errors, summary.errors > 0 && color)), "
                + "\(Numbers.duration(milliseconds: summary.durationMilliseconds)) · run \(report.runID)"
        )
        for outcome in report.outcomes where outcome.missed == nil {
            lines.append("  holds: \(outcome.threshold) (\(outcome.value.map(Numbers.plain) ?? "–"))")
        }
        lines += report.notes.map { "note: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func paint(_ text: String, _ red: Bool) -> String {
        red ? "\u{1B}[31m\(text)\u{1B}[0m" : text
    }

    /// Columns of equal width: the first to the left, numbers to the right.
    static func align(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = " "
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? " " + cell + padding : "  " + padding + cell
            }
            return line
        }
    }
}

extension ThresholdOutcome {
    /// The line that is printed for a missed demand; nil if it holds.
    public var missedLine: String? {
        missed.map { "missed: \(threshold): \($0)" }
    }
}
