// `evalhost feedback list` and `export`.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import Foundation

extension FeedbackCommand {
    /// Which feedback is meant.
    struct Selection: ParsableArguments {
        @Option(help: ArgumentHelp("Only what was said of this trace.", valueName: "trace"))
        var trace: String?
        @Option(help: ArgumentHelp("Only what is called so.", valueName: "name"))
        var name: String?
        @Option(help: ArgumentHelp("Only what was said in this run: an id, a name, or latest.", valueName: "run"))
        var run: String?
        @Option(help: ArgumentHelp("Only what was said of the traces of this experiment.", valueName: "name"))
        var experiment: String?
        @Flag(help: "Also what was overridden.")
        var overridden = false

        /// Gives every assessment that is meant to `body`, until it returns false.
        func forEach(in store: SQLiteStore, _ body: (Assessment) throws -> Bool) async throws {
            var runID: PublicID?
            if let run { runID = try await store.run(named: run) }
            var experiments: [Int64]?
            if let experiment { experiments = [try await ExperimentName.find(experiment, in: store)] }
            if let trace {
                let record = try await store.trace(named: trace)
                if let experiments {
                    let info = try await store.traces([record.trace.id], withSpans: false).first?.info
                    if info?.experimentID != experiments.first { return }
                }
                for assessment in record.assessments where overridden || assessment.isValid {
                    if let name, assessment.name != name { continue }
                    if let runID, assessment.runID != runID { continue }
                    guard try body(assessment) else { return }
                }
                return
            }
            var search = FeedbackSearch(
                experimentIDs: experiments,
                runID: runID,
                name: name,
                withOverridden: overridden
            )
            while true {
                let page = try await store.searchFeedback(search)
                for assessment in page.elements { guard try body(assessment) else { return } }
                guard let token = page.nextToken else { return }
                search.token = token
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was said of traces.",
            discussion: "Example:\n  evalhost feedback list --name helpful --experiment support-bot"
        )

        @OptionGroup var selection: Selection
        @Option(help: ArgumentHelp("The most lines.", valueName: "n"))
        var limit = 100
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be 1 at least") }
        }

        func run() async throws {
            var found: [Assessment] = []
            var hasMore = false
            try await selection.forEach(in: store.openExisting()) { assessment in
                hasMore = found.count == limit
                if !hasMore { found.append(assessment) }
                return !hasMore
            }
            switch format {
            case .json: Console.output(JSON.array(found.map(FeedbackLine.json)).serialized + "\n")
            case .table:
                for assessment in found { Console.output(FeedbackLine.text(assessment) + "\n") }
                if found.isEmpty {
                    Console.output("no feedback; `evalhost feedback add TRACE NAME VALUE` gives some\n")
                }
            }
            if hasMore { Console.standardError("There is more: --limit, or `evalhost feedback export`.\n") }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what was said of traces, as JSON Lines or CSV.",
            discussion: "Example:\n  evalhost feedback export --name helpful --format csv --output helpful.csv"
        )

        @OptionGroup var selection: Selection
        @Option(help: ArgumentHelp("The file to write; without it standard output.", valueName: "file"))
        var output: String?
        @Option(help: ArgumentHelp("jsonl or csv.", valueName: "format"))
        var format: Format = .jsonl
        @OptionGroup var store: StoreOptions

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case jsonl, csv
        }

        func run() async throws {
            let store = try store.openExisting()
            let file = try output.map { path throws(Diagnostic) in try OutputFile(path) }
            func write(_ line: String) {
                if let file { file.write((line + "\n").utf8) } else { Console.output(line + "\n") }
            }
            var count = 0
            if format == .csv { write(FeedbackLine.csvHeader) }
            try await selection.forEach(in: store) { assessment in
                write(format == .csv ? FeedbackLine.csv(assessment) : FeedbackLine.json(assessment).serialized)
                count += 1
                return true
            }
            try file?.finish()
            if output != nil { Console.standardError("\(count) assessment\(count == 1 ? "" : "s")\n") }
        }
    }
}

/// An assessment in a line.
enum FeedbackLine {
    /// For people.
    static func text(_ assessment: Assessment) -> String {
        let value: String
        switch assessment.content {
        case .feedback(let feedback): value = "= \(feedback.json.serialized)"
        case .failed(let error): value = "failed: \(Printable.line(error.description))"
        case .issue(let name): value = "issue \(Printable.line(name))"
        case .expectation(let json): value = "expected \(json.serialized)"
        }
        let span = assessment.spanID.map { " span \(TracePage.hexadecimal($0))" } ?? ""
        let by = "[\(assessment.source.kind.rawValue) \(Printable.line(assessment.source.id))]"
        let why = assessment.rationale.map { "  " + Printable.line($0) } ?? ""
        let overridden = assessment.isValid ? "" : "  (overridden)"
        return
            "\(assessment.traceID.traceID)\(span)  \(Printable.line(assessment.name)) \(value)  \(by)\(why)\(overridden)"
    }

    /// For programs.
    static func json(_ assessment: Assessment) -> JSON {
        .object(
            [("trace_id", JSON(assessment.traceID.traceID))]
                + AssessmentPage.json(assessment).members.map { (String($0.key), $0.value) }
        )
    }

    static let csvHeader =
        "trace_id,span_id,name,type,value,rationale,source_type,source_id,run_id,created,valid,assessment_id,overrides,metadata"

    /// For spreadsheets: texts as they are, other values as JSON.
    static func csv(_ assessment: Assessment) -> String {
        var type = "feedback"
        var value: JSON
        switch assessment.content {
        case .feedback(let feedback): value = feedback.json
        case .failed(let error): (type, value) = ("error", JSON(error.description))
        case .issue(let name): (type, value) = ("issue", JSON(name))
        case .expectation(let json): (type, value) = ("expectation", json)
        }
        if value.kind != .string { value = JSON(value.serialized) }
        let cells: [String?] = [
            assessment.traceID.traceID, assessment.spanID.map(TracePage.hexadecimal), assessment.name, type,
            value.string,
            assessment.rationale, assessment.source.kind.rawValue, assessment.source.id,
            assessment.runID?.hexadecimal, Times.rfc3339(assessment.createdMilliseconds),
            assessment.isValid ? "true" : "false", assessment.id.assessmentID, assessment.overrides?.assessmentID,
            assessment.metadata?.serialized,
        ]
        return cells.map { cell($0 ?? "") }.joined(separator: ",")
    }

    private static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
