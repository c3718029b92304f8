// A model endpoint for tests: Tests/ScriptedEndpoint, which ends when its standard input closes.

import EvalJSON
import Foundation
import Testing

final class ScriptedEndpoint {
    /// The key that the endpoint wants and that nobody may write down.
    static let key = "sk-test-3Jq9xW7secretKEYnobodyMAYwrite"

    let url: String
    private let process: Process
    private let input: Pipe
    private let log: URL

    /// Starts an endpoint with options of its own.
    init(_ place: Workplace, _ options: [String] = []) throws {
        log = place.folder.appendingPathComponent("calls-\(UUID().uuidString).log")
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let program = Workplace.checkout.appendingPathComponent("Tests/ScriptedEndpoint/endpoint.py").path
        process.arguments = ["python3", program, "--until-eof", "--log", log.path] + options
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        url = String(try #require(words.last))
        try #require(words.first == "ready")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The endpoint as a model's name.
    func model(_ name: String = "judge-1") -> String { "endpoint:/\(url)/v1#\(name)" }

    /// The environment of OpenAI's own clients.
    var environment: [String: String] { ["OPENAI_API_KEY": Self.key, "OPENAI_BASE_URL": "\(url)/v1"] }

    /// The requests so far, in their order.
    func calls() throws -> [JSON] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
            .filter { $0["body"]?.isNull == false }
    }

    /// How many requests have arrived, whether they are answered or not.
    func arrivals(_ place: Workplace) throws -> Int {
        let script = "import urllib.request; print(urllib.request.urlopen('\(url)/calls').read().decode())"
        let counters = try place.run(["python3", "-c", script], program: "/usr/bin/env")
        return Int(try JSON(parsing: counters.output)["calls"]?.integer ?? 0)
    }

    /// What was said to the model in a call.
    static func prompt(_ call: JSON) -> String {
        (call["body"]?["messages"]).map { $0.elements.map { $0["content"]?.serialized ?? "" }.joined(separator: "\n") }
            ?? ""
    }
}

extension Workplace {
    /// Writes a script for an endpoint.
    func script(_ rules: JSON) throws -> [String] {
        try write("script.json", rules.serialized)
        return ["--script", folder.appendingPathComponent("script.json").path]
    }

    /// Whether anything in the folder has these bytes, the store's files included.
    func contains(_ secret: String) throws -> [String] {
        var found: [String] = []
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        for file in files {
            guard let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent(file).path) else {
                continue
            }
            if bytes.range(of: Data(secret.utf8)) != nil { found.append(file) }
        }
        return found
    }
}
