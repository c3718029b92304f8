// The door: argv in, exit status out. Every error of every command ends here.

internal import ArgumentParser
internal import EvalCore
internal import EvalPlugins
internal import Foundation

@main
struct Main {
    static func main() async {
        // Output that nobody reads and a file that may not grow are errors of a write, not our end.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        do {
            var command = try EvalHostCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            await PluginCatalog.endWorkers()
            ExitStatus.end(.success)
        } catch {
            await PluginCatalog.endWorkers()
            ExitStatus.exit(after: error)
        }
    }
}

struct EvalHostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evalhost",
        abstract: "Evaluates LLM applications and agents.",
        discussion: """
            `evalhost --plugins ./Plugins` runs ./evalhost.yaml with the scorers of a folder beside the built-in ones.

            Example:
              evalhost evaluate --data questions.jsonl --scorer exact_match --fail-under exact_match/mean=0.8
            """,
        version: HostVersion.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Everyday",
                subcommands: [
                    EvaluateCommand.self, RunsCommand.self, ScorersCommand.self, PluginCommand.self, ScoreCommand.self,
                ]
            ),
            CommandGroup(
                name: "More",
                subcommands: [
                    InitCommand.self, CheckCommand.self, DatasetsCommand.self, JudgesCommand.self, ServerCommand.self, StoreCommand.self,
                    TracesCommand.self,
                ]
            ),
        ],
        defaultSubcommand: EvaluateCommand.self
    )
}
