// A span's attributes as MLflow's clients expect them: its own ones, which a span holds in fields, and all others.

internal import EvalCore
internal import EvalJSON

/// The attributes of a span on the wire, in their order.
struct WireAttributes {
    /// The attributes.
    private(set) var members: [(key: String, value: JSON)] = []

    /// Puts a span's attributes together.
    init(_ span: Span, traceID: PublicID) {
        members.reserveCapacity(8)
        members.append((Term.traceRequestID.key, JSON(traceID.traceID)))
        members.append((Term.spanType.key, JSON(span.type.rawValue)))
        if let inputs = span.inputs { members.append((Term.spanInputs.key, inputs)) }
        if let outputs = span.outputs { members.append((Term.spanOutputs.key, outputs)) }
        if let usage = span.usage, span.attributes?[Term.tokenUsage.key] == nil {
            members.append((Term.tokenUsage.key, usage.wire))
        }
        if let cost = span.costUSD, span.attributes?[Term.llmCost.key] == nil {
            members.append((Term.llmCost.key, ["total_cost": JSON(cost)]))
        }
        for (key, value) in span.attributes?.members ?? JSON.null.members { members.append((String(key), value)) }
    }
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
