// The models of a command: one hub for judges, plugins and the application, and what happens when none can be asked any more.

internal import EvalCore
internal import EvalJSON
internal import EvalModels
internal import EvalRunner
internal import EvalSuite
internal import Foundation

/// The models that a command may ask.
struct RunModels: Sendable {
    let hub: ModelHub
    let alarm = RunAlarm()
    private let hasJudge: Bool

    /// What a person decides about models.
    struct Wishes {
        var judge = JudgeSection()
        var maxCost: Double?
        var maxJudgeCalls: Int?
        /// The file of prices.
        var prices: String?
        var concurrency: Int?
        var rate: CallRate?
        var timeout = Limits.attempt
    }

    /// What is needed beside it.
    struct Surroundings {
        /// The run that asks; nil outside runs.
        var run: PublicID?
        /// Whether the run goes on.
        var resumes = false
        /// Where replies are kept; nil where nothing may be kept or asked.
        var journal: (any ReplyJournal)?
    }

    /// Puts models together; nothing is asked yet.
    ///
    /// - Throws: What is wrong with the prices' file.
    init(_ request: Wishes, _ surroundings: Surroundings = Surroundings()) throws(Diagnostic) {
        var options = ModelHubOptions()
        options.environment = ProcessInfo.processInfo.environment
        options.journal = surroundings.journal
        options.run = surroundings.run
        options.resumes = surroundings.resumes
        options.cache = request.judge.cache ?? .off
        if let path = request.prices { options.prices = try Self.prices(path) }
        options.budget = ModelBudget(maxCostUSD: request.maxCost, maxCalls: request.maxJudgeCalls)
        options.concurrency = request.concurrency
        options.rate = request.rate
        options.timeout = request.timeout
        options.defaultModel = request.judge.model
        options.defaultParameters = try ModelParameters(request.judge.parameters)
        options.defaultEndpoint = request.judge.endpoint
        let alarm = alarm
        options.alarm = { alarm.raise($0) }
        options.warn = { Console.warning($0.description) }
        hub = ModelHub(options)
        hasJudge = request.judge.model != nil
    }

    /// Whom plugins ask that call a judge; nil where no judge model is named.
    ///
    /// - Throws: What is wrong with the judge model.
    func judgeOfPlugins() throws(Diagnostic) -> (any JudgeClient)? {
        guard hasJudge else { return nil }
        return JudgeService(try hub.client(for: ModelChoice()))
    }

    /// The client of a model.
    ///
    /// - Throws: What is wrong with the model's name, address or key.
    func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient { try hub.client(for: choice) }

    /// Closes all connections.
    func shutdown() async { await hub.shutdown() }

    private static func prices(_ path: String) throws(Diagnostic) -> PriceTable {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("the prices can't be read", at: .init(file: path))
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: Array(bytes))
        } catch {
            throw Diagnostic("the prices are no JSON: \(error.description)", at: .init(file: path))
        }
        do throws(Diagnostic) {
            return try PriceTable(json)
        } catch {
            throw error.located(.init(file: path))
        }
    }
}

extension EvaluationRequest {
    /// What it says about models.
    var models: RunModels.Wishes {
        RunModels.Wishes(
            judge: judge,
            maxCost: maxCost,
            maxJudgeCalls: maxJudgeCalls,
            prices: prices,
            concurrency: concurrency,
            rate: rateLimit,
            timeout: timeout
        )
    }
}

extension RunModels.Wishes {
    /// What flags and environment say where there is no suite.
    init(_ options: ModelOptions) throws(Diagnostic) {
        judge = try JudgeSection(options, Suite())
        maxCost = try Environment.dollars(options.maxCost, "MAX_COST", nil)
        maxJudgeCalls = try Environment.count(options.maxJudgeCalls, "MAX_JUDGE_CALLS", nil)
        prices = options.prices ?? Environment.value("PRICES")
    }
}

/// The models of commands that ask none.
struct NoModels: ModelDirectory {
    func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient {
        throw Diagnostic("no model is asked here")
    }
}
