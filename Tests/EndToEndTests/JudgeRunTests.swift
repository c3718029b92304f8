// LLM judges as a person runs them: against a scripted endpoint, with caches, faults, budgets and interruptions.

import EvalJSON
import Foundation
import Testing

@Suite struct JudgeRunTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func evaluate(
        _ endpoint: ScriptedEndpoint,
        _ more: [String] = [],
        scorers: [String] = ["correctness"]
    ) throws -> Outcome {
        let named = scorers.flatMap { ["--scorer", $0] }
        let base = ["evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--format", "json"]
        return try place.run(base + named + more)
    }

    @Test("judges of one run give values, rationales, their model and what they took")
    func judges() throws {
        try place.writeRows(20)
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        let scorers = ["correctness", "relevance_to_query", "guidelines:guidelines=Be brief.", "fluency"]
        let outcome = try evaluate(endpoint, scorers: scorers)
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["metrics"]?["correctness/mean"]?.number == 1)
        #expect(report["metrics"]?["guidelines/mean"]?.number == 1)
        #expect(report["judges"]?["replies"]?.integer == 80)
        #expect(report["judges"]?["refused"]?.integer == 0)
        #expect(report["judges"]?["tokens"]?["input"]?.integer ?? 0 > 0)
        // The endpoint's model has no price, so that the cost is not known, and never 0.
        #expect(report["judges"]?["cost"]?.isNull == true)
        #expect(try endpoint.calls().count == 80)
        let rows = try place.run(["runs", "export", "latest"]).lines()
        let feedback = rows[0]["feedback"]?["correctness"]
        #expect(feedback?["value"]?.string == "yes")
        #expect(feedback?["rationale"]?.string?.isEmpty == false)
        #expect(feedback?["metadata"]?["model"]?.string?.hasPrefix("judge-1") == true)
        let trace = try place.run(["traces", "show", rows[0]["trace_id"]?.string ?? ""])
        #expect(trace.output.contains("LLM_JUDGE \(endpoint.model())"), "\(trace.output)")
    }

    @Test("a replay asks nothing, gives the same values, and refuses what it doesn't know")
    func cache() throws {
        try place.writeRows(30)
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "hash"])
        let first = try evaluate(endpoint, ["--judge-cache", "record"])
        #expect(first.status == 0, "\(first.error)")
        #expect(try endpoint.calls().count == 30)
        let again = try evaluate(endpoint, ["--judge-cache", "record"])
        let replayed = try evaluate(endpoint, ["--judge-cache", "replay"])
        #expect(try endpoint.calls().count == 30)
        for outcome in [again, replayed] {
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(try JSON(parsing: outcome.output)["metrics"] == JSON(parsing: first.output)["metrics"])
            #expect(try JSON(parsing: outcome.output)["judges"]?.isNull == true)
        }
        // Without a cache the same is asked again; a refreshed reply stands for later ones.
        _ = try evaluate(endpoint)
        #expect(try endpoint.calls().count == 60)
        _ = try evaluate(endpoint, ["--judge-cache", "refresh"])
        #expect(try endpoint.calls().count == 90)
        // What isn't there is an error in a replay.
        try place.writeRows(32)
        let missing = try evaluate(endpoint, ["--judge-cache", "replay"])
        #expect(missing.status == 3, "\(missing.error)")
        #expect(try JSON(parsing: missing.output)["accounts"]?["correctness"]?["errored"]?.integer == 2)
        let rows = try place.run(["runs", "export", "latest"]).lines()
        #expect(rows[31]["feedback"]?["correctness"]?["error"]?["code"]?.string == "not_cached")
        #expect(try endpoint.calls().count == 90)
    }

    @Test("repetitions are asked each for itself, and each is cached")
    func repeats() throws {
        try place.writeRows(5)
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        for _ in 0..<2 {
            let outcome = try evaluate(endpoint, ["--judge-cache", "record", "--repeats", "3"])
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(try endpoint.calls().count == 15)
        }
    }

    @Test("with refusals, broken replies and hangs every row ends with a value")
    func faults() throws {
        try place.writeRows(300)
        let faults = "429=0.05,429-after=0.05,500=0.03,json=0.03,schema=0.02,hang=0.01,half=0.01,reset=0.01"
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes", "--faults", faults, "--seed", "3"])
        let outcome = try evaluate(endpoint, ["--timeout", "2"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["accounts"]?["correctness"]?["scored"]?.integer == 300)
        #expect(report["metrics"]?["correctness/mean"]?.number == 1)
        let calls = try endpoint.calls()
        #expect(calls.contains { $0["fault"]?.isNull == false })
        #expect(calls.count <= 405, "\(calls.count) calls")
    }

    @Test("a run that is killed goes on without asking again what it was told")
    func resume() throws {
        try place.writeRows(20)
        // One judge answers; the other one hangs at the first attempt, so that no row is finished when the process dies.
        let script = try place.script([["when": ["model": "slow", "attempt": 1], "then": ["fault": "hang"]]])
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"] + script)
        let arguments = [
            "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model("quick"), "--scorer", "correctness",
            "--scorer", "relevance_to_query:model=\(endpoint.model("slow"))", "--format", "json", "--concurrency", "64",
        ]
        let process = place.process(arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, try keptReplies() < 20 || endpoint.calls().count < 40 {}
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(resumed.status == 0, "\(resumed.error)")
        let report = try JSON(parsing: resumed.output)
        #expect(report["accounts"]?["correctness"]?["scored"]?.integer == 20)
        #expect(report["accounts"]?["relevance_to_query"]?["scored"]?.integer == 20)
        // Both parts of the run count what they took.
        #expect(report["judges"]?["replies"]?.integer == 40)
        let models = try endpoint.calls().map { $0["body"]?["model"]?.string }
        #expect(models.filter { $0 == "quick" }.count == 20)
        #expect(models.filter { $0 == "slow" }.count == 40)
        // Finished, it asks nothing any more.
        #expect(try place.run(["evaluate", "--resume", "latest", "--format", "json"]).status == 0)
        #expect(try endpoint.calls().count == 60)
    }

    @Test("a run that is interrupted writes down what was on its way")
    func interrupted() throws {
        try place.writeRows(20)
        // Every call is out when the signal comes, and answered a moment later.
        let script = try place.script([["then": ["delay": 1.5, "verdict": "yes"]]])
        let endpoint = try ScriptedEndpoint(place, script)
        let process = place.process([
            "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--scorer", "relevance_to_query",
            "--format", "json", "--concurrency", "64",
        ])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, try endpoint.arrivals(place) < 20 {}
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try keptReplies() == 20)
        let resumed = try place.run(["evaluate", "--resume", "latest", "--format", "json"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try endpoint.calls().count == 20)
    }

    private func keptReplies() throws -> Int {
        let store = place.folder.appendingPathComponent(".evalhost/evalhost.db").path
        guard FileManager.default.fileExists(atPath: store) else { return 0 }
        let query = ["sqlite3", store, "SELECT count(*) FROM model_replies"]
        let outcome = try place.run(query, program: "/usr/bin/env")
        return Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    @Test("with the money or the calls spent the run stops, and goes on when there is more")
    func budget() throws {
        try place.writeRows(50)
        try place.write("prices.json", #"{"judge-1": {"input": 1000, "output": 1000, "date": "2026-01-01"}}"#)
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        let calls = try evaluate(endpoint, ["--max-judge-calls", "10", "--concurrency", "2"])
        #expect(calls.status == 4, "\(calls.error)")
        #expect(calls.error.contains("--resume"))
        #expect(try endpoint.calls().count == 10)
        let more = try place.run(["evaluate", "--resume", "latest", "--max-judge-calls", "100", "--format", "json"])
        #expect(more.status == 0, "\(more.error)")
        #expect(try endpoint.calls().count == 50)
        let money = try evaluate(endpoint, ["--max-cost", "5", "--prices", "prices.json", "--concurrency", "2"])
        #expect(money.status == 4, "\(money.error)")
        let spent = try JSON(parsing: place.run(["runs", "show", "latest", "--format", "json"]).output)["judges"]?[
            "cost"
        ]
        #expect(try #require(spent?["usd"]?.number) <= 5)
        #expect(spent?["partial"]?.boolean == false)
        try place.expectRefusal(
            [
                "evaluate", "--data", "rows.jsonl", "--judge-model", endpoint.model(), "--scorer", "safety",
                "--max-cost", "1",
            ],
            2,
            "price"
        )
    }

    @Test("a dry run tells calls and costs, and asks nothing")
    func dryRun() throws {
        try place.writeRows(50)
        try place.write("prices.json", #"{"judge-1": {"input": 2, "output": 8, "date": "2026-01-01"}}"#)
        let endpoint = try ScriptedEndpoint(place)
        let scorers = ["correctness", "safety"]
        let outcome = try evaluate(
            endpoint,
            ["--dry-run", "--repeats", "2", "--prices", "prices.json"],
            scorers: scorers
        )
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("correctness: about 100 of"), "\(outcome.output)")
        #expect(outcome.output.contains("for about 200 calls"), "\(outcome.output)")
        #expect(outcome.output.contains("about $0.") || outcome.output.contains("about $1."), "\(outcome.output)")
        #expect(try evaluate(endpoint, ["--dry-run"]).output.contains("no price for"))
        let turns = (0..<6).map { #"{"inputs":{"q":"\#($0)"},"outputs":"hello","session_id":"s\#($0 / 3)"}"# }
        try place.write("rows.jsonl", turns.joined(separator: "\n"))
        let sessions = try evaluate(endpoint, ["--dry-run"], scorers: ["user_frustration", "safety"])
        #expect(sessions.output.contains("user_frustration: about 2 of"), "\(sessions.output)")
        #expect(sessions.output.contains("for about 8 calls"), "\(sessions.output)")
        #expect(try endpoint.calls().isEmpty)
        #expect(!place.exists(".evalhost"))
    }

    @Test("a model with a prompt is the application, and its replies are not asked twice either")
    func predict() throws {
        try place.write(
            "rows.jsonl",
            (0..<10).map { #"{"inputs":{"question":"q \#($0)"},"expectations":{"expected_response":"Paris"}}"# }
                .joined(separator: "\n")
        )
        try place.write(
            "prompt.yaml",
            "- {role: system, content: Be brief.}\n- {role: user, content: 'Q: {{ question }}'}\n"
        )
        let endpoint = try ScriptedEndpoint(place, place.script([["then": ["text": "Paris"]]]))
        let arguments = [
            "evaluate", "--data", "rows.jsonl", "--model", "openai:/gpt-test", "--prompt", "prompt.yaml", "--scorer",
            "exact_match", "--format", "json",
        ]
        let outcome = try place.run(arguments, environment: endpoint.environment)
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try JSON(parsing: outcome.output)
        #expect(report["metrics"]?["exact_match/mean"]?.number == 1)
        #expect(report["tokens"]?["total"]?.integer ?? 0 > 0)
        #expect(report["judges"]?.isNull == true)
        let calls = try endpoint.calls()
        #expect(calls.count == 10)
        #expect(calls[0]["body"]?["messages"]?[0]?["content"]?.string == "Be brief.")
        #expect(try place.contains(ScriptedEndpoint.key).isEmpty)
        // A variable that no input has is told before anything is asked.
        try place.write("bad.txt", "{{ qestion }}")
        let bad = arguments.map { $0 == "prompt.yaml" ? "bad.txt" : $0 }
        try place.expectRefusal(bad, 2, "qestion", "did you mean 'question'", environment: endpoint.environment)
        #expect(try endpoint.calls().count == 10)
    }

    @Test("a plugin that asks a judge gets the run's")
    func plugin() throws {
        try place.writeRows(6)
        let endpoint = try ScriptedEndpoint(place, ["--verdict", "yes"])
        let folder = Workplace.checkout.appendingPathComponent("Examples/plugins").path
        let worker = Workplace.binary + "-worker"
        let arguments = [
            "evaluate", "--data", "rows.jsonl", "--plugins", folder, "--scorer", "second_opinion", "--judge-model",
            endpoint.model(), "--format", "json",
        ]
        let outcome = try place.run(arguments, environment: ["EVALHOST_WORKER": worker])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try endpoint.calls().count >= 6)
        #expect(try JSON(parsing: outcome.output)["judges"]?["replies"]?.integer ?? 0 >= 6)
    }
}
