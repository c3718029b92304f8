// What the tests of models share: replies of both protocols, a journal in memory, hubs with short times.

import EvalCore
import EvalJSON
import Synchronization

@testable import EvalModels

/// The schema of a judge's reply.
let verdictSchema: JSON = [
    "type": "object",
    "properties": ["rationale": ["type": "string"], "result": ["type": "string", "enum": ["yes", "no"]]],
    "required": ["rationale", "result"],
    "additionalProperties": false,
]
let verdict = #"{"rationale":"It says so.","result":"yes"}"#
let verdictJSON: JSON = ["rationale": "It says so.", "result": "yes"]

/// A reply of chat completions.
func chat(_ content: String, finish: String = "stop", usage: Bool = true, refusal: String? = nil) -> String {
    let message: JSON = [
        "role": "assistant", "content": JSON(content), "refusal": refusal.map { JSON($0) } ?? .null,
    ]
    var members: [(String, JSON)] = [
        ("id", "c"), ("model", "test-model-2026"),
        ("choices", [["index": 0, "message": message, "finish_reason": JSON(finish)]]),
    ]
    if usage {
        members.append(("usage", ["prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120]))
    }
    return JSON.object(members).serialized
}

/// A reply of Messages.
func message(_ content: JSON, stop: String = "end_turn") -> String {
    let json: JSON = [
        "type": "message", "role": "assistant", "model": "claude-test", "content": content, "stop_reason": JSON(stop),
        "usage": [
            "input_tokens": 90, "output_tokens": 20, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 0,
        ],
    ]
    return json.serialized
}

/// The call of the tool that takes the reply.
func toolUse(_ input: JSON, name: String = "give_reply") -> JSON {
    [["type": "tool_use", "id": "t1", "name": JSON(name), "input": input]]
}

/// An error of an endpoint.
func apiError(_ message: String, type: String = "invalid_request_error", code: String? = nil, param: String? = nil)
    -> String
{
    let json: JSON = [
        "error": [
            "message": JSON(message), "type": JSON(type), "code": code.map { JSON($0) } ?? .null,
            "param": param.map { JSON($0) } ?? .null,
        ]
    ]
    return json.serialized
}

let testKey = "sk-test-0123456789abcdef"

/// Options for an endpoint, with times that suit a test.
func options(_ endpoint: ScriptedEndpoint, model: String = "openai:/gpt-5-mini") -> ModelHubOptions {
    var options = ModelHubOptions(
        environment: [
            "OPENAI_API_KEY": testKey, "OPENAI_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "sk-ant-0123456789",
            "ANTHROPIC_BASE_URL": "http://\(endpoint.host)",
        ],
        fence: Fence(secret: Array(repeating: 7, count: 32)),
        timeout: .seconds(5),
        defaultModel: model
    )
    options.tuning.retryBase = .milliseconds(2)
    options.tuning.breakerPause = .milliseconds(5)
    return options
}

/// A client of the run's model.
func client(_ options: ModelHubOptions) throws -> any ModelClient { try ModelHub(options).client(for: ModelChoice()) }

/// A judge's question.
func question(_ text: String = "Is it so?", sample: Int = 0) -> ModelRequest {
    ModelRequest([ModelMessage(.user, text)], schema: verdictSchema, sample: sample)
}

/// The error of a question.
func error(of client: any ModelClient, _ request: ModelRequest = question()) async -> ScorerError? {
    do throws(ScorerError) {
        _ = try await client.ask(request)
        return nil
    } catch {
        return error
    }
}

/// A journal in memory that remembers what happened in which order.
final class MemoryJournal: ReplyJournal {
    private struct State {
        var entries: [JournaledReply] = []
        var events: [String] = []
        var failure: Diagnostic?
    }
    private let state = Mutex(State())

    var entries: [JournaledReply] { state.withLock { $0.entries } }
    var events: [String] { state.withLock { $0.events } }
    func note(_ event: String) { state.withLock { $0.events.append(event) } }
    func fail(_ diagnostic: Diagnostic) { state.withLock { $0.failure = diagnostic } }

    func append(_ reply: JournaledReply) async throws(Diagnostic) {
        note("append")
        for _ in 0..<10 { await Task.yield() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock {
            $0.entries.append(reply)
            $0.events.append("durable")
        }
    }

    func fence() async throws(Diagnostic) -> Fence { Fence(secret: Array(repeating: 7, count: 32)) }

    func reply(to key: Digest, in scope: ReplyScope) async throws(Diagnostic) -> JournaledReply? {
        note("lookup")
        return state.withLock { state in
            state.entries.last { entry in
                guard entry.key == key, entry.refusal == nil else { return false }
                if case .run(let run) = scope { return entry.run == run }
                return true
            }
        }
    }

    func hasReplies(of run: PublicID) async throws(Diagnostic) -> Bool {
        note("probe")
        return state.withLock { $0.entries.contains { $0.run == run } }
    }
}

/// Something that becomes true.
final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// What an alarm told.
final class Alarms: Sendable {
    private let told = Mutex<[Diagnostic]>([])
    var all: [Diagnostic] { told.withLock { $0 } }
    func tell(_ diagnostic: Diagnostic) { told.withLock { $0.append(diagnostic) } }
}

/// Bytes in gzip's form, stored without compression (RFC 1952, RFC 1951).
func gzip(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    let length = little(UInt32(bytes.count), 2)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + length + length.map { ~$0 } + bytes
        + little(~crc, 4) + little(UInt32(bytes.count), 4)
}
