// `evalhost plugin test`: the golden rows of a plugin, on the terminal or for a program that reads the result.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalPlugins
internal import Foundation

extension PluginCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Score the rows of a plugin's tests/*.jsonl and compare.",
            discussion: """
                Examples:
                  evalhost plugin test politeness
                  evalhost plugin test --sanitize politeness
                """
        )

        @Flag(
            help: "Build the plugin, in C or C++, with sanitizers of addresses and undefined behaviour, and test that."
        )
        var sanitize = false
        @Option(
            help: ArgumentHelp("text, json or junit.", discussion: "Default: text", valueName: "format")
        )
        var format: Format = .text
        @Option(help: ArgumentHelp("How long the plugin may take for one row, in seconds.", valueName: "seconds"))
        var pluginTimeout: Double?
        @Option(
            help: ArgumentHelp(
                "How much of the sandbox must be there: auto, require, strict or off.",
                valueName: "mode"
            )
        )
        var sandbox: SandboxMode?
        @Option(help: ArgumentHelp("The lock whose permissions the plugin has.", valueName: "file"))
        var lock: String?
        @Argument(help: "The plugin's folder.")
        var folder = "."

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text, json, junit
        }

        func validate() throws {
            if let pluginTimeout, !(pluginTimeout > 0) { throw ValidationError("--plugin-timeout must be above 0") }
            if sanitize, sandbox != nil {
                throw ValidationError("--sanitize runs without a sandbox: leave --sandbox out")
            }
        }

        func run() async throws {
            let project = try PluginProject(folder: folder)
            let outcome =
                if sanitize {
                    try await project.testSanitized(
                        sdk: PluginCommand.sdk(),
                        options: options(),
                        says: PluginCommand.show
                    )
                } else {
                    try await project.test(options: options())
                }
            switch format {
            case .text: Console.output(PluginTestText(folder: folder, outcome: outcome).text)
            case .json: Console.output(PluginTestText(folder: folder, outcome: outcome).json.serialized + "\n")
            case .junit: Console.output(PluginTestText(folder: folder, outcome: outcome).junit(name: project.name))
            }
            if let note = outcome.note { Console.warning(note) }
            if !outcome.isSuccess { throw ExitStatus.thresholdMissed }
        }

        private func options() throws(Diagnostic) -> PluginOptions {
            let timeout = try Environment.seconds(pluginTimeout, "PLUGIN_TIMEOUT", nil)
            var options = PluginOptions(hostVersion: HostVersion.current, rowDeadline: timeout ?? Limits.pluginRow)
            let modes = SandboxMode.allCases.map(\.rawValue).joined(separator: ", ")
            let ofEnvironment = try Environment.value("SANDBOX", "one of \(modes)", SandboxMode.init(rawValue:))
            options.sandbox = sandbox ?? ofEnvironment ?? .auto
            if let path = lock ?? Environment.value("LOCK") {
                options.lock = try PluginLock.read(path)
                options.lockPath = path
            }
            options.hear = PluginLines.show
            return options
        }
    }
}

/// What came of golden rows, as text, JSON and JUnit.
struct PluginTestText {
    let folder: String
    let outcome: PluginTestOutcome
    private var failures: Int { outcome.cases.count { $0.failure != nil } }

    private func place(_ of: PluginCase) -> String { "\(folder)/\(of.file):\(of.line)" }

    var text: String {
        var text = ""
        for failed in outcome.cases {
            guard let failure = failed.failure else { continue }
            text += "\(place(failed)): \(failed.scorer): \(failure)\n"
            if let report = failed.report { text += indented(report) }
        }
        if let leaks = outcome.leaks { text += "\(folder): after the last row: memory leaks\n" + indented(leaks) }
        return text + "\(outcome.cases.count - failures) passed, \(failures) failed\n"
    }

    private func indented(_ report: String) -> String {
        report.split(separator: "\n").map { "    \($0)\n" }.joined()
    }

    var json: JSON {
        let cases = outcome.cases.map { each in
            JSON.object([
                ("file", JSON(each.file)), ("line", JSON(each.line)), ("scorer", JSON(each.scorer)),
                ("passed", JSON(each.failure == nil)), ("failure", each.failure.map { JSON($0) } ?? .null),
                ("report", each.report.map { JSON($0) } ?? .null),
            ])
        }
        return .object([
            ("passed", JSON(outcome.cases.count - failures)), ("failed", JSON(failures)),
            ("leaks", outcome.leaks.map { JSON($0) } ?? .null), ("rows", .array(cases)),
        ])
    }

    func junit(name: String) -> String {
        let count = outcome.cases.count + (outcome.leaks == nil ? 0 : 1)
        let failed = failures + (outcome.leaks == nil ? 0 : 1)
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuite name=\"\(name)\" tests=\"\(count)\" failures=\"\(failed)\">\n"
        for each in outcome.cases {
            let title = "\(each.scorer) \(each.file):\(each.line)"
            text += test(title, each.failure, each.report)
        }
        if let leaks = outcome.leaks { text += test("memory", "memory leaks", leaks) }
        return text + "</testsuite>\n"
    }

    private func test(_ title: String, _ failure: String?, _ report: String?) -> String {
        let head = "  <testcase name=\"\(escaped(title))\""
        guard let failure else { return head + "/>\n" }
        let body = escaped(report ?? failure)
        return head + ">\n    <failure message=\"\(escaped(failure))\">\(body)</failure>\n  </testcase>\n"
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            // Control characters can't stand in XML at all.
            case _ where scalar.value < 32: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
