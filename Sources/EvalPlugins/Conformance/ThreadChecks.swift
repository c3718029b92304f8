// The check of scorers that say that threads may share an instance. It needs the library in the process of the threads,
// so that process is another one, which has nothing to lose.

internal import EvalCore
internal import EvalJSON
internal import Foundation

extension ConformanceCheck {
    static let sharedInstance = ConformanceCheck(
        "C60",
        "shared-instance",
        .threads,
        meaning: "Four threads that share an instance get the answers that one thread gets.",
        reason: "It says EVALHOST_THREAD_SAFE; in process one instance then serves all threads.",
        fix: "Keep buffers on the stack or guard them with a mutex, or don't say that it is thread-safe."
    ) { subject in
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        let scorers = subject.soundScorers.filter { $0.isThreadSafe && !$0.asksJudge && !$0.scoresSessions }
        guard !scorers.isEmpty else { return .skipped("no scorer of rows says that it is thread-safe") }
        guard let command = subject.options.sharing else { return .skipped("there is no program to share it in") }
        var findings: [ConformanceFinding] = []
        for scorer in scorers {
            let given = AnswerTrial(scorer: scorer, subject: subject)
            let rows = given.rows.filter { $0.serialized.utf8.count < 4_000 } + given.oddRows.prefix(10)
            let cases = rows.map { scorer.makeCase(.row($0)) }
            if let finding = await share(cases, scorer, command + [subject.path]) { findings.append(finding) }
        }
        return .found(findings)
    }

    private static func share(
        _ cases: [ConformanceCase],
        _ scorer: ScorerUnderTest,
        _ command: [String]
    ) async -> ConformanceFinding? {
        let input = cases.map(\.line).joined(separator: "\n")
        let (ended, output) = await Child.run(command, input: input)
        switch ended {
        case .signal(let number):
            let words =
                number == SIGALRM ? "the threads didn't come to an end" : "the process ended by \(signalName(number))"
            return ConformanceFinding(scorer: scorer.name, "\(words) while four threads shared an instance")
        case .status(0):
            guard let report = try? JSON(parsing: output), let row = report["row"]?.integer else { return nil }
            let (one, other) = (report["one"]?.string ?? "", report["other"]?.string ?? "")
            var given = cases[min(max(0, Int(row)), cases.count - 1)]
            given.found = other
            return ConformanceFinding(
                scorer: scorer.name,
                "sharing an instance, a thread got \(other) instead of \(one)",
                given: given
            )
        case .status(let status):
            return ConformanceFinding(
                .note,
                scorer: scorer.name,
                "the process that shares an instance ended with status \(status)"
            )
        }
    }
}

/// A program that is run to its end.
private enum Child {
    enum End: Sendable {
        case status(Int32)
        case signal(Int32)
    }

    static func run(_ command: [String], input: String) async -> (End, [UInt8]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        // Nothing of ours: there may be keys in it.
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
        ]
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        let end: End = await withCheckedContinuation { continuation in
            process.terminationHandler = { process in
                let isSignal = process.terminationReason == .uncaughtSignal
                continuation.resume(
                    returning: isSignal ? .signal(process.terminationStatus) : .status(process.terminationStatus)
                )
            }
            do {
                try process.run()
                try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try? stdin.fileHandleForWriting.close()
            } catch {
                continuation.resume(returning: .status(-1))
            }
        }
        let output = (try? stdout.fileHandleForReading.readToEnd()) ?? nil
        return (end, Array(output ?? Data()))
    }
}
