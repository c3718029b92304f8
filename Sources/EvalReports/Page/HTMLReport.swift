// The report as a page: one file that a pull request or a mail can carry. It loads nothing, runs nothing, and says so in
// its policy; what rows say is text in it and can't be anything else (see Markup).

public import EvalCore
internal import EvalJSON

/// A run as one self-contained HTML page.
public enum HTMLReport {
    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - highlights: What was seen in its rows; nil where nobody looked.
    /// - Returns: The document.
    public static func render(_ report: Report, _ highlights: RowHighlights? = nil) -> String {
        let parts: [(id: String, title: String, body: Markup)] = [
            ("thresholds", "Thresholds", thresholds(report)),
            ("metrics", "Metrics", metrics(report)),
            ("scorers", "Scorers", scorers(report, highlights)),
            ("rows", "Worst rows", highlights.map(HTMLRows.worst) ?? ""),
            ("errors", "Errors", highlights.map(HTMLRows.errors) ?? ""),
            ("flaky", "Flaky records", highlights.map(HTMLRows.flaky) ?? ""),
            ("origin", "Origin", origin(report)),
        ]
        let shown = parts.filter { !$0.body.source.isEmpty }
        let links = Markup(shown.map { ##"<li><a href="#\##($0.id)">\##($0.title)</a></li>"## })
        let policy = "default-src 'none'; style-src \(HTMLStyle.source); base-uri 'none'; form-action 'none'"
        let page: Markup =
            #"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\#(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
            <title>\#(report.runName) · \#(report.experiment)</title>
            <style>\#(Markup(trusted: HTMLStyle.sheet))</style></head>
            <body>
            \#(head(report))<nav aria-label="Parts of the report"><ul>\#(links)</ul></nav></header>
            <main>
            \#(Markup(shown.map(\.body)))</main>
            <footer>Run <code>\#(report.runID.hexadecimal)</code></footer>
            </body></html>

            """#
        return page.source
    }

    private static func head(_ report: Report) -> Markup {
        let summary = report.summary
        var figures: [(word: String, value: String, more: String?)] = [
            ("rows", Numbers.grouped(summary.rows), summary.repeats > 1 ? "\(summary.repeats) repeats" : nil),
            ("rows with errors", Numbers.grouped(summary.errors), nil),
        ]
        if summary.flakyRecords > 0 { figures.append(("flaky records", Numbers.grouped(summary.flakyRecords), nil)) }
        figures.append(("duration", Numbers.duration(milliseconds: summary.durationMilliseconds), nil))
        if let tokens = summary.tokens {
            let usage = tokens.value
            let parts = "\(Numbers.grouped(usage.inputTokens)) in, \(Numbers.grouped(usage.outputTokens)) out"
            figures.append(("tokens", (tokens.isPartial ? "≥ " : "") + Numbers.grouped(usage.totalTokens), parts))
        }
        if let cost = summary.costUSD {
            figures.append(("cost", Numbers.cost(cost), cost.isPartial ? "some rows have no price" : nil))
        }
        if let judges = summary.judges {
            let refused = judges.refused > 0 ? "\(Numbers.grouped(judges.refused)) refused" : nil
            figures.append(("judges' replies", Numbers.grouped(judges.replies), refused))
            if let cost = judges.costUSD {
                let why = cost.isPartial ? "some replies have no price" : nil
                figures.append(("judges' cost", Numbers.cost(cost), why))
            }
        }
        let list = figures.map { word, value, more -> Markup in
            let small: Markup? = more.map { "<small>\($0)</small>" }
            return "<div><dt>\(word)</dt><dd>\(value)\(small)</dd></div>"
        }
        var line = [Excerpt(report.dataSource, limit: 300).cell(300)]
        if let started = report.provenance.startedMilliseconds { line.append(Numbers.time(milliseconds: started)) }
        if summary.status != .finished { line.append(summary.status.rawValue) }
        let verdict: Markup? = report.verdict.map { words in
            let kind = report.missed == 0 ? "good" : "bad"
            return #"<p class="verdict"><span class="badge \#(kind)">\#(mark(report.missed == 0)) \#(words)</span></p>"#
        }
        let notes = Markup(report.notes.map { "<li>\($0)</li>" })
        let noteList: Markup? = report.notes.isEmpty ? nil : #"<ul class="notes">\#(notes)</ul>"#
        return #"""
            <header><p class="eyebrow"><bdi>\#(report.experiment)</bdi></p><h1><bdi>\#(report.runName)</bdi></h1>
            <p class="eyebrow"><bdi>\#(line.joined(separator: " · "))</bdi></p>\#(verdict)
            <dl class="figures">\#(Markup(list))</dl>\#(noteList)
            """#
    }

    private static func mark(_ holds: Bool) -> String { holds ? "✓" : "✕" }

    private static func thresholds(_ report: Report) -> Markup {
        guard !report.outcomes.isEmpty else { return "" }
        let sorted = report.outcomes.filter { $0.missed != nil } + report.outcomes.filter { $0.missed == nil }
        let hasReasons = sorted.contains { !why($0).isEmpty }
        let rows = sorted.map { outcome -> Markup in
            let reason: Markup? = hasReasons ? #"<td class="wide soft">\#(why(outcome))</td>"# : nil
            let holds = outcome.missed == nil
            let badge: Markup = #"""
                <span class="badge \#(holds ? "good" : "bad")">\#(mark(holds)) \#(holds ? "holds" : "missed")</span>
                """#
            return #"""
                <tr><td>\#(badge)</td><th scope="row"><code>\#(.name(outcome.threshold.description))</code></th>\#
                <td class="number value">\#(outcome.value.map(Numbers.plain) ?? "–")</td>\#(reason)</tr>
                """#
        }
        let reasons: Markup? = hasReasons ? #"<th scope="col">why</th>"# : nil
        return #"""
            <section id="thresholds" aria-labelledby="thresholds-title"><h2 id="thresholds-title">Thresholds</h2>
            <table><thead><tr><th scope="col">outcome</th><th scope="col">demanded</th>\#
            <th scope="col" class="number">value</th>\#(reasons)</tr></thead>
            <tbody>\#(Markup(rows))</tbody></table></section>

            """#
    }

    /// Why a demand is missed, where the value beside it doesn't say so.
    private static func why(_ outcome: ThresholdOutcome) -> String {
        guard let missed = outcome.missed else { return "" }
        return outcome.value.map { missed == "it is \(Numbers.plain($0))" } == true ? "" : missed
    }

    private static func metrics(_ report: Report) -> Markup {
        guard !report.summary.metrics.isEmpty else { return "" }
        let rows = report.summary.metrics.map { metric -> Markup in
            var interval = metric.interval.map { Numbers.interval($0.low, $0.high) }
            interval = interval ?? report.intervalNote(metric).map { "none: \($0)" }
            return #"""
                <tr><th scope="row"><code>\#(.name(metric.name))</code></th>\#
                <td class="number value">\#(report.value(metric))<span class="inset">\#(interval ?? "")</span></td>\#
                <td class="number soft beside">\#(interval ?? "")</td>\#
                <td class="plot">\#(Charts.whisker(metric, report))</td></tr>
                """#
        }
        let bounds: Markup? =
            report.bounds.isEmpty
            ? nil
            : #"""
            <p class="soft small">The pale band shows where a metric could be if every row with an error had the worst \#
            or the best value.</p>
            """#
        return #"""
            <section id="metrics" aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics</h2>
            <table><thead><tr><th scope="col">metric</th><th scope="col" class="number">value</th>\#
            <th scope="col" class="number beside">95 % interval</th><th scope="col">on its scale</th></tr></thead>
            <tbody>\#(Markup(rows))</tbody></table>\#(bounds)</section>

            """#
    }

    private static func scorers(_ report: Report, _ highlights: RowHighlights?) -> Markup {
        guard !report.summary.accounts.isEmpty else { return "" }
        let cards = report.summary.accounts.map { name, account -> Markup in
            let facts = report.facts(name)
            let place = highlights?.scorers.firstIndex { $0.name == name }
            var about: [String] = []
            if account.scope == .session { about.append("judges sessions") }
            if let facts {
                about.append(facts.scorer == name ? "" : facts.scorer)
                about.append(facts.version.map { "version \($0)" } ?? "")
                about.append(facts.pass.map { "passes if \($0)" } ?? "")
                about.append(facts.lowerIsBetter == true ? "lower is better" : "")
            }
            if report.textual.contains(name) { about.append("text, which is not aggregated") }
            let chart: Markup? =
                if let highlights, let place, !report.textual.contains(name) {
                    HTMLDistribution.render(highlights.distributions[place], highlights.scorers[place])
                } else { nil }
            return #"""
                <article><h3>\#(.name(name))</h3><p class="soft small">\#(about.filter { !$0.isEmpty }.joined(separator: " · "))</p>
                \#(Charts.account(account))\#(chart)</article>

                """#
        }
        return #"""
            <section id="scorers" aria-labelledby="scorers-title"><h2 id="scorers-title">Scorers</h2>
            <div class="scorers">\#(Markup(cards))</div></section>

            """#
    }

    private static func origin(_ report: Report) -> Markup {
        let lines = report.provenance.lines.map { word, value -> Markup in
            "<dt>\(word)</dt><dd><bdi>\(value)</bdi></dd>"
        }
        let configuration: Markup? = report.provenance.configuration.map { json in
            #"""
            <details><summary>Configuration</summary>\#
            <pre class="code" tabindex="0">\#(.text(Excerpt(json.indented, limit: 64 << 10).text))</pre></details>
            """#
        }
        guard !lines.isEmpty || configuration != nil else { return "" }
        return #"""
            <section id="origin" aria-labelledby="origin-title"><h2 id="origin-title">Origin</h2>
            <dl class="origin">\#(Markup(lines))</dl>\#(configuration)</section>

            """#
    }
}
