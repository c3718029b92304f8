// The walk of a judge through a trace: it looks, is answered, looks again, and at the last step must decide.

internal import EvalCore
internal import EvalJSON

/// One walk through a trace.
struct TraceWalker {
    /// How often the model was asked.
    private(set) var steps = 0
    private let tools: TraceTools
    private let most: Int
    private var request: ModelRequest
    private var results = 0

    /// How many look-ups one step may ask for.
    private static let callsPerStep = 8

    init(_ walk: Question.Walk, _ request: ModelRequest) {
        tools = TraceTools(walk.trace)
        most = max(1, walk.steps)
        self.request = request
    }

    /// Asks until there is a reply.
    ///
    /// - Throws: Why there is none.
    mutating func run(_ client: any ModelClient, _ account: inout ReplyAccount) async throws(ScorerError) -> JSON? {
        while true {
            steps += 1
            if steps >= most { forceAnswer() }
            let reply = try await client.ask(request)
            account.add(reply)
            if reply.toolCalls.isEmpty || steps >= most { return reply.object }
            look(reply)
        }
    }

    /// Takes the tools away; the model has seen what it has seen.
    private mutating func forceAnswer() {
        request.tools = []
        if steps > 1 {
            request.messages.append(
                ModelMessage(.user, "No more look-ups are possible. Decide by what you have seen, and reply now.")
            )
        }
    }

    /// Answers the look-ups of a reply; every result is a block of data.
    ///
    /// What the model said beside its calls is left out: it may quote what it read, and would stand outside of a block.
    private mutating func look(_ reply: ModelReply) {
        request.messages.append(ModelMessage(.assistant, [], toolCalls: reply.toolCalls))
        for (place, call) in reply.toolCalls.enumerated() {
            results += 1
            let answer =
                place < Self.callsPerStep
                ? tools.answer(call) : "error: at most \(Self.callsPerStep) look-ups at a time"
            request.messages.append(
                ModelMessage(.tool, [.data(label: "result_\(results)", text: answer)], toolCallID: call.id)
            )
        }
    }
}
