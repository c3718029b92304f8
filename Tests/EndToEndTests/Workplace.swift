// A folder of its own for each test, and the built binary run in it as a person would.

import EvalJSON
import Foundation
import Testing

/// What a command came to.
struct Outcome {
    var status: Int32
    var output: String
    var error: String

    /// The output's lines as JSON.
    func lines() throws -> [JSON] {
        try output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    }
}

/// A temporary folder that goes away with the test.
final class Workplace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalhost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The binary under test: `EVALHOST_BINARY`, or the debug build beside the tests.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["EVALHOST_BINARY"] { return path }
        return checkout.appendingPathComponent(".build/debug/evalhost").path
    }()

    /// The root of the repository.
    static let checkout = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    func write(_ name: String, _ content: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: file)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    /// A process that is set up, not started.
    func process(_ arguments: [String], environment: [String: String] = [:], program: String = binary) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EVALHOST_") }
        all["XDG_CACHE_HOME"] = folder.appendingPathComponent("cache").path
        all.merge(environment) { _, new in new }
        process.environment = all
        return process
    }

    /// Runs a command to its end.
    ///
    /// Its streams go through files, so that no pipe can fill up.
    func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:],
        program: String = binary
    ) throws -> Outcome {
        let process = process(arguments, environment: environment, program: program)
        let id = UUID().uuidString
        let paths = ["in", "out", "err"].map { folder.appendingPathComponent(".\(id).\($0)") }
        defer { for path in paths { try? FileManager.default.removeItem(at: path) } }
        try Data(input.utf8).write(to: paths[0])
        for path in paths[1...] { _ = FileManager.default.createFile(atPath: path.path, contents: nil) }
        process.standardInput = try FileHandle(forReadingFrom: paths[0])
        process.standardOutput = try FileHandle(forWritingTo: paths[1])
        process.standardError = try FileHandle(forWritingTo: paths[2])
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: paths[1]), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: paths[2]), as: UTF8.self)
        )
    }

    /// Rows whose outputs equal the expected response where `index` is even.
    func writeRows(_ count: Int, to name: String = "rows.jsonl") throws {
        var text = ""
        for index in 0..<count {
            let output = index.isMultiple(of: 2) ? "answer \(index)" : "wrong"
            text += #"{"id":"r\#(index)","inputs":{"question":"q \#(index)"},"outputs":"\#(output)","#
            text += #""expectations":{"expected_response":"answer \#(index)"}}"# + "\n"
        }
        try write(name, text)
    }
}
