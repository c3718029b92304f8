import EvalCore
import EvalJSON
import Testing

@testable import EvalReports

@Suite struct RunComparisonTests {
    private static let exact: JSON = ["name": "exact", "scorer": "exact_match", "version": "1", "pass": "yes"]
    private static let cost: JSON = ["name": "cost", "scorer": "cost", "version": "1", "pass": "<= 5"]
    private static let free: JSON = ["name": "free", "scorer": "free", "version": "1"]

    private func record(
        _ name: String,
        metrics: [Metric] = [],
        scorers: [JSON] = [exact, cost, free],
        configuration: JSON = ["seed": 1],
        version: String = "0.1.0",
        repeats: Int = 1
    ) -> RunRecord {
        RunRecord(
            listing: RunListing(
                id: PublicID(bits: 7),
                name: name,
                experimentID: 0,
                experiment: "Default",
                status: .finished,
                rows: 0,
                errors: 0,
                metrics: metrics,
                startedMilliseconds: 0,
                endedMilliseconds: 1,
                durationMilliseconds: 1
            ),
            hostVersion: version,
            configuration: configuration,
            configurationDigest: configuration.digest,
            dataSource: "rows.jsonl",
            machine: "here",
            owner: RunOwner(pid: 1, bootID: "boot", startTicks: 1),
            heartbeatMilliseconds: 0,
            scorers: scorers.map { provenance in
                let name = provenance["name"]?.string ?? ""
                let source = AssessmentSource(kind: .code, id: name)
                return ScorerRecord(name: name, provenance: provenance, source: source, account: nil)
            },
            repeats: repeats
        )
    }

    private func compare(_ left: RunRecord, _ a: [FinishedRow], _ right: RunRecord, _ b: [FinishedRow]) -> RunComparison
    {
        var comparison = RunComparison(left, right)
        for row in a { comparison.addLeft(row) }
        for row in b { comparison.addRight(row) }
        comparison.finish()
        return comparison
    }

    private func row(
        _ ordinal: Int,
        _ id: String?,
        _ input: String,
        _ verdicts: [Verdict] = [],
        repetition: Int = 0
    ) -> FinishedRow {
        Samples.row(ordinal, repetition: repetition, id: id, inputs: ["q": JSON(input)], verdicts)
    }

    @Test("rows are paired by id, else by input and occurrence; the others are listed")
    func pairing() {
        let a = [
            row(0, "a", "1"), row(1, nil, "2"), row(2, nil, "2"), row(3, "d", "4"), row(4, nil, "5"), row(5, "f", "6"),
        ]
        let b = [
            row(0, nil, "2"), row(1, "a", "changed"), row(2, nil, "2"), row(3, nil, "2"), row(4, "e", "4"),
            row(5, "new id", "5"), row(6, nil, "6"),
        ]
        let comparison = compare(record("A"), a, record("B"), b)
        #expect(comparison.paired == 5)
        #expect(comparison.onlyLeft.names == ["d"])
        #expect(comparison.onlyRight.names == ["row 4", "e"])
    }

    @Test("a row got better or worse by passing first, then by its value, in the scorer's own direction")
    func changes() {
        func verdicts(_ exact: Bool, _ cost: Double, _ free: Double) -> [Verdict] {
            [.boolean(exact), .number(cost), .number(free)]
        }
        let error = Verdict.errored(ScorerError(code: "timeout", message: "late"))
        let a = [
            row(0, "a", "", verdicts(true, 1, 1)), row(1, "b", "", verdicts(false, 9, 2)),
            row(2, "c", "", verdicts(true, 4, 3)), row(3, "d", "", verdicts(true, 1, 4)),
            row(4, "e", "", [error, error, error]),
        ]
        let b = [
            row(0, "a", "", verdicts(false, 2, 1)), row(1, "b", "", verdicts(true, 3, 1)),
            row(2, "c", "", verdicts(true, 4, 9)), row(3, "d", "", [error, .number(1), .number(4)]),
            row(4, "e", "", verdicts(true, 1, 1)),
        ]
        let comparison = compare(record("A"), a, record("B"), b)
        let (exact, cost, free) = (comparison.scorers[0], comparison.scorers[1], comparison.scorers[2])
        #expect(exact.worse.map(\.name) == ["a"])
        #expect(exact.worse[0].passes == "pass → fail")
        #expect(exact.better.map(\.name) == ["b"])
        #expect((exact.passToFail, exact.failToPass, exact.newErrors, exact.goneErrors) == (1, 1, 1, 1))
        #expect(exact.newlyErrored == ["d"])
        #expect(exact.compared == 3)
        // Lower is better, as the rule says.
        #expect(cost.worse.map(\.name) == ["a"])
        #expect(cost.better.map(\.name) == ["b"])
        #expect(!cost.isAssumed)
        #expect(free.isAssumed)
        #expect(free.better.map(\.name) == ["c"])
        #expect(free.worse[0].values == "2 → 1")
    }

