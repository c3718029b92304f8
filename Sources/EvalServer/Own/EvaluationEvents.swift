// How an evaluation goes, as server-sent events. The stream is pulled: a client that reads slowly gets fewer events, and
// for one that went away nothing runs any more.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// The events of an evaluation for one client.
final class EvaluationEvents: Sendable {
    /// How often something is looked for and said.
    struct Rhythm: Sendable {
        /// How often the evaluation is looked at.
        var look = Duration.milliseconds(250)
        /// After how long a comment shows that the connection lives.
        var heartbeat = Duration.seconds(15)
    }

    private struct State {
        /// What the client has seen, as an event's id.
        var seen: String
        /// Events that are still to be sent.
        var queue: [String] = []
        var isOver = false
    }

    private let run: PublicID
    private let starter: any EvaluationStarter
    private let rhythm: Rhythm
    private let state: Mutex<State>

    /// The id of the last event of every evaluation.
    private static let end = "end"

    /// - Parameters:
    ///   - run: The evaluation.
    ///   - starter: Who knows how it stands.
    ///   - last: The id of the last event that the client has seen.
    ///   - rhythm: How often something is said.
    init(_ run: PublicID, _ starter: any EvaluationStarter, after last: String?, _ rhythm: Rhythm) {
        self.run = run
        self.starter = starter
        self.rhythm = rhythm
        state = Mutex(State(seen: last ?? "", isOver: last == Self.end))
    }

    /// Whether the client has seen the end.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// The events from now on.
    func stream() -> AsyncStream<ByteBuffer> { AsyncStream { await self.next() } }

    private func next() async -> ByteBuffer? {
        let clock = ContinuousClock()
        let begin = clock.now
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            if let event = state.withLock({ $0.queue.isEmpty ? nil : $0.queue.removeFirst() }) {
                return ByteBuffer(string: event)
            }
            if isOver { return nil }
            await look()
            if state.withLock({ !$0.queue.isEmpty || $0.isOver }) { continue }
            if clock.now - begin >= rhythm.heartbeat { return ByteBuffer(string: ": still here\n\n") }
            try? await Task.sleep(for: rhythm.look)
        }
        return nil
    }

    /// Queues what happened since the last look.
    private func look() async {
        guard let now = await starter.evaluation(run) else { return state.withLock { $0.isOver = true } }
        state.withLock { state in
            let progress = "\(now.state == .waiting ? "waiting" : "rows")-\(now.rows)-\(now.errors)"
            if progress != state.seen, state.seen != "metrics" {
                state.queue.append(Self.event("progress", id: progress, Self.progress(now)))
                state.seen = progress
            }
            guard now.state.isEnd else { return }
            if state.seen != "metrics", !now.metrics.isEmpty {
                let metrics: JSON = [
                    "metrics": JSONReport.metrics(now.metrics), "intervals": JSONReport.intervals(now.metrics),
                ]
                state.queue.append(Self.event("metrics", id: "metrics", metrics))
            }
            let word = now.state.rawValue.lowercased()
            state.queue.append(Self.event(word, id: Self.end, EvaluationEndpoints.json(now)))
            state.isOver = true
        }
    }

    private static func progress(_ evaluation: StartedEvaluation) -> JSON {
        [
            "state": JSON(evaluation.state.rawValue), "rows": JSON(evaluation.rows),
            "expected_rows": evaluation.expectedRows.map { JSON($0) } ?? .null, "errors": JSON(evaluation.errors),
            "rows_per_second": JSON(evaluation.rowsPerSecond),
        ]
    }

    private static func event(_ name: String, id: String, _ data: JSON) -> String {
        "event: \(name)\nid: \(id)\ndata: \(data.serialized)\n\n"
    }
}
