// The built server: evaluations that callers start, watch and stop.

import EvalJSON
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct ServerTests {
    /// A server in a workplace.
    private final class Served {
        let place: Workplace
        let address: String
        private let process: Process

        init(_ place: Workplace, _ arguments: [String]) throws {
            self.place = place
            process = place.process(["server", "--port", "0"] + arguments)
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            var line = Data()
            while !line.contains(0x0A) {
                let piece = output.fileHandleForReading.availableData
                if piece.isEmpty { break }
                line += piece
            }
            let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\n" }
            address = String(try #require(words.last))
        }

        deinit { if process.isRunning { process.terminate() } }

        /// Calls by curl, as the documentation does.
        func call(_ method: String, _ path: String, _ body: String? = nil) throws -> JSON {
            var arguments = ["--silent", "--show-error", "--max-time", "60", "--request", method, address + path]
            if let body { arguments += ["--data", body] }
            return try JSON(parsing: place.run(arguments, program: "/usr/bin/curl").output)
        }

        /// The words of a stream that ends by itself.
        func read(_ path: String) throws -> String {
            try place.run(["--silent", "--no-buffer", "--max-time", "60", address + path], program: "/usr/bin/curl")
                .output
        }

        /// Looks until the evaluation is in a state.
        func state(of run: String, becomes wanted: String) throws -> JSON {
            let end = Date().addingTimeInterval(60)
            while true {
                let now = try call("GET", "\(Self.evaluations)/\(run)")["evaluation"] ?? .null
                if now["state"]?.string == wanted || Date() > end { return now }
            }
        }

        /// Tells the process to end, and returns its status.
        func end() -> Int32 {
            process.terminate()
            process.waitUntilExit()
            return process.terminationStatus
        }

        static let evaluations = "/api/evalhost/v1/evaluations"
    }

    private func place(_ suite: String) throws -> Workplace {
        let place = try Workplace()
        try place.writeRows(10)
        try place.write("support.yaml", suite)
        return place
    }

    private static let suite = """
        data: rows.jsonl
        scorers: [exact_match]
        thresholds: { exact_match/mean: 0.9 }
        """

    @Test("an ordered evaluation runs, is watched to its end, and is in the store as any other")
    func started() throws {
        let place = try place(Self.suite)
        _ = try place.run(["datasets", "import", "faq", "rows.jsonl"])
        let server = try Served(place, ["--suite", "support.yaml"])
        #expect(try server.call("GET", "/api/evalhost/v1/suites")["suites"]?[0]?["name"] == "support")
        for (data, run) in [("", "from-file"), (#""data": "dataset:faq","#, "from-dataset")] {
            let order = #"{"suite": "support", \#(data) "run_name": "\#(run)", "tags": {"by": "test"}}"#
            let started = try server.call("POST", Served.evaluations, order)
            let id = try #require(started["run_id"]?.string, "\(started)")
            let events = try server.read("\(Served.evaluations)/\(id)/events")
            #expect(events.contains("event: finished") && events.contains("event: metrics"), "\(events)")
            let ended = try server.call("GET", "\(Served.evaluations)/\(id)")["evaluation"]
            #expect(ended?["state"] == "FINISHED" && ended?["rows"] == 10 && ended?["expected_rows"] != .null)
            #expect(ended?["metrics"]?["exact_match/mean"] == 0.5 && ended?["missed"]?.count == 1)
            let kept = try server.call("GET", "/api/evalhost/v1/runs/\(id)")["run"]
            #expect(kept?["name"]?.string == run && kept?["tags"]?["by"] == "test" && kept?["status"] == "FINISHED")
        }
        let compared = try server.call("GET", "/api/evalhost/v1/runs/from-file/compare/from-dataset")
        #expect(compared["paired"] == 10)
        #expect(server.end() == 0)
    }

    @Test("what is wrong is told in the words of the command line, and nothing is begun")
    func refused() throws {
        let place = try place(Self.suite)
        let server = try Served(place, ["--suite", "help=support.yaml"])
        for (order, words) in [
            (#"{"suite": "support"}"#, "there is no suite 'support'"),
            (#"{"suite": "help", "data": "dataset:gone"}"#, "gone"),
            (#"{"suite": "help", "data": "traces:nonsense =="}"#, "nonsense"),
            (#"{"suite": "help", "data": "rows.jsonl"}"#, "a request names no file"),
        ] {
            let answer = try server.call("POST", Served.evaluations, order)
            #expect(answer["error_code"] != nil && answer["message"]?.string?.contains(words) == true, "\(answer)")
        }
        try place.write("support.yaml", "data: rows.jsonl\nscorers: [exact_mach]\n")
        let broken = try server.call("POST", Served.evaluations, #"{"suite": "help"}"#)
        #expect(broken["message"]?.string?.contains("did you mean 'exact_match'") == true, "\(broken)")
        #expect(try server.call("GET", "/api/evalhost/v1/runs")["runs"] == [])
        let unread = try place.run(["server", "--port", "0", "--suite", "missing.yaml"])
        #expect(unread.status == 2 && unread.error.contains("missing.yaml"))
        let twice = try place.run(["server", "--port", "0", "--suite", "support.yaml", "--suite", "support.yaml"])
        #expect(twice.status == 2)
    }

    @Test("an evaluation that goes on is stopped, one that waits too, and the server's end stops the rest")
    func stopped() throws {
        let place = try place("data: rows.jsonl\nscorers: [exact_match]\npredict: { command: 'sleep 600' }\n")
        let server = try Served(place, ["--suite", "support.yaml", "--evaluations", "1"])
        let ids = try (0..<3)
            .map { _ in
                try #require(try server.call("POST", Served.evaluations, #"{"suite": "support"}"#)["run_id"]?.string)
            }
        _ = try server.state(of: ids[0], becomes: "RUNNING")
        #expect(try server.call("GET", "\(Served.evaluations)/\(ids[1])")["evaluation"]?["state"] == "WAITING")
        let waiting = try server.call("DELETE", "\(Served.evaluations)/\(ids[1])")["evaluation"]
        #expect(waiting?["state"] == "INTERRUPTED")
        let running = try server.call("DELETE", "\(Served.evaluations)/\(ids[0])")["evaluation"]
        #expect(running?["state"] == "INTERRUPTED")
        #expect(running?["reason"]?.string?.contains("--resume \(ids[0].prefix(12))") == true, "\(running ?? .null)")
        #expect(try server.state(of: ids[2], becomes: "RUNNING")["state"] == "RUNNING")
        #expect(try server.read("\(Served.evaluations)/\(ids[0])/events").contains("event: interrupted"))
        #expect(server.end() == 0)
        let runs = try JSON(parsing: place.run(["runs", "list", "--format", "json"]).output)
        #expect(runs.elements.map { $0["status"]?.string } == ["INTERRUPTED", "INTERRUPTED"])
    }
}
