// What the world around a run does to it: narrow terminals, readers that leave, clocks that jump, files that change.

import EvalJSON
import Foundation
import Testing

@Suite struct SurroundingsTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    @Test("on a terminal of 20 columns no line of the progress bar is wider")
    func narrowTerminal() throws {
        try place.writeSame(5_000)
        try place.write(
            "terminal.py",
            """
            import fcntl, os, pty, struct, sys, termios
            pid, master = pty.fork()
            if pid == 0:
                fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 20, 0, 0))
                os.execv(sys.argv[1], sys.argv[1:])
            screen = b""
            while True:
                try:
                    part = os.read(master, 65536)
                except OSError:
                    break
                if not part:
                    break
                screen += part
            sys.stdout.buffer.write(screen)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        )
        let outcome = try place.run(
            [
                "python3", "terminal.py", Workplace.binary, "evaluate", "--data", "rows.jsonl", "--scorer",
                "exact_match",
            ],
            program: "/usr/bin/env"
        )
        #expect(outcome.status == 0)
        let screen = outcome.output.replacing(try Regex("\u{1B}\\[[0-9;]*[A-Za-z]"), with: "")
        let lines = screen.split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        let bar = lines.prefix { !$0.hasPrefix("Default") }
        #expect(bar.last == "5000/5000 rows", "\(screen)")
        #expect(bar.allSatisfy { $0.count <= 20 }, "\(bar)")
        #expect(screen.contains("exact_match/mean"))
    }

    @Test("a filter whose reader leaves stops without a complaint, also on endless input")
    func readerOfFilter() throws {
        try place.writeSame(5_000)
        for input in ["\"$0\" score --data rows.jsonl", "yes '\(Workplace.row)' | \"$0\" score"] {
            let outcome = try place.shell("{ \(input) --scorer exact_match; echo $? > status; } | head -n 1")
            #expect(try outcome.lines().count == 1)
            #expect(outcome.error.isEmpty)
            #expect(try place.read("status") == "0\n")
        }
    }

    @Test("a filter that ends while other threads are in the middle of rows ends with its own status, every time")
    func endsWhileOthersWork() throws {
        // Of fifty about four met a library's destructors, when the process ended by `exit`.
        let filter = "yes '\(Workplace.row)' | \"$0\" score --scorer exact_match | head -n 1"
        let outcome = try place.shell("for i in $(seq 50); do \(filter); done")
        #expect(outcome.error.isEmpty)
        #expect(try outcome.lines().count == 50)
    }

    @Test("an evaluation whose reader leaves keeps its run, its other reports and its exit status")
    func readerOfReport() throws {
        try place.writeSame(5_000)
        let evaluate = "\"$0\" evaluate --quiet --data rows.jsonl --scorer exact_match"
        let reports = "--format jsonl --format json --output report.json --fail-if 'exact_match/mean >= 1'"
        for reader in ["head -n 1", "true"] {
            let outcome = try place.shell("{ \(evaluate) \(reports); echo $? > status; } | \(reader)")
            #expect(outcome.error.contains("missed: "))
            #expect(try place.read("status") == "1\n")
            #expect(try place.latest()?["status"] == "FINISHED")
            #expect(try JSON(parsing: place.read("report.json"))["rows"] == 5_000)
        }
        let export = try place.shell("{ \"$0\" runs export latest; echo $? > status; } | head -n 1")
        #expect(try export.lines().count == 1)
        #expect(try place.read("status") == "0\n")
    }

    @Test("a clock that goes back an hour in the middle of a run changes no duration")
    func clock() throws {
        try place.write(
            "clock.c",
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <time.h>
            #include <unistd.h>
            int clock_gettime(clockid_t clock, struct timespec *at) {
                int (*real)(clockid_t, struct timespec *) =
                    (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
                int status = real(clock, at);
                if (clock == CLOCK_REALTIME && access("jump", F_OK) == 0) at->tv_sec -= 3600;
                return status;
            }
            """
        )
        let built = try place.run(["-shared", "-fPIC", "clock.c", "-o", "clock.so", "-ldl"], program: "/usr/bin/cc")
        try #require(built.status == 0, "\(built.error)")
        let row = #"{"inputs":{"q":"x"},"expectations":{"expected_response":"x"}}"# + "\n"
        try place.write("rows.jsonl", String(repeating: row, count: 3))
        let outcome = try place.run(
            [
                "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "json", "--predict-command",
                #"while read -r line; do : > jump; echo '{"outputs":"x"}'; done"#,
            ],
            environment: ["LD_PRELOAD": place.folder.appendingPathComponent("clock.so").path]
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        let seconds = try #require(JSON(parsing: outcome.output)["duration_s"]?.number)
        #expect(seconds > 0 && seconds < 60)
        let run = try #require(try place.latest())
        let (started, ended) = (run["started"]?.string, run["ended"]?.string)
        #expect(try #require(ended) < #require(started), "the clock went back, so this test tests something")
        for exported in try place.run(["runs", "export", "latest"]).lines() {
            let id = try #require(exported["trace_id"]?.string)
            let trace = try JSON(parsing: place.run(["traces", "show", id, "--format", "json"]).output)
            let duration = try #require(trace["execution_duration_ms"]?.integer)
            #expect(duration >= 0 && duration < 60_000)
            let span = try #require(trace["spans"]?[0])
            let times = try ["start_time_unix_nano", "end_time_unix_nano"].map { try #require(span[$0]?.integer) }
            #expect(times[0] <= times[1])
        }
    }
}

@Suite struct ChangingDataTests {
    private static let evaluate = ["evaluate", "--quiet", "--data", "rows.jsonl", "--scorer", "exact_match"]
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func lines(_ range: Range<Int>, _ word: String = "x") -> [String] {
        range.map { #"{"inputs":{"q":"\#(word) \#($0)"},"outputs":"x","expectations":{"expected_response":"x"}}"# }
    }

    private func write(_ lines: [String]) throws { try place.write("rows.jsonl", lines.joined(separator: "\n") + "\n") }

    @Test("data that changed before --resume is refused, nothing of it is kept, and the right data goes on")
    func beforeResume() throws {
        let data = lines(0..<4_000)
        try write(data + ["{"])
        try place.expectRefusal(Self.evaluate, 2, "rows.jsonl:4001: the text is not valid JSON")
        let kept = try #require(try place.latest()?["rows"]?.integer)
        #expect(kept > 0)
        let before = try place.run(["runs", "export", "latest"]).output
        for changed in [lines(0..<4_000, "other"), lines(0..<1, "other") + lines(1..<4_000), Array(data.dropFirst())] {
            try write(changed)
            try place.expectRefusal(
                ["evaluate", "--resume", "latest"],
                2,
                "row 1 of the data is not the row that the run has finished there",
                "Resume with the data that the run began with"
            )
            #expect(try place.latest()?["rows"]?.integer == kept)
        }
        try write(Array(data.prefix(10)))
        try place.expectRefusal(
            ["evaluate", "--resume", "latest"],
            2,
            "the data has 10 rows, but the run has finished row"
        )
        try FileManager.default.removeItem(at: place.folder.appendingPathComponent("rows.jsonl"))
        try place.expectRefusal(["evaluate", "--resume", "latest"], 2, "rows.jsonl: there is no such file")
        #expect(try place.run(["runs", "export", "latest"]).output == before)
        try write(data)
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try JSON(parsing: resumed.output)["accounts"]?["exact_match"]?["scored"] == 4_000)
    }

    @Test("data that is cut short while it is read is an error with its line; restored, the run goes on")
    func whileRead() throws {
        let filler = String(repeating: "a", count: 30_000)
        let data = (0..<600).map { #"{"inputs":{"q":"\#($0) \#(filler)"},"expectations":{"expected_response":"x"}}"# }
        try write(data)
        // The application cuts the file when it is first asked: far behind what can have been read by then.
        let application = """
            while read -r line; do
                test -e cut || { : > cut; truncate -s 15000000 rows.jsonl; }
                echo '{"outputs":"x"}'
            done
            """
        let stopped = try place.run(Self.evaluate + ["--predict-command", application, "--predict-processes", "1"])
        #expect(stopped.status == 2, "\(stopped.error)")
        #expect(stopped.error.contains("error: rows.jsonl:"), "\(stopped.error)")
        #expect(try place.latest()?["status"] == "FAILED")
        #expect(try #require(place.latest()?["rows"]?.integer) > 0)
        try write(data)
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try JSON(parsing: resumed.output)["accounts"]?["exact_match"]?["scored"] == 600)
    }
}
