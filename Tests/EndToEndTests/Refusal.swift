// What every test of bad input looks at: the words, the status, and that nothing half-written stays.

import EvalJSON
import Foundation
import Testing

extension Workplace {
    /// A row that is fine, and that exact_match finds right.
    static let row = #"{"id":"a","inputs":{"q":"x"},"outputs":"x","expectations":{"expected_response":"x"}}"#

    func write(_ name: String, bytes: some Sequence<UInt8>) throws {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    /// Writes as many good rows, which are all alike.
    func writeSame(_ count: Int, to name: String = "rows.jsonl") throws {
        try write(name, String(repeating: Self.row + "\n", count: count))
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }

    /// Files that somebody began to write and left.
    func leftovers() -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        return all.filter { $0.hasSuffix(".tmp") || $0.hasSuffix("-journal") }
    }

    /// The newest run as `runs list` has it.
    func latest(store: String = ".evalhost/evalhost.db") throws -> JSON? {
        try JSON(parsing: run(["runs", "list", "--format", "json", "--store", store]).output)[0]
    }

    /// Runs a script of the shell, to which `$0` is evalhost.
    func shell(_ script: String, environment: [String: String] = [:], prefix: [String] = []) throws -> Outcome {
        let command = prefix + ["/bin/sh", "-c", script, Self.binary]
        return try run(Array(command.dropFirst()), environment: environment, program: command[0])
    }

    /// Runs a command that can't do its work: an error of a few lines without a trace of a crash, no result, nothing
    /// half-written.
    @discardableResult
    func expectRefusal(
        _ arguments: [String],
        _ status: Int32 = 2,
        _ words: String...,
        environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try run(arguments, environment: environment)
        #expect(outcome.status == status, "\(arguments): \(outcome.error)", sourceLocation: sourceLocation)
        for word in words {
            #expect(outcome.error.contains(word), "\(arguments): \(outcome.error)", sourceLocation: sourceLocation)
        }
        #expect(outcome.error.split(separator: "\n").count <= 12, "\(outcome.error)", sourceLocation: sourceLocation)
        #expect(!outcome.error.contains("Fatal"), "\(outcome.error)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, "\(outcome.output)", sourceLocation: sourceLocation)
        #expect(leftovers().isEmpty, sourceLocation: sourceLocation)
        return outcome
    }
}

/// How a test becomes somebody whom permissions mean something to: root may do everything.
enum Nobody {
    /// What stands before a command that runs as nobody; nil where that can't be had.
    static let prefix: [String]? = {
        guard getuid() == 0 else { return [] }
        let words = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let trial = Process()
        trial.executableURL = URL(fileURLWithPath: words[0])
        trial.arguments = words.dropFirst() + [Workplace.binary, "--version"]
        trial.standardOutput = FileHandle.nullDevice
        trial.standardError = FileHandle.nullDevice
        guard (try? trial.run()) != nil else { return nil }
        trial.waitUntilExit()
        return trial.terminationStatus == 0 ? words : nil
    }()
}
