// `evalhost plugin check`: the validator of plugins, for their authors and for CI.

internal import ArgumentParser
internal import EvalCore
internal import EvalPlugins
internal import Foundation

extension PluginCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that a plugin keeps its contract.",
            discussion: """
                Makes numbered checks, each in a fresh worker process: of the file, of the description, of rows that nobody \
                expects, of settings at their edges, of memory, time and threads. What was given to a scorer that failed is \
                written to NAME.CHECK.jsonl, and --replay gives it again.

                Example:
                  evalhost plugin check politeness/politeness.so --strict
                  evalhost plugin check politeness/politeness.so --replay politeness.C23.jsonl
                """
        )

        @Flag(help: "List the checks, with what each means.")
        var list = false
        @Flag(help: "Notes are failures, too.")
        var strict = false
        @Option(help: ArgumentHelp("text or json.", valueName: "format"))
        var format: Format = .text
        @Option(help: ArgumentHelp("Decides which rows and settings are made up.", valueName: "number"))
        var seed: UInt64?
        @Option(help: ArgumentHelp("Make up rows and settings for so long.", valueName: "seconds"))
        var fuzz: Double = 0
        @Option(help: ArgumentHelp("Checks, by number or name, separated by commas.", valueName: "checks"))
        var only: String?
        @Option(help: ArgumentHelp("The newest glibc that the plugin may need; this machine's.", valueName: "version"))
        var glibc: String?
        @Option(help: ArgumentHelp("The folder for what failed.", valueName: "dir"))
        var output = "."
        @Option(help: ArgumentHelp("Give it what stands in a file again.", valueName: "file"))
        var replay: String?
        @Option(help: ArgumentHelp("Seconds for one row.", valueName: "seconds"))
        var pluginTimeout: Double?
        @Argument(help: "The plugin's library.")
        var library: String?

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text, json
        }

        func run() async throws {
            if list { return listChecks() }
            guard let library else {
                throw Diagnostic("there is no library to check", help: "Name one: evalhost plugin check NAME.so")
            }
            let options = try decided()
            if let replay { return try await giveAgain(replay, library, options) }
            let isText = format == .text
            let report = try await Conformance.check(library, options: options, reproducersIn: output) { result in
                if isText { Console.output(ConformanceText.lines(result, library: library)) }
            }
            Console.output(isText ? ConformanceText.summary(report, strict: strict) : ConformanceJSON.text(report))
            guard report.hasPassed(strict: strict) else { throw ExitStatus.thresholdMissed }
        }

        private func decided() throws(Diagnostic) -> ConformanceOptions {
            guard fuzz >= 0, fuzz <= 86_400 else { throw Diagnostic("--fuzz is a number of seconds, 0 to 86400") }
            var plugins = PluginOptions(hostVersion: HostVersion.current)
            if let seconds = pluginTimeout {
                guard seconds > 0, seconds <= 3_600 else {
                    throw Diagnostic("--plugin-timeout is 3600 seconds at most")
                }
                plugins.rowDeadline = .seconds(seconds)
                plugins.loadDeadline = .seconds(seconds)
            }
            if let glibc, glibc.split(separator: ".").contains(where: { Int($0) == nil }) || !glibc.contains(".") {
                throw Diagnostic("'\(glibc)' is no version of glibc", help: "Write it like 2.36.")
            }
            let drawn = fuzz > 0 ? UInt64.random(in: 0..<1_000_000_000) : 1
            var options = ConformanceOptions(
                plugins: plugins,
                seed: seed ?? drawn,
                fuzz: .seconds(fuzz),
                glibc: glibc
            )
            options.only = only.map { words in
                Set(words.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
            }
            let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            options.sharing = [executable, "plugin", "share-instance"]
            return options
        }

        private func giveAgain(_ file: String, _ library: String, _ options: ConformanceOptions) async throws {
            let cases = try await Conformance.replay(file, on: library, options: options)
            for one in cases {
                Console.output("\(file):\(one.line): \(one.given.scorer): \(one.words)\n")
                Console.output("    given: \(one.given.excerpt)\n")
                if let problem = one.problem { Console.output("    FAILED: \(problem)\n") }
            }
            let failures = cases.count { $0.problem != nil }
            Console.output("\(cases.count - failures) passed, \(failures) failed\n")
            if failures > 0 { throw ExitStatus.thresholdMissed }
        }

        private func listChecks() {
            if format == .json { return Console.output(ConformanceJSON.list + "\n") }
            for check in ConformanceCheck.all {
                let title = "\(check.number)  \(check.name.padded(20))"
                Console.output("\(title)\(check.meaning)\n")
                Console.output("     \("".padded(20))Why: \(check.reason)\n     \("".padded(20))Fix: \(check.fix)\n")
            }
        }
    }

    /// Shares an instance between threads; run by a check, in a process that has nothing to lose.
    struct ShareInstance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "share-instance",
            abstract: "Share an instance of a plugin between threads.",
            shouldDisplay: false
        )

        @Argument var library: String

        func run() async throws {
            let input = FileHandle.standardInput.readDataToEndOfFile()
            // What the plugin prints is not our report, and a thread that hangs isn't waited for.
            let output = dup(STDOUT_FILENO)
            let null = open("/dev/null", O_WRONLY)
            for descriptor in [STDOUT_FILENO, STDERR_FILENO] { dup2(null, descriptor) }
            alarm(20)
            let lines = String(decoding: input, as: UTF8.self).split(separator: "\n").map(String.init)
            let report = try await SharedInstance.compare(library: library, lines: lines)
            try FileHandle(fileDescriptor: output).write(contentsOf: Data(report.utf8))
        }
    }
}

extension ConformanceReport {
    /// Whether the library is as it should be.
    func hasPassed(strict: Bool) -> Bool {
        !results.contains { $0.status == .failed || (strict && $0.status == .note) }
    }
}

extension String {
    /// The same with blanks behind it, up to a width.
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}

/// The checks as lines for people.
enum ConformanceText {
    static func lines(_ result: ConformanceResult, library: String) -> String {
        let check = result.check
        let word: String =
            switch result.status {
            case .passed, .note: result.status.rawValue
            case .failed: "FAILED"
            case .skipped: "skipped: \(result.reason ?? "")"
            }
        let dots = String(repeating: ".", count: max(2, 22 - check.name.count))
        var text = "\(check.number) \(check.name) \(dots) \(word)\n"
        for finding in result.findings {
            let scorer = finding.scorer.map { "\($0): " } ?? ""
            text += "    \(scorer)\(clean(finding.message))\n"
            if let given = finding.given {
                text += "    given: \(clean(given.excerpt))\n"
                if given.hasConfiguration { text += "    with:  \(clean(given.settings))\n" }
            }
            text += "    fix:   \(finding.help ?? check.fix)\n"
            let again = finding.reproducer.map { "--replay \($0)" } ?? "--only \(check.number)"
            text += "    again: evalhost plugin check \(library) \(again)\n"
        }
        return text
    }

    static func summary(_ report: ConformanceReport, strict: Bool) -> String {
        func count(_ status: ConformanceResult.Status) -> Int { report.results.count { $0.status == status } }
        let name = report.library.map { "\($0) \(report.version ?? "")" } ?? report.path
        let notes = strict && count(.note) > 0 ? "\(count(.note)) notes that count" : "\(count(.note)) notes"
        return "\(name): \(count(.passed)) passed, \(count(.failed)) failed, \(notes), \(count(.skipped)) skipped; "
            + "seed \(report.seed)\n"
    }

    /// Without what a terminal would take for a command.
    private static func clean(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    }
}
