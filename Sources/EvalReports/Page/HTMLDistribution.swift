// The values of one scorer on the page: bars by label where there are few different ones, else a histogram.

internal import EvalCore
internal import Foundation

/// A distribution on the page.
enum HTMLDistribution {
    private struct Line {
        var label: String
        var count: Int
        var isBad: Bool
    }

    /// Renders the values of a scorer; nothing where it has none.
    static func render(_ distribution: Distribution, _ facts: ScorerFacts) -> Markup {
        var result = Markup()
        let numbers = distribution.numbers
        if let distinct = numbers.distinct, !distinct.isEmpty, distinct.count <= 6 {
            let lines = distinct.sorted { $0.key < $1.key }
                .map { value, count in
                    let isBad = facts.pass.map { !$0.passes(.number(value)) } ?? false
                    return Line(label: Numbers.plain(value), count: count, isBad: isBad)
                }
            result += table(lines)
        } else if numbers.count > 0 {
            let chart = Charts.histogram(numbers, facts)
            result += "<div>\(chart)</div>"
        }
        let (labels, others) = distribution.top(8)
        if !labels.isEmpty {
            var lines = labels.map { label, count in
                let value: FeedbackValue =
                    label == "true" ? .boolean(true) : label == "false" ? .boolean(false) : .text(label)
                let isBad = facts.pass.map { !$0.passes(value) && !$0.passes(.text(label)) } ?? false
                return Line(label: label, count: count, isBad: isBad)
            }
            if others > 0 { lines.append(Line(label: "other values", count: others, isBad: false)) }
            result += table(lines)
        }
        if distribution.objects > 0 {
            result += #"<p class="soft small">\#(Numbers.count(distribution.objects, "object"))</p>"#
        }
        return result
    }

    private static func table(_ lines: [Line]) -> Markup {
        let all = max(1, lines.reduce(0) { $0 + $1.count })
        let rows = lines.map { line -> Markup in
            let share = Double(line.count) / Double(all)
            let percent = String(format: "%.0f %%", share * 100)
            return #"""
                <tr><th scope="row"><bdi>\#(line.label)</bdi>\#(line.isBad ? " (fails)" : "")</th>\#
                <td class="track-cell">\#(Charts.bar(share, isBad: line.isBad))</td>\#
                <td class="number">\#(Numbers.grouped(line.count))</td><td class="number soft">\#(percent)</td></tr>
                """#
        }
        return #"<table class="counts"><tbody>\#(Markup(rows))</tbody></table>"#
    }
}
