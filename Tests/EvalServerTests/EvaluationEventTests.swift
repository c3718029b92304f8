// Evaluations watched over a real connection.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite(.timeLimit(.minutes(2))) struct EvaluationEventTests {
    private static let base = "/api/evalhost/v1/evaluations"

    private func request(_ server: LiveServer, _ run: PublicID, _ more: String = "") -> [UInt8] {
        Array(
            "GET \(Self.base)/\(run.hexadecimal)/events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\(more)\r\n"
                .utf8
        )
    }

    /// The events of an answer: their names, and their ids.
    private func events(_ answer: LiveAnswer) -> [(name: String, id: String)] {
        answer.body.components(separatedBy: "\n\n").filter { $0.hasPrefix("event: ") }
            .map { block in
                let lines = block.split(separator: "\n")
                return (String(lines[0].dropFirst(7)), String(lines[1].dropFirst(4)))
            }
    }

    @Test("an evaluation that ended tells its progress, its metrics and its end, and the stream ends")
    func ended() async throws {
        let starter = ScriptedStarter()
        let run = try await starter.start(EvaluationOrder(suite: "support")).run
        await starter.change(run) {
            $0.state = .finished
            $0.rows = 10
            $0.metrics = [Metric(name: "exact_match/mean", value: 0.5)]
        }
        let server = try await LiveServer(starter: starter)
        let whole = try await server.send(request(server, run))
        #expect(whole.status == 200 && whole.headers["content-type"] == "text/event-stream")
        #expect(events(whole).map(\.name) == ["progress", "metrics", "finished"])
        #expect(whole.body.contains("\"exact_match/mean\":0.5"))
        for (position, event) in events(whole).enumerated() {
            let rest = try await server.send(request(server, run, "Last-Event-ID: \(event.id)\r\n"))
            #expect(rest.status == (position == 2 ? 204 : 200))
            #expect(events(rest).map(\.name) == Array(["progress", "metrics", "finished"].dropFirst(position + 1)))
        }
    }

    @Test("progress is told as it comes, and the end of a failure and of a stop")
    func going() async throws {
        for (state, reason) in [(StartedEvaluation.State.failed, "no rows"), (.interrupted, "it was stopped")] {
            let starter = ScriptedStarter()
            let run = try await starter.start(EvaluationOrder(suite: "support")).run
            let server = try await LiveServer(starter: starter)
            async let watched = server.send(request(server, run))
            // Whoever watches is told each of these at least in the end; what comes between may be left out.
            for rows in 1...5 {
                await starter.change(run) {
                    $0.state = .running
                    $0.rows = rows
                }
                await Task.yield()
            }
            await starter.change(run) {
                $0.state = state
                $0.reason = reason
            }
            let answer = try await watched
            let names = events(answer).map(\.name)
            #expect(names.last == state.rawValue.lowercased() && names.dropLast().allSatisfy { $0 == "progress" })
            #expect(answer.body.contains("\"rows\":5") && answer.body.contains(reason))
        }
    }

    @Test("a comment shows that the connection lives, and watchers that went away leave nothing behind")
    func heartbeat() async throws {
        let starter = ScriptedStarter()
        let run = try await starter.start(EvaluationOrder(suite: "support")).run
        let rhythm = EvaluationEvents.Rhythm(look: .milliseconds(5), heartbeat: .milliseconds(20))
        let server = try await LiveServer(starter: starter, rhythm: rhythm) { $0.connections = 8 }
        for _ in 0..<20 {
            let answer = try await server.send(request(server, run), until: ": still here")
            #expect(answer.status == 200)
        }
        // More watchers than connections came and went: those that went are not counted any more.
        #expect(try await server.call("GET", "/health").status == 200)
    }
}
