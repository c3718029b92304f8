// One question of a judge, before it is known who is asked.

internal import EvalCore
internal import EvalJSON

/// What a model is asked about one thing: a task of ours, and what it is to judge.
struct Question: Sendable {
    /// What is to be decided, in our words or in those of the judge's author.
    var task: String
    /// What is judged: everything that somebody else wrote is data.
    var evidence: [ModelContent]
    /// How the reply looks and is read.
    var form: ReplyForm
    /// The span that the feedback is about.
    var spanID: UInt64?
    /// What the feedback's metadata says besides.
    var metadata: [(String, JSON)] = []
    /// The trace that the model may look into, and how often.
    var walk: Walk?

    /// A trace, and how often it may be looked into.
    struct Walk: Sendable {
        var trace: Trace
        var steps: Int
    }

    /// The messages that open the conversation.
    var messages: [ModelMessage] {
        var system = Prompt.system
        if walk != nil { system += "\n\n" + Prompt.walking }
        return [
            ModelMessage(.system, system),
            ModelMessage(.user, [.text("Task:\n" + task)] + evidence + [.text(form.closing)]),
        ]
    }
}

/// What a judge's reply says.
struct Reading: Sendable, Equatable {
    /// The value, or the values of several fields in their order.
    var values: [FeedbackValue]
    /// Why.
    var rationale: String
    /// Details for the metadata.
    var details: [(String, JSON)] = []

    static func == (left: Reading, right: Reading) -> Bool {
        left.values == right.values && left.rationale == right.rationale
            && JSON.object(left.details) == JSON.object(right.details)
    }
}

/// What the answers to one question come to.
struct Decision: Sendable {
    /// The value, or the values of several fields in their order.
    var values: [FeedbackValue]
    /// Why.
    var rationale: String
    /// Who said it, and what it took: an object.
    var metadata: JSON
    /// The span that it is about.
    var spanID: UInt64?

    /// The decision as the scorer's own feedback.
    var feedback: Feedback {
        Feedback(
            values.first ?? .text("no"),
            rationale: rationale.prefix(bytes: Limits.rationaleBytes),
            metadata: metadata,
            spanID: spanID
        )
    }
}

extension String {
    /// The text up to a number of bytes, whole characters.
    func prefix(bytes: Int) -> String {
        if utf8.count <= bytes { return self }
        var end = utf8.index(startIndex, offsetBy: max(0, bytes - 3))
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}
