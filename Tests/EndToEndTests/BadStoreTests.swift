import EvalJSON
import Foundation
import Testing

@Suite struct BadStoreTests {
    private let place: Workplace
    private static let evaluate = ["evaluate", "--quiet", "--data", "rows.jsonl", "--scorer", "exact_match"]

    init() throws { place = try Workplace() }

    private func sql(_ statement: String, _ file: String = "x.db") throws -> String {
        try place.run([file, statement], program: "/usr/bin/sqlite3").output
    }

    @Test("a database that isn't ours, is newer or damaged is 4, and stays as it is")
    func refused() throws {
        try place.writeSame(300)
        #expect(try place.run(Self.evaluate + ["--store", "good.db"]).status == 0)
        // What was committed may still stand in the log beside the file.
        _ = try sql("PRAGMA wal_checkpoint(TRUNCATE)", "good.db")
        let good = try Data(contentsOf: place.folder.appendingPathComponent("good.db"))
        let cases: [(words: String, make: () throws -> Void)] = [
            (
                "this is not a SQLite database",
                { try place.write("x.db", String(repeating: "text and no database\n", count: 100)) }
            ),
            ("this SQLite database is not a store of evalhost", { _ = try sql("CREATE TABLE theirs (x)") }),
            (
                "the store has schema version 99",
                {
                    try place.write("x.db", bytes: good)
                    _ = try sql("PRAGMA user_version = 99")
                }
            ),
            (
                "the store is damaged",
                { try place.write("x.db", bytes: good.prefix(8192) + Data(repeating: 0xA5, count: good.count - 8192)) }
            ),
            ("the store is damaged", { try place.write("x.db", bytes: good.prefix(20_000)) }),
        ]
        for (words, make) in cases {
            for path in ["x.db", "x.db-wal", "x.db-shm"] {
                try? FileManager.default.removeItem(at: place.folder.appendingPathComponent(path))
            }
            try make()
            let before = try Data(contentsOf: place.folder.appendingPathComponent("x.db"))
            for command in [
                Self.evaluate + ["--output", "report.json"], ["runs", "list"], ["runs", "export", "latest"],
                ["evaluate", "--resume", "latest"],
            ] {
                let outcome = try place.expectRefusal(command + ["--store", "x.db"], 4, "error: x.db: ", words)
                #expect(outcome.error.contains("\n  "), "it says what to do: \(outcome.error)")
            }
            // Of a damaged one it is not seen from outside what may be written to it.
            if !words.contains("damaged") {
                #expect(try Data(contentsOf: place.folder.appendingPathComponent("x.db")) == before, "\(words)")
            }
            #expect(!place.exists("report.json"))
        }
    }

