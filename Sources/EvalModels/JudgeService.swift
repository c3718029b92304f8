// The judge that plugins ask: any client of a model, in the words of the judge's protocol.

public import EvalCore
internal import EvalJSON

/// Lets a client of a model answer as a judge.
///
/// A plugin's words are the prompt's: nobody but the plugin knows which part of them is somebody else's, so nothing is
/// fenced here.
public struct JudgeService: JudgeClient {
    private let client: any ModelClient

    /// Takes a client.
    public init(_ client: any ModelClient) { self.client = client }

    /// The model that is asked.
    public var model: String { client.name.description }
    /// How many questions it takes at once.
    public var concurrency: Int { client.concurrency }

    /// Asks, and waits as long as it takes.
    ///
    /// - Parameter question: What is asked.
    /// - Returns: The object, with what it took.
    /// - Throws: Why there is no answer: the row's error.
    public func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        var messages: [ModelMessage] = []
        for message in question.messages {
            guard let role = ModelMessage.Role(rawValue: message.role), role != .tool else {
                throw ScorerError(code: "bad_request", message: "a judge knows no role '\(message.role)'")
            }
            messages.append(ModelMessage(role, message.content))
        }
        let request = ModelRequest(
            messages,
            schema: question.schema,
            repetition: question.repetition,
            sample: question.sample
        )
        let reply = try await client.ask(request)
        guard let object = reply.object else {
            throw ScorerError(code: "reply_invalid", message: "the judge \(client.name) gave no object")
        }
        return JudgeAnswer(
            reply: object,
            model: reply.model,
            isFromCache: reply.isFromCache,
            inputTokens: reply.usage?.inputTokens,
            outputTokens: reply.usage?.outputTokens,
            costUSD: reply.costUSD
        )
    }
}
