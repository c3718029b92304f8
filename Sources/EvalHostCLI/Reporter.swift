// Reports to where they were asked for, then the exit status.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import Foundation

/// Publishes the reports of a run.
struct Reporter {
    let request: EvaluationRequest
    let store: SQLiteStore

    /// Writes the reports and says what was missed.
    ///
    /// - Throws: The exit status, unless it is 0.
    func publish(_ report: Report) async throws {
        var shown = report
        if request.isQuiet { shown.notes = [] }
        var highlights: RowHighlights?
        if request.targets.contains(where: { $0.format.showsRows }) {
            highlights = try await Self.highlights(of: shown, store)
        }
        let writer = ReportWriter(report: shown, highlights: highlights, store: store)
        for target in request.targets { try await writer.write(target) }
        for outcome in report.outcomes {
            if let line = outcome.missedLine { Console.standardError("\(line)\n") }
        }
        let summary = report.summary
        var statuses: [ExitStatus] = []
        if !request.allowance.allows(summary.errors, of: summary.rows * summary.repeats) {
            let allowed = request.allowance == .none ? "none is allowed" : "\(request.allowance) are allowed"
            let export = "evalhost runs export \(report.runID.hexadecimal.prefix(12))"
            Console.standardError("errors: \(summary.errors) of \(summary.rows) rows have an error, \(allowed)\n")
            let why = try await ErrorKinds(of: report.runID, report.scorers.map(\.name), store)
            for line in why.lines { Console.standardError("  \(line)\n") }
            Console.standardError("  `\(export)` shows them; `--max-errors N` allows some.\n")
            statuses.append(.tooManyErrors)
        }
        if report.outcomes.contains(where: { $0.missed != nil }) { statuses.append(.thresholdMissed) }
        if let status = ExitStatus.precedence.first(where: statuses.contains) { throw status }
    }

    /// What reports show of a run's rows.
    static func highlights(of report: Report, _ store: SQLiteStore) async throws(Diagnostic) -> RowHighlights {
        var highlights = RowHighlights(report.scorers, repeats: report.summary.repeats)
        try await store.forEachRow(of: report.runID) { row throws(Diagnostic) in highlights.add(row) }
        highlights.finish()
        return highlights
    }
}

/// Writes one run's reports.
struct ReportWriter {
    let report: Report
    let highlights: RowHighlights?
    let store: SQLiteStore

    /// Writes a report to where it goes.
    func write(_ target: ReportTarget) async throws(Diagnostic) {
        guard let path = target.path else {
            let sink = { (bytes: [UInt8]) in Console.output(bytes) }
            try await render(target.format, toTerminal: true, to: sink)
            if target.format == .github { try JobSummary.append(report, highlights) }
            return
        }
        do throws(Diagnostic) {
            let file = try OutputFile(path)
            try await render(target.format, toTerminal: false) { bytes in file.write(bytes) }
            try file.finish()
        } catch {
            guard error.location.file == path, error.help == nil else { throw error }
            throw Diagnostic(
                "the report can't be written: \(error.message.dropFirst("it can't be written: ".count))",
                category: error.category,
                at: .init(file: path),
                help: "The run is kept: `evalhost runs show \(report.runID.hexadecimal.prefix(12))` has its metrics."
            )
        }
        if target.format == .github { try JobSummary.append(report, highlights) }
    }

    private func render(
        _ format: ReportFormat,
        toTerminal: Bool,
        to sink: ([UInt8]) -> Void
    ) async throws(Diagnostic) {
        switch format {
        case .table:
            let isTerminal = toTerminal && Console.isTerminal(STDOUT_FILENO)
            let text = TableReport.render(
                report,
                color: toTerminal && Console.colors(STDOUT_FILENO),
                width: isTerminal ? Console.width(STDOUT_FILENO) : nil
            )
            sink(Array(text.utf8))
        case .json: sink(Array((JSONReport.render(report).serialized + "\n").utf8))
        case .jsonl:
            try await RowExport.write(report.runID, report.scorers.map(\.name), from: store, to: sink)
        case .markdown: sink(Array(MarkdownReport.render(report, highlights).utf8))
        case .html: sink(Array(HTMLReport.render(report, highlights).utf8))
        case .github: sink(Array(GitHubReport.annotations(report, highlights).utf8))
        case .junit:
            let (store, run) = (store, report.runID)
            try await JUnitReport.write(
                report,
                rows: { body throws(Diagnostic) in try await store.forEachRow(of: run, body) },
                to: sink
            )
        }
    }
}

/// The page of a job of GitHub Actions.
enum JobSummary {
    /// Appends the report to the file that the workflow names, where there is one.
    static func append(_ report: Report, _ highlights: RowHighlights?) throws(Diagnostic) {
        guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
        guard
            FileManager.default.fileExists(atPath: path) || FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path), let used = try? handle.seekToEnd()
        else {
            throw Diagnostic("the job's summary can't be written", at: .init(file: path))
        }
        let room = GitHubReport.summaryBytes - Int(clamping: used)
        let text = GitHubReport.summary(report, highlights, limit: max(0, room))
        do {
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        } catch {
            throw Diagnostic("the job's summary can't be written: \(error.localizedDescription)", at: .init(file: path))
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
