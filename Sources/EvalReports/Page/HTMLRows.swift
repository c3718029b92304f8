// The part of the page that is about rows: the worst ones, errors, and flaky records.

internal import EvalCore

/// Rows on the page.
enum HTMLRows {
    /// Texts that are longer are folded.
    private static let foldedBytes = 700

    /// The worst rows.
    static func worst(_ highlights: RowHighlights) -> Markup {
        let rows = highlights.worst
        guard !rows.isEmpty else { return "" }
        let failing = highlights.failing
        var lead = "\(Numbers.count(rows.count, "row")) of \(Numbers.grouped(highlights.rows)), the worst one first"
        if failing > 0 {
            lead += "; \(Numbers.count(failing, "row")) in all \(failing == 1 ? "fails" : "fail") a pass rule"
        }
        return """
            <section id="rows" aria-labelledby="rows-title"><h2 id="rows-title">Worst rows</h2>
            <p class="soft">\(lead).</p>
            \(Markup(rows.map(row)))</section>

            """
    }

    private static func row(_ row: ShownRow) -> Markup {
        let failed = row.judgements.filter { $0.outcome == .failed || $0.outcome == .errored }
        let badges = Markup(
            failed.map { judgement in
                let kind = judgement.outcome == .failed ? "bad" : "warn"
                let word = judgement.outcome == .failed ? "fails" : "error in"
                return #"<span class="badge \#(kind)">\#(word) \#(judgement.scorer)</span>"#
            }
        )
        let columns = [
            Markup(row.inputs.map { text("inputs", $0.name, $0.text) }),
            row.outputs.map { text("outputs", "", $0) } ?? #"<h4>outputs</h4><p class="soft">There are none.</p>"#,
            Markup(row.expectations.map { text("expectations", $0.name, $0.text) }),
        ]
        let texts = Markup(columns.filter { !$0.source.isEmpty }.map { "<div>\($0)</div>" })
        return #"""
            <article class="row"><header><h3><bdi>\#(row.name)</bdi></h3>\#(badges)</header>
            <div class="texts">\#(texts)</div>
            <table class="judgements" role="table"><thead role="rowgroup"><tr role="row">\#
            <th scope="col" role="columnheader">scorer</th><th scope="col" role="columnheader">verdict</th>\#
            <th scope="col" role="columnheader">value</th><th scope="col" role="columnheader">rationale</th></tr></thead>
            <tbody role="rowgroup">\#(Markup(row.judgements.map(judgement)))</tbody></table></article>

            """#
    }

    private static func judgement(_ judgement: ShownRow.Judgement) -> Markup {
        let kind =
            switch judgement.outcome {
            case .passed: "good"
            case .failed: "bad"
            case .errored: "warn"
            case .scored, .skipped: ""
            }
        return #"""
            <tr role="row"><th scope="row" role="rowheader">\#(.name(judgement.scorer))</th>\#
            <td role="cell"><span class="badge \#(kind)">\#(judgement.outcome.word)</span></td>\#
            <td class="wide" role="cell"><bdi>\#(judgement.value.cell(200))</bdi></td>\#
            <td class="rationale" role="cell">\#(judgement.rationale.map(rationale))</td></tr>
            """#
    }

    private static func rationale(_ excerpt: Excerpt) -> Markup {
        if excerpt.text.utf8.count <= foldedBytes, excerpt.omittedBytes == 0 { return .text(excerpt.text) }
        let beginning = excerpt.cut(to: foldedBytes / 2)
        let note: Markup? = excerpt.note.map { #" <span class="soft">\#($0)</span>"# }
        return #"""
            \#(.text(beginning.text))…<details><summary>Show more (\#(Numbers.grouped(excerpt.text.utf8.count)) bytes)\#
            </summary>\#(.text(excerpt.text))\#(note)</details>
            """#
    }

    private static func text(_ part: String, _ field: String, _ excerpt: Excerpt) -> Markup {
        let title = field.isEmpty ? part : "\(part) · \(field)"
        if excerpt.text.utf8.count <= foldedBytes, excerpt.omittedBytes == 0 {
            let body: Markup = excerpt.text.isEmpty ? #"<span class="soft">(empty)</span>"# : .text(excerpt.text)
            return #"<h4>\#(title)</h4><div class="text" dir="auto">\#(body)</div>"#
        }
        let beginning = excerpt.cut(to: foldedBytes / 2)
        let note: Markup? = excerpt.note.map { #"<p class="soft">\#($0)</p>"# }
        return #"""
            <h4>\#(title)</h4><div class="text" dir="auto">\#(.text(beginning.text))…</div>\#
            <details><summary>Show more (\#(Numbers.grouped(excerpt.text.utf8.count)) bytes)</summary>\#
            <div class="text" dir="auto" tabindex="0">\#(.text(excerpt.text))</div>\#(note)</details>
            """#
    }

    /// Errors by message.
    static func errors(_ highlights: RowHighlights) -> Markup {
        guard !highlights.errors.isEmpty else { return "" }
        let groups = highlights.errors.sorted { $0.rows > $1.rows }
        let rows = groups.map { group -> Markup in
            #"""
            <tr><td class="number value">\#(Numbers.grouped(group.rows))</td>\#
            <th scope="row"><code>\#(group.code)</code><br><bdi class="soft">\#(group.message.cell(1_000))</bdi></th>\#
            <td class="wide beside">\#(group.scorers.joined(separator: ", "))</td>\#
            <td class="wide"><bdi>\#(group.examples.joined(separator: ", "))</bdi></td></tr>
            """#
        }
        let others = highlights.otherErrors
        let more: Markup? =
            others == 0 ? nil : #"<p class="soft">\#(Numbers.count(others, "more row")) with other errors.</p>"#
        return #"""
            <section id="errors" aria-labelledby="errors-title"><h2 id="errors-title">Errors</h2>
            <table><thead><tr><th scope="col" class="number">rows</th><th scope="col">error</th>\#
            <th scope="col" class="beside">scorers</th><th scope="col">for example</th></tr></thead>
            <tbody>\#(Markup(rows))</tbody></table>\#(more)</section>

            """#
    }

    /// Records whose repetitions pass once and fail once.
    static func flaky(_ highlights: RowHighlights) -> Markup {
        guard highlights.flakyCount > 0 else { return "" }
        let rows = highlights.flaky.map { record -> Markup in
            let passes = record.passes.map { "\($0.scorer): \($0.passed) of \($0.of) pass" }.joined(separator: ", ")
            return #"<tr><th scope="row"><bdi>\#(record.name)</bdi></th><td class="wide">\#(passes)</td></tr>"#
        }
        let rest = highlights.flakyCount - highlights.flaky.count
        let more: Markup? = rest == 0 ? nil : #"<p class="soft">\#(Numbers.count(rest, "more record")).</p>"#
        return #"""
            <section id="flaky" aria-labelledby="flaky-title"><h2 id="flaky-title">Flaky records</h2>
            <p class="soft">Of their repetitions some pass and some fail.</p>
            <table><thead><tr><th scope="col">record</th><th scope="col">repetitions</th></tr></thead>
            <tbody>\#(Markup(rows))</tbody></table>\#(more)</section>

            """#
    }
}
