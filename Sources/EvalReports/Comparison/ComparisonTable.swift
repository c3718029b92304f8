// A comparison for the terminal, from 20 columns on.

internal import EvalCore

/// Two runs side by side for the terminal.
public enum ComparisonTable {
    /// Renders a comparison.
    ///
    /// - Parameters:
    ///   - comparison: What was compared, after its `finish()`.
    ///   - color: Whether better is green and worse is red.
    ///   - width: The columns of the terminal; nil where lines may be of any length.
    ///   - rows: The most rows of each list.
    /// - Returns: The text with its last end of line.
    public static func render(
        _ comparison: RunComparison,
        color: Bool = false,
        width: Int? = nil,
        rows: Int = 10
    ) -> String {
        var lines = Lines(width: width, color: color)
        for (letter, run) in [("A", comparison.left), ("B", comparison.right)] {
            let started = Numbers.time(milliseconds: run.listing.startedMilliseconds)
            let words =
                "\(letter): \(run.listing.experiment) · \(run.listing.name) · \(started) · run \(run.listing.id)"
            lines.add(Printable.line(words))
        }
        if !lines.addTable(table(comparison)) { stack(comparison, &lines) }
        lines.add(ComparisonWords.pairing(comparison))
        for scorer in comparison.scorers { changes(scorer, rows, &lines) }
        unpaired("only in A", comparison.onlyLeft, rows, &lines)
        unpaired("only in B", comparison.onlyRight, rows, &lines)
        lines.add(comparison.origins.isEmpty ? "the runs have the same origin" : "what differs in their origin:")
        for origin in comparison.origins {
            let words = "\(origin.what): \(origin.left ?? "none") → \(origin.right ?? "none")"
            lines.add(Printable.line(words), indent: 2)
        }
        return lines.text
    }

    private static func table(_ comparison: RunComparison) -> [[String]] {
        var rows = [["metric", "A", "B", "difference", ""]]
        for pair in comparison.metrics {
            rows.append([
                Printable.line(pair.name), ComparisonWords.value(pair.left), ComparisonWords.value(pair.right),
                pair.difference.map(Numbers.signed) ?? "–", ComparisonWords.verdict(pair),
            ])
        }
        return rows
    }

    private static func stack(_ comparison: RunComparison, _ lines: inout Lines) {
        for pair in comparison.metrics {
            lines.add(Printable.line(pair.name), indent: 2)
            for (letter, metric) in [("A", pair.left), ("B", pair.right)] {
                let value = ComparisonWords.value(metric).replacing(" [", with: "\u{0}")
                    .replacing(" ", with: Lines.glue)
                lines.add("\(letter) \(value.replacing("\u{0}", with: " ["))", indent: 4)
            }
            if let difference = pair.difference {
                lines.add("\(Numbers.signed(difference)) \(ComparisonWords.verdict(pair))", indent: 4)
            }
        }
    }

    private static func changes(_ scorer: ScorerChanges, _ rows: Int, _ lines: inout Lines) {
        lines.add(Printable.line(ComparisonWords.changes(scorer)))
        for (word, list, count, style) in [
            ("worse", scorer.worse, scorer.worseCount, Lines.Style.red),
            ("better", scorer.better, scorer.betterCount, Lines.Style.green),
        ] {
            for change in list.prefix(rows) {
                let parts = [change.passes, change.values].compactMap(\.self).joined(separator: ", ")
                lines.add(Printable.line("\(word)  \(change.name)  \(parts)"), indent: 2, style: style)
            }
            let rest = count - min(rows, list.count)
            if rest > 0 { lines.add("and \(Numbers.grouped(rest)) more \(word)", indent: 2) }
        }
        if scorer.newErrors > 0 {
            let names = scorer.newlyErrored.prefix(rows).joined(separator: ", ")
            let more = scorer.newErrors > min(rows, scorer.newlyErrored.count) ? ", …" : ""
            lines.add(Printable.line("new errors  \(names)\(more)"), indent: 2, style: .red)
        }
    }

    private static func unpaired(
        _ words: String,
        _ unpaired: RunComparison.Unpaired,
        _ rows: Int,
        _ lines: inout Lines
    ) {
        guard unpaired.count > 0 else { return }
        let names = unpaired.names.prefix(rows).joined(separator: ", ")
        let more = unpaired.count > min(rows, unpaired.names.count) ? ", …" : ""
        lines.add(Printable.line("\(words): \(Numbers.grouped(unpaired.count)) (\(names)\(more))"))
    }
}

/// Words that the renderings of a comparison share.
enum ComparisonWords {
    /// A value with its interval.
    static func value(_ metric: Metric?) -> String {
        guard let metric else { return "none" }
        guard let value = metric.value else { return "–" }
        return Numbers.plain(value) + (metric.interval.map { " " + Numbers.interval($0.low, $0.high) } ?? "")
    }

    /// `better`, `worse`, or nothing where nobody can say.
    static func verdict(_ pair: RunComparison.MetricPair) -> String {
        pair.isBetter.map { $0 ? "better" : "worse" } ?? (pair.difference == 0 ? "same" : "")
    }

    /// How many records have a partner.
    static func pairing(_ comparison: RunComparison) -> String {
        let lost = comparison.onlyLeft.count + comparison.onlyRight.count
        return "\(Numbers.count(comparison.paired, "record")) in both runs"
            + (lost > 0 ? ", \(Numbers.grouped(lost)) in one only" : "")
    }

    /// What became of a scorer's judgements in one line.
    static func changes(_ scorer: ScorerChanges) -> String {
        let same = scorer.compared - scorer.betterCount - scorer.worseCount
        var parts = [
            "\(Numbers.grouped(scorer.betterCount)) better", "\(Numbers.grouped(scorer.worseCount)) worse",
            "\(Numbers.grouped(same)) the same",
        ]
        if scorer.passToFail > 0 { parts.append("\(Numbers.grouped(scorer.passToFail)) pass less") }
        if scorer.failToPass > 0 { parts.append("\(Numbers.grouped(scorer.failToPass)) pass more") }
        if scorer.newErrors > 0 { parts.append("\(Numbers.grouped(scorer.newErrors)) newly errored") }
        if scorer.goneErrors > 0 { parts.append("\(Numbers.grouped(scorer.goneErrors)) no longer errored") }
        let note = scorer.isAssumed && scorer.compared > 0 ? " (higher is taken for better)" : ""
        return "\(scorer.name): \(parts.joined(separator: ", "))\(note)"
    }
}
