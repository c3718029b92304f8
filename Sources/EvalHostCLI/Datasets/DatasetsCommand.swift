// `evalhost datasets`: test databases, kept with every version that they had.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalScorers
internal import EvalStore
internal import Foundation

struct DatasetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "Keep data sets with their versions, and evaluate them as dataset:NAME.",
        subcommands: [
            Create.self, List.self, Show.self, Add.self, Import.self, Export.self, Diff.self, Split.self, Delete.self,
        ],
        defaultSubcommand: List.self
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an empty data set.",
            discussion: "Example:\n  evalhost datasets create support --schema record.schema.json --tag team=help"
        )

        @Argument(help: "The name.")
        var name: String
        @Option(help: ArgumentHelp("A JSON Schema (draft 2020-12) that every record must satisfy.", valueName: "file"))
        var schema: String?
        @Option(help: ArgumentHelp("A tag; may be given several times.", valueName: "key=value"))
        var tag: [String] = []
        @OptionGroup var store: StoreOptions

        func run() async throws {
            try DatasetName.check(name)
            var document: JSON?
            if let schema {
                document = try JSONFile.read(schema)
                _ = try DatasetSchema(document)
            }
            let tags = try Tags.parse(tag)
            let store = try store.open()
            guard try await store.datasets().allSatisfy({ $0.name != name }) else {
                throw Diagnostic(
                    "there is a data set '\(name)' already",
                    help: "`evalhost datasets add '\(name)' FILE` merges records into it."
                )
            }
            let made = try await store.createDataset(name, tags: tags, schema: document)
            Console.output("\(made.publicID)  \(made.name)\n")
            Console.standardError("Next: evalhost datasets add \(name) ROWS.jsonl\n")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the data sets of a store.",
            discussion: "Example:\n  evalhost datasets list"
        )

        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let datasets = try await LazyStore(store).existing()?.datasets() ?? []
            switch format {
            case .json: Console.output(JSON.array(datasets.map(DatasetJSON.render)).serialized + "\n")
            case .table:
                for dataset in datasets { Console.output(DatasetPage.line(dataset) + "\n") }
                if datasets.isEmpty { Console.output("no data sets; `evalhost datasets import NAME FILE` makes one\n") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove records, or a whole data set with all its versions.",
            discussion: """
                Removing records makes a version without them. Runs keep what they evaluated in any case.

                Example:
                  evalhost datasets delete support --record dr-0192f3a4b5c6d7e8f900112233445566
                """
        )

        @Argument(help: "The data set.")
        var name: String
        @Option(help: ArgumentHelp("A record to remove; may be given several times.", valueName: "id"))
        var record: [String] = []
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let dataset = try await store.dataset(named: name)
            guard !record.isEmpty else {
                try await store.deleteDataset(dataset.id)
                Console.output("\(dataset.name): deleted, with \(dataset.records) records\n")
                return
            }
            let ids = try record.map { word throws(Diagnostic) in
                guard let id = DatasetPage.recordID(word) else {
                    throw Diagnostic("'\(word)' is no record's identifier", help: "`evalhost datasets show` has them.")
                }
                return id
            }
            let removed = try await store.removeRecords(ids, from: dataset.id)
            Console.output("\(dataset.name): \(removed) removed\n")
            if removed < Set(ids).count {
                throw Diagnostic("\(Set(ids).count - removed) of the records aren't in '\(dataset.name)'")
            }
        }
    }
}

/// A data set's name on the command line.
enum DatasetName {
    /// Checks a new name.
    ///
    /// - Throws: What it can't have.
    static func check(_ name: String) throws(Diagnostic) {
        guard EvaluationDataset.isName(name) else {
            throw Diagnostic(
                "'\(name)' can't be a data set's name",
                help: "It has no @ and no /, and begins with no - or space."
            )
        }
    }
}

/// The schema of a data set, ready to judge records.
struct DatasetSchema: Sendable {
    private let schema: JSONSchema?

    /// Takes what a data set keeps.
    ///
    /// - Throws: What is wrong with it.
    init(_ json: JSON?) throws(Diagnostic) {
        guard let json else {
            schema = nil
            return
        }
        schema = try JSONSchema.compiled(json, of: "the data set's schema")
    }

    /// What is wrong with a record; nil for nothing.
    func fault(of content: JSON) -> String? {
        guard let schema else { return nil }
        do throws(JSONSchemaError) {
            return try schema.firstViolation(in: content)?.description
        } catch {
            return error.description
        }
    }
}

/// A file that is one JSON document.
enum JSONFile {
    /// Reads it.
    ///
    /// - Throws: Why that isn't possible.
    static func read(_ path: String) throws(Diagnostic) -> JSON {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("the file can't be read", at: .init(file: path))
        }
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw Diagnostic(error.description, at: .init(file: path))
        }
    }
}

/// `--tag key=value`.
enum Tags {
    /// Reads tags.
    ///
    /// - Throws: Which has no value.
    static func parse(_ words: [String]) throws(Diagnostic) -> JSON {
        var members: [(String, JSON)] = []
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw Diagnostic("a tag is key=value, not '\(word)'")
            }
            members.append((String(word[..<equals]), JSON(String(word[word.index(after: equals)...]))))
        }
        return .object(members)
    }
}
