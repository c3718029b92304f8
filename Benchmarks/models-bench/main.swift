// Measures the client of models alone: processor time and time of a judge's call against an endpoint in another process.
//
//     models-bench serve LATENCY_MS                     an endpoint on loopback; prints its port
//     models-bench ask PORT CALLS CONCURRENCY           calls through a hub, and what one took
//     models-bench bare PORT CALLS CONCURRENCY          the same requests by a bare loop of connections
//     models-bench replay CALLS                         calls that a journal in memory answers

import EvalCore
import EvalJSON
import EvalModels
import Foundation
import NIOCore
import NIOPosix
import Synchronization

let schema: JSON = [
    "type": "object",
    "properties": ["rationale": ["type": "string"], "result": ["type": "string", "enum": ["yes", "no"]]],
    "required": ["rationale", "result"], "additionalProperties": false,
]

/// A judge's question of about 2 KB.
func question(_ number: Int) -> ModelRequest {
    let words = Array(repeating: "The quick brown fox jumps over the lazy dog.", count: 20).joined(separator: " ")
    return ModelRequest(
        [
            ModelMessage(.system, "You judge whether an answer is correct. \(words)"),
            ModelMessage(.user, [.text("Judge answer \(number)."), .data(label: "answer", text: words)]),
        ],
        schema: schema
    )
}

/// Seconds that all threads of this process computed.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Runs `body` for `calls` numbers, `width` at a time, and says what one took.
func measure(_ calls: Int, _ width: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await run(min(calls, 4 * width), width, body)
    let before = processorSeconds()
    let clock = ContinuousClock()
    let took = try await clock.measure { try await run(calls, width, body) } / .seconds(1)
    let own = (processorSeconds() - before) / Double(calls) * 1e6
    print("\(Int(Double(calls) / took)) calls/s, \(String(format: "%.1f", own)) us of our own processor time a call")
}

func run(_ calls: Int, _ width: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let next = Counter()
    try await withThrowingTaskGroup { group in
        for _ in 0..<width {
            group.addTask {
                while case let number = next.take(), number < calls { try await body(number) }
            }
        }
        try await group.waitForAll()
    }
}

final class Counter: Sendable {
    private let value = Atomic(0)
    func take() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

/// A journal that keeps nothing but what replay needs.
final class MemoryJournal: ReplyJournal {
    private let kept = Mutex<[Digest: JournaledReply]>([:])
    func append(_ reply: JournaledReply) async throws(Diagnostic) { kept.withLock { $0[reply.key] = reply } }
    func reply(to key: Digest, in scope: ReplyScope) async throws(Diagnostic) -> JournaledReply? {
        kept.withLock { $0[key] }
    }
    func hasReplies(of run: PublicID) async throws(Diagnostic) -> Bool { false }
    func fence() async throws(Diagnostic) -> Fence { Fence(secret: Array(repeating: 7, count: 32)) }
}

func ask(_ port: Int, _ calls: Int, _ width: Int) async throws {
    var options = ModelHubOptions(
        journal: MemoryJournal(),
        concurrency: width,
        defaultModel: "endpoint:/http://127.0.0.1:\(port)/v1#m"
    )
    options.cache = .refresh
    let hub = ModelHub(options)
    let client = try hub.client(for: ModelChoice())
    try await measure(calls, width) { number in
        guard try await client.ask(question(number)).object != nil else { throw Diagnostic("no object") }
    }
    await hub.shutdown()
}

func replay(_ calls: Int) async throws {
    let served = try await BenchEndpoint(latency: .zero)
    let journal = MemoryJournal()
    var options = ModelHubOptions(
        journal: journal,
        cache: .record,
        defaultModel: "endpoint:/http://127.0.0.1:\(served.port)/v1#m"
    )
    let hub = ModelHub(options)
    let client = try hub.client(for: ModelChoice())
    try await run(calls, 64) { _ = try await client.ask(question($0)) }
    options.cache = .replay
    let replaying = ModelHub(options)
    let second = try replaying.client(for: ModelChoice())
    try await measure(calls, 64) { number in
        guard try await second.ask(question(number)).isFromCache else { throw Diagnostic("not from the cache") }
    }
    await hub.shutdown()
    await replaying.shutdown()
}

let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(2).compactMap { Int($0) }
switch (arguments.dropFirst().first, numbers.count) {
case ("serve", 1):
    let endpoint = try await BenchEndpoint(latency: .milliseconds(Int64(numbers[0])))
    // Whoever started this waits for the line: nothing may stay in a buffer.
    FileHandle.standardOutput.write(Data("\(endpoint.port)\n".utf8))
    try await endpoint.wait()
case ("ask", 3): try await ask(numbers[0], numbers[1], numbers[2])
case ("bare", 3): try await bare(numbers[0], numbers[1], numbers[2])
case ("replay", 1): try await replay(numbers[0])
default:
    print("models-bench serve LATENCY_MS | ask PORT CALLS CONCURRENCY | bare PORT CALLS CONCURRENCY | replay CALLS")
}
