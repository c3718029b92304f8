import EvalCore
import EvalJSON
import Testing

@testable import EvalReports

private struct Fixed: RowScorer {
    let descriptor: ScorerDescriptor
    func score(_ row: Row) throws(ScorerError) -> Verdict { .number(1) }
}

@Suite struct ReportTests {
    private let instance = ScorerInstance(
        Fixed(
            descriptor: ScorerDescriptor("exact", help: "A test's.", reads: ["outputs"], value: .boolean, pass: .yes)
        ),
        aggregations: [.mean, .max, .share("a.lower")]
    )

    private func summary(_ metrics: [Metric], scored: Int = 10, errored: Int = 0, skipped: Int = 0) -> RunSummary {
        var account = Account()
        account.scored = scored
        account.errored = errored
        account.skipped = skipped
        return RunSummary(
            status: .finished,
            rows: account.rows,
            errors: errored,
            metrics: metrics,
            accounts: [("exact", account)],
            dataDigest: nil,
            durationMilliseconds: 0
        )
    }

    private func judge(_ metric: String, _ bound: Bound, _ summary: RunSummary) -> ThresholdOutcome {
        Threshold(metric: metric, bound: bound).judged(by: summary, allows: { errors, _ in errors == 0 }, skips: [])
    }

    @Test("a threshold on an end of the interval is judged by that end")
    func ends() {
        let interval = Interval(low: 0.6, high: 0.9, method: .wilson, units: 10)
        let summary = summary([Metric(name: "exact/mean", value: 0.8, interval: interval)])
        #expect(judge("exact/mean", Bound(.atLeast, 0.8), summary).missed == nil)
        #expect(judge("exact/mean.lower", Bound(.atLeast, 0.8), summary).missed == "it is 0.6000")
        #expect(judge("exact/mean.lower", Bound(.atLeast, 0.8), summary).value == 0.6)
        #expect(judge("exact/mean.upper", Bound(.above, 0.85), summary).missed == nil)
        let missed = judge("exact/mean.lower", Bound(.atLeast, 0.8), summary)
        #expect(missed.missedLine == "missed: exact/mean.lower >= 0.8: it is 0.6000")
    }

    @Test("what is undefined is missed, also the end of an interval that there is not")
    func undefined() {
        let summary = summary([Metric(name: "exact/mean", value: 0.8), Metric(name: "exact/max", value: nil)])
        #expect(judge("exact/max", Bound(.atLeast, 0), summary).missed == "it is undefined")
        #expect(judge("exact/mean.lower", Bound(.atLeast, 0), summary).missed == "the metric has no interval")
        #expect(judge("exact/mean.lower", Bound(.atLeast, 0), summary).value == nil)
    }

    @Test("errors and skips that are not allowed miss a threshold, whatever the number says")
    func allowance() {
        let metric = [Metric(name: "exact/mean", value: 1)]
        let bound = Bound(.atLeast, 0)
        #expect(judge("exact/mean", bound, summary(metric, errored: 1)).missed == "1 of 11 rows have an error")
        #expect(judge("exact/mean", bound, summary(metric, skipped: 1)).missed == "1 of 11 rows were skipped")
        #expect(judge("exact/mean.lower", bound, summary(metric, errored: 1)).missed == "1 of 11 rows have an error")
    }

    @Test("a label that ends in .lower is a label first")
    func labels() throws {
        let name = "exact/share:a.lower"
        let summary = summary([Metric(name: name, value: 0.25)])
        #expect(judge(name, Bound(.atLeast, 0.2), summary).missed == nil)
        try Threshold(metric: name, bound: Bound(.atLeast, 0.2)).check(against: [instance])
        try Threshold(metric: name + ".upper", bound: Bound(.atLeast, 0.2)).check(against: [instance])
    }

    @Test("a threshold that no scorer can produce is refused with the nearest one")
    func check() throws {
        func problem(_ metric: String) -> Diagnostic? {
            do throws(Diagnostic) {
                try Threshold(metric: metric, bound: Bound(.atLeast, 0)).check(against: [instance], repeats: 3)
                return nil
            } catch {
                return error
            }
        }
        for metric in ["exact/mean", "exact/mean.lower", "exact/pass_rate.upper", "exact/pass@3.lower", "exact/max"] {
            #expect(problem(metric) == nil, "\(metric)")
        }
        #expect(problem("exact/mean.lowr")?.message == "the scorers of this run produce no metric 'exact/mean.lowr'")
        #expect(problem("exact/meen.lower")?.suggestion == "exact/mean.lower")
        #expect(problem("exact/max.lower")?.message.hasPrefix("the metric 'exact/max' never has an interval") == true)
    }

