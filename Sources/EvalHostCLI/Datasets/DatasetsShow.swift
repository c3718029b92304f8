// `evalhost datasets show, export, diff`: what is in a data set, and what changed.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import Foundation

extension DatasetsCommand {
    /// Which records of a data set.
    struct Records: ParsableArguments {
        @Option(help: ArgumentHelp("Only records in which this stands, in upper or lower case.", valueName: "text"))
        var search: String?
        @Option(
            help: ArgumentHelp(
                "Only records that satisfy a condition, such as \"tags.split = 'test'\".",
                valueName: "condition"
            )
        )
        var filter: String?

        /// Gives each record that is wanted to `body` until it returns false.
        func forEach(
            of dataset: EvaluationDataset,
            in store: SQLiteStore,
            _ body: (DatasetRecord) throws -> Bool
        ) async throws {
            let condition = try filter.map { text throws(Diagnostic) in
                do throws(Diagnostic) {
                    return try RowFilter(text)
                } catch {
                    throw error.located(.init(file: "--filter"))
                }
            }
            let wanted = search?.lowercased()
            var place: Int64 = 0
            while true {
                let page = try await store.records(of: dataset, after: place, limit: Limits.batchRows)
                guard !page.records.isEmpty else { return }
                place = page.place
                for record in page.records {
                    if let condition, !condition.holds(for: record.content) { continue }
                    if let wanted, !record.content.serialized.lowercased().contains(wanted) { continue }
                    guard try body(record) else { return }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a data set, its versions and its records.",
            discussion: """
                NAME@3 is the data set as version 3 was.

                Example:
                  evalhost datasets show support --search refund --limit 5
                """
        )

        @Argument(help: "The data set: NAME, or NAME@VERSION.")
        var name: String
        @OptionGroup var records: Records
        @Option(help: ArgumentHelp("The most records.", discussion: "Default: 20", valueName: "n"))
        var limit = 20
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let dataset = try await store.dataset(named: name)
            let versions = try await store.versions(of: dataset.id)
            var shown: [DatasetRecord] = []
            if limit > 0 {
                try await records.forEach(of: dataset, in: store) { record in
                    shown.append(record)
                    return shown.count < limit
                }
            }
            switch format {
            case .json:
                let members = DatasetJSON.render(dataset).members.map { (String($0.key), $0.value) }
                let more: [(String, JSON)] = [
                    ("versions", .array(versions.map(DatasetJSON.render))),
                    ("items", .array(shown.map(DatasetJSON.render))),
                ]
                Console.output(JSON.object(members + more).serialized + "\n")
            case .table: Console.output(DatasetPage.text(dataset, versions, shown))
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the records as rows that evaluate and import take.",
            discussion: "Example:\n  evalhost datasets export support@3 --output support.jsonl"
        )

        @Argument(help: "The data set: NAME, or NAME@VERSION.")
        var name: String
        @OptionGroup var records: Records
        @Option(help: ArgumentHelp("The file to write; without it standard output.", valueName: "file"))
        var output: String?
        @Option(help: ArgumentHelp("jsonl, or json for an array.", valueName: "format"))
        var format: Format = .jsonl
        @OptionGroup var store: StoreOptions

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case jsonl, json
        }

        func run() async throws {
            let store = try store.openExisting()
            let dataset = try await store.dataset(named: name)
            var text = format == .json ? "[" : ""
            var count = 0
            let file = try output.map { path throws(Diagnostic) in try OutputFile(path) }
            try await records.forEach(of: dataset, in: store) { record in
                if format == .json { text += count == 0 ? "\n" : ",\n" }
                text += record.content.serialized + (format == .jsonl ? "\n" : "")
                count += 1
                if text.utf8.count > 1 << 16 {
                    Self.write(text, file)
                    text = ""
                }
                return true
            }
            Self.write(text + (format == .json ? "\n]\n" : ""), file)
            try file?.finish()
            if output != nil { Console.standardError("\(count) records of \(dataset.reference)\n") }
        }

        private static func write(_ text: String, _ file: OutputFile?) {
            if let file { file.write(text.utf8) } else { Console.output(text) }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what changed between two versions.",
            discussion: """
                Exits with 0 whether or not they differ.

                Example:
                  evalhost datasets diff support        what the newest version changed
                  evalhost datasets diff support 3 5
                """
        )

        @Argument(help: "The data set.")
        var name: String
        @Argument(help: "The older version; without it the one before the newest.")
        var from: Int?
        @Argument(help: "The newer version; without it the newest.")
        var to: Int?
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let newest = try await store.dataset(named: name)
            let newer = try await store.dataset(named: "\(newest.name)@\(to ?? newest.version)")
            let older = try await store.dataset(named: "\(newest.name)@\(from ?? max(1, newer.version - 1))")
            guard older.version <= newer.version else {
                throw Diagnostic(
                    "version \(older.version) is newer than \(newer.version)",
                    help: "The older one comes first."
                )
            }
            let differences = try await store.differences(of: newer, since: older.version)
            switch format {
            case .json: Console.output(JSON.array(differences.map(DatasetJSON.render)).serialized + "\n")
            case .table: Console.output(DatasetPage.text(differences, older, newer))
            }
        }
    }
}
