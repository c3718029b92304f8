// A model that can be asked. Behind it are connections, retries, limits, cache, journal and cost; a judge sees none of it.

public import EvalJSON

/// What a model is asked.
public struct ModelRequest: Sendable, Equatable {
    /// The conversation so far.
    public var messages: [ModelMessage]
    /// The JSON Schema of the object that is wanted; nil for free text.
    public var schema: JSON?
    /// The tools that the model may call before it answers.
    public var tools: [ModelTool]
    /// Parameters that stand above those of the client.
    public var parameters: ModelParameters
    /// Which repetition of its record the row is, from 0.
    public var repetition: Int
    /// Which member of a panel is asked, from 0.
    public var member: Int
    /// Which of several independent answers to the same question this is, from 0.
    public var sample: Int

    /// Puts a question.
    public init(
        _ messages: [ModelMessage],
        schema: JSON? = nil,
        tools: [ModelTool] = [],
        parameters: ModelParameters = ModelParameters(),
        repetition: Int = 0,
        member: Int = 0,
        sample: Int = 0
    ) {
        self.messages = messages
        self.schema = schema
        self.tools = tools
        self.parameters = parameters
        self.repetition = repetition
        self.member = member
        self.sample = sample
    }
}

/// What a model answered.
public struct ModelReply: Sendable, Equatable {
    /// What it said.
    public var text: String
    /// The object that fits the request's schema; nil where none was asked for, or where tools are called first.
    public var object: JSON?
    /// The tools that it calls.
    public var toolCalls: [ModelToolCall]
    /// The model as the endpoint named it.
    public var model: String
    /// The tokens that the answer took, with those of refused attempts; nil where the endpoint doesn't tell.
    public var usage: TokenUsage?
    /// What the answer cost, with its refused attempts, in US dollars; nil where that isn't known.
    public var costUSD: Double?
    /// Whether it came from the cache or the journal, so that it cost nothing now.
    public var isFromCache: Bool

    /// Makes a reply.
    public init(
        text: String,
        object: JSON? = nil,
        toolCalls: [ModelToolCall] = [],
        model: String,
        usage: TokenUsage? = nil,
        costUSD: Double? = nil,
        isFromCache: Bool = false
    ) {
        self.text = text
        self.object = object
        self.toolCalls = toolCalls
        self.model = model
        self.usage = usage
        self.costUSD = costUSD
        self.isFromCache = isFromCache
    }
}

/// Vectors of texts.
public struct ModelEmbeddings: Sendable, Equatable {
    /// A vector of each text, in their order, all of one length.
    public var vectors: [[Float]]
    /// The model as the endpoint named it.
    public var model: String
    /// What they cost, in US dollars; nil where that isn't known.
    public var costUSD: Double?

    /// Makes vectors.
    public init(vectors: [[Float]], model: String, costUSD: Double? = nil) {
        self.vectors = vectors
        self.model = model
        self.costUSD = costUSD
    }
}

/// Asks a model.
///
/// It is called for many questions at once, from any task. It tries again by itself, and it never hangs. An error is for
/// the row that asked; where nobody can be answered any more, the client's owner hears of that besides.
public protocol ModelClient: Sendable {
    /// The model that is asked for.
    var name: ModelName { get }
    /// How many questions it takes at once.
    var concurrency: Int { get }

    /// Asks, and waits until there is a reply that fits the schema.
    ///
    /// - Throws: Why there is no answer: the row's error.
    func ask(_ request: ModelRequest) async throws(ScorerError) -> ModelReply

    /// Turns texts into vectors.
    ///
    /// - Throws: Why there are none: the row's error.
    func embed(_ texts: [String]) async throws(ScorerError) -> ModelEmbeddings
}

/// What a model is asked for.
public enum ModelPurpose: String, Sendable, CaseIterable {
    /// A judgement: it may come from the cache.
    case judge
    /// The answer of the application under test: it is always made anew.
    case predict
}

/// Which model a scorer wants.
public struct ModelChoice: Sendable, Equatable {
    /// The model as people name it; nil for the run's judge model.
    public var model: String?
    /// How it should answer.
    public var parameters: ModelParameters
    /// Where and with which key it is asked, where that differs from the run's: `base_url`, `headers`, `api_key_env`,
    /// `api_key_file`; an object or null.
    public var endpoint: JSON
    /// What it is asked for.
    public var purpose: ModelPurpose

    /// Chooses a model.
    public init(
        model: String? = nil,
        parameters: ModelParameters = ModelParameters(),
        endpoint: JSON = .null,
        purpose: ModelPurpose = .judge
    ) {
        self.model = model
        self.parameters = parameters
        self.endpoint = endpoint
        self.purpose = purpose
    }
}

/// Where scorers get the models that they ask.
public protocol ModelDirectory: Sendable {
    /// The client of a model; all clients of one endpoint share its limits.
    ///
    /// - Throws: That no model is named, or what is wrong with its name, address or key: nothing was called yet.
    func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient
}