    @Test("of several repeats the means of the records are compared")
    func repeats() {
        func rows(_ passes: [Bool]) -> [FinishedRow] {
            passes.enumerated().map { row(0, "a", "", [.boolean($1)], repetition: $0) }
        }
        let comparison = compare(
            record("A", repeats: 4),
            rows([true, true, true, false]),
            record("B", repeats: 2),
            rows([true, false])
        )
        #expect(comparison.paired == 1)
        #expect(comparison.scorers[0].worse[0].difference == -0.25)
        #expect(comparison.scorers[0].worse[0].passes == "0.7500 pass → 0.5000 pass")
        #expect(comparison.origins.map(\.what) == ["repeats"])
    }

    @Test("lists have a bound and keep the weightiest rows, counts have none")
    func bounded() {
        let a = (0..<3_000).map { row($0, "r\($0)", "", [.boolean(true), .number(1), .number(Double($0))]) }
        let b = (0..<2_000).map { row($0, "r\($0)", "", [.boolean(true), .number(1), .number(0)]) }
        let comparison = compare(record("A"), a, record("B"), b)
        #expect(comparison.scorers[2].worseCount == 1_999)
        #expect(comparison.scorers[2].worse.count == 25)
        #expect(comparison.scorers[2].worse.first?.name == "r1999")
        #expect(comparison.onlyLeft.count == 1_000)
        #expect(comparison.onlyLeft.names.count == 50)
        let text = ComparisonTable.render(comparison)
        #expect(text.contains("and 1,989 more worse"))
        #expect(text.contains("only in A: 1,000 (r2000, "))
    }

