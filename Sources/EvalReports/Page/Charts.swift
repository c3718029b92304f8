// Small charts as SVG. Places are percentages, so that a chart is as wide as its cell; each says in words what it shows.

internal import EvalCore
internal import Foundation

/// Charts of the page.
enum Charts {
    /// A metric on its scale: a dot, the whisker of its interval, a band for rows with errors, and demands.
    static func whisker(_ metric: Metric, _ report: Report) -> Markup {
        guard let value = metric.value, value.isFinite, let scale = scale(of: metric, report) else { return "" }
        func at(_ number: Double) -> String {
            percent((number - scale.lowerBound) / (scale.upperBound - scale.lowerBound))
        }
        var words = "\(metric.name) is \(report.value(metric))"
        var marks: Markup = ""
        if let (_, bounds) = report.bounds.first(where: { $0.metric == metric.name }) {
            let width = (bounds.high - bounds.low) / (scale.upperBound - scale.lowerBound)
            marks += #"<rect class="lost" x="\#(at(bounds.low))" y="3" width="\#(percent(width))" height="14" rx="2"/>"#
            words += ", \(Numbers.interval(bounds.low, bounds.high)) with errored rows as worst and best"
        }
        marks += #"<line class="axis" x1="0" x2="100%" y1="10" y2="10"/>"#
        if let interval = metric.interval {
            let (low, high) = (at(interval.low), at(interval.high))
            marks += #"<line class="reach" x1="\#(low)" x2="\#(high)" y1="10" y2="10"/>"#
            marks += #"<line class="reach" x1="\#(low)" x2="\#(low)" y1="6" y2="14"/>"#
            marks += #"<line class="reach" x1="\#(high)" x2="\#(high)" y1="6" y2="14"/>"#
            words += ", 95 % interval \(Numbers.interval(interval.low, interval.high))"
        }
        for outcome in report.outcomes
        where outcome.threshold.metric == metric.name || outcome.threshold.parts.metric == metric.name {
            let place = at(outcome.threshold.bound.value)
            let kind = outcome.missed == nil ? "demand" : "demand bad"
            marks += #"<line class="\#(kind)" x1="\#(place)" x2="\#(place)" y1="1" y2="19"/>"#
            words += "; demanded is \(outcome.threshold)"
        }
        marks += #"<circle class="dot" cx="\#(at(value))" cy="10" r="4.5"/>"#
        return #"""
            <svg width="100%" height="31" role="img" aria-label="\#(words)"><title>\#(words)</title>\#(marks)\#
            <text x="0" y="30">\#(short(scale.lowerBound))</text>\#
            <text x="100%" y="30" text-anchor="end">\#(short(scale.upperBound))</text></svg>
            """#
    }

    /// What a metric is drawn on: the scorer's range, or from 0 to a round number; nil for what is no place.
    ///
    /// A range that is only there so that there is one, such as that of a count, would show every value at its beginning.
    private static func scale(of metric: Metric, _ report: Report) -> ClosedRange<Double>? {
        guard let aggregation = metric.aggregation, let value = metric.value else { return nil }
        switch aggregation {
        case .passRate, .share, .passAtLeastOnce, .passAlways: return 0...1
        case .variance, .standardError, .scored, .errors: return nil
        case .mean, .min, .max, .median, .p90:
            if let range = report.facts(metric.scorer)?.range, range.lowerBound < range.upperBound,
                range.contains(value), range.upperBound - range.lowerBound <= max(1e6, 100 * abs(value))
            {
                return range
            }
            let low = min(0, value, metric.interval?.low ?? 0)
            let high = max(0, value, metric.interval?.high ?? 0)
            guard high > low, (high - low).isFinite else { return nil }
            return (low < 0 ? -round(-low) : 0)...(high > 0 ? round(high) : 0)
        }
    }

    /// The next 1, 2 or 5 times a power of ten.
    private static func round(_ number: Double) -> Double {
        let power = pow(10, log10(number).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= number } ?? number
    }

    /// How often a scorer was asked, and what came of it, as one bar.
    static func account(_ account: Account) -> Markup {
        guard account.rows > 0 else { return "" }
        let parts = [(account.scored, "scored"), (account.errored, "errored"), (account.skipped, "skipped")]
        var marks: Markup = ""
        var start = 0.0
        for (count, word) in parts where count > 0 {
            let share = Double(count) / Double(account.rows)
            marks += #"""
                <rect class="part \#(word)" x="\#(percent(start))" y="0" width="\#(percent(share))" height="10">\#
                <title>\#(Numbers.grouped(count)) \#(word)</title></rect>
                """#
            start += share
        }
        let counts = parts.map { "\(Numbers.grouped($0)) \($1)" }.joined(separator: ", ")
        let words = "\(Numbers.count(account.rows, account.scope.rawValue)): \(counts)"
        var keys: Markup = ""
        for (count, word) in parts {
            keys += #"""
                <li><svg width="9" height="9" aria-hidden="true"><rect class="part \#(word)" width="9" height="9"/></svg>\#
                \#(Numbers.grouped(count)) \#(word)</li>
                """#
        }
        return #"""
            <div><svg width="100%" height="10" role="img" aria-label="\#(words)"><title>\#(words)</title>\#(marks)</svg>\#
            <ul class="key">\#(keys)</ul></div>
            """#
    }

    /// A bar of a list.
    static func bar(_ share: Double, isBad: Bool) -> Markup {
        #"""
        <svg width="100%" height="10" aria-hidden="true"><rect class="track" width="100%" height="10" rx="2"/>\#
        <rect class="\#(isBad ? "bar bad" : "bar")" width="\#(percent(share))" height="10" rx="2"/></svg>
        """#
    }

    /// Bars of a histogram; those that don't pass are of another colour.
    static func histogram(_ histogram: Histogram, _ facts: ScorerFacts) -> Markup {
        let bars = histogram.bars
        guard let first = bars.first, let last = bars.last, let most = bars.map(\.count).max(), most > 0 else {
            return ""
        }
        let step = 1 / Double(bars.count)
        var marks: Markup = ""
        for (place, bin) in bars.enumerated() where bin.count > 0 {
            let height = max(1.5, Double(bin.count) / Double(most) * 64)
            // A bar is bad if none of its values passes.
            let isBad = facts.pass.map { !$0.passes(.number(bin.low)) && !$0.passes(.number(bin.high)) } ?? false
            let ends = "\(Numbers.plain(bin.low)) to \(Numbers.plain(bin.high)): \(Numbers.count(bin.count, "value"))"
            marks += #"""
                <rect class="\#(isBad ? "bar bad" : "bar")" x="\#(percent(step * (Double(place) + 0.06)))" \#
                y="\#(String(format: "%.1f", 64 - height))" width="\#(percent(step * 0.88))" \#
                height="\#(String(format: "%.1f", height))"><title>\#(ends)</title></rect>
                """#
        }
        let words =
            "\(Numbers.count(histogram.count, "value")) from \(Numbers.plain(histogram.least))"
            + " to \(Numbers.plain(histogram.greatest))"
        return #"""
            <svg width="100%" height="65" role="img" aria-label="\#(words)"><title>\#(words)</title>\#(marks)\#
            <line class="axis" x1="0" x2="100%" y1="64.5" y2="64.5"/></svg>\#
            <div class="axis-ends"><span>\#(short(first.low))</span><span>\#(words)</span>\#
            <span>\#(short(last.high))</span></div>
            """#
    }

    private static func percent(_ share: Double) -> String {
        String(format: "%.2f%%", min(1, max(0, share.isFinite ? share : 0)) * 100)
    }

    private static func short(_ number: Double) -> String { String(format: "%.6g", number) }
}
