// Starting a process, waiting for its end, and bringing that about: swift-subprocess does it, on threads of its own.
// It starts the process with clean signals and descriptors in a group of its own, and reaps it after we have let go.

internal import Foundation
internal import Subprocess
internal import SystemPackage

/// A process from its start to its end.
struct ChildLife: Sendable {
    let command: String
    /// Its environment; nil is ours.
    let environment: [String: String]?
    let patience: CommandPatience

    /// Runs the command until it is gone.
    ///
    /// - Parameters:
    ///   - ends: Its ends of the pipes, which are closed here.
    ///   - stops: How it is to be brought to its end, once or with growing urgency.
    /// - Returns: How it ended.
    func run(_ ends: ChildEnds, stops: AsyncStream<CommandStop>) async -> CommandEnding {
        var options = PlatformOptions()
        options.processGroupID = 0
        let prefix = await Self.dyingWithUs.value
        do {
            let result = try await Subprocess.run(
                .path(FilePath(prefix.first ?? "/bin/sh")),
                arguments: Arguments(
                    prefix.dropFirst() + (prefix.isEmpty ? [] : ["/bin/sh"]) + ["-c", ShellCommand.executing(command)]
                ),
                environment: environment.map { variables in
                    .custom(Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0), $1) }))
                } ?? .inherit,
                platformOptions: options,
                input: .fileDescriptor(FileDescriptor(rawValue: ends.input), closeAfterSpawningProcess: true),
                output: .fileDescriptor(FileDescriptor(rawValue: ends.output), closeAfterSpawningProcess: true),
                error: .fileDescriptor(FileDescriptor(rawValue: ends.error), closeAfterSpawningProcess: true)
            ) { execution in
                await withTaskGroup { group in
                    group.addTask { await execution.teardown(using: [Self.wait(.seconds(1 << 31))]) }
                    group.addTask {
                        await withTaskGroup { endings in
                            for await stop in stops {
                                endings.addTask { await execution.teardown(using: steps(stop)) }
                            }
                        }
                    }
                    await group.next()
                    group.cancelAll()
                }
                // The process isn't reaped yet, so its group is still its own: what it left behind goes with it.
                try? execution.send(signal: .kill, toProcessGroup: true)
            }
            switch result.terminationStatus {
            case .exited(let status): return .exited(status)
            case .signaled(let signal): return .signalled(signal)
            }
        } catch {
            return .notStarted(String(describing: error))
        }
    }

    private func steps(_ stop: CommandStop) -> [TeardownStep] {
        switch stop {
        case .leave: [Self.wait(patience.leave), Self.terminate(patience.kill)]
        case .kill: [Self.terminate(patience.kill)]
        case .close: [Self.wait(patience.close), Self.terminate(patience.close)]
        }
    }

    private static func terminate(_ duration: Duration) -> TeardownStep {
        .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: duration)
    }

    /// Signal 0 asks whether there is a process, and does nothing to it.
    private static func wait(_ duration: Duration) -> TeardownStep {
        .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: duration)
    }

    /// What makes the kernel kill a process when we are killed, whether it looks at its input or not.
    ///
    /// It is util-linux's `setpriv`, where that is installed, since swift-subprocess has no word for PR_SET_PDEATHSIG. It
    /// reaches the process that we start, not those that this one starts: they see the end of their input. The signal comes when the thread that started the process ends; swift-subprocess's lives as long as we do.
    private static let dyingWithUs = Task { () -> [String] in
        let setpriv = ["/usr/bin/setpriv", "--pdeathsig", "KILL"]
        guard FileManager.default.isExecutableFile(atPath: setpriv[0]) else { return [] }
        let trial = try? await Subprocess.run(
            .path(FilePath(setpriv[0])),
            arguments: Arguments(setpriv.dropFirst() + ["/bin/sh", "-c", ":"]),
            output: .discarded
        )
        return trial?.terminationStatus == .exited(0) ? setpriv : []
    }
}
