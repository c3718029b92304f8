// Plugins in worker processes as a person meets them: a crash costs a row, a lock says who is trusted, nothing is left.

import EvalJSON
import Foundation
import Testing

@Suite struct IsolatedRunTests {
    private let place: Workplace

    /// Crashes where `inputs.do` is "crash", waits where it is "wait", else answers 1.
    private static let source = """
        #include <evalhost/scorer.h>
        #include <time.h>
        static volatile int *volatile nowhere;
        __attribute__((noinline)) static void fall(void) { *nowhere = 1; }
        static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
            struct timespec moment = {60, 0};
            (void)self;
            if (!strcmp(row->fields[0].text.data, "crash")) fall();
            if (!strcmp(row->fields[0].text.data, "wait")) nanosleep(&moment, 0);
            return evalhost_number(out, 1);
        }
        EVALHOST_SCORER(falling, .reads = "inputs.do", .value = EVALHOST_NUMBER(0, 1), .score = score)
        EVALHOST_PLUGIN("falling", "1.0.0", &falling)
        """

    init() throws {
        place = try Workplace()
        try compile(Self.source)
    }

    private func compile(_ source: String) throws {
        try place.write("falling.c", source)
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("plugins"),
            withIntermediateDirectories: true
        )
        let include = Workplace.checkout.appendingPathComponent("Sources/CEvalHost/include").path
        let words = ["-shared", "-fPIC", "-O1", "-fvisibility=hidden", "-I\(include)", "falling.c", "-o", "new.so"]
        let outcome = try place.run(words, program: "/usr/bin/cc")
        try #require(outcome.status == 0, "\(outcome.error)")
        // Beside its place, then renamed, as an installer does it.
        let library = place.folder.appendingPathComponent("plugins/falling.so")
        try? FileManager.default.removeItem(at: library)
        try FileManager.default.moveItem(at: place.folder.appendingPathComponent("new.so"), to: library)
    }

    private func writeRows(_ words: [String]) throws {
        let lines = words.map { #"{"inputs":{"do":"\#($0)"},"outputs":"x"}"# + "\n" }
        try place.write("rows.jsonl", lines.joined())
    }

    private let evaluate = ["evaluate", "--data", "rows.jsonl", "--plugins", "plugins", "--format", "json"]

    @Test("a crash is an error of its row, with signal and function; the others are scored, and the exit status is 3")
    func crash() throws {
        try writeRows((0..<600).map { $0 == 300 ? "crash" : "go on" })
        let outcome = try place.run(evaluate)
        #expect(outcome.status == 3, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["accounts"]?["falling"] == ["rows": 600, "scored": 599, "errored": 1, "skipped": 0])
        let row = try place.run(["runs", "export", "latest"]).lines()[300]
        let error = try #require(row["feedback"]?["falling"]?["error"])
        #expect(error["code"] == "plugin_crash")
        #expect(error["message"] == "falling@falling 1.0.0 crashed with SIGSEGV in fall, called by score")
        let again = try place.run(["evaluate", "--retry-errors", "latest", "--format", "json"])
        #expect(again.status == 3, "the row crashes again: \(again.error)")
    }

    @Test("a row that takes too long is an error; the time may be given for all plugins")
    func deadline() throws {
        try writeRows(["go on", "wait", "go on"])
        let outcome = try place.run(evaluate + ["--plugin-timeout", "0.2"])
        #expect(outcome.status == 3)
        let errors = try place.run(["runs", "export", "latest"]).lines()
            .map { $0["feedback"]?["falling"]?["error"]?["code"]?.string }
        #expect(errors == [nil, "deadline", nil])
    }

    @Test("in process there is a note that says what a crash would do")
    func inProcess() throws {
        try writeRows(["go on"])
        let outcome = try place.run(evaluate + ["--isolation", "inprocess"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let notes = try #require(JSON(parsing: outcome.output)["notes"])
        #expect(notes[0] == "falling runs inside this process: a crash of it ends the run")
    }

    @Test("when the host is killed no worker outlives it")
    func killedHost() throws {
        try writeRows(["wait"])
        let script = """
            "$0" evaluate --quiet --data rows.jsonl --plugins plugins & host=$!
            worker=
            for _ in $(seq 200); do
                worker=$(cat /proc/$host/task/*/children 2>/dev/null)
                test -n "$worker" && break
                sleep 0.05
            done
            test -n "$worker" || { echo "no worker"; exit 1; }
            kill -9 $host
            for _ in $(seq 200); do
                left=
                for pid in $worker; do grep -qs '^State:.[^Z]' /proc/$pid/status && left="$left $pid"; done
                test -z "$left" && exit 0
                sleep 0.05
            done
            echo "left: $left"; exit 1
            """
        let outcome = try place.shell(script)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("trusting, changing, and trusting no more: each refusal names the difference and the fix")
    func trust() throws {
        try writeRows(["go on"])
        let demanding = evaluate + ["--require-trusted"]
        try place.expectRefusal(demanding, 2, "plugins.lock: there is no such lock", "evalhost plugin trust")
        let trusted = try place.run(["plugin", "trust", "plugins/falling.so", "--allow", "memory:2G"])
        #expect(trusted.status == 0, "\(trusted.error)")
        #expect(
            trusted.output.contains("falling 1.0.0: trusted, SHA-256 ") && trusted.output.contains("may: memory:2G")
        )
        #expect(try place.run(demanding).status == 0)
        let listed = try place.run(["plugin", "list", "--plugins", "plugins"])
        #expect(listed.output.contains("runs in worker processes; trusted with memory:2G"))
        try compile(Self.source.replacing("1.0.0", with: "1.0.1"))
        // Also where trust is not demanded: a name in the lock means those bytes.
        try place.expectRefusal(evaluate, 2, "the library is not the one that was trusted", "plugin trust")
        #expect(try place.run(["plugin", "trust", "plugins/falling.so"]).output.contains("1.0.1: trusted anew"))
        #expect(try place.run(demanding).status == 0)
        #expect(try place.run(["plugin", "untrust", "falling"]).output == "falling: trusted no more\n")
        try place.expectRefusal(demanding, 2, "the library is not trusted: plugins.lock has no entry for it")
        try place.expectRefusal(["plugin", "untrust", "falling"], 2, "the lock has no 'falling'")
        try place.expectRefusal(
            ["plugin", "trust", "plugins/falling.so", "--allow", "all"],
            2,
            "there is no permission 'all'"
        )
    }

    @Test("where a layer of the sandbox is missing the run says so once, and may demand it")
    func sandbox() throws {
        try writeRows(["go on"])
        let environment = ["EVALHOST_WITHOUT_LANDLOCK": "1"]
        let outcome = try place.run(evaluate, environment: environment)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(
            try JSON(parsing: outcome.output)["notes"]?[0]?.string?.hasPrefix("this kernel has no Landlock") == true
        )
        let required = try place.run(evaluate + ["--sandbox", "require"], environment: environment)
        #expect(required.status == 4 && required.error.contains("this kernel has no Landlock"))
    }

    @Test("a scorer of sessions judges each conversation; one that asks a judge stands back where there is none")
    func sessions() throws {
        let turns = [
            ("a", "please send me your number"), ("b", "what is the capital then"), ("a", "please send me your number"),
        ]
        let lines = turns.map { #"{"inputs":{"q":"?"},"outputs":"\#($0.1)","session_id":"\#($0.0)"}"# + "\n" }
        try place.write("rows.jsonl", lines.joined())
        let samples = Workplace.checkout.appendingPathComponent("Examples/plugins").path
        let outcome = try place.run(["evaluate", "--data", "rows.jsonl", "--plugins", samples, "--format", "json"])
        #expect(outcome.error.contains("note: the scorer 'second_opinion@second_opinion' asks a judge model"))
        let account = try #require(JSON(parsing: outcome.output)["accounts"]?["repetition"])
        #expect(account["sessions"] == 2 && account["scored"] == 1 && account["skipped"] == 1, "\(outcome.output)")
        let first = try place.run(["runs", "export", "latest"]).lines()[0]
        #expect(first["feedback"]?["repetition"]?["value"] == 0.5)
        try place.expectRefusal(
            ["score", "--data", "rows.jsonl", "--plugins", samples, "--scorer", "repetition"],
            2,
            "'repetition' judges whole sessions"
        )
    }
}
