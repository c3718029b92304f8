// Where scorers get the models that they ask: one hub a run, one gate an endpoint, one memory of manners a model.

internal import AsyncHTTPClient
public import EvalCore
internal import EvalJSON
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// The models of a run.
///
/// All clients of one endpoint and one key share its connections, its limits and its breaker.
public final class ModelHub: ModelDirectory {
    private struct State {
        var sites: [String: Site] = [:]
        var models: [String: ModelState] = [:]
    }
    private let options: ModelHubOptions
    private let core: HubCore
    private let state = Mutex(State())

    /// Makes a hub; nothing is opened yet.
    public init(_ options: ModelHubOptions) {
        self.options = options
        core = HubCore(options)
    }

    /// The client of a model.
    ///
    /// - Parameter choice: Which model, how and where; what it leaves open is the run's.
    /// - Returns: A client that shares the limits of its endpoint.
    /// - Throws: That no model is named, or what is wrong with its name, address, key or price: nothing was called yet.
    public func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient {
        let name = try name(of: choice)
        let (settings, isRuns) = try settings(of: choice, name)
        let isOffline = options.cache == .replay && choice.purpose == .judge
        let endpoint = try Endpoint(
            of: name,
            settings,
            environment: options.environment,
            needsKey: !isOffline,
            warn: options.warn
        )
        try check(name, isOffline: isOffline)
        let parameters = isRuns ? choice.parameters.filled(from: options.defaultParameters) : choice.parameters
        try check(parameters, endpoint.dialect)
        let price = options.prices.price(for: name)
        if options.budget.maxCostUSD != nil, price == nil, !isOffline { throw unpriced(name) }
        let site = site(of: endpoint, settings)
        let model = model(name, endpoint, settings)
        func attempter(_ path: String) throws(Diagnostic) -> Attempter {
            Attempter(
                name: name,
                purpose: choice.purpose,
                endpoint: endpoint,
                core: core,
                site: site,
                state: model,
                price: price,
                priceJSON: price?.json ?? .null,
                request: try request(endpoint, path)
            )
        }
        return HubClient(
            name: name,
            concurrency: max(1, options.concurrency ?? ConcurrencyLimit.standard),
            chat: try attempter(endpoint.dialect.path),
            embedding: try attempter(Embeddings.path),
            parameters: parameters,
            keys: CacheKey(model: name, base: endpoint.base),
            schemas: SchemaCache()
        )
    }

    /// What was asked so far, and what it took.
    public var usage: HubUsage { core.meter.usage }

    /// The price of a model; nil where nobody knows it.
    public func price(of name: ModelName) -> ModelPrice? { options.prices.price(for: name) }

    /// What a question would take, without asking: about four bytes of text are a token.
    ///
    /// - Parameters:
    ///   - request: The question.
    ///   - name: The model.
    /// - Returns: Tokens of the question and at most of the answer, and their price; nil for a model without one.
    public func estimate(_ request: ModelRequest, for name: ModelName) -> (tokens: TokenUsage, costUSD: Double?) {
        var question = Question(
            model: name.model,
            messages: request.messages,
            tools: [],
            parameters: request.parameters
        )
        question.schema = request.schema.flatMap { try? CompiledSchema($0) }
        let most = request.parameters.maxTokens ?? options.defaultParameters.maxTokens ?? ChatCall.outputGuess
        let tokens = CountedTokens(input: Int64(question.estimatedTokens), output: Int64(most))
        return (tokens.usage, price(of: name)?.cost(of: tokens))
    }

    /// Closes all connections, after the attempts under way: their replies may be paid for, and are written down.
    ///
    /// Whoever asked must be cancelled before, or be done.
    public func shutdown() async {
        await core.underWay.over()
        let sites = state.withLock { state in
            defer { state.sites = [:] }
            return state.sites.values.map { $0 }
        }
        for site in sites { await site.transport.shutdown() }
    }

