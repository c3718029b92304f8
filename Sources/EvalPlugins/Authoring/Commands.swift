// Compilers: how they are called in a plugin's folder, what they said, and what to do where there is none.

internal import EvalCore
internal import Foundation

/// A compiler, or what else is called in a plugin's folder.
struct Command: Sendable {
    let words: [String]
    let folder: String

    /// What came of a command.
    struct Outcome {
        /// Nil if it could not be started.
        var status: Int32?
        /// Standard output and standard error, as they came.
        var output: String
    }

    /// Runs it to its end.
    ///
    /// - Parameter says: Is given what the command printed, as it printed it, whether it failed or not.
    /// - Throws: That it isn't installed, or that it failed.
    func run(says: (String) -> Void) async throws(Diagnostic) {
        let outcome = try await outcome()
        switch outcome.status {
        case 0:
            if !outcome.output.isEmpty { says(outcome.output) }
        case 127, nil:
            throw Diagnostic(
                "`\(words[0])` isn't installed",
                category: .unavailable,
                at: .init(file: folder),
                help: Self.installing[words[0]]
            )
        default:
            if !outcome.output.isEmpty { says(outcome.output) }
            throw Diagnostic("`\(words[0])` failed", at: .init(file: folder), help: Self.hint(outcome.output))
        }
    }

    private static let installing = [
        "cc": "Install a C compiler: `apt install build-essential` on Debian and Ubuntu, `dnf install gcc` on Fedora.",
        "c++":
            "Install a C++ compiler: `apt install build-essential` on Debian and Ubuntu, `dnf install gcc-c++` on Fedora.",
        "swift": "Install the Swift 6.3 toolchain: https://www.swift.org/install. Only building needs it, not running.",
    ]

    /// What a person may not see at once in a compiler's words.
    private static func hint(_ output: String) -> String? {
        for marker in ["cannot find -l", "unable to find library -l"] {
            guard let range = output.range(of: marker) else { continue }
            let name = output[range.upperBound...].prefix { $0.isLetter || $0.isNumber || "_+.-".contains($0) }
            let linked = name.hasSuffix(".") ? String(name.dropLast()) : String(name)
            return "The file `libraries` names \(linked): install its development package."
        }
        if output.contains("unknown attribute 'c'") {
            return "ScorerKit needs Swift 6.3: https://www.swift.org/install"
        }
        if output.contains("undefined reference to") || output.contains("undefined symbol:") {
            return "If a library of the system has it, name that in the file `libraries`, one a line."
        }
        return nil
    }

    /// Runs it to its end.
    ///
    /// Its output goes through a file, so that no pipe can fill up.
    func outcome() async throws(Diagnostic) -> Outcome {
        let output = FileManager.default.temporaryDirectory.path + "/evalhost-build-\(UUID().uuidString).log"
        defer { unlink(output) }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let log = FileHandle(forWritingAtPath: output)
        else { throw Diagnostic("no file can be made for the compiler's output", at: .init(file: output)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        let status: Int32? = await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(returning: nil)
            }
        }
        let bytes = FileManager.default.contents(atPath: output) ?? Data()
        return Outcome(status: status, output: String(decoding: bytes, as: UTF8.self))
    }
}
