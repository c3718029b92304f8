// `evalhost store`: the file that everything is kept in.

internal import ArgumentParser
internal import EvalCore
internal import EvalStore

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Check a store.",
        subcommands: [Check.self],
        defaultSubcommand: Check.self
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that a store is whole: its pages, and what must hold between its tables.",
            discussion: "Example:\n  evalhost store check --store sqlite:.evalhost/evalhost.db"
        )

        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try LazyStore(store).openExisting()
            let found = try await store.check()
            guard found.problems.isEmpty else {
                throw Diagnostic(
                    "the store is damaged:" + found.problems.map { "\n    \($0)" }.joined(),
                    category: .unavailable,
                    at: .init(file: store.path),
                    help: "Move the file away and restore a backup; `sqlite3 FILE .recover` saves what is readable."
                )
            }
            let counts = found.counts.map { "\($0.rows) \($0.table)" }.joined(separator: ", ")
            Console.output("\(store.path) is whole: \(counts)\n")
        }
    }
}
