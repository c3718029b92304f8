// One step of what happened for a request, in MLflow's words.

public import EvalJSON

/// What a span did; MLflow's `SpanType`.
public struct SpanType: RawRepresentable, Sendable, Hashable {
    /// The type's name, upper case for those that are known.
    public let rawValue: String

    /// Takes any name: applications have types of their own.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A call of a language model.
    public static let llm = SpanType(rawValue: "LLM")
    /// A chat completion.
    public static let chatModel = SpanType(rawValue: "CHAT_MODEL")
    /// A chain of other steps.
    public static let chain = SpanType(rawValue: "CHAIN")
    /// An agent's step.
    public static let agent = SpanType(rawValue: "AGENT")
    /// A tool's call.
    public static let tool = SpanType(rawValue: "TOOL")
    /// A retrieval of documents.
    public static let retriever = SpanType(rawValue: "RETRIEVER")
    /// An embedding.
    public static let embedding = SpanType(rawValue: "EMBEDDING")
    /// A reranking of documents.
    public static let reranker = SpanType(rawValue: "RERANKER")
    /// A parse.
    public static let parser = SpanType(rawValue: "PARSER")
    /// Anything else.
    public static let unknown = SpanType(rawValue: "UNKNOWN")
}

/// How a span ended; OpenTelemetry's status codes.
public enum SpanStatus: String, Sendable {
    case unset = "UNSET"
    case ok = "OK"
    case error = "ERROR"
}

/// Something that happened at one moment of a span, such as an exception.
public struct SpanEvent: Sendable {
    /// What happened.
    public var name: String
    /// When, in nanoseconds since 1970.
    public var timestampNanoseconds: Int64
    /// Details: an object.
    public var attributes: JSON?

    /// Makes an event.
    public init(name: String, timestampNanoseconds: Int64, attributes: JSON? = nil) {
        self.name = name
        self.timestampNanoseconds = timestampNanoseconds
        self.attributes = attributes
    }
}

/// A span elsewhere that this one has to do with; OpenTelemetry's link.
public struct SpanLink: Sendable {
    /// The other span's trace.
    public var traceID: PublicID
    /// The other span's number.
    public var spanID: UInt64
    /// Details: an object.
    public var attributes: JSON?

    /// Makes a link.
    public init(traceID: PublicID, spanID: UInt64, attributes: JSON? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.attributes = attributes
    }
}

/// One step of a trace.
public struct Span: Sendable {
    /// The span's number in its trace: 64 bits, written as 16 hexadecimal digits outside.
    public var id: UInt64
    /// The span that this one is a part of; nil for the root.
    public var parentID: UInt64?
    /// What the step is called.
    public var name: String
    /// What kind of step it is.
    public var type: SpanType
    /// When it began, in nanoseconds since 1970.
    public var startNanoseconds: Int64
    /// When it ended, in nanoseconds since 1970; nil while it runs or where nobody measured.
    public var endNanoseconds: Int64?
    /// How it ended.
    public var status: SpanStatus
    /// Words about how it ended.
    public var statusMessage: String?
    /// What went in.
    public var inputs: JSON?
    /// What came out.
    public var outputs: JSON?
    /// Everything else that is known, such as model and token usage: an object.
    public var attributes: JSON?
    /// What happened in between.
    public var events: [SpanEvent]
    /// The spans elsewhere that it has to do with.
    public var links: [SpanLink]
    /// The tokens that the step took; nil where nobody counted.
    public var usage: TokenUsage?
    /// What the step cost, in US dollars; nil where nobody knows.
    public var costUSD: Double?

    /// Makes a span.
    public init(
        id: UInt64,
        parentID: UInt64? = nil,
        name: String,
        type: SpanType,
        startNanoseconds: Int64,
        endNanoseconds: Int64? = nil,
        status: SpanStatus = .ok,
        statusMessage: String? = nil,
        inputs: JSON? = nil,
        outputs: JSON? = nil,
        attributes: JSON? = nil,
        events: [SpanEvent] = [],
        links: [SpanLink] = [],
        usage: TokenUsage? = nil,
        costUSD: Double? = nil
    ) {
        self.id = id
        self.parentID = parentID
        self.name = name
        self.type = type
        self.startNanoseconds = startNanoseconds
        self.endNanoseconds = endNanoseconds
        self.status = status
        self.statusMessage = statusMessage
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.events = events
        self.links = links
        self.usage = usage
        self.costUSD = costUSD
    }
}
