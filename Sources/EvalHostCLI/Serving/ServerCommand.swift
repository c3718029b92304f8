// `evalhost server`: the store over HTTP, for MLflow's client, OpenTelemetry's exporters and browsers.

internal import ArgumentParser
internal import EvalCore
internal import EvalModels
internal import EvalServer
internal import EvalStore
internal import Foundation

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Serve a store to MLflow's client and OpenTelemetry's exporters.",
        subcommands: [Serve.self, TokenCommand.self],
        defaultSubcommand: Serve.self
    )

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Listen and answer until the process is told to end.",
            discussion: """
                MLflow's client uses it by MLFLOW_TRACKING_URI=http://127.0.0.1:5000, an exporter of OpenTelemetry by
                OTEL_EXPORTER_OTLP_ENDPOINT with the header x-mlflow-experiment-id.

                It listens to this machine alone. With --host it listens to others too, and then callers must bring a
                token, which `evalhost server token create` makes, unless --insecure is given.

                Example:
                  evalhost server --port 5000
                """
        )

        @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
        var host = "127.0.0.1"
        @Option(help: ArgumentHelp("The port; 0 takes one that is free.", valueName: "number"))
        var port = 5000
        @Option(
            help: ArgumentHelp(
                "A name by which clients call the server, besides its address; * for any. May be given several times.",
                valueName: "name"
            )
        )
        var allowedHost: [String] = []
        @Option(
            help: ArgumentHelp(
                "A page elsewhere that may write, such as https://labels.example. May be given several times.",
                valueName: "origin"
            )
        )
        var allowedOrigin: [String] = []
        @Flag(help: "Ask every caller for a token, also those of this machine.")
        var requireToken = false
        @Flag(help: "Listen to other machines without asking for tokens.")
        var insecure = false
        @Option(
            help: ArgumentHelp("A JSON file of what models cost, beside the prices that are known.", valueName: "file")
        )
        var prices: String?
        @Option(help: ArgumentHelp("How many MiB a request may have, inflated.", valueName: "MiB"))
        var bodyLimit = 64
        @Flag(help: .hidden)
        var checkReplies = false
        @Option(
            help: ArgumentHelp(
                "A suite that callers with admin scope may start. May be given several times.",
                valueName: "file|name=file"
            )
        )
        var suite: [String] = []
        @Option(help: ArgumentHelp("How many evaluations run at once; others wait.", valueName: "number"))
        var evaluations = 2
        @OptionGroup var plugins: PluginFolderOptions
        @OptionGroup var store: StoreOptions
        @OptionGroup var console: OutputOptions

        func validate() throws {
            guard (1...64).contains(evaluations) else { throw ValidationError("--evaluations must be 1 to 64") }
            guard (0...65535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
            guard (1...1024).contains(bodyLimit) else { throw ValidationError("--body-limit must be 1 to 1024 MiB") }
        }

        func run() async throws {
            let store = try store.open()
            let file = prices ?? Environment.value("PRICES")
            let prices = try file.map { try PriceTable(JSONFile.read($0)) } ?? .builtIn
            let asks = requireToken || (!isLoopback && !insecure)
            if asks, try await store.accessTokens().isEmpty {
                throw Diagnostic(
                    "the server would listen at \(host) and ask for a token, and there is none",
                    help: "`evalhost server token create NAME` makes one; --insecure listens without."
                )
            }
            let evaluations = try started(in: store)
            var configuration = ServerConfiguration(
                host: host,
                port: port,
                allowedHosts: allowedHost,
                allowedOrigins: allowedOrigin,
                bodyLimit: bodyLimit << 20
            )
            configuration.checksReplies = checkReplies
            let server = Server(
                configuration: configuration,
                services: ServerServices(
                    store,
                    prices: prices,
                    shelf: ServerShelf(folders: plugins.given, policy: try PluginPolicy(plugins), judges: store),
                    starter: evaluations
                ),
                tokens: asks ? store : nil
            )
            let shown = host.contains(":") ? "[\(host)]" : host
            do {
                try await server.run { port in
                    Console.output("evalhost serves \(store.path) at http://\(shown):\(port)\n")
                }
            } catch {
                throw Diagnostic(
                    "the server can't listen at \(shown):\(port): \(error)",
                    category: .unavailable,
                    help: "Another program may have the port; --port names another, 0 takes a free one."
                )
            }
            await evaluations.shutdown()
            try store.close()
        }

        private func started(in store: SQLiteStore) throws(Diagnostic) -> ServedEvaluations {
            var suites: [StartableSuite] = []
            for argument in suite {
                let suite = try StartableSuite(argument, plugins: plugins)
                guard !suites.contains(where: { $0.name == suite.name }) else {
                    throw Diagnostic(
                        "two suites are called '\(suite.name)'",
                        at: .init(file: "--suite \(argument)"),
                        help: "Name one of them: --suite NAME=FILE."
                    )
                }
                suites.append(suite)
            }
            return ServedEvaluations(suites, in: store, mostAtOnce: evaluations, console: console)
        }

        private var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    }
}

extension ServerServices {
    private static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    /// A store of SQLite for everything.
    init(_ store: SQLiteStore, prices: PriceTable, shelf: any ScorerShelf, starter: any EvaluationStarter) {
        self.init(
            store: store,
            artifactsPath: store.path == ":memory:" ? "artifacts" : Self.folder(of: store.path) + "/artifacts",
            price: { usage, model, provider in prices.cost(of: usage, model: model, provider: provider) },
            shelf: shelf,
            starter: starter,
            recordCheck: { schema in
                let schema = try DatasetSchema(schema)
                return { schema.fault(of: $0) }
            }
        )
    }
}
