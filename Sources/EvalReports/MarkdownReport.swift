// The report for a comment on a pull request. It is cut to what GitHub takes, rows first, metrics last.

public import EvalCore

/// A run as GitHub-flavoured Markdown.
public enum MarkdownReport {
    /// The longest comment that GitHub takes.
    public static let commentBytes = 65_536

    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - highlights: What was seen in its rows; nil where nobody looked.
    ///   - limit: The most bytes.
    ///   - textBytes: The most bytes of one text of a row.
    /// - Returns: The document.
    public static func render(
        _ report: Report,
        _ highlights: RowHighlights? = nil,
        limit: Int = commentBytes,
        textBytes: Int = 1_000
    ) -> String {
        var document = BoundedDocument(limit: limit)
        document.add(head(report))
        metrics(report, &document)
        thresholds(report, &document)
        for note in report.notes { _ = document.addIfRoom("> \(Markdown.text(note))\n\n") }
        if let highlights {
            errors(highlights, &document)
            flaky(highlights, &document)
            rows(highlights, textBytes, &document)
        }
        _ = document.addIfRoom(foot(report), reserve: 0)
        return document.text
    }

    private static func head(_ report: Report) -> String {
        let summary = report.summary
        var facts = [Numbers.count(summary.rows, "row")]
        facts.append(summary.errors == 0 ? "no errors" : "**\(Numbers.grouped(summary.errors)) with errors**")
        if summary.repeats > 1 { facts.append("\(summary.repeats) repeats") }
        facts.append(Numbers.duration(milliseconds: summary.durationMilliseconds))
        if let tokens = summary.tokens { facts.append("tokens \(Numbers.tokens(tokens))") }
        if let cost = summary.costUSD { facts.append("cost \(Numbers.cost(cost))") }
        if let judges = report.judgesLine { facts.append(judges) }
        var text = "### \(Markdown.text(Excerpt(report.experiment, limit: 200).cell(200)))"
        text += " · \(Markdown.text(Excerpt(report.runName, limit: 200).cell(200)))\n\n"
        if let verdict = report.verdict { text += "\(report.missed == 0 ? "✅" : "❌") **\(verdict)** · " }
        return text + facts.joined(separator: ", ") + "\n\n"
    }

    private static func metrics(_ report: Report, _ document: inout BoundedDocument) {
        let metrics = report.summary.metrics
        guard !metrics.isEmpty else { return }
        document.add("| metric | value | 95 % interval | scored | errored | skipped |\n|:--|--:|:-:|--:|--:|--:|\n")
        for (index, metric) in metrics.enumerated() {
            let account = report.account(metric.scorer)
            let interval = metric.interval.map { Numbers.interval($0.low, $0.high) }
            let why = report.intervalNote(metric).map { "<sub>\(Markdown.text($0))</sub>" }
            let cells =
                [Markdown.code(metric.name), Markdown.text(report.value(metric)), interval ?? why ?? ""]
                + [account.scored, account.errored, account.skipped].map { Numbers.grouped($0) }
            if !document.addIfRoom(Markdown.row(cells), reserve: 768) {
                document.add("\n\(Numbers.count(metrics.count - index, "more metric")) left out.\n")
                break
            }
        }
        document.add("\n")
        let sessions = report.sessionLines.map { "\(Markdown.code($0.scorer)) \(Markdown.text($0.line))." }
        if !sessions.isEmpty { _ = document.addIfRoom(sessions.joined(separator: " ") + "\n\n") }
        let bounds = report.bounds.prefix(20)
        guard !bounds.isEmpty else { return }
        let list = bounds.map { "\(Markdown.code($0.metric)) in \(Numbers.interval($0.bounds.low, $0.bounds.high))" }
        _ = document.addIfRoom("With what errored as worst and as best: \(list.joined(separator: ", ")).\n\n")
    }

    private static func thresholds(_ report: Report, _ document: inout BoundedDocument) {
        guard !report.outcomes.isEmpty else { return }
        document.add("| | threshold | value | |\n|:-:|:--|--:|:--|\n")
        // The missed ones first: they are what the reader came for.
        let sorted = report.outcomes.filter { $0.missed != nil } + report.outcomes.filter { $0.missed == nil }
        for (index, outcome) in sorted.enumerated() {
            let cells = [
                outcome.missed == nil ? "✅" : "❌", Markdown.code(outcome.threshold.description),
                outcome.value.map(Numbers.plain) ?? "–", Markdown.text(outcome.missed ?? ""),
            ]
            if !document.addIfRoom(Markdown.row(cells), reserve: 512) {
                document.add("\n\(Numbers.count(sorted.count - index, "more threshold")) left out.\n")
                break
            }
        }
        document.add("\n")
    }

