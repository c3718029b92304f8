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
            "errors": JSON(summary.errors),
            "metrics": metrics(summary.metrics),
            "tokens": nil,
            "cost": nil,
            "duration_s": JSON(Double(summary.durationMilliseconds) / 1000),
            "intervals": nil,
            "accounts": accounts(summary.accounts),
            "notes": .array(report.notes.map { JSON($0) }),
        ]
    }

    /// Metrics by name.
    public static func metrics(_ metrics: [Metric]) -> JSON {
        .object(metrics.map { ($0.name, $0.value.map { JSON($0) } ?? .null) })
    }

    /// Accounts by scorer.
    public static func accounts(_ accounts: [(scorer: String, account: Account)]) -> JSON {
        .object(
            accounts.map { scorer, account in
                (
                    scorer,
                    [
                        "rows": JSON(account.rows), "scored": JSON(account.scored),
                        "errored": JSON(account.errored), "skipped": JSON(account.skipped),
                    ]
                )
            }
        )
    }
}

/// The rows of a run as JSON Lines.
public enum RowLines {
    /// Appends one row and its end of line.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - keys: The keys of the row's verdicts.
    ///   - writer: Where it goes.
    public static func write(_ row: FinishedRow, keys: FeedbackKeys, to writer: inout JSONWriter) {
        writer.raw("{")
        if let id = row.recordID {
            writer.raw(#""id":"#)
            writer.write(id)
            writer.raw(",")
        }
        writer.raw(#""ordinal":"#)
        writer.write(Int64(row.ordinal))
        writer.raw(#","repeat":"#)
        writer.write(Int64(row.repetition))
        let root = row.trace.root
        let parts = [("inputs", root?.inputs), ("outputs", root?.outputs), ("expectations", row.expectations)]
        for (key, value) in parts {
            writer.raw(",")
            writer.write(key)
            writer.raw(":")
            writer.write(value ?? .null)
        }
        writer.raw(#","trace_id":"#)
        writer.write(row.trace.id.traceID)
        writer.raw(#","feedback":"#)
        keys.write(row.verdicts, to: &writer)
        if let failure = row.failure {
            writer.raw(#","error":{"code":"#)
            writer.write(failure.code)
            writer.raw(#","message":"#)
            writer.write(failure.message)
            writer.raw("}")
        }
        writer.raw("}\n")
    }
}