    @Test("what differs in the origin is named to the key")
    func origins() {
        let other: JSON = [
            "name": "exact", "scorer": "exact_match", "version": "2", "pass": "yes", "library_sha256": "ff",
            "configuration": ["fold": true],
        ]
        let comparison = compare(
            record("A", configuration: ["seed": 1, "judge": ["model": "m", "cache": "off"], "run_name": "A"]),
            [],
            record(
                "B",
                scorers: [other, Self.cost],
                configuration: ["seed": 1.0, "judge": ["model": "n", "cache": "off"], "run_name": "B"],
                version: "0.2.0"
            ),
            []
        )
        #expect(
            comparison.origins == [
                OriginDifference(what: "evalhost", left: "0.1.0", right: "0.2.0"),
                OriginDifference(what: "configuration judge model", left: "m", right: "n"),
                OriginDifference(what: "scorer exact: version", left: "1", right: "2"),
                OriginDifference(what: "scorer exact: library_sha256", left: nil, right: "ff"),
                OriginDifference(what: "scorer exact: configuration fold", left: nil, right: "true"),
                OriginDifference(what: "scorer free", left: "used", right: "not used"),
            ]
        )
    }

    private var metrics: (RunRecord, RunRecord) {
        (
            record(
                "A",
                metrics: [
                    Metric(name: "exact/mean", value: 0.5), Metric(name: "cost/mean", value: 2),
                    Metric(name: "cost/variance", value: 1),
                    Metric(name: "old/mean", value: nil),
                ]
            ),
            record(
                "B",
                metrics: [
                    Metric(
                        name: "exact/mean",
                        value: 0.75,
                        interval: Interval(low: 0.6, high: 0.85, method: .wilson, units: 20)
                    ), Metric(name: "cost/mean", value: 3), Metric(name: "cost/variance", value: 1),
                    Metric(name: "new/mean", value: 1),
                ]
            )
        )
    }

    @Test("metrics stand side by side with their difference and which one is better")
    func table() {
        let (left, right) = metrics
        let text = ComparisonTable.render(
            compare(left, [row(0, "a", "", [.boolean(true)])], right, [row(0, "a", "", [.boolean(false)])])
        )
        #expect(
            text == """
                A: Default · A · 1970-01-01 00:00:00 UTC · run 00000000000000000000000000000007
                B: Default · B · 1970-01-01 00:00:00 UTC · run 00000000000000000000000000000007
                  metric              A                    B  difference
                  exact/mean     0.5000  0.7500 [0.60, 0.85]     +0.2500  better
                  cost/mean           2                    3          +1   worse
                  cost/variance       1                    1           0    same
                  old/mean            –                 none           –
                  new/mean         none                    1           –
                1 record in both runs
                exact: 0 better, 1 worse, 0 the same, 1 pass less
                  worse  a  pass → fail, 1 → 0
                cost: 0 better, 0 worse, 0 the same
                free: 0 better, 0 worse, 0 the same
                the runs have the same origin

                """
        )
    }

    @Test("no line of a comparison is wider than the terminal, but for a name", arguments: [20, 40, 80])
    func widths(width: Int) {
        let (left, right) = metrics
        let rows = (0..<30).map { row($0, "row-\($0)", "", [.boolean($0 % 2 == 0), .number(1)]) }
        let text = ComparisonTable.render(compare(left, rows, right, rows.reversed().dropLast(3)), width: width)
        for line in text.split(separator: "\n") where Lines.columns(String(line)) > width {
            #expect(!line.trimmingPrefix { $0 == " " }.contains(" "), "\(line)")
        }
    }

    @Test("the JSON has both values, the difference and the lists")
    func json() {
        let (left, right) = metrics
        let json = ComparisonJSON.render(
            compare(
                left,
                [row(0, "a", "", [.boolean(true)])],
                right,
                [row(0, "a", "", [.boolean(false)]), row(1, "b", "")]
            )
        )
        #expect(json["metrics"]?["exact/mean"]?["difference"] == 0.25)
        #expect(json["metrics"]?["exact/mean"]?["better"] == true)
        #expect(json["metrics"]?["exact/mean"]?["right_interval"]?["units"] == 20)
        #expect(json["metrics"]?["cost/mean"]?["better"] == false)
        #expect(json["metrics"]?["old/mean"]?["right"]?.isNull == true)
        #expect(json["scorers"]?["exact"]?["worse_rows"]?[0]?["row"] == "a")
        #expect(json["scorers"]?["exact"]?["worse_rows"]?[0]?["difference"] == -1)
        #expect(json["only_right"] == ["count": 1, "rows": ["b"]])
    }

    @Test("the comment is bounded, and names can't break it", arguments: Hostile.all.indices)
    func markdown(index: Int) {
        let hostile = Hostile.all[index]
        let rows = (0..<200).map { row($0, hostile + "\($0)", "", [.boolean(true)]) }
        let others = (0..<200).map { row($0, hostile + "\($0 + 100)", "", [.boolean(false)]) }
        let comparison = compare(record(hostile), rows, record(hostile + "2", version: hostile), others)
        for limit in [4_000, 65_536] {
            let text = ComparisonMarkdown.render(comparison, limit: limit)
            #expect(text.utf8.count <= limit)
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
            let opened = text.split(separator: "<details>", omittingEmptySubsequences: false).count
            #expect(text.split(separator: "</details>", omittingEmptySubsequences: false).count == opened)
        }
        #expect(ComparisonMarkdown.render(comparison).contains("0 better, 100 worse"))
    }
}