    @Test("a folder, a FIFO and a path to nowhere are no stores")
    func noFiles() throws {
        try place.writeSame(3)
        #expect(mkfifo(place.folder.appendingPathComponent("fifo").path, 0o600) == 0)
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("folder"),
            withIntermediateDirectories: false
        )
        try place.expectRefusal(Self.evaluate + ["--store", "folder"], 4, "the store is a folder, not a file")
        try place.expectRefusal(Self.evaluate + ["--store", "fifo"], 4, "error: fifo: ")
        try place.expectRefusal(Self.evaluate + ["--store", "no/such/x.db"], 4, "no/such")
        try place.expectRefusal(["runs", "list", "--store", "none.db"], 2, "none.db: there is no store")
        try place.expectRefusal(["evaluate", "--resume", "latest", "--store", "none.db"], 2, "there is no store")
        #expect(!place.exists("none.db"))
        // An empty file is a store that has not begun.
        try place.write("empty.db", "")
        #expect(try place.run(Self.evaluate + ["--store", "empty.db"]).status == 0)
    }

    @Test("a store that may not be written is 4", .enabled(if: Nobody.prefix != nil, "root may write everything"))
    func readOnly() throws {
        try place.writeSame(3)
        #expect(try place.run(Self.evaluate + ["--store", "x.db"]).status == 0)
        for path in ["x.db", ""] { chmod(place.folder.appendingPathComponent(path).path, path.isEmpty ? 0o555 : 0o444) }
        defer { chmod(place.folder.path, 0o700) }
        let script = "exec \"$0\" evaluate --data rows.jsonl --scorer exact_match"
        let words = getuid() == 0 ? Nobody.prefix ?? [] : []
        // The streams of a command lie in the folder, which may not be written here.
        let process = place.process(
            words + ["/bin/sh", "-c", script + " --store x.db", Workplace.binary],
            program: "/usr/bin/env"
        )
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 4)
        #expect(text.contains("x.db: the store is read-only"))
        chmod(place.folder.path, 0o700)
        #expect(try sql("SELECT count(*) FROM runs") == "1\n")
    }

    @Test("two evaluations on one store at once both succeed, and nothing of either is lost")
    func together() throws {
        try place.writeRows(4_000)
        let processes = try (0..<3)
            .map { number in
                let process = place.process(Self.evaluate + ["--run-name", "run \(number)"])
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                return process
            }
        for process in processes { process.waitUntilExit() }
        #expect(processes.map(\.terminationStatus) == [0, 0, 0])
        let runs = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)
        #expect(runs.elements.map { $0["rows"] } == [4_000, 4_000, 4_000])
        #expect(runs.elements.allSatisfy { $0["metrics"]?["exact_match/mean"]?.number == 0.5 })
        #expect(try sql("PRAGMA integrity_check", ".evalhost/evalhost.db") == "ok\n")
    }

    // That a writer gives up after Limits.storeBusy, 30 seconds, and what it says then is tested where the time can be
    // made short: EvalStoreTests, "a writer that waits too long for another process says so".
    @Test("a store that another program holds locked is waited for")
    func locked() throws {
        try place.writeSame(600)
        #expect(try place.run(Self.evaluate).status == 0)
        let other = place.process([".evalhost/evalhost.db"], program: "/usr/bin/sqlite3")
        let (words, answers) = (Pipe(), Pipe())
        other.standardInput = words
        other.standardOutput = answers
        try other.run()
        try words.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\nSELECT 'locked';\n".utf8))
        #expect(String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self) == "locked\n")
        let waiting = place.process(Self.evaluate)
        waiting.standardOutput = FileHandle.nullDevice
        try waiting.run()
        // It is at the lock when it has the database open.
        let open = "/proc/\(waiting.processIdentifier)/fd"
        func hasOpened() -> Bool {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []
            return names.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\($0)"))?.hasSuffix("evalhost.db")
                    == true
            }
        }
        while waiting.isRunning, !hasOpened() {}
        #expect(waiting.isRunning)
        try words.fileHandleForWriting.write(contentsOf: Data("COMMIT;\n".utf8))
        try words.fileHandleForWriting.close()
        other.waitUntilExit()
        waiting.waitUntilExit()
        #expect(waiting.terminationStatus == 0)
        #expect(try place.latest()?["rows"] == 600)
    }
}

@Suite struct FullDiskTests {
    private let place: Workplace
    private let evaluate = "evaluate --quiet --data rows.jsonl --scorer exact_match"

    init() throws {
        place = try Workplace()
        try place.writeSame(5_000)
    }

    private static let mounts: Bool = {
        guard let place = try? Workplace() else { return false }
        let script = "mkdir small && mount -t tmpfs -o size=1m none small"
        let outcome = try? place.run(["-m", "/bin/sh", "-c", script], program: "/usr/bin/unshare")
        return outcome?.status == 0
    }()

