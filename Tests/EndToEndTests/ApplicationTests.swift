// An application under test as a person has one: a Python function behind `evalhost_app.py`, or an HTTP server.

import EvalJSON
import Foundation
import Testing

@Suite struct ApplicationTests {
    private let python = Workplace.checkout.appendingPathComponent("Integrations/python").path

    /// A place with an application and questions without outputs.
    private func place(_ body: String, rows: Int = 20) throws -> Workplace {
        let place = try Workplace()
        try place.write("app.py", "import sys\nfrom evalhost_app import serve\n\(body)\n")
        let lines = (0..<rows)
            .map {
                #"{"id":"r\#($0)","inputs":{"n":\#($0)},"expectations":{"expected_response":"\#($0)"}}"#
            }
        try place.write("rows.jsonl", lines.joined(separator: "\n") + "\n")
        return place
    }

    private func run(_ place: Workplace, _ more: [String] = []) throws -> Outcome {
        let base = [
            "evaluate", "--data", "rows.jsonl", "--predict-command", "python3 app.py", "--scorer", "exact_match",
        ]
        return try place.run(base + ["--format", "json"] + more, environment: ["PYTHONPATH": python])
    }

    @Test("a Python function answers the rows, and its failures cost their rows")
    func function() throws {
        let place = try place(
            """
            def answer(n):
                if n == 7:
                    raise ValueError("seven is not for me")
                print("debugging", n)
                return str(n)
            serve(answer)
            """
        )
        let outcome = try run(place)
        #expect(outcome.status == 3, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["rows"]?.integer == 20)
        #expect(report["errors"]?.integer == 1)
        #expect(report["accounts"]?["exact_match"]?["errored"]?.integer == 1)
        let rows = try place.run(["runs", "export", "latest"]).lines()
        #expect(rows[7]["error"]?["code"]?.string == "predict_failed")
        #expect(rows[7]["error"]?["message"]?.string?.contains("seven is not for me") == true)
        #expect(rows[6]["outputs"]?.string == "6")
        #expect(try run(place, ["--max-errors", "1"]).status == 0)
    }

    @Test("repetitions show what is flaky")
    func repeats() throws {
        let place = try place(
            """
            import itertools
            calls = itertools.count()
            def answer(n):
                return str(n) if n % 2 == 0 or next(calls) % 2 == 0 else "?"
            serve(answer)
            """
        )
        let outcome = try run(place, ["--repeats", "4", "--predict-processes", "1"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["rows"]?.integer == 20)
        #expect(report["accounts"]?["exact_match"]?["rows"]?.integer == 80)
        #expect(report["flaky_records"]?.integer ?? 0 > 0)
        #expect(
            report["metrics"]?["exact_match/pass@4"]?.number ?? 0 > report["metrics"]?["exact_match/pass^4"]?.number
                ?? 1
        )
        #expect(try place.run(["runs", "export", "latest"]).lines().count == 80)
    }

    @Test("turns of a conversation get the earlier ones")
    func conversation() throws {
        let place = try place(
            """
            def answer(n, history=None):
                return str(len(history or []))
            serve(answer)
            """,
            rows: 0
        )
        let lines = (0..<12)
            .map {
                #"{"inputs":{"n":\#($0)},"session_id":"s\#($0 % 3)","expectations":{"expected_response":"\#($0 / 3)"}}"#
            }
        try place.write("rows.jsonl", lines.joined(separator: "\n"))
        let report = try JSON(parsing: run(place).output)
        #expect(report["metrics"]?["exact_match/mean"]?.number == 1)
    }

    @Test("an interrupted run keeps no row that was stopped, and goes on with the rest")
    func interrupted() throws {
        let place = try place(
            """
            import os, signal
            def answer(n):
                if n == 15 and not os.path.exists("stopped"):
                    open("stopped", "w").close()
                    os.kill(int(open("pid").read()), signal.SIGINT)
                    signal.pause()
                return str(n)
            serve(answer)
            """
        )
        let arguments = [
            "evaluate", "--data", "rows.jsonl", "--predict-command", "python3 app.py", "--scorer", "exact_match",
            "--quiet",
            "--predict-processes", "1",
        ]
        let environment = ["PYTHONPATH": python]
        let shell = "echo $$ > pid; exec \"$0\" \"$@\""
        let stopped = try place.run(
            ["-c", shell, Workplace.binary] + arguments,
            environment: environment,
            program: "/bin/sh"
        )
        #expect(stopped.status == 130, "\(stopped.error)")
        let kept = try place.run(["runs", "export", "latest"]).lines()
        #expect(kept.count < 20)
        #expect(kept.allSatisfy { $0["error"] == nil })
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"], environment: environment)
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try JSON(parsing: resumed.output)["metrics"]?["exact_match/mean"]?.number == 1)
    }

    @Test("a URL answers the rows, with a header whose secret is in no place")
    func url() throws {
        let place = try place("", rows: 10)
        try place.write(
            "server.py",
            """
            import http.server, json, sys, threading
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_POST(self):
                    request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    known = self.headers["Authorization"] == "Bearer s3cret"
                    body = json.dumps({"answer": {"text": str(request["inputs"]["n"]) if known else "?"}}).encode()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *arguments): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            print(server.server_port, flush=True)
            threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
            server.serve_forever()
            """
        )
        let server = place.process(["python3", "server.py"], program: "/usr/bin/env")
        let (input, output) = (Pipe(), Pipe())
        server.standardInput = input
        server.standardOutput = output
        try server.run()
        defer {
            try? input.fileHandleForWriting.close()
            server.waitUntilExit()
        }
        let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).filter(\.isNumber)
        try place.write(
            "evalhost.yaml",
            """
            data: rows.jsonl
            predict:
              url: http://127.0.0.1:\(port)/answer
              output_path: answer.text
              headers: { Authorization: 'Bearer ${SECRET_OF_THE_TEST}' }
            scorers: [exact_match, latency]
            fail_if: ['latency/mean > 60000']
            """
        )
        let missing = try place.run(["--format", "json"])
        #expect(missing.status == 2)
        #expect(missing.error.contains("evalhost.yaml:5:29: the environment has no variable 'SECRET_OF_THE_TEST'"))
        let outcome = try place.run(["--format", "json"], environment: ["SECRET_OF_THE_TEST": "s3cret"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["metrics"]?["exact_match/mean"]?.number == 1)
        #expect(report["accounts"]?["latency"]?["scored"]?.integer == 10)
        #expect(try !place.run(["runs", "show", "latest", "--format", "json"]).output.contains("s3cret"))
    }
}
