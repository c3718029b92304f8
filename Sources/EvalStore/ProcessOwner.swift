// Who owns a run: a process, told from every other one by its number, its start and the boot of its machine.

public import EvalCore
internal import Foundation

extension RunOwner {
    /// This process.
    ///
    /// The boot's identifier carries the space of process numbers too: the same number means another process in
    /// another container.
    public static let current = RunOwner(
        pid: getpid(),
        bootID: processSpace,
        startTicks: startTicks(of: "self") ?? 0
    )

    private static let processSpace: String = {
        let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        return boot.trimmingCharacters(in: .whitespacesAndNewlines) + (space.map { " " + $0 } ?? "")
    }()

    /// Whether the owner lives.
    ///
    /// Of a process that we could see we know it; another machine's or container's is believed to live as long as
    /// its heartbeat is fresh.
    ///
    /// - Parameter heartbeatAge: How long ago the owner gave its last sign of life.
    /// - Returns: Whether the process is there, or is believed to be.
    public func isAlive(heartbeatAge: Duration) -> Bool {
        guard bootID == Self.processSpace else { return heartbeatAge < Limits.heartbeat * 3 }
        return Self.startTicks(of: "\(pid)") == startTicks
    }

    /// Field 22 of `/proc/PID/stat`; nil if there is no such process or it has ended and waits for its parent.
    private static func startTicks(of process: String) -> UInt64? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The second field is the program's name in parentheses, which may hold anything.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
