// `evalhost score`: a filter for pipes.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalRunner
internal import EvalSuite
internal import EvalWire
internal import Foundation

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Add feedback to rows: JSON Lines in, JSON Lines out, no run stored.",
        discussion: """
            Example:
              evalhost score --scorer exact_match < rows.jsonl > scored.jsonl
            """
    )

    @Option(
        name: .customLong("scorer"),
        help: ArgumentHelp(
            "A scorer, possibly with its configuration; may be given several times.",
            valueName: "name[:key=value,…]"
        )
    )
    var scorers: [String] = []

    @Option(help: ArgumentHelp("The rows.", discussion: "Default: standard input", valueName: "file"))
    var data = "-"

    @Option(
        help: ArgumentHelp(
            "A field that belongs elsewhere, such as question=inputs.question; may be given several times.",
            valueName: "from=to"
        )
    )
    var map: [String] = []

    @Option(help: ArgumentHelp("How many errors are allowed, as a number or a share of the rows.", valueName: "n|p%"))
    var maxErrors = "0"

    @Flag(help: "Write rows as they are ready, not in the order in which they came.")
    var unordered = false

    @OptionGroup(title: "Models") var models: ModelOptions
    @Option(help: ArgumentHelp("How many calls of models are open at once.", discussion: "Default: 64", valueName: "n"))
    var concurrency: Int?
    @OptionGroup var plugins: PluginFolderOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var console: OutputOptions

    func run() async throws {
        guard let allowance = ErrorAllowance(maxErrors) else {
            throw Diagnostic("--max-errors is a number such as 5, or a share such as 2%")
        }
        let access = LazyStore(store)
        var wishes = try RunModels.Wishes(models)
        wishes.concurrency = try Environment.count(concurrency, "CONCURRENCY", nil)
        // Without a cache nothing is stored, as with every filter.
        let journal = wishes.judge.cache ?? .off == .off ? nil : LazyJournal(store: access)
        let asked = try RunModels(wishes, .init(journal: journal))
        let found = try await ScorersFound(
            running: plugins.given,
            policy: PluginPolicy(plugins),
            models: asked.hub,
            judges: RegisteredJudges.of(RegisteredJudges.standard, in: access),
            judge: plugins.given.isEmpty ? nil : asked.judgeOfPlugins()
        )
        for refusal in found.refused { Console.warning("left out: \(refusal)") }
        var specs: [ScorerSpec] = []
        for argument in scorers { specs.append(try ScorerArgument.parse(argument, in: found.directory)) }
        if specs.isEmpty {
            for descriptor in found.running where found.standsBack(descriptor) == nil && descriptor.scope == .row {
                specs.append(try ScorerSpec(descriptor.qualifiedName))
            }
        }
        guard !specs.isEmpty else {
            throw Diagnostic(
                "there is no scorer",
                help: "Name one with --scorer NAME, or give a folder with --plugins DIR."
            )
        }
        let instances = try await found.directory.make(specs)
        if let sessions = instances.first(where: \.judgesSessions) {
            throw Diagnostic(
                "'\(sessions.name)' judges whole sessions, and `score` sees one row after another",
                help: "Use it with `evalhost evaluate`."
            )
        }
        for note in found.notes(for: instances) { console.note(note) }
        let shape = RowShape(mapping: try RowMapping(map), traces: MLflowTraceReader())
        let source = try await DataFile.open(data, hashing: false, shape: shape)
        let stream = ScoreStream(instances, allowance: allowance, keepsOrder: !unordered)
        let alarm = asked.alarm
        let outcome = try await stream.run(source) {
            // Rows that came after nothing could be asked any more have nothing but that error.
            if alarm.raised != nil { return }
            Console.output($0)
            ExitStatus.endUnlessRead()
        }
        await asked.shutdown()
        if let why = alarm.raised { throw why }
        if !allowance.allows(outcome.errors, of: outcome.rows) {
            Console.standardError("errors: \(outcome.errors) of \(outcome.rows) rows have an error\n")
            throw ExitStatus.tooManyErrors
        }
    }
}
