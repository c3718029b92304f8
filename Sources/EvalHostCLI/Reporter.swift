// Reports to where they were asked for, then the exit status.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import Foundation

/// Publishes the reports of a run.
struct Reporter {
    let options: EvaluateOptions
    let store: SQLiteStore

    /// Writes the reports and says what was missed.
    ///
    /// - Throws: The exit status, unless it is 0.
    func publish(_ report: Report, _ request: EvaluationRequest, _ setup: EvaluationSetup) async throws {
        var shown = report
        if options.console.isQuiet { shown.notes = [] }
        for target in request.targets { try await write(shown, target, setup.scorers.map(\.name)) }
        for outcome in report.outcomes {
            if let line = outcome.missedLine { Console.standardError("\(line)\n") }
        }
        let summary = report.summary
        var statuses: [ExitStatus] = []
        if !request.allowance.allows(summary.errors, of: summary.rows) {
            let allowed = request.allowance == .none ? "none is allowed" : "\(request.allowance) are allowed"
            Console.standardError("errors: \(summary.errors) of \(summary.rows) rows have an error, \(allowed)\n")
            statuses.append(.tooManyErrors)
        }
        if report.outcomes.contains(where: { $0.missed != nil }) { statuses.append(.thresholdMissed) }
        if let status = ExitStatus.precedence.first(where: statuses.contains) { throw status }
    }

    private func write(_ report: Report, _ target: ReportTarget, _ scorers: [String]) async throws(Diagnostic) {
        guard let path = target.path else {
            let sink = { (bytes: [UInt8]) in Console.output(bytes) }
            return try await render(report, target.format, scorers, color: Console.colors(STDOUT_FILENO), to: sink)
        }
        // Beside its place and then renamed: a reader never sees half a report.
        let temporary = path + ".\(getpid()).tmp"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw Diagnostic(
                "the report can't be written: \(String(cString: strerror(errno)))",
                at: .init(file: path),
                help: "The run is kept: `evalhost runs show \(report.runID.hexadecimal.prefix(12))` has its metrics."
            )
        }
        var failed = false
        try await render(report, target.format, scorers, color: false) { bytes in
            do { try handle.write(contentsOf: bytes) } catch { failed = true }
        }
        try? handle.close()
        if failed || rename(temporary, path) != 0 {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw Diagnostic("the report can't be written: \(reason)", at: .init(file: path))
        }
    }

    private func render(
        _ report: Report,
        _ format: ReportFormat,
        _ scorers: [String],
        color: Bool,
        to sink: ([UInt8]) -> Void
    ) async throws(Diagnostic) {
        switch format {
        case .table: sink(Array(TableReport.render(report, color: color).utf8))
        case .json: sink(Array((JSONReport.render(report).serialized + "\n").utf8))
        case .jsonl:
            try await RowExport.write(report.runID, scorers, from: store, to: sink)
        }
    }
}

/// The rows of a run as JSON Lines, for reports and for `evalhost runs export`.
enum RowExport {
    /// Writes all rows, holding a page of them in memory.
    static func write(
        _ run: PublicID,
        _ scorers: [String],
        from store: SQLiteStore,
        to sink: ([UInt8]) -> Void
    ) async throws(Diagnostic) {
        var writer = JSONWriter()
        let keys = FeedbackKeys(scorers)
        try await store.forEachRow(of: run) { row throws(Diagnostic) in
            RowLines.write(row, keys: keys, to: &writer)
            if writer.bytes.count > 1 << 16 {
                sink(writer.bytes)
                writer.bytes.removeAll(keepingCapacity: true)
            }
        }
        sink(writer.bytes)
    }
}
