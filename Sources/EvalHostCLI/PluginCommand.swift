// `evalhost plugin`: everything that an author of scorers does.

internal import ArgumentParser
internal import EvalCore
internal import EvalPlugins
internal import Foundation

struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Make, build, test, check, list and trust plugins.",
        subcommands: [
            New.self, Build.self, Test.self, Check.self, List.self, Trust.self, Untrust.self, ShareInstance.self,
        ]
    )

    /// Where the SDK and the templates are.
    static func sdk() throws(Diagnostic) -> PluginSDK {
        let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
        return try PluginSDK.find(executable: executable, environment: ProcessInfo.processInfo.environment)
    }

    /// Shows what a compiler printed, as it printed it.
    static func show(_ words: String) { Console.standardError(words.hasSuffix("\n") ? words : words + "\n") }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a folder with a scorer that builds and passes its test.",
            discussion: "Example:\n  evalhost plugin new --language swift politeness"
        )

        @Option(help: ArgumentHelp("c, cpp or swift.", valueName: "language"))
        var language: PluginProject.Language = .c
        @Option(name: .customLong("in"), help: ArgumentHelp("The folder in which it is made.", valueName: "dir"))
        var parent = "."
        @Argument(help: "The plugin's name, which is also its scorer's.")
        var name: String

        func run() async throws {
            let project = try PluginProject.create(name, language: language, in: parent, sdk: PluginCommand.sdk())
            let folder = parent == "." ? name : "\(parent)/\(name)"
            Console.output("\(project.folder)\n")
            Console.standardError("Next: evalhost plugin build \(folder) && evalhost plugin test \(folder)\n")
        }
    }

    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build a plugin's library in its folder.",
            discussion: "Example:\n  evalhost plugin build politeness"
        )

        @Flag(
            help: "Build a second library with sanitizers, for debuggers; `plugin test --sanitize` builds and runs it."
        )
        var sanitize = false
        @Argument(help: "The plugin's folder.")
        var folder = "."

        func run() async throws {
            let project = try PluginProject(folder: folder)
            let sdk = try PluginCommand.sdk()
            guard sanitize else {
                try await project.build(sdk: sdk, says: PluginCommand.show)
                Console.output("\(project.library)\n")
                return
            }
            let library = try await project.buildSanitized(sdk: sdk, says: PluginCommand.show)
            Console.output("\(library)\n")
            Console.standardError("Next: evalhost plugin test --sanitize \(folder)\n")
        }
    }
}
