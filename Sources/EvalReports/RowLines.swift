// One row of a run as a line of JSON, the same in reports and in exports.

public import EvalCore
public import EvalJSON

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