    @Test("bounds fill errored rows in with the least and the greatest value; skipped ones are no part")
    func bounds() {
        func bounds(_ facts: ScorerFacts, _ metrics: [Metric], _ account: (Int, Int, Int)) -> [String: ErrorBounds] {
            var report = Samples.small([facts], metrics: metrics)
            report.summary.accounts = summary([], scored: account.0, errored: account.1, skipped: account.2).accounts
            return Dictionary(report.bounds.map { ($0.metric, $0.bounds) }, uniquingKeysWith: { $1 })
        }
        let metrics = [
            Metric(name: "exact/mean", value: 4), Metric(name: "exact/pass_rate", value: 0.5),
            Metric(name: "exact/max", value: 5), Metric(name: "exact/other/mean", value: 4),
        ]
        let five = ScorerFacts(name: "exact", range: 1...5)
        let some = bounds(five, metrics, (6, 2, 9))
        #expect(some["exact/mean"] == ErrorBounds(low: 3.25, high: 4.25, errored: 2))
        #expect(some["exact/pass_rate"] == ErrorBounds(low: 0.375, high: 0.625, errored: 2))
        #expect(some.count == 2)
        #expect(bounds(five, metrics, (6, 0, 3)).isEmpty)
        #expect(bounds(ScorerFacts(name: "exact"), metrics, (6, 2, 0)).keys.sorted() == ["exact/pass_rate"])
        let lost = bounds(five, [Metric(name: "exact/mean", value: nil)], (0, 2, 0))
        #expect(lost["exact/mean"] == ErrorBounds(low: 1, high: 5, errored: 2))
    }

    @Test("the facts of a scorer come from its descriptor, and of a stored one from its provenance")
    func facts() {
        let facts = ScorerFacts(instance)
        #expect(facts.range == 0...1)
        #expect(facts.lowerIsBetter == false)
        let record = ScorerRecord(
            name: "exact",
            provenance: instance.provenance,
            source: AssessmentSource(kind: .code, id: "exact"),
            account: nil
        )
        let stored = ScorerFacts(record)
        #expect(stored.pass == .yes)
        #expect(stored.version == "1")
        #expect(stored.range == nil)
        #expect(ScorerFacts(record, descriptor: instance.scorer.descriptor).range == 0...1)
        #expect(ScorerFacts(name: "x", pass: .bound(Bound(.atMost, 3))).lowerIsBetter == true)
        #expect(ScorerFacts(name: "x", pass: .labels(["a"])).lowerIsBetter == nil)
    }

    @Test("the JSON has every key of the contract, and null for what nobody measured")
    func json() throws {
        let empty = JSONReport.render(Samples.small(metrics: [Metric(name: "exact/mean", value: nil)]))
        #expect(empty["tokens"]?.isNull == true)
        #expect(empty["cost"]?.isNull == true)
        #expect(empty["intervals"] == ["exact/mean": nil])
        #expect(empty["metrics"] == ["exact/mean": nil])
        let report = JSONReport.render(Samples.report)
        #expect(report["tokens"] == ["input": 181_204, "output": 40_377, "total": 221_581, "partial": true])
        #expect(report["cost"] == ["usd": 1.2345, "partial": true])
        #expect(report["flaky_records"] == 5)
        #expect(report["repeats"] == 3)
        let interval = report["intervals"]?["latency/p90"]
        #expect(interval == ["low": 847, "high": 1083, "level": 0.95, "method": "bootstrap", "units": 60])
        #expect(report["bounds"]?["edit_similarity/mean"]?["errored"] == 9)
        let threshold: JSON = ["threshold": "latency/p90 <= 800", "value": 965, "holds": false, "why": "it is 965"]
        #expect(report["thresholds"]?[2] == threshold)
        #expect(report["thresholds"]?[0]?["why"]?.isNull == true)
    }
}
