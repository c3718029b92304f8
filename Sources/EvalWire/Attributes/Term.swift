// The keys of attributes that mean something to us: MLflow's own, and those of the conventions that applications use.

internal import EvalJSON

/// A key that is known.
enum Term: UInt8, CaseIterable {
    // MLflow's own
    case traceRequestID, spanInputs, spanOutputs, spanType, tokenUsage, llmCost, llmModel, llmProvider
    case messageFormat, chatTools
    // of the trace
    case sessionID, conversationID, userID
    // OpenInference
    case openInferenceKind, tokensPrompt, tokensCompletion, tokensTotal, tokensCacheRead, tokensCacheWrite
    case inputValue, outputValue, responseModelName, modelName, requestModelName, embeddingModelName, provider
    // OpenTelemetry's GenAI
    case operation, agentName, usageInput, usageOutput, usageCacheRead, usageCacheWrite, usageCacheCreation
    case inputMessages, outputMessages, toolArguments, toolResult, responseModel, requestModel, providerName
    case toolDefinitions, prompt, completion
    // Claude Code and VoltAgent
    case kind, entityType, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens
    case userPrompt, newContext, toolInput, modelOutput, fullCommand, filePath, skillName, subagentType
    case agentMessages, llmMessages, input, output, operationID, voltConversationID
    case voltPromptTokens, voltCompletionTokens, voltTotalTokens, voltLLMPromptTokens, voltLLMCompletionTokens
    // Traceloop
    case traceloopKind, traceloopInput, traceloopOutput, usagePrompt, usageCompletion, usageTotal, system
    // Google ADK
    case vertexRequest, vertexArguments, vertexResponse, vertexToolResponse
    // Vercel
    case vercelOperation, vercelPrompt, vercelArguments, vercelValue, vercelValues
    case vercelText, vercelResult, vercelObject, vercelEmbedding, vercelEmbeddings
    // LiveKit
    case liveKitUserInput, liveKitTranscript, liveKitContext, liveKitInputText, liveKitText, liveKitCalls
    // Laminar and Langfuse
    case laminarType, laminarInput, laminarOutput, langfuseType, langfuseInput, langfuseOutput

    /// The bit by which sets of terms are told.
    var bit: UInt128 { 1 << UInt128(rawValue) }

    /// The term of a key, if it is known.
    static func of(_ key: Text) -> Term? { terms[key] }

    private static let terms: [Text: Term] = {
        precondition(Term.allCases.count <= 128, "a set of terms is one word of 128 bits")
        return Dictionary(uniqueKeysWithValues: zip(keys.map { Text($0) }, Term.allCases))
    }()

    /// The key as it is written.
    var key: String { Self.keys[Int(rawValue)] }

    /// The keys in the order of the cases.
    private static let keys = [
        "mlflow.traceRequestId", "mlflow.spanInputs", "mlflow.spanOutputs", "mlflow.spanType",
        "mlflow.chat.tokenUsage", "mlflow.llm.cost", "mlflow.llm.model", "mlflow.llm.provider",
        "mlflow.message.format", "mlflow.chat.tools",
        "session.id", "gen_ai.conversation.id", "user.id",
        "openinference.span.kind", "llm.token_count.prompt", "llm.token_count.completion", "llm.token_count.total",
        "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_write",
        "input.value", "output.value", "llm.response.model_name", "llm.model_name", "llm.request.model_name",
        "embedding.model_name", "llm.provider",
        "gen_ai.operation.name", "gen_ai.agent.name", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens",
        "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result",
        "gen_ai.response.model", "gen_ai.request.model", "gen_ai.provider.name", "gen_ai.tool.definitions",
        "gen_ai.prompt", "gen_ai.completion",
        "span.type", "entity.type", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens",
        "user_prompt", "new_context", "tool_input", "response.model_output", "full_command", "file_path", "skill_name",
        "subagent_type",
        "agent.messages", "llm.messages", "input", "output", "voltagent.operation_id", "voltagent.conversation_id",
        "usage.prompt_tokens", "usage.completion_tokens", "usage.total_tokens", "llm.usage.prompt_tokens",
        "llm.usage.completion_tokens",
        "traceloop.span.kind", "traceloop.entity.input", "traceloop.entity.output", "gen_ai.usage.prompt_tokens",
        "gen_ai.usage.completion_tokens", "llm.usage.total_tokens", "gen_ai.system",
        "gcp.vertex.agent.llm_request", "gcp.vertex.agent.tool_call_args", "gcp.vertex.agent.llm_response",
        "gcp.vertex.agent.tool_response",
        "ai.operationId", "ai.prompt", "ai.toolCall.args", "ai.value", "ai.values",
        "ai.response.text", "ai.toolCall.result", "ai.response.object", "ai.embedding", "ai.embeddings",
        "lk.user_input", "lk.user_transcript", "lk.chat_ctx", "lk.input_text", "lk.response.text",
        "lk.response.function_calls",
        "lmnr.span.type", "lmnr.span.input", "lmnr.span.output",
        "langfuse.observation.type", "langfuse.observation.input", "langfuse.observation.output",
    ]
}
