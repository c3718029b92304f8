// `evalhost runs compare A B`: what two runs say of the same rows.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalScorers
internal import EvalStore
internal import Foundation

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two runs: metrics, what differs in their origin, and the rows that changed.",
        discussion: "Example:\n  evalhost runs compare nightly latest --format markdown"
    )

    @Argument(help: ArgumentHelp("The run before: an id, the beginning of one, a name, or latest.", valueName: "run"))
    var before: String
    @Argument(help: ArgumentHelp("The run after.", valueName: "run"))
    var after: String
    @Option(help: ArgumentHelp("table, json or markdown.", valueName: "format"))
    var format: Format = .table
    @Option(help: ArgumentHelp("The most rows that are listed of a kind.", valueName: "n"))
    var rows = 10
    @OptionGroup var store: StoreOptions
    @OptionGroup var console: OutputOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, markdown
    }

    func run() async throws {
        let store = try store.openExisting()
        let comparison = try await RunComparison.of(
            before,
            after,
            in: store,
            descriptors: BuiltInScorers().descriptors
        )
        switch format {
        case .table:
            let width = Console.isTerminal(STDOUT_FILENO) ? Console.width(STDOUT_FILENO) : nil
            let colors = Console.colors(STDOUT_FILENO)
            Console.output(ComparisonTable.render(comparison, color: colors, width: width, rows: max(0, rows)))
        case .json: Console.output(ComparisonJSON.render(comparison).serialized + "\n")
        case .markdown: Console.output(ComparisonMarkdown.render(comparison))
        }
    }
}
