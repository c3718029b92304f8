// `evalhost runs`: what has been evaluated.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import Foundation

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List, show, compare and export runs.",
        subcommands: [List.self, Show.self, CompareCommand.self, Export.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List runs, the newest first.",
            discussion: "Example:\n  evalhost runs list --experiment support-bot"
        )

        @Option(help: ArgumentHelp("Only the runs of this experiment.", valueName: "name"))
        var experiment: String?
        @Option(help: ArgumentHelp("The most runs.", valueName: "n"))
        var limit = 50
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let runs = try await store.openExisting().runs(experiment: experiment, limit: max(1, limit))
            switch format {
            case .json: Console.output(JSON.array(runs.map(RunJSON.render)).serialized + "\n")
            case .table: Console.output(RunTable.list(runs))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one run.",
            discussion: "Example:\n  evalhost runs show latest"
        )

        @Argument(help: ArgumentHelp("The run: an id, the beginning of one, a name, or latest.", valueName: "run"))
        var word: String
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let record = try await store.record(of: store.run(named: word))
            let logged = try await store.trackedRun(record.listing.id)
            switch format {
            case .json:
                let members = RunJSON.render(record).members.map { (String($0.key), $0.value) }
                Console.output(JSON.object(members + LoggedRun.members(logged)).serialized + "\n")
            case .table: Console.output(RunTable.page(record, logged))
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the rows of a run with their feedback, one JSON object a line.",
            discussion: "Example:\n  evalhost runs export latest > rows.jsonl"
        )

        @Argument(help: ArgumentHelp("The run: an id, the beginning of one, a name, or latest.", valueName: "run"))
        var word: String
        @Option(help: ArgumentHelp("jsonl.", valueName: "format"))
        var format: ExportFormat = .jsonl
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let run = try await store.run(named: word)
            let scorers = try await store.record(of: run).scorers.map(\.name)
            try await RowExport.write(run, scorers, from: store) {
                Console.output($0)
                ExitStatus.endUnlessRead()
            }
        }
    }

    /// The formats of exports.
    enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
        case jsonl
    }
}

/// Runs for the terminal.
enum RunTable {
    /// One line a run.
    static func list(_ runs: [RunListing]) -> String {
        if runs.isEmpty { return "no runs yet\n" }
        var lines: [String] = []
        let width = runs.map(\.name.count).max() ?? 0
        for run in runs {
            let name = run.name + String(repeating: " ", count: width - run.name.count)
            let status = run.status.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0)
            let metrics = run.metrics.prefix(3)
                .map { metric in
                    "\(metric.name) \(metric.value.map { String(format: "%.4g", $0) } ?? "–")"
                }
            let more = run.metrics.count > 3 ? ", …" : ""
            let errors = run.errors == 0 ? "" : ", \(run.errors) with errors"
            lines.append(
                "\(run.id.hexadecimal.prefix(12))  \(name)  \(status)  \(Times.local(run.startedMilliseconds))  "
                    + "\(run.rows) rows\(errors)  \(metrics.joined(separator: ", "))\(more)"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// All about one run.
    static func page(_ record: RunRecord, _ logged: TrackedRun) -> String {
        let run = record.listing
        var lines = ["status      \(run.status.rawValue)"]
        if record.hostVersion.isEmpty {
            let user = logged.userID.isEmpty ? "" : " for \(Printable.line(logged.userID))"
            lines.append("started     \(Times.local(run.startedMilliseconds)) by a client\(user)")
        } else {
            lines.append(
                "started     \(Times.local(run.startedMilliseconds)) on \(record.machine), evalhost \(record.hostVersion)"
            )
        }
        if let commit = record.gitCommit {
            lines.append("commit      \(commit)\(record.gitDirty == true ? " with changes" : "")")
        }
        if let digest = record.dataDigest { lines.append("data        SHA-256 \(digest)") }
        for (key, value) in record.tags.sorted(by: { $0.key < $1.key }) { lines.append("tag         \(key)=\(value)") }
        lines += LoggedRun.lines(logged)
        for scorer in record.scorers { lines.append("scorer      \(scorer.provenance)") }
        return TableReport.render(Report(record)) + lines.joined(separator: "\n") + "\n"
    }
}
