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
        var texts = Markup()
        for field in row.inputs { texts += text(field.name.isEmpty ? "inputs" : "inputs · \(field.name)", field.text) }
        if let outputs = row.outputs { texts += text("outputs", outputs) }
        for field in row.expectations {
            texts += text(field.name.isEmpty ? "expectations" : "expectations · \(field.name)", field.text)
        }
        if row.outputs == nil { texts += #"<div><h4>outputs</h4><p class="soft">There are none.</p></div>"# }
        return #"""
            <article class="row"><header><h3><bdi>\#(row.name)</bdi></h3>\#(badges)</header>
            <div class="texts">\#(texts)</div>
            <table class="judgements"><thead><tr><th scope="col">scorer</th><th scope="col">verdict</th>\#
            <th scope="col">value</th><th scope="col">rationale</th></tr></thead>
            <tbody>\#(Markup(row.judgements.map(judgement)))</tbody></table></article>

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
        let rationale: Markup = judgement.rationale.map { .text($0.text) } ?? ""
        let more: Markup = judgement.rationale?.note.map { #" <span class="soft">\#($0)</span>"# } ?? ""
        return #"""
            <tr><th scope="row">\#(judgement.scorer)</th><td><span class="badge \#(kind)">\#(judgement.outcome.word)</span></td>\#
            <td class="wide"><bdi>\#(judgement.value.cell(200))</bdi></td><td class="rationale">\#(rationale)\#(more)</td></tr>
            """#
    }

    private static func text(_ title: String, _ excerpt: Excerpt) -> Markup {
        if excerpt.text.utf8.count <= foldedBytes, excerpt.omittedBytes == 0 {
            let body: Markup = excerpt.text.isEmpty ? #"<span class="soft">(empty)</span>"# : .text(excerpt.text)
            return #"<div><h4>\#(title)</h4><div class="text" dir="auto">\#(body)</div></div>"#
        }
        let beginning = excerpt.cut(to: foldedBytes / 2)
        let note: Markup? = excerpt.note.map { #"<p class="soft">\#($0)</p>"# }
        return #"""
            <div><h4>\#(title)</h4><div class="text" dir="auto">\#(.text(beginning.text))…</div>\#
            <details><summary>Show \#(Numbers.grouped(excerpt.text.utf8.count)) bytes of it</summary>\#
            <div class="text" dir="auto" tabindex="0">\#(.text(excerpt.text))</div>\#(note)</details></div>
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
