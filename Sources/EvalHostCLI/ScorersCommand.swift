// `evalhost scorers`: what there is to score with.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import Foundation

struct ScorersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scorers",
        abstract: "List scorers and show their configuration.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name all scorers.",
            discussion: "Example:\n  evalhost scorers list --plugins ./Plugins"
        )

        @OptionGroup var plugins: PluginFolderOptions
        @OptionGroup var store: StoreOptions
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table

        func run() async throws {
            let found = try await ScorersFound(
                running: plugins.given,
                policy: PluginPolicy(plugins),
                judges: RegisteredJudges.of(RegisteredJudges.standard, in: LazyStore(store))
            )
            for refusal in found.refused { Console.warning("left out: \(refusal)") }
            let descriptors = found.directory.descriptors
            switch format {
            case .table: Console.output(ScorerTable.lines(descriptors).map { $0 + "\n" }.joined())
            case .json: Console.output(JSON.array(descriptors.map(ScorerJSON.render)).serialized + "\n")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one scorer with its configuration.",
            discussion: "Example:\n  evalhost scorers show contains"
        )

        @Argument(help: "The scorer: NAME or NAME@LIBRARY.")
        var name: String
        @OptionGroup var plugins: PluginFolderOptions
        @OptionGroup var store: StoreOptions
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table

        func run() async throws {
            let found = try await ScorersFound(
                running: plugins.given,
                policy: PluginPolicy(plugins),
                judges: RegisteredJudges.of(RegisteredJudges.standard, in: LazyStore(store))
            )
            let descriptor = try found.directory.find(name)
            switch format {
            case .table: Console.output(ScorerTable.page(descriptor))
            case .json: Console.output(ScorerJSON.render(descriptor).serialized + "\n")
            }
        }
    }
}

/// The formats of lists.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// Scorers for the terminal.
enum ScorerTable {
    /// One line a scorer.
    static func lines(_ descriptors: [ScorerDescriptor]) -> [String] {
        let names = descriptors.map(\.qualifiedName)
        let width = names.map(\.count).max() ?? 0
        let kinds = descriptors.map(\.value.word).map(\.count).max() ?? 0
        return zip(names, descriptors)
            .map { name, descriptor in
                let padded = name + String(repeating: " ", count: width - name.count)
                let kind = descriptor.value.word + String(repeating: " ", count: kinds - descriptor.value.word.count)
                return
                    "  \(padded)  \(descriptor.origin.word.padding(toLength: 8, withPad: " ", startingAt: 0))  \(kind)  \(descriptor.help)"
            }
    }

    /// All about one scorer.
    static func page(_ descriptor: ScorerDescriptor) -> String {
        var lines = ["\(descriptor.qualifiedName): \(descriptor.help)", ""]
        var from = descriptor.origin.word
        if case .plugin(let library, let version, let digest) = descriptor.origin {
            from += " \(library) \(version), SHA-256 \(digest)"
        }
        lines.append("  from         \(from)")
        lines.append("  judges       \(descriptor.scope == .session ? "whole sessions" : "each row")")
        lines.append("  reads        \(descriptor.reads.joined(separator: ", "))")
        var value = descriptor.value.word
        if let range = descriptor.range { value += " from \(JSON(range.lowerBound)) to \(JSON(range.upperBound))" }
        if let unit = descriptor.unit { value += " (\(unit))" }
        lines.append("  value        \(value)\(descriptor.lowerIsBetter ? ", lower is better" : "")")
        for feedback in descriptor.feedbacks {
            lines.append("  and          \(descriptor.name)/\(feedback.name): \(feedback.value.word)")
        }
        if let pass = descriptor.pass { lines.append("  passes       \(pass)") }
        let aggregations = descriptor.aggregations.isEmpty ? [.mean] : descriptor.aggregations
        lines.append("  metrics      \(aggregations.map { "\(descriptor.name)/\($0)" }.joined(separator: ", "))")
        lines.append("")
        if descriptor.settings.isEmpty { lines.append("  no settings") } else { lines.append("  settings") }
        for setting in descriptor.settings {
            var line = "    \(setting.key): \(setting.kind.description)"
            if let range = setting.rangeWords { line += " \(range)" }
            if let value = setting.defaultValue { line += " (default \(value))" }
            if setting.isRequired { line += " (required)" }
            lines.append(line + "\n        \(setting.help)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
