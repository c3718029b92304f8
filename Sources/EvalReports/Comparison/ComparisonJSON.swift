// A comparison for programs.

internal import EvalCore
public import EvalJSON

/// Two runs side by side as one JSON object.
public enum ComparisonJSON {
    /// Renders a comparison; what is not known is null.
    public static func render(_ comparison: RunComparison) -> JSON {
        [
            "left": run(comparison.left),
            "right": run(comparison.right),
            "metrics": .object(comparison.metrics.map { ($0.name, metric($0)) }),
            "paired": JSON(comparison.paired),
            "only_left": unpaired(comparison.onlyLeft),
            "only_right": unpaired(comparison.onlyRight),
            "scorers": .object(comparison.scorers.map { ($0.name, scorer($0)) }),
            "differences": .array(
                comparison.origins.map { origin in
                    ["what": JSON(origin.what), "left": text(origin.left), "right": text(origin.right)]
                }
            ),
        ]
    }

    private static func run(_ record: RunRecord) -> JSON {
        [
            "run_id": JSON(record.listing.id.hexadecimal), "run_name": JSON(record.listing.name),
            "experiment": JSON(record.listing.experiment), "rows": JSON(record.listing.rows),
            "errors": JSON(record.listing.errors),
        ]
    }

    private static func metric(_ pair: RunComparison.MetricPair) -> JSON {
        let intervals = JSONReport.intervals([pair.left, pair.right].compactMap(\.self))
        func interval(_ metric: Metric?) -> JSON {
            metric.flatMap { JSONReport.intervals([$0])[$0.name] } ?? .null
        }
        return [
            "left": number(pair.left?.value), "right": number(pair.right?.value),
            "difference": number(pair.difference),
            "higher_is_better": flag(pair.higherIsBetter), "better": flag(pair.isBetter),
            "left_interval": intervals.count == 0 ? nil : interval(pair.left),
            "right_interval": intervals.count == 0 ? nil : interval(pair.right),
        ]
    }

    private static func scorer(_ scorer: ScorerChanges) -> JSON {
        [
            "compared": JSON(scorer.compared), "better": JSON(scorer.betterCount), "worse": JSON(scorer.worseCount),
            "pass_to_fail": JSON(scorer.passToFail), "fail_to_pass": JSON(scorer.failToPass),
            "newly_errored": JSON(scorer.newErrors), "no_longer_errored": JSON(scorer.goneErrors),
            "lower_is_better": JSON(scorer.lowerIsBetter), "direction_assumed": JSON(scorer.isAssumed),
            "better_rows": .array(scorer.better.map(change)), "worse_rows": .array(scorer.worse.map(change)),
            "newly_errored_rows": .array(scorer.newlyErrored.map { JSON($0) }),
        ]
    }

    private static func change(_ change: RowChange) -> JSON {
        [
            "row": JSON(change.name),
            "left_ordinal": JSON(change.ordinals.left), "right_ordinal": JSON(change.ordinals.right),
            "left": number(change.left.value), "right": number(change.right.value),
            "difference": number(change.difference),
            "left_pass": number(change.left.passShare), "right_pass": number(change.right.passShare),
        ]
    }

    private static func unpaired(_ unpaired: RunComparison.Unpaired) -> JSON {
        ["count": JSON(unpaired.count), "rows": .array(unpaired.names.map { JSON($0) })]
    }

    private static func number(_ number: Double?) -> JSON { number.map { JSON($0) } ?? .null }
    private static func flag(_ flag: Bool?) -> JSON { flag.map { JSON($0) } ?? .null }
    private static func text(_ text: String?) -> JSON { text.map { JSON($0) } ?? .null }
}
