// Traces in lists, for the terminal and for programs.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalWire

/// Traces in lists.
enum TraceTable {
    /// The most characters of a preview in a line.
    private static let previewCharacters = 60

    /// One line a trace.
    static func list(_ traces: [StoredTrace]) -> String {
        if traces.isEmpty { return "no traces\n" }
        return traces.map(line).joined(separator: "\n") + "\n"
    }

    /// A trace in one line.
    static func line(_ trace: StoredTrace) -> String {
        let info = TraceParts.shown(trace)
        let name = info.tags?[key: "mlflow.traceName"]?.string ?? ""
        let took = info.durationMilliseconds.map { "\($0) ms" } ?? "–"
        let said = trace.assessments.count { $0.isValid }
        var parts = [
            info.id.traceID, info.state.rawValue, Times.local(info.requestTimeMilliseconds), took, Printable.line(name),
            preview(info.requestPreview),
        ]
        if said > 0 { parts.append("(\(said) assessment\(said == 1 ? "" : "s"))") }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func preview(_ text: String?) -> String {
        let line = Printable.line((text ?? "").prefix(previewCharacters + 1))
        return line.count > previewCharacters ? line.prefix(previewCharacters) + "…" : line
    }

    /// A trace without its spans, as MLflow's `trace_info`.
    static func json(_ trace: StoredTrace) -> JSON {
        MLflowTraceJSON.info(TraceParts.shown(trace), assessments: trace.assessments)
    }
}
