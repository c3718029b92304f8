// The report that programs read.

public import EvalCore
public import EvalJSON

/// The metrics of a run as one JSON object.
public enum JSONReport {
    /// Renders a report; what nobody measured is null.
    public static func render(_ report: Report) -> JSON {
        let summary = report.summary
        return [
            "run_id": JSON(report.runID.hexadecimal),
            "run_name": JSON(report.runName),
            "experiment_id": JSON(report.experimentID),
            "status": JSON(summary.status.rawValue),
            "rows": JSON(summary.rows),
            "repeats": JSON(summary.repeats),
            "errors": JSON(summary.errors),
            "flaky_records": JSON(summary.flakyRecords),
            "metrics": metrics(summary.metrics),
            "intervals": intervals(summary.metrics),
            "interval_notes": .object(
                summary.metrics.compactMap { metric in report.intervalNote(metric).map { (metric.name, JSON($0)) } }
            ),
            "bounds": .object(
                report.bounds.map { metric, bounds in
                    (metric, ["low": JSON(bounds.low), "high": JSON(bounds.high), "errored": JSON(bounds.errored)])
                }
            ),
            "tokens": tokens(summary.tokens),
            "cost": cost(summary.costUSD),
            "judges": judges(summary.judges),
            "duration_s": JSON(Double(summary.durationMilliseconds) / 1000),
            "accounts": accounts(summary.accounts),
            "thresholds": .array(report.outcomes.map(threshold)),
            "notes": .array(report.notes.map { JSON($0) }),
        ]
    }

    /// Metrics by name.
    public static func metrics(_ metrics: [Metric]) -> JSON {
        .object(metrics.map { ($0.name, $0.value.map { JSON($0) } ?? .null) })
    }

    /// Intervals by the names of the metrics that can have one; null where there is none.
    public static func intervals(_ metrics: [Metric]) -> JSON {
        .object(
            metrics.filter { $0.interval != nil || $0.aggregation?.canHaveInterval == true }
                .map { ($0.name, $0.interval.map(interval) ?? .null) }
        )
    }

    private static func interval(_ interval: Interval) -> JSON {
        [
            "low": JSON(interval.low), "high": JSON(interval.high), "level": JSON(interval.level),
            "method": JSON(interval.method.rawValue), "units": JSON(interval.units),
        ]
    }

    /// Accounts by scorer: each has `rows`, or `sessions` in its place where the scorer judges those.
    public static func accounts(_ accounts: [(scorer: String, account: Account)]) -> JSON {
        .object(
            accounts.map { scorer, account in
                (
                    scorer,
                    [
                        account.scope.plural: JSON(account.rows), "scored": JSON(account.scored),
                        "errored": JSON(account.errored), "skipped": JSON(account.skipped),
                    ]
                )
            }
        )
    }

    /// Tokens, and whether some are unknown; null where none were counted.
    public static func tokens(_ tokens: TokenTotal?) -> JSON {
        guard let tokens else { return .null }
        return [
            "input": JSON(tokens.value.inputTokens), "output": JSON(tokens.value.outputTokens),
            "total": JSON(tokens.value.totalTokens), "partial": JSON(tokens.isPartial),
        ]
    }

    /// The cost, and whether some of it is unknown; null where none is known.
    public static func cost(_ cost: CostTotal?) -> JSON {
        guard let cost else { return .null }
        return ["usd": JSON(cost.value), "partial": JSON(cost.isPartial)]
    }

    /// What the judges took of their models; null where none was asked.
    public static func judges(_ usage: JudgeUsage?) -> JSON {
        guard let usage else { return .null }
        return [
            "replies": JSON(usage.replies), "refused": JSON(usage.refused), "tokens": tokens(usage.tokens),
            "cost": cost(usage.costUSD),
        ]
    }

    private static func threshold(_ outcome: ThresholdOutcome) -> JSON {
        [
            "threshold": JSON(outcome.threshold.description),
            "value": outcome.value.map { JSON($0) } ?? .null,
            "holds": JSON(outcome.missed == nil),
            "why": outcome.missed.map { JSON($0) } ?? .null,
        ]
    }
}
