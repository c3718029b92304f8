// All that a hub of models is given.

public import EvalCore
public import EvalJSON

/// How models are asked.
public struct ModelHubOptions: Sendable, CustomReflectable {
    /// Where addresses, keys and proxies are looked up.
    public var environment: [String: String]
    /// Where replies are kept; nil keeps none, which allows no cache.
    public var journal: (any ReplyJournal)?
    /// The run that asks.
    public var run: PublicID?
    /// Whether the run goes on from before, so that its replies are looked up first.
    public var resumes: Bool
    /// Which replies of earlier runs are used instead of calls.
    public var cache: CacheMode
    /// What keeps judged words apart from instructions.
    public var fence: Fence
    /// What models cost.
    public var prices: PriceTable
    /// What may be spent.
    public var budget: ModelBudget
    /// The calls under way at each endpoint; nil finds a number up to 64.
    public var concurrency: Int?
    /// How many calls may begin in a time, at each endpoint.
    public var rate: CallRate?
    /// How long one attempt may take.
    public var timeout: Duration
    /// The most attempts of a call.
    public var attempts: Int
    /// The run's judge model, as people name it.
    public var defaultModel: String?
    /// How the run's judge model should answer.
    public var defaultParameters: ModelParameters
    /// Where the run's judge model is asked: an object with keys of ``endpointKeys``, or null.
    public var defaultEndpoint: JSON
    /// Told when nobody can be answered any more, once for each cause.
    ///
    /// Causes are a refused key, an unknown model, an endpoint that doesn't answer, a spent budget and a journal that
    /// can't be used. All are of the category ``Diagnostic/Category/unavailable``.
    public var alarm: @Sendable (Diagnostic) -> Void
    /// Told what is unwise, such as a key that others can read.
    public var warn: @Sendable (Diagnostic) -> Void
    /// Times that tests shorten.
    package var tuning = Tuning()

    /// What a description shows: nothing of the environment, which has keys in it.
    public var customMirror: Mirror { Mirror(self, children: ["model": defaultModel ?? "none", "cache": cache]) }

    /// The keys of an endpoint's settings.
    public static let endpointKeys = EndpointSettings.keys

    /// Times that no person needs to set.
    package struct Tuning: Sendable {
        package var retryBase = Duration.milliseconds(500)
        package var breakerPause = Duration.seconds(1)
        package var patience = Duration.seconds(120)
        package var newPatience = Duration.seconds(20)
    }

    /// Makes options; all have values that ask models without cache, journal and budget.
    ///
    /// - Parameters:
    ///   - environment: Where addresses, keys and proxies are looked up.
    ///   - journal: Where replies are kept.
    ///   - run: The run that asks.
    ///   - resumes: Whether the run goes on from before.
    ///   - cache: Which replies of earlier runs are used.
    ///   - fence: What keeps judged words apart; nil takes a secret of its own, so that delimiters differ from run to run.
    ///   - prices: What models cost.
    ///   - budget: What may be spent.
    ///   - concurrency: The calls under way at each endpoint.
    ///   - rate: How many calls may begin in a time.
    ///   - timeout: How long one attempt may take.
    ///   - attempts: The most attempts of a call.
    ///   - defaultModel: The run's judge model.
    ///   - defaultParameters: How it should answer.
    ///   - defaultEndpoint: Where it is asked.
    ///   - alarm: Told when nobody can be answered any more.
    ///   - warn: Told what is unwise.
    public init(
        environment: [String: String] = [:],
        journal: (any ReplyJournal)? = nil,
        run: PublicID? = nil,
        resumes: Bool = false,
        cache: CacheMode = .off,
        fence: Fence? = nil,
        prices: PriceTable = .builtIn,
        budget: ModelBudget = ModelBudget(),
        concurrency: Int? = nil,
        rate: CallRate? = nil,
        timeout: Duration = Limits.attempt,
        attempts: Int = Limits.attempts,
        defaultModel: String? = nil,
        defaultParameters: ModelParameters = ModelParameters(),
        defaultEndpoint: JSON = .null,
        alarm: @escaping @Sendable (Diagnostic) -> Void = { _ in },
        warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }
    ) {
        self.environment = environment
        self.journal = journal
        self.run = run
        self.resumes = resumes
        self.cache = cache
        self.fence = fence ?? Fence(secret: (0..<32).map { _ in UInt8.random(in: .min ... .max) })
        self.prices = prices
        self.budget = budget
        self.concurrency = concurrency
        self.rate = rate
        self.timeout = timeout
        self.attempts = attempts
        self.defaultModel = defaultModel
        self.defaultParameters = defaultParameters
        self.defaultEndpoint = defaultEndpoint
        self.alarm = alarm
        self.warn = warn
    }
}
