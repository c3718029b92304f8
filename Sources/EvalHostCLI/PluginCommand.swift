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

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a folder with a scorer that builds and passes its test.",
            discussion: "Example:\n  evalhost plugin new --language swift politeness"
        )

        @Option(help: ArgumentHelp("c or swift.", valueName: "language"))
        var language: Language = .c
        @Option(name: .customLong("in"), help: ArgumentHelp("The folder in which it is made.", valueName: "dir"))
        var parent = "."
        @Argument(help: "The plugin's name, which is also its scorer's.")
        var name: String

        enum Language: String, ExpressibleByArgument, CaseIterable {
            case c, swift
        }

        func run() async throws {
            let chosen: PluginProject.Language = language == .c ? .c : .swift
            let project = try PluginProject.create(name, language: chosen, in: parent, sdk: PluginCommand.sdk())
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

        @Argument(help: "The plugin's folder.")
        var folder = "."

        func run() async throws {
            let project = try PluginProject(folder: folder)
            let log = try await project.build(sdk: PluginCommand.sdk())
            if !log.isEmpty { Console.standardError(log.hasSuffix("\n") ? log : log + "\n") }
            Console.output("\(project.library)\n")
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Score the rows of a plugin's cases.jsonl and compare.",
            discussion: "Example:\n  evalhost plugin test politeness"
        )

        @Argument(help: "The plugin's folder.")
        var folder = "."

        func run() async throws {
            let project = try PluginProject(folder: folder)
            let cases = try await project.test(options: PluginOptions(hostVersion: HostVersion.current))
            for failed in cases {
                guard let failure = failed.failure else { continue }
                Console.output("\(folder)/cases.jsonl:\(failed.line): \(failed.scorer): \(failure)\n")
            }
            let failures = cases.count { $0.failure != nil }
            Console.output("\(cases.count - failures) passed, \(failures) failed\n")
            guard !cases.isEmpty else {
                throw Diagnostic("there is no case in cases.jsonl", at: .init(file: folder))
            }
            if failures > 0 { throw ExitStatus.thresholdMissed }
        }
    }
}
