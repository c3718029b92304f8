// `evalhost traces`: what happened for each request.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalStore
internal import EvalWire

struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces",
        abstract: "Search, show, import, export and delete traces.",
        subcommands: [List.self, Search.self, Show.self, Import.self, Export.self, Delete.self],
        defaultSubcommand: List.self
    )

    /// How a page of traces is asked for and shown.
    struct Paging: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "What the traces are sorted by, such as \"execution_time_ms DESC\"; may be given several times.",
                discussion: "Default: the newest first",
                valueName: "key"
            )
        )
        var orderBy: [String] = []
        @Option(help: ArgumentHelp("The most traces of the page.", valueName: "n"))
        var limit = 50
        @Option(help: ArgumentHelp("What the page before this one gave.", valueName: "token"))
        var pageToken: String?
        @Option(help: ArgumentHelp("table, json, or jsonl with a trace's info a line.", valueName: "format"))
        var format: Format = .table

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table, json, jsonl
        }

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000") }
        }

        func show(_ search: TraceSearch, in store: SQLiteStore) async throws {
            var search = search
            search.limit = limit
            search.token = pageToken
            let page = try await store.searchTraces(search)
            switch format {
            case .table:
                Console.output(TraceTable.list(page.elements))
                if let token = page.nextToken { Console.standardError("There are more: --page-token \(token)\n") }
            case .json:
                let members: [(String, JSON)] = [
                    ("traces", .array(page.elements.map(TraceTable.json))),
                    ("next_page_token", page.nextToken.map { JSON($0) } ?? .null),
                ]
                Console.output(JSON.object(members).serialized + "\n")
            case .jsonl:
                for trace in page.elements { Console.output(TraceTable.json(trace).serialized + "\n") }
                if let token = page.nextToken { Console.standardError("There are more: --page-token \(token)\n") }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List traces, the newest first.",
            discussion: "Example:\n  evalhost traces list --experiment support-bot"
        )

        @OptionGroup var scope: TraceScope
        @OptionGroup var paging: Paging
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            try await paging.show(scope.search(nil, order: paging.orderBy, in: store), in: store)
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find traces by a filter of MLflow's language.",
            discussion: """
                Conditions are joined by AND, texts stand in single quotes. There are status, name, timestamp_ms,
                execution_time_ms, run_id, tags.KEY, metadata.KEY, span.name, span.type, span.attributes.KEY, feedback.NAME,
                expectation.NAME and others, compared by =, !=, <, >, LIKE, ILIKE, RLIKE, IN, IS NULL.

                Example:
                  evalhost traces search "status = 'ERROR' AND span.type = 'TOOL'" --order-by "execution_time_ms DESC"
                """
        )

        @Argument(help: "The filter.")
        var filter: String
        @OptionGroup var scope: TraceScope
        @OptionGroup var paging: Paging
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            try await paging.show(scope.search(filter, order: paging.orderBy, in: store), in: store)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one trace with its spans and what was said of it.",
            discussion: "Example:\n  evalhost traces show tr-0192f3"
        )

        @Argument(help: "The trace: tr-… or the beginning of one.")
        var trace: String
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try store.openExisting()
            let record = try await store.trace(named: trace)
            let stored = try await store.traces([record.trace.id], withSpans: false).first
            let runs = stored?.runIDs ?? []
            switch format {
            case .json: Console.output(TracePage.json(record, runs: runs).serialized + "\n")
            case .table: Console.output(TracePage.text(record, runs: runs))
            }
        }
    }
}
