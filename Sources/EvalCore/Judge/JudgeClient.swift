// How a scorer asks the run's judge model: one protocol for LLM judges and for plugins that call a judge.

public import EvalJSON

/// One message of a conversation with a judge.
public struct JudgeMessage: Sendable, Equatable {
    /// `system`, `user` or `assistant`.
    public var role: String
    /// What is said.
    public var content: String

    /// Makes a message.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// What a judge is asked.
public struct JudgeQuestion: Sendable, Equatable {
    /// The conversation so far.
    public var messages: [JudgeMessage]
    /// The JSON Schema of the object that is wanted.
    public var schema: JSON
    /// Which of several independent answers to the same question this is, from 0.
    public var sample: Int
    /// Which repetition of its record the row is, from 0.
    public var repetition: Int

    /// Puts a question.
    public init(messages: [JudgeMessage], schema: JSON, sample: Int = 0, repetition: Int = 0) {
        self.messages = messages
        self.schema = schema
        self.sample = sample
        self.repetition = repetition
    }
}

/// What a judge answered.
public struct JudgeAnswer: Sendable, Equatable {
    /// An object that fits the schema.
    public var reply: JSON
    /// The model as the endpoint named it.
    public var model: String
    /// Whether it came from the cache.
    public var isFromCache: Bool
    /// Tokens of the question; nil if they aren't known.
    public var inputTokens: Int64?
    /// Tokens of the answer; nil if they aren't known.
    public var outputTokens: Int64?
    /// What it cost, in US dollars; nil if that isn't known.
    public var costUSD: Double?

    /// Makes an answer.
    public init(
        reply: JSON,
        model: String,
        isFromCache: Bool = false,
        inputTokens: Int64? = nil,
        outputTokens: Int64? = nil,
        costUSD: Double? = nil
    ) {
        self.reply = reply
        self.model = model
        self.isFromCache = isFromCache
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.costUSD = costUSD
    }
}

/// Asks a judge model; it has cache, retries, rate limit and accounting behind it.
public protocol JudgeClient: Sendable {
    /// The model that the run asks for.
    var model: String { get }
    /// How many questions it takes at once.
    var concurrency: Int { get }

    /// Asks, and waits as long as it takes.
    ///
    /// - Throws: Why there is no answer: the row's error.
    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer
}