    private func name(of choice: ModelChoice) throws(Diagnostic) -> ModelName {
        guard let text = choice.model ?? options.defaultModel else {
            throw Diagnostic(
                "no judge model is named",
                help:
                    "Name one with --judge-model, with 'model' under 'judge' in the suite, or in EVALHOST_JUDGE_MODEL; "
                    + "for example openai:/gpt-5-mini."
            )
        }
        return try ModelName(text)
    }

    /// The endpoint's settings, and whether the model is asked where the run's judge is.
    private func settings(of choice: ModelChoice, _ name: ModelName) throws(Diagnostic) -> (EndpointSettings, Bool) {
        let own = try EndpointSettings(choice.endpoint)
        guard choice.model != nil, let text = options.defaultModel else {
            return (own.filled(from: try EndpointSettings(options.defaultEndpoint)), true)
        }
        // Addresses and keys of the run's judge are for models of its provider only.
        let judge = try ModelName(text)
        guard judge.provider == name.provider, judge.address == name.address else { return (own, judge == name) }
        return (own.filled(from: try EndpointSettings(options.defaultEndpoint)), judge == name)
    }

    private func check(_ name: ModelName, isOffline: Bool) throws(Diagnostic) {
        guard options.journal == nil, options.cache != .off else { return }
        throw Diagnostic("the cache mode '\(options.cache.rawValue)' needs a store that keeps replies")
    }

    private func check(_ parameters: ModelParameters, _ dialect: Dialect) throws(Diagnostic) {
        if dialect == .anthropic, parameters.reasoningEffort != nil {
            throw Diagnostic(
                "Anthropic's models know no 'reasoning_effort'",
                help: "Give 'thinking' as it is in the documentation of Messages: further keys are passed on."
            )
        }
    }

    private func unpriced(_ name: ModelName) -> Diagnostic {
        Diagnostic(
            "the price of \(name) isn't known, so that no cost can be held",
            help: "Add it to a file of prices, limit the calls with --max-judge-calls, or leave out --max-cost."
        )
    }

    private func request(_ endpoint: Endpoint, _ path: String) throws(Diagnostic) -> HTTPClient.Request {
        do {
            return try HTTPClient.Request(url: endpoint.url(path), method: .POST, headers: endpoint.headers)
        } catch {
            throw Diagnostic("the address of the endpoint is malformed")
        }
    }

    private func site(of endpoint: Endpoint, _ settings: EndpointSettings) -> Site {
        state.withLock { state in
            if let site = state.sites[endpoint.identity] { return site }
            let limit = ConcurrencyLimit(explicit: options.concurrency)
            let calls = [options.rate?.perSecond, settings.requestsPerMinute.map { $0 / 60 }].compactMap { $0 }
            let gate = GateState(
                endpoint: endpoint.name,
                limit: limit,
                breaker: CircuitBreaker(firstPause: options.tuning.breakerPause),
                pace: Pace(callsPerSecond: calls, tokensPerSecond: settings.tokensPerMinute.map { $0 / 60 }),
                patience: options.tuning.patience,
                newPatience: options.tuning.newPatience
            )
            let site = Site(
                gate: Gate(gate, eventLoop: Transport.loops.any()),
                transport: Transport(connections: limit.ceiling, timeout: options.timeout, proxy: endpoint.proxy),
                name: endpoint.name
            )
            state.sites[endpoint.identity] = site
            return site
        }
    }

    private func model(_ name: ModelName, _ endpoint: Endpoint, _ settings: EndpointSettings) -> ModelState {
        let levels = endpoint.dialect.levels
        let asked = settings.structured.flatMap { levels.contains($0) ? $0 : nil }
        let manner = Manner(
            level: asked ?? levels[0],
            isLevelFixed: asked != nil,
            tokensParameter: settings.tokensParameter
                ?? (name.provider == .openai ? "max_completion_tokens" : "max_tokens")
        )
        let id = "\(endpoint.identity) \(endpoint.base)\(endpoint.query) \(name) \(asked?.rawValue ?? "auto")"
        return state.withLock { state in
            if let model = state.models[id] { return model }
            let model = ModelState(LearnedManner(manner, endpoint.dialect))
            state.models[id] = model
            return model
        }
    }
}
