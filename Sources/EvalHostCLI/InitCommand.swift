// `evalhost init` writes a suite to begin with; `evalhost check` validates one without a call.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalJudges
internal import EvalPlugins
internal import EvalScorers
internal import EvalSuite
internal import Foundation

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a suite to begin with.",
        discussion: "Example:\n  evalhost init support-bot && cd support-bot && evalhost"
    )

    @Argument(help: "The folder, which is made if it isn't there.")
    var folder = "."

    func run() async throws {
        let template = "\(try PluginCommand.sdk().templates)/suite"
        let manager = FileManager.default
        guard manager.fileExists(atPath: template) else {
            throw Diagnostic(
                "the template of a suite isn't installed",
                category: .unavailable,
                at: .init(file: template)
            )
        }
        let names = try manager.contentsOfDirectory(atPath: template).filter { !$0.hasPrefix(".") }.sorted()
        for name in names where manager.fileExists(atPath: "\(folder)/\(name)") {
            throw Diagnostic(
                "the file is there already",
                at: .init(file: "\(folder)/\(name)"),
                help: "`evalhost init FOLDER` writes to another folder; nothing was written."
            )
        }
        do {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in names { try manager.copyItem(atPath: "\(template)/\(name)", toPath: "\(folder)/\(name)") }
        } catch {
            throw Diagnostic("the suite can't be written: \(error.localizedDescription)", at: .init(file: folder))
        }
        for name in names { Console.output("\(folder)/\(name)\n") }
        Console.standardError("Next: \(folder == "." ? "" : "cd \(folder) && ")evalhost\n")
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate a suite, its scorers and its first rows without a call.",
        discussion: "Example:\n  evalhost check evalhost.yaml"
    )

    /// The rows that are looked at.
    private static let rows = 1_000

    @Flag(help: "Print the JSON Schema of suites, for editors.")
    var schema = false

    @OptionGroup var options: EvaluateOptions

    func run() async throws {
        if schema {
            Console.output(
                SuiteSchema.make(
                    scorers: BuiltInScorers().descriptors + BuiltInJudges(models: NoModels()).descriptors
                )
                .pretty + "\n"
            )
            return
        }
        guard let request = try SuiteFile.request(options) else {
            throw Diagnostic(
                "there is no suite to check",
                help: "Name one: evalhost check SUITE.yaml. `evalhost init` writes one."
            )
        }
        guard request.rows.data != nil else {
            let access = LazyStore(options.store, suite: request.store)
            let models = try RunModels(request.models)
            let judges = try await RegisteredJudges.of(request.experiment, in: access)
            _ = try await EvaluationSetup(request, models: models, registered: judges, console: options.console)
            _ = try await ApplicationUnderTest.predictor(of: request, models: models)
            await models.shutdown()
            Console.output("the suite is valid; it names no data\n")
            return
        }
        try await DryRun(request, options, mostRows: Self.rows).run()
    }
}
