// The report that a terminal shows, from 20 columns on: a table where it fits, else one metric under another.

internal import EvalCore

/// The metrics of a run for the terminal.
public enum TableReport {
    /// Renders a report; every metric is named in full.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - color: Whether errors are red.
    ///   - width: The columns of the terminal; nil where lines may be of any length.
    /// - Returns: The text with its last end of line.
    public static func render(_ report: Report, color: Bool = false, width: Int? = nil) -> String {
        let summary = report.summary
        var lines = Lines(width: width, color: color)
        lines.add([report.experiment, report.runName, report.dataSource].map(Printable.line).joined(separator: " · "))
        if !lines.addTable(table(report)) { stack(report, &lines) }
        for (scorer, line) in report.sessionLines { lines.add(Printable.line("\(scorer) \(line)"), indent: 2) }
        for (metric, bounds) in report.bounds {
            let interval = Numbers.interval(bounds.low, bounds.high).replacing(" ", with: Lines.glue)
            let unit = report.account(Metric(name: metric, value: nil).scorer).scope.rawValue
            let rows = Numbers.count(bounds.errored, "errored \(unit)")
            lines.add("\(metric) is in \(interval) with \(rows) as worst and as best", indent: 2)
        }
        for metric in report.summary.metrics {
            guard let note = report.intervalNote(metric) else { continue }
            lines.add(Printable.line("\(metric.name) has no interval: \(note)"), indent: 2)
        }
        for scorer in report.textual {
            lines.add("\(scorer): its values are text and are not aggregated", indent: 2)
        }
        let errors = summary.errors == 0 ? "no errors" : "\(Numbers.grouped(summary.errors)) with errors"
        lines.add(
            "\(Numbers.count(summary.rows, "row")), \(errors), "
                + "\(Numbers.duration(milliseconds: summary.durationMilliseconds)) · run \(report.runID)",
            style: summary.errors > 0 ? .red : .plain
        )
        if let flaky = report.flakyLine { lines.add(flaky) }
        if let tokens = summary.tokens { lines.add("tokens \(Numbers.tokens(tokens))") }
        if let cost = summary.costUSD { lines.add("cost \(Numbers.cost(cost).replacing(" ", with: Lines.glue))") }
        if let judges = report.judgesLine { lines.add(judges) }
        for outcome in report.outcomes where outcome.missed == nil {
            let value = outcome.value.map(Numbers.plain) ?? "–"
            lines.add(Printable.line("holds: \(outcome.threshold) (\(value))"), indent: 2)
        }
        for note in report.notes { lines.add("note: \(Printable.line(note))") }
        return lines.text
    }

    private static func table(_ report: Report) -> [[String]] {
        let hasIntervals = report.summary.metrics.contains { $0.interval != nil }
        var rows = [["metric", "value", hasIntervals ? "95 % interval" : "", "scored", "errored", "skipped"]]
        for metric in report.summary.metrics {
            let interval = metric.interval.map { Numbers.interval($0.low, $0.high) } ?? ""
            rows.append([Printable.line(metric.name), report.value(metric), interval] + counts(report, metric.scorer))
        }
        for scorer in unmeasured(report) { rows.append([Printable.line(scorer), "–", ""] + counts(report, scorer)) }
        return rows
    }

    private static func counts(_ report: Report, _ scorer: String) -> [String] {
        let account = report.account(scorer)
        return [account.scored, account.errored, account.skipped].map { Numbers.grouped($0) }
    }

    /// Scorers without a metric, whose account is told all the same.
    private static func unmeasured(_ report: Report) -> [String] {
        let measured = Set(report.summary.metrics.map(\.scorer))
        return report.summary.accounts.map(\.scorer).filter { !measured.contains($0) }
    }

    private static func stack(_ report: Report, _ lines: inout Lines) {
        func account(_ scorer: String) {
            let counts = zip(counts(report, scorer), ["scored", "errored", "skipped"])
            lines.add(counts.map { "\($0)\(Lines.glue)\($1)" }.joined(separator: ", "), indent: 4)
        }
        for metric in report.summary.metrics {
            lines.add(Printable.line(metric.name), indent: 2)
            var value = report.value(metric)
            if let interval = metric.interval {
                value += " " + Numbers.interval(interval.low, interval.high).replacing(" ", with: Lines.glue)
            }
            lines.add(value, indent: 4)
            account(metric.scorer)
        }
        for scorer in unmeasured(report) {
            lines.add(Printable.line(scorer), indent: 2)
            account(scorer)
        }
    }
}
