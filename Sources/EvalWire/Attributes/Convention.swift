// The conventions in which applications tell what a span did, as data: which attribute holds what. Their order decides
// where several hold the same; it is MLflow's. What a table can't say is in ConventionRules.swift.

internal import EvalCore

/// One convention of attributes.
struct Convention: Sendable {
    /// What is peculiar to a convention beyond its keys.
    enum Rule: Sendable {
        case gemini, claudeCode, traceloop, vercel, voltAgent, liveKit
    }

    /// Where token counts are; of several keys the first that is there counts.
    struct Tokens: Sendable {
        var input: [Term] = []
        var output: [Term] = []
        var total: [Term] = []
        var cacheRead: [Term] = []
        var cacheCreation: [Term] = []

        /// OpenTelemetry's, which others use too.
        static let genAI = Tokens(
            input: [.usageInput],
            output: [.usageOutput],
            cacheRead: [.usageCacheRead],
            cacheCreation: [.usageCacheWrite, .usageCacheCreation]
        )
    }

    var rule: Rule?
    /// The kind of a span, and what kinds mean.
    var kinds: (term: Term, types: [String: SpanType])?
    var tokens = Tokens()
    var inputs: [Term] = []
    var outputs: [Term] = []
    var models: [Term] = []
    var provider: Term?
    var tools: Term?

    /// All keys, to pass over a convention that a span doesn't use.
    var terms: UInt128 {
        var all = inputs + outputs + models + tokens.input + tokens.output + tokens.total
        if let kinds { all.append(kinds.term) }
        if let provider { all.append(provider) }
        if let tools { all.append(tools) }
        return all.reduce(0) { $0 | $1.bit } | extraTerms
    }

    private var extraTerms: UInt128 {
        switch rule {
        case .voltAgent: Term.kind.bit | Term.entityType.bit | Term.operationID.bit | Term.voltConversationID.bit
        default: 0
        }
    }
}

extension Convention {
    /// The conventions with the sets of their keys, in their order.
    static let all: [(convention: Convention, terms: UInt128)] = [
        openInference, geminiCLI, claudeCode, genAI, traceloop, vertex, vercel, voltAgent, liveKit, laminar, langfuse,
    ]
    .map { ($0, $0.terms) }

    /// A span that has none of these keys, and none of LiveKit's and none that counts, says nothing by a convention.
    static let allTerms = all.reduce(UInt128(0)) { $0 | $1.terms } | Term.prompt.bit | Term.completion.bit

    private static let openInference = Convention(
        kinds: (
            .openInferenceKind,
            [
                "TOOL": .tool, "CHAIN": .chain, "LLM": .llm, "RETRIEVER": .retriever, "EMBEDDING": .embedding,
                "AGENT": .agent, "RERANKER": .reranker, "UNKNOWN": .unknown, "GUARDRAIL": .guardrail,
                "EVALUATOR": .evaluator,
            ]
        ),
        tokens: Tokens(
            input: [.tokensPrompt],
            output: [.tokensCompletion],
            total: [.tokensTotal],
            cacheRead: [.tokensCacheRead],
            cacheCreation: [.tokensCacheWrite]
        ),
        inputs: [.inputValue],
        outputs: [.outputValue],
        models: [.responseModelName, .modelName, .requestModelName, .embeddingModelName],
        provider: .provider
    )

    private static let geminiCLI = Convention(
        rule: .gemini,
        kinds: (.operation, ["llm_call": .llm, "tool_call": .tool, "agent_call": .agent]),
        tokens: .genAI,
        inputs: [.inputMessages, .toolArguments],
        outputs: [.outputMessages, .toolResult],
        models: [.responseModel, .requestModel],
        provider: .providerName,
        tools: .toolDefinitions
    )

    private static let claudeCode = Convention(
        rule: .claudeCode,
        kinds: (.kind, ["interaction": .agent, "llm_request": .llm, "tool": .tool])
    )

    static let genAIKinds: [String: SpanType] = [
        "chat": .chatModel, "create_agent": .agent, "embeddings": .embedding, "execute_tool": .tool,
        "generate_content": .llm, "invoke_agent": .agent, "text_completion": .llm, "response": .llm,
    ]

