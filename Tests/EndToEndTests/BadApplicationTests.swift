import EvalJSON
import EvalTestSupport
import Foundation
import Testing

@Suite struct BadApplicationTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        let row = #"{"inputs":{"q":"x"},"expectations":{"expected_response":"x"}}"# + "\n"
        try place.write("rows.jsonl", String(repeating: row, count: 3))
    }

    /// Evaluates with an application that answers nothing, and gives the errors of the rows.
    private func errors(_ application: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        let command = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"] + application
        let outcome = try place.run(command)
        #expect(outcome.status == 3, "\(outcome.error)", sourceLocation: sourceLocation)
        #expect(
            outcome.error.contains("errors: 3 of 3 rows have an error, none is allowed"),
            "\(outcome.error)",
            sourceLocation: sourceLocation
        )
        #expect(outcome.error.contains("runs export"), sourceLocation: sourceLocation)
        #expect(try place.latest()?["status"] == "FINISHED", sourceLocation: sourceLocation)
        let rows = try place.run(["runs", "export", "latest"]).lines()
        #expect(rows.count == 3, sourceLocation: sourceLocation)
        return rows.map { row in
            let error = row["feedback"]?["exact_match"]?["error"]
            #expect(error?["code"] == "predict_failed", "\(row)", sourceLocation: sourceLocation)
            #expect(row["outputs"]?.isNull == true, sourceLocation: sourceLocation)
            return error?["message"]?.string ?? ""
        }
    }

    @Test(
        "a command that ends without an answer: each row has its exit status and the end of its standard error",
        arguments: [
            ("echo the database is away >&2; exit 7", "exit status 7", "the database is away"),
            ("exit 0", "exit status 0", ""),
            ("no-such-program", "exit status 127 (is it installed?)", "no-such-program"),
            ("kill -SEGV $$", "signal 11 (SIGSEGV)", ""),
            ("read line; exit 7", "exit status 7", ""),
        ]
    )
    func ends(command: String, words: String, log: String) throws {
        for message in try errors(["--predict-command", command]) {
            #expect(message.contains(words))
            #expect(log.isEmpty || message.contains(log))
        }
    }

    @Test("a command that prints garbage")
    func garbage() throws {
        let application = "while read -r line; do echo '<html>garbage</html>'; done"
        for message in try errors(["--predict-command", application]) {
            #expect(message == "the command printed a line that is not a JSON object")
        }
        let binary = "while read -r line; do printf '\\377\\000\\n'; done"
        for message in try errors(["--predict-command", binary]) { #expect(message.contains("not a JSON object")) }
    }

    @Test("a command that answers with errors of its own")
    func ownErrors() throws {
        let application = #"while read -r line; do echo '{"error":"the index is empty"}'; done"#
        for message in try errors(["--predict-command", application]) {
            #expect(message.contains("the index is empty"))
        }
    }

    @Test("a command that never reads, and never answers, costs its rows the timeout and no more")
    func silent() throws {
        for message in try errors(["--predict-command", "exec sleep 1000", "--timeout", "0.2"]) {
            #expect(message.hasPrefix("no answer within 0.2"))
        }
    }

    @Test("a port that nobody listens on")
    func closedPort() throws {
        let closed = try ClosedPort()
        for message in try errors(["--predict-url", "http://127.0.0.1:\(closed.number)/", "--row-timeout", "1"]) {
            #expect(message.contains("127.0.0.1:\(closed.number) refuses connections"))
        }
    }

    @Test("rows that an application failed are done again when it works")
    func retried() throws {
        _ = try errors([
            "--predict-command", "test -e works || exit 7; while read -r l; do echo '{\"outputs\":\"x\"}'; done",
        ])
        try place.write("works", "")
        let outcome = try place.run(["evaluate", "--retry-errors", "latest", "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try JSON(parsing: outcome.output)["metrics"]?["exact_match/mean"] == 1)
    }
}
