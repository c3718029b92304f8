// `evalhost server` on a free port of this machine, as a client of MLflow's interface finds it.

import EvalJSON
import Foundation
import Testing

final class RunningServer {
    let url: String
    private let place: Workplace
    private let process: Process

    /// Starts a server over the store of a workplace.
    init(_ place: Workplace) throws {
        self.place = place
        process = place.process(["server", "--port", "0"])
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line.append(byte)
        }
        url = String(try #require(String(decoding: line, as: UTF8.self).split(separator: " ").last))
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// Posts JSON and returns the reply.
    func post(_ path: String, _ body: JSON, headers: [String: String] = [:]) throws -> JSON {
        let script = """
            import json, sys, urllib.request
            call = json.load(sys.stdin)
            request = urllib.request.Request(call["url"], json.dumps(call["body"]).encode(), call["headers"])
            sys.stdout.write(urllib.request.urlopen(request).read().decode())
            """
        let all = ["Content-Type": "application/json"].merging(headers) { _, new in new }
        let call: JSON = [
            "url": JSON(url + path), "body": body, "headers": .object(all.map { ($0.key, JSON($0.value)) }),
        ]
        let outcome = try place.run(["python3", "-c", script], input: call.serialized, program: "/usr/bin/env")
        guard outcome.status == 0 else { throw Workplace.Failure(arguments: [path], outcome: outcome) }
        return try JSON(parsing: outcome.output)
    }
}
