// The model that LLM judges ask, as a program says it.

public import EvalCore
internal import EvalModels
internal import Foundation

/// The model that LLM judges ask, and what they may cost.
public struct JudgeSettings: Sendable {
    /// The model: `openai:/gpt-5-mini`; nil for `EVALHOST_JUDGE_MODEL`.
    public var model: String?
    /// How it should answer.
    public var parameters: ModelParameters
    /// Which replies of earlier runs are used.
    public var cache: CacheMode
    /// The most that the run's models may cost, in US dollars.
    public var maxCostUSD: Double?
    /// The most calls.
    public var maxCalls: Int?

    /// Chooses a model.
    ///
    /// Keys come from the environment: `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`.
    public init(
        model: String? = nil,
        parameters: ModelParameters = ModelParameters(),
        cache: CacheMode = .off,
        maxCostUSD: Double? = nil,
        maxCalls: Int? = nil
    ) {
        self.model = model
        self.parameters = parameters
        self.cache = cache
        self.maxCostUSD = maxCostUSD
        self.maxCalls = maxCalls
    }

    /// The models of a run.
    func hub(
        run: PublicID,
        journal: any ReplyJournal,
        concurrency: Int,
        alarm: @escaping @Sendable (Diagnostic) -> Void
    ) -> ModelHub {
        var options = ModelHubOptions()
        options.environment = ProcessInfo.processInfo.environment
        options.journal = journal
        options.run = run
        options.cache = cache
        options.budget = ModelBudget(maxCostUSD: maxCostUSD, maxCalls: maxCalls)
        options.concurrency = concurrency
        options.defaultModel = model ?? options.environment["EVALHOST_JUDGE_MODEL"]
        options.defaultParameters = parameters
        options.alarm = alarm
        return ModelHub(options)
    }
}
