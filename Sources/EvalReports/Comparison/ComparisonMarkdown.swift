// A comparison for a comment on a pull request.

internal import EvalCore

/// Two runs side by side as GitHub-flavoured Markdown.
public enum ComparisonMarkdown {
    /// Renders a comparison.
    ///
    /// - Parameters:
    ///   - comparison: What was compared, after its `finish()`.
    ///   - limit: The most bytes.
    /// - Returns: The document.
    public static func render(_ comparison: RunComparison, limit: Int = MarkdownReport.commentBytes) -> String {
        var document = BoundedDocument(limit: limit)
        let names = [comparison.left, comparison.right]
            .map { Markdown.code(Excerpt($0.listing.name, limit: 200).cell(200)) }
        document.add("### \(names[0]) → \(names[1])\n\n")
        document.add("| metric | \(names[0]) | \(names[1]) | difference | |\n|:--|--:|--:|--:|:--|\n")
        for (index, pair) in comparison.metrics.enumerated() {
            let mark = pair.isBetter.map { $0 ? "✅ better" : "❌ worse" } ?? ComparisonWords.verdict(pair)
            let cells = [
                Markdown.code(pair.name), ComparisonWords.value(pair.left), ComparisonWords.value(pair.right),
                pair.difference.map(Numbers.signed) ?? "–", mark,
            ]
            if !document.addIfRoom(Markdown.row(cells), reserve: 2_048) {
                document.add("\n\(Numbers.count(comparison.metrics.count - index, "more metric")) left out.\n")
                break
            }
        }
        document.add("\n\(ComparisonWords.pairing(comparison)).\n\n")
        for scorer in comparison.scorers { changes(scorer, &document) }
        unpaired("Only in the first run", comparison.onlyLeft, &document)
        unpaired("Only in the second run", comparison.onlyRight, &document)
        origins(comparison, &document)
        return document.text
    }

    private static func changes(_ scorer: ScorerChanges, _ document: inout BoundedDocument) {
        let summary = Markup("\(ComparisonWords.changes(scorer))").source
        var table: Markup = "<table><tr><th>row</th><th>passing</th><th>value</th></tr>"
        for change in scorer.worse + scorer.better {
            table += "\n<tr><td><code>\(change.name)</code></td><td>\(change.passes ?? "")</td>"
            table += "<td>\(change.values ?? "")</td></tr>"
        }
        for name in scorer.newlyErrored {
            table += "\n<tr><td><code>\(name)</code></td><td>newly errored</td><td></td></tr>"
        }
        table += "</table>"
        let isEmpty = scorer.worse.isEmpty && scorer.better.isEmpty && scorer.newlyErrored.isEmpty
        let body = isEmpty ? "No row changed." : table.source
        if document.addIfRoom("<details><summary>\(summary)</summary>\n\n\(body)\n\n</details>\n\n") { return }
        _ = document.addIfRoom("\(Markdown.text(ComparisonWords.changes(scorer)))\n\n")
    }

    private static func unpaired(
        _ title: String,
        _ unpaired: RunComparison.Unpaired,
        _ document: inout BoundedDocument
    ) {
        guard unpaired.count > 0 else { return }
        let names = unpaired.names.map { Markdown.code($0) }.joined(separator: ", ")
        let more = unpaired.count > unpaired.names.count ? ", …" : ""
        let summary = "\(title): \(Numbers.count(unpaired.count, "record"))"
        _ = document.addIfRoom("<details><summary>\(summary)</summary>\n\n\(names)\(more)\n\n</details>\n\n")
    }

    private static func origins(_ comparison: RunComparison, _ document: inout BoundedDocument) {
        guard !comparison.origins.isEmpty else { return _ = document.addIfRoom("The runs have the same origin.\n") }
        var table = "| differs | \(Markdown.code("A")) | \(Markdown.code("B")) |\n|:--|:--|:--|\n"
        for origin in comparison.origins {
            table += Markdown.row([
                Markdown.code(origin.what), origin.left.map { Markdown.code($0) } ?? "none",
                origin.right.map { Markdown.code($0) } ?? "none",
            ])
        }
        let summary = Numbers.count(comparison.origins.count, "difference") + " of origin"
        _ = document.addIfRoom("<details><summary>\(summary)</summary>\n\n\(table)\n</details>\n")
    }
}
