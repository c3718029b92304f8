// `evalhost import`: what other programs wrote.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalStore
internal import EvalWire
internal import Foundation

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take what other programs wrote into the store.",
        subcommands: [MLflow.self]
    )

    struct MLflow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mlflow",
            abstract: "Take traces and records of data sets as MLflow's client writes them.",
            discussion: """
                Each document says what it is: a trace (`Trace.to_json()`), spans of OTLP, a data set
                (`EvaluationDataset.to_dict()`) or a record of one. A file is one document, an array, or one a line.
                Importing it again changes nothing.

                Example:
                  evalhost import mlflow traces.jsonl records.json --experiment support-bot --dataset support
                """
        )

        @Argument(help: ArgumentHelp("The files; - for standard input.", valueName: "file"))
        var files: [String]
        @Option(help: ArgumentHelp("The experiment of new traces; it is made if it isn't there.", valueName: "name"))
        var experiment = "Default"
        @Option(
            help: ArgumentHelp(
                "The data set of records; it is made if it isn't there.",
                discussion: "Default: what the file calls it, or the file's own name",
                valueName: "name"
            )
        )
        var dataset: String?
        @OptionGroup var store: StoreOptions

        /// Records by the data set that they belong to, in the order of the files.
        private struct Found {
            var names: [String] = []
            var contents: [String: [JSON]] = [:]
            var traces: [JSON] = []

            mutating func add(_ content: [JSON], to name: String) {
                if contents[name] == nil { names.append(name) }
                contents[name, default: []] += content
            }
        }

        func run() async throws {
            if let dataset { try DatasetName.check(dataset) }
            // All of the files first: one that is wrong imports nothing.
            var found = Found()
            for file in files {
                let documents = try await JSONDocuments(path: file)
                try await documents.forEach { try sort($0, of: file, into: &found) }
            }
            let access = LazyStore(store)
            let store = try access.open()
            if !found.traces.isEmpty {
                let id = try await ExperimentName.findOrMake(experiment, in: store)
                var trace = TraceImport(store, experiment: id)
                for json in found.traces { try await trace.take(json) }
                try await trace.flush()
                Console.output("traces: \(trace.words)\n")
            }
            let datasets = try await store.datasets()
            for name in found.names {
                var target = datasets.first { $0.name == name }
                if target == nil { target = try await store.createDataset(name, tags: [:], schema: nil) }
                if let target { try await DatasetsCommand.merge(found.contents[name] ?? [], into: target, access) }
            }
        }

        private func sort(_ json: JSON, of file: String, into found: inout Found) throws(Diagnostic) {
            if TraceImport.isTrace(json) {
                // What is wrong with a trace is told before anything is written.
                if json[key: "info"] != nil {
                    _ = try MLflowTraceReader().whole(json, experimentID: 0, nowMilliseconds: 0)
                }
                found.traces.append(json)
            } else if let records = json[key: "records"], records.kind == .array {
                let name = dataset ?? json[key: "name"]?.string ?? Self.name(of: file)
                try DatasetName.check(name)
                found.add(try MLflowDatasets.contents(records.serialized), to: name)
            } else if json[key: "inputs"] != nil {
                let name = dataset ?? Self.name(of: file)
                try DatasetName.check(name)
                found.add(try MLflowDatasets.contents(JSON.array([json]).serialized), to: name)
            } else {
                throw Diagnostic(
                    "this is neither a trace nor a record of a data set",
                    help: "A trace has 'info' and 'data', a record 'inputs'; MLflow's client writes both."
                )
            }
        }

        /// The name of a file without its folder and its endings.
        private static func name(of file: String) -> String {
            if file == "-" { return "imported" }
            let name = URL(fileURLWithPath: file).lastPathComponent
            return String(name.prefix { $0 != "." })
        }
    }
}