    private static func errors(_ highlights: RowHighlights, _ document: inout BoundedDocument) {
        guard !highlights.errors.isEmpty else { return }
        var table: Markup = "<table><tr><th>rows</th><th>error</th><th>scorers</th><th>for example</th></tr>"
        for group in highlights.errors {
            let error = "\(group.code): \(group.message.cell(300))"
            let examples = group.examples.joined(separator: ", ")
            let scorers = group.scorers.joined(separator: ", ")
            table += "\n<tr><td>\(group.rows)</td><td><code>\(error)</code></td><td><code>\(scorers)</code></td>"
            table += "<td><code>\(examples)</code></td></tr>"
        }
        table += "</table>"
        let others = highlights.otherErrors
        let more = others == 0 ? "" : "\n\n\(Numbers.count(others, "more row")) with other errors."
        let summary = "Errors by message"
        if !document.addIfRoom(details(summary, table.source + more)) { document.add("Errors are left out.\n\n") }
    }

    private static func flaky(_ highlights: RowHighlights, _ document: inout BoundedDocument) {
        guard highlights.flakyCount > 0 else { return }
        var table: Markup = "<table><tr><th>record</th><th>passes</th></tr>"
        for record in highlights.flaky {
            let passes = record.passes.map { "\($0.scorer) \($0.passed) of \($0.of)" }.joined(separator: ", ")
            table += "\n<tr><td><code>\(record.name)</code></td><td><code>\(passes)</code></td></tr>"
        }
        table += "</table>"
        let summary = Numbers.count(highlights.flakyCount, "flaky record")
        _ = document.addIfRoom(details(summary, table.source))
    }

    private static func rows(_ highlights: RowHighlights, _ textBytes: Int, _ document: inout BoundedDocument) {
        let rows = highlights.worst
        guard !rows.isEmpty else { return }
        let failing = highlights.failing > 0 ? ": \(Numbers.grouped(highlights.failing)) fail a pass rule" : ""
        guard document.addIfRoom("<details><summary>Worst rows\(failing)</summary>\n\n", reserve: 1_024) else { return }
        for (index, row) in rows.enumerated() {
            if !document.addIfRoom(text(of: row, textBytes), reserve: 768) {
                document.add("\(Numbers.count(rows.count - index, "more row")) left out: the comment is full.\n\n")
                break
            }
        }
        document.add("</details>\n\n")
    }

    private static func text(of row: ShownRow, _ textBytes: Int) -> String {
        var text = "**\(Markdown.code(row.name))**\n\n"
        for judgement in row.judgements {
            let mark =
                switch judgement.outcome {
                case .passed: "✅"
                case .failed: "❌"
                case .errored: "⚠️"
                case .scored, .skipped: "·"
                }
            let value = judgement.value.cell(80)
            text += "- \(mark) \(Markdown.code(judgement.scorer))"
            text += value.isEmpty ? " \(judgement.outcome.word)" : " \(Markdown.code(value))"
            if let rationale = judgement.rationale { text += " \(Markdown.code(rationale.cell(300)))" }
            text += "\n"
        }
        text += "\n"
        func add(_ title: String, _ excerpt: Excerpt) {
            let short = excerpt.cut(to: textBytes)
            text += "\(title)\n\n\(Markdown.block(short.text))\n\n"
            if let note = short.note { text += "\(Markdown.text(note))\n\n" }
        }
        for field in row.inputs { add(title("inputs", field.name), field.text) }
        if let outputs = row.outputs { add("outputs", outputs) }
        for field in row.expectations { add(title("expectations", field.name), field.text) }
        return text
    }

    private static func title(_ part: String, _ field: String) -> String {
        field.isEmpty ? part : "\(part) \(Markdown.code(field))"
    }

    private static func details(_ summary: String, _ body: String) -> String {
        "<details><summary>\(summary)</summary>\n\n\(body)\n\n</details>\n\n"
    }

    private static func foot(_ report: Report) -> String {
        var parts = ["run \(Markdown.code(report.runID.hexadecimal))"]
        let provenance = report.provenance
        if let version = provenance.hostVersion { parts.append("evalhost \(Markdown.text(version))") }
        if let commit = provenance.gitCommit {
            parts.append("commit \(Markdown.code(commit))\(provenance.gitDirty == true ? " with changes" : "")")
        }
        parts.append("data \(Markdown.code(Excerpt(report.dataSource, limit: 300).cell(300)))")
        return "<sub>\(parts.joined(separator: " · "))</sub>\n"
    }
}
