import EvalJSON
import Foundation
import Testing

@Suite struct ResumeTests {
    private static let evaluate = [
        "evaluate", "--quiet", "--data", "rows.jsonl", "--scorer", "exact_match", "--scorer", "token_f1", "--format",
        "json",
    ]

    /// The exported rows without what a run can't repeat: the identifiers of its traces.
    private func rows(of place: Workplace) throws -> [String] {
        try place.run(["runs", "export", "latest"]).output.split(separator: "\n")
            .map { line in
                String(line.replacing(try Regex(#""trace_id":"tr-[0-9a-f]{32}""#), with: ""))
            }
    }

    @Test("killed at 20 random moments and resumed, a run has every row once and the values of an undisturbed one")
    func killed() throws {
        let undisturbed = try Workplace()
        try undisturbed.writeRows(20_000)
        let whole = try JSON(parsing: undisturbed.run(Self.evaluate).output)
        let expected = try rows(of: undisturbed)
        #expect(expected.count == 20_000)

        for attempt in 0..<20 {
            let place = try Workplace()
            try place.writeRows(20_000)
            let process = place.process(Self.evaluate)
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            // The moment is a number of rows in the store, so that it lies within the run on any machine.
            let target = Int.random(in: 0..<16) * 1_024
            while process.isRunning, try storedRows(place) < target {}
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            guard
                FileManager.default.fileExists(
                    atPath: place.folder.appendingPathComponent(".evalhost/evalhost.db").path
                ),
                try place.run(["runs", "list", "--format", "json"]).output.contains("run_id")
            else {
                continue
            }
            let before = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)[0]
            if before?["status"] == "RUNNING" { Issue.record("a killed run shows as running") }
            let resumed = try place.run(["evaluate", "--resume", "latest", "--quiet", "--format", "json"])
            #expect(resumed.status == 0, "attempt \(attempt) killed at \(target): \(resumed.error)")
            let report = try JSON(parsing: resumed.output)
            #expect(report["metrics"] == whole["metrics"])
            #expect(report["accounts"] == whole["accounts"])
            #expect(try rows(of: place) == expected)
        }
    }

    private func storedRows(_ place: Workplace) throws -> Int {
        let path = place.folder.appendingPathComponent(".evalhost/evalhost.db").path
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let outcome = try place.run([path, "SELECT count(*) FROM run_rows"], program: "/usr/bin/sqlite3")
        return Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    @Test("resuming a finished run scores nothing, prints its report and exits as it did")
    func finished() throws {
        let place = try Workplace()
        try place.writeRows(10)
        let first = try place.run(Self.evaluate + ["--fail-under", "exact_match/mean=0.9"])
        #expect(first.status == 1)
        let again = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(again.status == 1)
        #expect(again.output == first.output)
        #expect(again.error.contains("missed: exact_match/mean >= 0.9"))
    }

    @Test("data or configuration that changed is refused")
    func changed() throws {
        let place = try Workplace()
        try place.writeRows(10)
        let broken = try place.read("rows.jsonl") + "{\n"
        try place.write("rows.jsonl", broken)
        #expect(try place.run(Self.evaluate).status == 2)
        let changed = broken.replacing("q 3", with: "other").replacing("{\n", with: "")
        try place.write("rows.jsonl", changed)
        let outcome = try place.run(["evaluate", "--resume", "latest"])
        #expect(outcome.status == 2 || outcome.status == 0)
        try place.writeRows(5)
        let other = try place.run(["evaluate", "--resume", "latest", "--experiment", "other"])
        #expect(other.status == 2)
        #expect(other.error.contains("the run was begun with the experiment Default, not other"))
    }

    @Test("an interrupted run says how to go on, and exits with 130")
    func interrupted() throws {
        let place = try Workplace()
        try place.writeRows(200_000)
        let process = place.process(Self.evaluate)
        let errors = place.folder.appendingPathComponent("errors")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        while process.isRunning, try storedRows(place) == 0 {}
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try place.read("errors").contains("evalhost evaluate --resume"))
        let runs = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)
        #expect(runs[0]?["status"] == "INTERRUPTED")
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try JSON(parsing: resumed.output)["rows"] == 200_000)
    }
}
