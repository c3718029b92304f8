// Where a run comes from: the commit of the working folder and the machine.

internal import Foundation

/// What a run keeps of its surroundings.
struct Provenance: Sendable {
    var gitCommit: String?
    var gitDirty: Bool?
    var machine: String

    /// Looks around; a folder that is no git checkout has no commit.
    static func current() -> Provenance {
        var provenance = Provenance(machine: ProcessInfo.processInfo.hostName)
        guard let commit = git(["rev-parse", "HEAD"]) else { return provenance }
        provenance.gitCommit = commit
        provenance.gitDirty = git(["status", "--porcelain", "--untracked-files=no"]).map { !$0.isEmpty }
        return provenance
    }

    private static func git(_ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return nil }
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