    private static let genAI = Convention(
        kinds: (.operation, genAIKinds),
        tokens: .genAI,
        inputs: [.inputMessages, .toolArguments],
        outputs: [.outputMessages, .toolResult],
        models: [.responseModel, .requestModel],
        provider: .providerName,
        tools: .toolDefinitions
    )

    private static let traceloop = Convention(
        rule: .traceloop,
        kinds: (
            .traceloopKind,
            ["workflow": .workflow, "task": .task, "agent": .agent, "tool": .tool, "unknown": .unknown]
        ),
        tokens: Tokens(input: [.usagePrompt], output: [.usageCompletion], total: [.usageTotal]),
        inputs: [.traceloopInput],
        outputs: [.traceloopOutput],
        provider: .system
    )

    /// Google's Agent Development Kit: OpenTelemetry's keys, and its own for what goes in and out.
    private static let vertex = Convention(
        inputs: [.vertexRequest, .vertexArguments],
        outputs: [.vertexResponse, .vertexToolResponse]
    )

    private static let vercel = Convention(
        rule: .vercel,
        kinds: (
            .vercelOperation,
            [
                "ai.generateText": .llm, "ai.generateText.doGenerate": .llm, "ai.toolCall": .tool,
                "ai.streamText": .llm, "ai.streamText.doStream": .llm, "ai.generateObject": .llm,
                "ai.generateObject.doGenerate": .llm, "ai.streamObject": .llm, "ai.streamObject.doStream": .llm,
                "ai.embed": .embedding, "ai.embed.doEmbed": .embedding, "ai.embedMany": .embedding,
            ]
        ),
        inputs: [.vercelPrompt, .vercelArguments, .vercelValue, .vercelValues],
        outputs: [.vercelText, .vercelResult, .vercelObject, .vercelEmbedding, .vercelEmbeddings]
    )

    static let voltAgentKinds: [String: SpanType] = ["agent": .agent, "llm": .llm, "tool": .tool, "memory": .memory]

    private static let voltAgent = Convention(
        rule: .voltAgent,
        tokens: Tokens(
            input: [.voltPromptTokens, .voltLLMPromptTokens],
            output: [.voltCompletionTokens, .voltLLMCompletionTokens],
            total: [.voltTotalTokens, .usageTotal]
        ),
        inputs: [.agentMessages, .llmMessages, .input],
        outputs: [.output]
    )

    private static let liveKit = Convention(
        rule: .liveKit,
        kinds: (.operation, genAIKinds),
        tokens: .genAI,
        inputs: [.liveKitUserInput, .liveKitTranscript, .liveKitContext, .liveKitInputText],
        outputs: [.liveKitText, .liveKitCalls],
        models: [.responseModel, .requestModel],
        provider: .providerName,
        tools: .toolDefinitions
    )

    private static let laminar = Convention(
        kinds: (
            .laminarType,
            [
                "LLM": .llm, "TOOL": .tool, "DEFAULT": .chain, "PIPELINE": .chain, "EXECUTOR": .agent,
                "EVALUATOR": .evaluator, "HUMAN_EVALUATOR": .evaluator, "EVALUATION": .evaluator, "CACHED": .llm,
            ]
        ),
        tokens: Tokens(input: [.usageInput], output: [.usageOutput]),
        inputs: [.laminarInput],
        outputs: [.laminarOutput],
        models: [.responseModel, .requestModel],
        provider: .system
    )

    private static let langfuse = Convention(
        kinds: (
            .langfuseType,
            [
                "generation": .llm, "embedding": .embedding, "tool": .tool, "retriever": .retriever, "agent": .agent,
                "chain": .chain, "evaluator": .evaluator, "guardrail": .guardrail, "span": .unknown,
            ]
        ),
        inputs: [.langfuseInput],
        outputs: [.langfuseOutput]
    )
}

extension SpanType {
    static let workflow = SpanType(rawValue: "WORKFLOW")
    static let task = SpanType(rawValue: "TASK")
    static let guardrail = SpanType(rawValue: "GUARDRAIL")
    static let evaluator = SpanType(rawValue: "EVALUATOR")
    static let memory = SpanType(rawValue: "MEMORY")
}
