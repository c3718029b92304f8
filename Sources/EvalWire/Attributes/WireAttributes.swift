// A span's attributes as MLflow's clients expect them: its own ones, which a span holds in fields, and all others.

internal import EvalCore
internal import EvalJSON

/// The attributes of a span on the wire, in their order.
struct WireAttributes {
    /// The attributes.
    private(set) var members: [(key: Text, value: JSON)] = []

    /// Puts a span's attributes together.
    ///
    /// - Parameters:
    ///   - span: The span.
    ///   - traceID: The text of its trace's identifier.
    init(_ span: Span, traceID: JSON) {
        members.reserveCapacity(16)
        members.append((Self.traceRequestID, traceID))
        members.append((Self.spanType, JSON(span.type.rawValue)))
        if let inputs = span.inputs { members.append((Self.spanInputs, inputs)) }
        if let outputs = span.outputs { members.append((Self.spanOutputs, outputs)) }
        if let usage = span.usage, span.attributes?[Self.tokenUsage] == nil {
            members.append((Self.tokenUsage, usage.wire))
        }
        if let cost = span.costUSD, span.attributes?[Self.llmCost] == nil {
            members.append((Self.llmCost, ["total_cost": JSON(cost)]))
        }
        if let attributes = span.attributes { members.append(contentsOf: attributes.members) }
    }

    private static let traceRequestID = Text(Term.traceRequestID.key)
    private static let spanType = Text(Term.spanType.key)
    private static let spanInputs = Text(Term.spanInputs.key)
    private static let spanOutputs = Text(Term.spanOutputs.key)
    private static let tokenUsage = Text(Term.tokenUsage.key)
    private static let llmCost = Text(Term.llmCost.key)
}

extension TokenUsage {
    /// MLflow's `mlflow.chat.tokenUsage`.
    var wire: JSON {
        [
            "input_tokens": JSON(inputTokens), "output_tokens": JSON(outputTokens),
            "total_tokens": JSON(totalTokens),
        ]
    }
}
