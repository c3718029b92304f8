// `evalhost traces import`, `export` and `delete`.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalStore
internal import EvalWire

extension TracesCommand {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take traces of files into the store.",
            discussion: """
                A file has traces as `Trace.to_json()` of MLflow's client and `traces export` write them, or spans as OTLP's
                JSON: one document, an array, or one a line; gzip is inflated. Importing a file again changes nothing.

                Example:
                  evalhost traces import traces.jsonl --experiment support-bot
                """
        )

        @Argument(help: ArgumentHelp("The files; - for standard input.", valueName: "file"))
        var files: [String]
        @Option(help: ArgumentHelp("The experiment of new traces; it is made if it isn't there.", valueName: "name"))
        var experiment = "Default"
        @OptionGroup var store: StoreOptions

        func run() async throws {
            // The files first: one that can't be read makes no store.
            var documents: [JSONDocuments] = []
            for file in files { documents.append(try await JSONDocuments(path: file)) }
            let store = try store.open()
            var trace = TraceImport(store, experiment: try await ExperimentName.findOrMake(experiment, in: store))
            for document in documents { try await document.forEach { try await trace.take($0) } }
            try await trace.flush()
            Console.output(trace.words + "\n")
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write traces with their spans and assessments, one JSON object a line.",
            discussion: """
                The lines are what `traces import` and MLflow's `Trace.from_json` read. With --format otlp-json each line is a
                request of OTLP's JSON, which collectors read; it has spans only.

                Example:
                  evalhost traces export "tags.team = 'help'" --output traces.jsonl
                """
        )

        @Argument(help: "A filter of MLflow's language; without it all traces.")
        var filter: String?
        @OptionGroup var scope: TraceScope
        @Option(help: ArgumentHelp("The file to write; without it standard output.", valueName: "file"))
        var output: String?
        @Option(help: ArgumentHelp("mlflow or otlp-json.", valueName: "format"))
        var format: Format = .mlflow
        @Option(help: ArgumentHelp("The most traces, the newest first.", valueName: "n"))
        var limit: Int?
        @OptionGroup var store: StoreOptions

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case mlflow
            case otlpJSON = "otlp-json"
        }

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit must be 1 at least") }
        }

        func run() async throws {
            let store = try store.openExisting()
            let search = try await scope.search(filter, in: store)
            let file = try output.map { path throws(Diagnostic) in try OutputFile(path) }
            var count = 0
            try await store.forEachTrace(search, limit: limit, withSpans: true) { trace in
                let line = line(trace).serialized + "\n"
                if let file {
                    file.write(line.utf8)
                } else {
                    Console.output(line)
                    ExitStatus.endUnlessRead()
                }
                count += 1
            }
            try file?.finish()
            if output != nil { Console.standardError("\(count) trace\(count == 1 ? "" : "s")\n") }
        }

        private func line(_ trace: StoredTrace) -> JSON {
            let spans = trace.spans ?? []
            switch format {
            case .mlflow:
                return MLflowTraceJSON.file(TraceParts.shown(trace), assessments: trace.assessments, spans: spans)
            case .otlpJSON: return OTLPTraces.json(spans: spans, traceID: trace.info.id)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete traces with what was said of them.",
            discussion: """
                Without --yes it only says how many. Rows of evaluations stay with their run.

                Example:
                  evalhost traces delete "status = 'ERROR'" --before 30d --yes
                  evalhost traces delete tr-0192f3a4b5c6d7e8f900112233445566 --yes
                """
        )

        @Argument(
            help: ArgumentHelp(
                "A filter of MLflow's language, or traces: tr-… or the beginnings of some.",
                valueName: "filter or trace"
            )
        )
        var words: [String] = []
        @OptionGroup var scope: TraceScope
        @Option(
            help: ArgumentHelp(
                "Only traces before a time: 2026-01-31, 2026-01-31T12:00:00Z, or how long ago as 30d, 12h, 15m.",
                valueName: "time"
            )
        )
        var before: String?
        @Flag(help: "Delete them.")
        var yes = false
        @OptionGroup var store: StoreOptions

        func validate() throws {
            if words.isEmpty, before == nil {
                throw ValidationError("give a filter, traces, or --before; \"\" and --before 0d delete all")
            }
            if words.count > 1, let word = words.first(where: { !$0.hasPrefix("tr-") }) {
                throw ValidationError("'\(word)' is no trace; a filter stands alone, in quotes")
            }
        }

        func run() async throws {
            let store = try store.openExisting()
            var search = try await search(store)
            if let before {
                let time = try Moment.milliseconds(before, nowMilliseconds: Moment.now)
                search.filter.conditions.append(.init(.attribute, "timestamp_ms", .below, .number(Double(time))))
            }
            var found: [Int64: [PublicID]] = [:]
            try await store.forEachTrace(search, withSpans: false) { trace in
                found[trace.info.experimentID, default: []].append(trace.info.id)
            }
            let count = found.values.reduce(0) { $0 + $1.count }
            let traces = "\(count) trace\(count == 1 ? "" : "s")"
            guard yes || count == 0 else {
                throw Diagnostic("\(traces) would be deleted", help: "--yes deletes them.")
            }
            var deleted = 0
            for (experiment, ids) in found {
                for start in stride(from: 0, to: ids.count, by: 500) {
                    let some = ids[start..<min(start + 500, ids.count)]
                    deleted += try await store.deleteTraces(.ids(Array(some)), experiment: experiment)
                }
            }
            let stay = count - deleted
            let rest = stay > 0 ? "; \(stay) stay\(stay == 1 ? "s" : ""), rows of evaluations" : ""
            Console.output("\(deleted) deleted\(rest)\n")
        }

        private func search(_ store: SQLiteStore) async throws -> TraceSearch {
            guard words.first?.hasPrefix("tr-") == true else { return try await scope.search(words.first, in: store) }
            var search = try await scope.search(nil, in: store)
            var ids: [String] = []
            for word in words { ids.append(try await store.traceID(word).traceID) }
            search.filter.conditions.append(.init(.attribute, "request_id", .among, .texts(ids)))
            return search
        }
    }
}

extension TraceImport {
    /// What was done, for people.
    var words: String {
        var text = "\(added) added, \(completed) completed, \(unchanged) unchanged"
        if assessments > 0 { text += "; \(assessments) assessment\(assessments == 1 ? "" : "s") added" }
        return text
    }
}
