// What a reply is worth, and what is kept of it.

internal import EvalCore
internal import EvalJSON

/// What a reply is worth.
struct Judgement<Value: Sendable>: Sendable {
    /// The answer, or why there is none.
    var result: Result<Value, CallFailure>
    /// The tokens that the reply took; nil where it doesn't tell.
    var tokens: CountedTokens?
    /// The model as the endpoint named it.
    var model: String
    /// The reply as it is kept; nil for one that isn't.
    var kept: JSON?
    /// What the endpoint doesn't understand.
    var step: Manner.Step?
    /// The most tokens of the next attempt, where ours were too few.
    var moreTokens: Int?
    /// Whether the reply was an object; nil where none was asked for.
    var isObject: Bool?
    /// What the reply cost, in US dollars; nil where that isn't known.
    var costUSD: Double?

    /// The failure; nil for an answer.
    var failure: CallFailure? { if case .failure(let failure) = result { failure } else { nil } }

    /// No reply came.
    init(_ failure: CallFailure, model: String) {
        result = .failure(failure)
        self.model = model
    }

    /// A reply came.
    init(_ result: Result<Value, CallFailure>, tokens: CountedTokens?, model: String, kept: JSON?) {
        (self.result, self.tokens, self.model, self.kept) = (result, tokens, model, kept)
    }
}

extension Judgement<Answer> {
    /// An answer.
    init(answered answer: Answer, object: JSON?) {
        var answer = answer
        answer.object = object
        self.init(.success(answer), tokens: answer.tokens, model: answer.model, kept: answer.kept(object))
        isObject = object == nil ? nil : true
    }
}

extension Answer {
    /// The answer as it is kept.
    func kept(_ object: JSON?) -> JSON {
        var builder = JSONBuilder()
        builder.beginObject()
        builder.key("text")
        builder.append(text)
        if let object {
            builder.key("object")
            builder.append(object)
        }
        if !toolCalls.isEmpty {
            builder.key("tool_calls")
            builder.beginArray()
            for call in toolCalls {
                builder.beginObject()
                builder.key("id")
                builder.append(call.id)
                builder.key("name")
                builder.append(call.name)
                builder.key("arguments")
                builder.append(call.arguments)
                builder.endObject()
            }
            builder.endArray()
        }
        builder.endObject()
        return builder.finish()
    }
}
