// `evalhost judges`: judges in plain language, kept with their versions.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import EvalSuite
internal import Foundation

struct JudgesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judges",
        abstract: "Make judges in plain language, and try them.",
        subcommands: [Create.self, List.self, Show.self, JudgesTestCommand.self],
        defaultSubcommand: List.self
    )

    /// Whose judges.
    struct Place: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The experiment that the judge belongs to.",
                discussion: "Default: Default",
                valueName: "name"
            )
        )
        var experiment: String?
        @OptionGroup var store: StoreOptions

        var name: String { experiment ?? Environment.value("EXPERIMENT") ?? RegisteredJudges.standard }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a judge, or a new version of it.",
            discussion: """
                The instructions say what is judged with {{ inputs }}, {{ outputs }}, {{ expectations }} and their parts such as
                {{ inputs.question }}, with {{ trace }} for all that happened, or with {{ conversation }} for whole sessions.

                Example:
                  evalhost judges create is_polite --instructions "Is the answer {{ outputs }} polite?" --value yes_no
                  evalhost judges create --file judges.yaml
                """
        )

        @Argument(help: "The judge's name.")
        var name: String?
        @Option(help: ArgumentHelp("What the judge is told; @FILE reads it from a file.", valueName: "text"))
        var instructions: String?
        @Option(
            help: ArgumentHelp(
                "What it answers: yes_no, boolean, a list of labels, or JSON such as {type: number, min: 1, max: 5}.",
                discussion: "Default: yes_no",
                valueName: "value"
            )
        )
        var value: String?
        @Option(help: ArgumentHelp("One line about it.", valueName: "text"))
        var about: String?
        @Option(help: ArgumentHelp("A model that it asks; given several times they are a panel.", valueName: "model"))
        var model: [String] = []
        @Option(help: ArgumentHelp("A YAML or JSON file of one judge or several.", valueName: "file"))
        var file: String?
        @OptionGroup var place: Place

        func validate() throws {
            if file == nil, name == nil || instructions == nil {
                throw ValidationError("a judge needs NAME and --instructions, or --file FILE")
            }
            if file != nil, name != nil || instructions != nil || value != nil || about != nil || !model.isEmpty {
                throw ValidationError("--file says all of the judge: leave the other options out")
            }
        }

        func run() async throws {
            let definitions: [JudgeDefinition]
            if let file {
                definitions = try JudgeFile.read(file, environment: ProcessInfo.processInfo.environment)
                    .map(\.definition)
            } else {
                definitions = [try definition()]
            }
            // All names are checked before the first judge is kept.
            _ = try await ScorersFound(
                running: [],
                policy: PluginPolicy(PluginFolderOptions.parse([])),
                judges: definitions
            )
            let store = try place.store.open()
            for definition in definitions {
                let kept = try await store.register(definition.name, definition.json, in: place.name)
                let state = kept.isNew ? "version \(kept.judge.version)" : "version \(kept.judge.version), as it was"
                Console.output("\(definition.name)  \(state)\n")
            }
            if let first = definitions.first {
                Console.standardError(
                    "Next: evalhost judges test \(first.name) --data ROWS.jsonl --judge-model MODEL\n"
                )
            }
        }

        private func definition() throws(Diagnostic) -> JudgeDefinition {
            var members: [(String, JSON)] = [("name", JSON(name ?? "")), ("instructions", JSON(try text()))]
            if let about { members.append(("help", JSON(about))) }
            if let value { members.append(("value", try Self.value(value))) }
            if model.count == 1 { members.append(("model", JSON(model[0]))) }
            if model.count > 1 { members.append(("model", .array(model.map { JSON($0) }))) }
            do throws(Diagnostic) {
                return try JudgeDefinition(.object(members))
            } catch {
                let flag = error.setting.map { $0 == "name" ? "NAME" : $0 == "help" ? "--about" : "--\($0)" }
                throw error.located(.init(file: flag))
            }
        }

        private func text() throws(Diagnostic) -> String {
            guard let instructions, instructions.hasPrefix("@") else { return instructions ?? "" }
            let path = String(instructions.dropFirst())
            guard let bytes = FileManager.default.contents(atPath: path),
                let text = String(data: bytes, encoding: .utf8)
            else { throw Diagnostic("the instructions can't be read", at: .init(file: path)) }
            return text
        }

        /// A word, labels that commas separate, or what YAML makes of it.
        private static func value(_ text: String) throws(Diagnostic) -> JSON {
            let trimmed = text.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("{") || trimmed.hasPrefix("[") { return try JudgeFile.value(trimmed, of: "--value") }
            let words = trimmed.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return words.count > 1 ? .array(words.map { JSON($0) }) : JSON(trimmed)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the judges of a store.",
            discussion: "The built-in judges are among `evalhost scorers list`.\n\nExample:\n  evalhost judges list"
        )

        @Option(help: ArgumentHelp("Only those of an experiment.", valueName: "name"))
        var experiment: String?
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let judges = try await LazyStore(store).existing()?.judges(of: experiment) ?? []
            switch format {
            case .json: Console.output(JSON.array(judges.map(ScorerJSON.render)).serialized + "\n")
            case .table:
                for judge in judges {
                    let definition = try RegisteredJudges.definition(judge)
                    let place = judge.experiment == RegisteredJudges.standard ? "" : "  (\(judge.experiment))"
                    let line = definition.help.isEmpty ? definition.instructions.source : definition.help
                    Console.output(
                        "\(judge.name)  version \(judge.version)\(place)  \(definition.result.main.type.word)  "
                            + "\(line.prefix(100).replacing("\n", with: " "))\n"
                    )
                }
                if judges.isEmpty { Console.output("no judges; `evalhost judges create` makes one\n") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a judge, as a file that `judges create --file` takes.",
            discussion: "Example:\n  evalhost judges show is_polite --version 1"
        )

        @Argument(help: "The judge's name.")
        var name: String
        @Option(help: ArgumentHelp("Which version.", discussion: "Default: the newest", valueName: "n"))
        var version: Int?
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var place: Place

        func run() async throws {
            let store = try place.store.openExisting()
            let versions = try await store.versions(of: name, in: place.name)
            guard let newest = versions.first else {
                let names = try await store.judges(of: place.name).map(\.name)
                throw Diagnostic(
                    "there is no judge '\(name)' in the experiment \(place.name)",
                    didYouMean: nearestWord(to: name, among: names),
                    help: "`evalhost judges list` names all; built-in ones are shown by `evalhost scorers show`."
                )
            }
            guard let judge = version.map({ number in versions.first { $0.version == number } }) ?? newest else {
                throw Diagnostic("the judge '\(name)' has versions 1 to \(newest.version), not \(version ?? 0)")
            }
            switch format {
            case .json: Console.output(ScorerJSON.render(judge).serialized + "\n")
            case .table:
                Console.output(
                    "# version \(judge.version) of \(newest.version), \(Times.local(judge.createdMilliseconds))\n"
                )
                Console.output(JudgeFile.yaml(judge.definition))
            }
        }
    }
}
