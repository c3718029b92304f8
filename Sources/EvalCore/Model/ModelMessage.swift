// What is said to a model and by it, whoever makes the model: no vendor's key is spelled here.

public import EvalJSON

/// A part of a message.
public enum ModelContent: Sendable, Equatable {
    /// Words of whoever wrote the prompt.
    case text(String)
    /// Words of somebody else, such as the answer that is judged: fenced on the way, so that the model can tell them
    /// from instructions.
    case data(label: String, text: String)
    /// A picture: an address of http or https, or a `data:` URL.
    case image(url: String)
}

/// One message of a conversation with a model.
public struct ModelMessage: Sendable, Equatable {
    /// Who speaks.
    public enum Role: String, Sendable {
        case system, user, assistant
        /// The result of a tool that the model called.
        case tool
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: [ModelContent]
    /// The tools that an assistant's message calls.
    public var toolCalls: [ModelToolCall]
    /// The call that a tool's message answers.
    public var toolCallID: String?

    /// Makes a message.
    public init(
        _ role: Role,
        _ content: [ModelContent],
        toolCalls: [ModelToolCall] = [],
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    /// Makes a message of one text.
    public init(_ role: Role, _ text: String) { self.init(role, [.text(text)]) }
}

/// A call of a tool by a model.
public struct ModelToolCall: Sendable, Equatable {
    /// The call's own name, which its result repeats.
    public var id: String
    /// The tool.
    public var name: String
    /// The arguments: an object, or what the model said where that is none.
    public var arguments: JSON

    /// Makes a call.
    public init(id: String, name: String, arguments: JSON) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A tool that a model may call.
public struct ModelTool: Sendable, Equatable {
    /// The tool's name.
    public var name: String
    /// What it does, for the model.
    public var help: String
    /// The JSON Schema of its arguments.
    public var parameters: JSON

    /// Offers a tool.
    public init(name: String, help: String, parameters: JSON) {
        self.name = name
        self.help = help
        self.parameters = parameters
    }
}

/// How a model should answer; what is nil is left to the endpoint.
public struct ModelParameters: Sendable, Equatable {
    /// How much chance there is in the answer, from 0.
    public var temperature: Double?
    /// The share of the likeliest tokens that are drawn from, up to 1.
    public var topP: Double?
    /// The most tokens of the answer, those of reasoning included.
    public var maxTokens: Int?
    /// What the endpoint's random choices begin with.
    public var seed: Int64?
    /// How long a reasoning model may think: `minimal`, `low`, `medium`, `high`.
    public var reasoningEffort: String?
    /// Further keys of the request's body, for what only one vendor has: an object.
    public var extra: JSON?

    /// Leaves everything to the endpoint.
    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        maxTokens: Int? = nil,
        seed: Int64? = nil,
        reasoningEffort: String? = nil,
        extra: JSON? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.maxTokens = maxTokens
        self.seed = seed
        self.reasoningEffort = reasoningEffort
        self.extra = extra
    }

    /// The keys that settings and suites have for them; every other key belongs to ``extra``.
    public static let keys = ["temperature", "top_p", "max_tokens", "seed", "reasoning_effort"]

    /// Reads parameters from an object; keys that are not ours go to ``extra``.
    ///
    /// - Throws: Which value is of the wrong type.
    public init(_ json: JSON) throws(Diagnostic) {
        guard json.kind == .object || json.isNull else { throw Diagnostic("the parameters must be an object") }
        var extra: [(String, JSON)] = []
        for (key, value) in json.members where !value.isNull {
            let key = String(key)
            switch key {
            case "temperature": temperature = try Self.number(value, key, 0...100)
            case "top_p": topP = try Self.number(value, key, 0...1)
            case "max_tokens": maxTokens = Int(try Self.integer(value, key, 1...Int64(Int32.max)))
            case "seed": seed = try Self.integer(value, key, .min ... .max)
            case "reasoning_effort":
                guard let word = value.string else { throw Diagnostic("'reasoning_effort' must be a text") }
                reasoningEffort = word
            default: extra.append((key, value))
            }
        }
        self.extra = extra.isEmpty ? nil : .object(extra)
    }

    /// The parameters as an object; what is nil is left out.
    public var json: JSON {
        var members: [(String, JSON)] = []
        if let temperature { members.append(("temperature", JSON(temperature))) }
        if let topP { members.append(("top_p", JSON(topP))) }
        if let maxTokens { members.append(("max_tokens", JSON(maxTokens))) }
        if let seed { members.append(("seed", JSON(seed))) }
        if let reasoningEffort { members.append(("reasoning_effort", JSON(reasoningEffort))) }
        for (key, value) in extra?.members ?? JSON.null.members { members.append((String(key), value)) }
        return .object(members)
    }

    /// These parameters, and for what they leave open those of `others`.
    public func filled(from others: ModelParameters) -> ModelParameters {
        var merged = self
        merged.temperature = temperature ?? others.temperature
        merged.topP = topP ?? others.topP
        merged.maxTokens = maxTokens ?? others.maxTokens
        merged.seed = seed ?? others.seed
        merged.reasoningEffort = reasoningEffort ?? others.reasoningEffort
        merged.extra = extra ?? others.extra
        return merged
    }

    private static func number(
        _ value: JSON,
        _ key: String,
        _ range: ClosedRange<Double>
    ) throws(Diagnostic) -> Double {
        guard let number = value.number, range.contains(number) else {
            throw Diagnostic("'\(key)' must be a number from \(JSON(range.lowerBound)) to \(JSON(range.upperBound))")
        }
        return number
    }

    private static func integer(
        _ value: JSON,
        _ key: String,
        _ range: ClosedRange<Int64>
    ) throws(Diagnostic) -> Int64 {
        guard let number = value.integer, range.contains(number) else {
            throw Diagnostic("'\(key)' must be a whole number")
        }
        return number
    }
}
