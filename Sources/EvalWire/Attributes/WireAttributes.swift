// A span's attributes as MLflow's clients expect them: its own ones, which a span holds in fields, and all others.

internal import EvalCore
internal import EvalJSON

/// The attributes of a span on the wire.
enum WireAttributes {
    /// Gives a span's attributes one after another.
    ///
    /// - Parameters:
    ///   - span: The span.
    ///   - traceID: The text of its trace's identifier.
    ///   - body: Takes a key and its value.
    @inline(__always)
    static func forEach(_ span: Span, traceID: JSON, _ body: (Text, JSON) -> Void) {
        body(traceRequestID, traceID)
        body(spanType, types[span.type] ?? JSON(span.type.rawValue))
        if let inputs = span.inputs { body(spanInputs, inputs) }
        if let outputs = span.outputs { body(spanOutputs, outputs) }
        if let usage = span.usage, span.attributes?[tokenUsage] == nil { body(tokenUsage, usage.wire) }
        if let cost = span.costUSD, span.attributes?[llmCost] == nil { body(llmCost, ["total_cost": JSON(cost)]) }
        guard let attributes = span.attributes else { return }
        for (key, value) in attributes.members { body(key, value) }
    }

    /// The texts of frequent types.
    private static let types: [SpanType: JSON] = {
        let frequent: [SpanType] = [.unknown, .llm, .chatModel, .chain, .agent, .tool, .retriever, .embedding]
        return Dictionary(uniqueKeysWithValues: frequent.map { ($0, JSON($0.rawValue)) })
    }()

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