    @Test(
        "a full disk stops the run with 4; with space again it goes on",
        .enabled(if: mounts, "nothing can be mounted")
    )
    func fullDisk() throws {
        let script = """
            mkdir small && mount -t tmpfs -o size=2200k none small || exit 99
            "$0" \(evaluate) --store small/x.db --output small/report.json > first.out 2> first.err
            echo $? > first.status
            ls small > left
            mount -o remount,size=64m small
            sqlite3 small/x.db 'SELECT count(*) FROM run_rows' > kept
            exec "$0" evaluate --resume latest --store small/x.db --format json
            """
        let resumed = try place.run(["-m", "/bin/sh", "-c", script, Workplace.binary], program: "/usr/bin/unshare")
        #expect(try place.read("first.status") == "4\n")
        #expect(try place.read("first.err").contains("error: small/x.db: the disk is full"))
        #expect(try place.read("first.err").contains("--resume"))
        #expect(try place.read("first.out").isEmpty)
        #expect(try !place.read("left").contains("report"))
        let kept = try #require(try Int(place.read("kept").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kept > 0 && kept < 5_000)
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try JSON(parsing: resumed.output)["accounts"]?["exact_match"]?["scored"] == 5_000)
    }

    @Test("a limit on the size of files is an error in words, not the death by a signal")
    func fileSize() throws {
        let stopped = try place.shell("ulimit -f 3000; exec \"$0\" \(evaluate)")
        #expect(stopped.status == 4, "\(stopped.error)")
        #expect(stopped.error.contains("error: .evalhost/evalhost.db: "))
        #expect(stopped.error.contains("nothing of this transaction was written"))
        let kept = try #require(try place.latest()?["rows"]?.integer)
        #expect(kept > 0 && kept < 5_000)
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(try JSON(parsing: resumed.output)["rows"] == 5_000, "\(resumed.error)")
    }

    @Test("a limit that leaves no room for a store is an error in words")
    func noRoom() throws {
        for limit in [0, 20, 100] {
            let outcome = try place.shell("(ulimit -f \(limit); exec \"$0\" \(evaluate) --store x.db 2>&1) | cat")
            #expect(outcome.output.hasPrefix("error: x.db: "), "\(limit): \(outcome.output)")
        }
        let later = try place.run(["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--store", "x.db"])
        #expect(later.status == 0, "\(later.error)")
    }

    @Test("a report that can't be written is told, is not left in part, and the run is kept")
    func report() throws {
        #expect(try place.shell("exec \"$0\" \(evaluate)").status == 0)
        let run = try #require(place.latest()?["run_id"]?.string)
        let outcome = try place.shell(
            "ulimit -f 200; exec \"$0\" evaluate --quiet --resume latest --format jsonl --output big.jsonl"
        )
        #expect(outcome.status == 4, "\(outcome.error)")
        #expect(outcome.error.contains("error: big.jsonl: the report can't be written: "))
        #expect(outcome.error.contains("`evalhost runs show \(run.prefix(12))`"))
        #expect(!place.exists("big.jsonl"))
        #expect(place.leftovers().isEmpty)
        for path in ["nowhere/report.json", "rows.jsonl/report.json"] {
            let refused = try place.run(["evaluate", "--resume", "latest", "--output", path])
            #expect(refused.status == 2)
            #expect(refused.error.contains("error: \(path): the report can't be written: "))
        }
        #expect(try place.latest()?["status"] == "FINISHED")
    }

    @Test("results that can't be written to standard output are 4, and the run is kept")
    func standardOutput() throws {
        for command in ["\(evaluate)", "evaluate --resume latest", "runs export latest", "runs list"] {
            let outcome = try place.shell("exec \"$0\" \(command) > /dev/full")
            #expect(outcome.status == 4, "\(command): \(outcome.error)")
            #expect(outcome.error == "error: standard output can't be written: No space left on device\n")
        }
        let filter = try place.shell("exec \"$0\" score --data rows.jsonl --scorer exact_match > /dev/full")
        #expect(filter.status == 4)
        let limited = try place.shell("ulimit -f 200; exec \"$0\" runs export latest > rows.out")
        #expect(limited.status == 4)
        #expect(limited.error.contains("standard output can't be written: File too large"))
        #expect(try place.latest()?["status"] == "FINISHED")
    }

    @Test("a report goes into a pipe or through a link; neither is replaced by a file")
    func reportPlaces() throws {
        #expect(try place.shell("exec \"$0\" \(evaluate)").status == 0)
        let script = """
            mkfifo pipe && ln -s target.json link.json && echo old > target.json
            timeout 20 cat pipe > read.json &
            "$0" evaluate --quiet --resume latest --format json --output pipe --format json --output link.json
            code=$?; wait; test -p pipe && test -L link.json && exit $code
            """
        let outcome = try place.shell(script)
        #expect(outcome.status == 0, "\(outcome.error)")
        for path in ["read.json", "target.json"] { #expect(try JSON(parsing: place.read(path))["rows"] == 5_000) }
    }
}
