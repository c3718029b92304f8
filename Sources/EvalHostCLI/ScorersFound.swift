// Built-in scorers, judges and plugins as one directory: the door chooses the implementations.

internal import EvalCore
internal import EvalJudges
internal import EvalPlugins
internal import EvalScorers
internal import Foundation

/// The scorers that a command can use.
struct ScorersFound: Sendable {
    /// All of them by name.
    let directory: ScorerDirectory
    /// Those of the folders whose scorers all run.
    let running: [ScorerDescriptor]
    /// The libraries in the order in which they were found.
    let libraries: [PluginLibrary]
    /// Why files in the folders are not used.
    let refused: [Diagnostic]
    private let sandbox: SandboxMode
    private let hasJudge: Bool

    /// Looks into folders.
    ///
    /// - Parameters:
    ///   - running: Folders whose scorers all run.
    ///   - available: Folders whose scorers are only there to be named.
    ///   - policy: How plugins are run.
    ///   - models: Where judges get the models that they ask.
    ///   - judges: Judges of people's own.
    ///   - judge: Whom plugins ask that call a judge; nil where there is no judge model.
    /// - Throws: The first library of a folder to run that can't be used.
    init(
        running: [String],
        available: [String] = [],
        policy: PluginPolicy,
        models: any ModelDirectory = NoModels(),
        judges: [JudgeDefinition] = [],
        judge: (any JudgeClient)? = nil
    ) async throws(Diagnostic) {
        var options = try policy.options(hear: PluginLines.show)
        options.judge = judge
        hasJudge = judge != nil
        sandbox = policy.sandbox
        let folders = running + available.filter { !running.contains($0) }
        let catalog = await PluginCatalog.open(folders, options: options)
        if !policy.skipsBroken, let refusal = catalog.refusals.first {
            var refusal = refusal
            let more = "--skip-broken-plugins goes on without it."
            refusal.help = refusal.help.map { "\($0)\n  \(more)" } ?? more
            throw refusal
        }
        refused = catalog.refusals
        libraries = catalog.libraries
        let files = Set(running.map { $0.hasSuffix("/") ? $0 : $0 + "/" })
        self.running = catalog.libraries
            .filter { library in files.contains { library.file.path.hasPrefix($0) } }
            .flatMap(\.descriptors)
        try Self.check(judges)
        let builtIn = BuiltInJudges(models: models)
        directory = ScorerDirectory([BuiltInScorers(), builtIn, PlainJudges(judges, models: models), catalog])
    }

    /// Checks that judges have names of their own.
    ///
    /// - Throws: The first that has a built-in scorer's.
    static func check(_ judges: [JudgeDefinition]) throws(Diagnostic) {
        let taken = Set((BuiltInScorers().descriptors + BuiltInJudges(models: NoModels()).descriptors).map(\.name))
        guard let shadow = judges.first(where: { taken.contains($0.name) }) else { return }
        throw Diagnostic(
            "the judge '\(shadow.name)' has the name of a built-in scorer",
            help: "Give it a name of its own."
        )
    }

    /// What judges of people's own say of themselves.
    static func descriptors(of judges: [JudgeDefinition]) -> [ScorerDescriptor] {
        PlainJudges(judges, models: NoModels()).descriptors
    }

    /// Why a plugin's scorer doesn't run before somebody names it; nil if it does.
    func standsBack(_ descriptor: ScorerDescriptor) -> String? {
        if !descriptor.hasDefaults { return "needs a configuration and doesn't run without" }
        return descriptor.asksJudge && !hasJudge ? "asks a judge model and doesn't run without one" : nil
    }

    /// The scorers of the folders to run that nobody has named.
    func unnamed(in specs: [ScorerSpec]) -> [ScorerDescriptor] {
        running.filter { descriptor in
            !specs.contains { $0.scorer == descriptor.name || $0.scorer == descriptor.qualifiedName }
        }
    }

    /// What every reader of a run with these scorers should know.
    func notes(for scorers: [ScorerInstance]) -> [String] {
        let used = Set(
            scorers.compactMap { instance in
                if case .plugin(let library, _, _) = instance.scorer.descriptor.origin { library } else { nil }
            }
        )
        let inProcess = libraries.filter { used.contains($0.description.name) && $0.isolation == .inprocess }
        var notes = inProcess.map { "\($0.description.name) runs inside this process: a crash of it ends the run" }
        if used.count > inProcess.count {
            if sandbox == .off { notes.append("plugins run without a sandbox") }
            if sandbox != .off, let shortcoming = PluginCatalog.sandboxShortcoming { notes.append(shortcoming) }
        }
        notes += refused.map { "left out: \($0.message)" }
        return notes
    }

    /// What `evalhost --plugins DIR` says where there is nothing to evaluate.
    ///
    /// - Throws: The exit status of a command that lacks its rows.
    static func list(_ options: PluginFolderOptions) async throws {
        let found = try await ScorersFound(running: options.given, policy: PluginPolicy(options))
        if found.running.isEmpty {
            throw Diagnostic(
                options.given.isEmpty
                    ? "there is nothing to evaluate" : "there is no plugin in \(options.given.joined(separator: ", "))",
                help: "Give rows: evalhost evaluate --data questions.jsonl --scorer exact_match"
            )
        }
        Console.output("Scorers of \(options.given.joined(separator: ", ")):\n")
        for line in ScorerTable.lines(found.running) { Console.output(line + "\n") }
        let plugins = options.given.map { "--plugins \($0)" }.joined(separator: " ")
        throw Diagnostic(
            "there is nothing to evaluate: no evalhost.yaml here, and no --data",
            help: "Type: evalhost \(plugins) --data questions.jsonl"
        )
    }
}
