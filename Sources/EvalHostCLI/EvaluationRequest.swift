// What is to be evaluated, after flags, environment, suite and defaults are put together.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalRunner
internal import EvalSuite
internal import Foundation

/// An evaluation that is fully said, but for its scorers' libraries, which are not looked up yet.
struct EvaluationRequest: Sendable {
    /// Which rows.
    struct Rows: Sendable {
        var data: String?
        var location = Diagnostic.Location()
        var mapping = RowMapping()
        var selection = RowSelection()
        var seed: UInt64 = 0
        var repeats = 1
        var cluster: JSONPath?
        /// The last trace that counts, where a run over traces is resumed.
        var lastTrace: Int64?
    }

    var experiment = "Default"
    var runName: String?
    var tags: [String: String] = [:]
    var rows = Rows()
    var predict = PredictSection()
    /// Folders whose scorers all run.
    var runningFolders: [String] = []
    /// Folders whose scorers are only there to be named.
    var availableFolders: [String] = []
    /// Where the suite names them.
    var pluginsLocation: Diagnostic.Location?
    var judge = JudgeSection()
    /// Judges of the suite's own.
    var judges: [JudgeDefinition] = []
    var maxCost: Double?
    var maxJudgeCalls: Int?
    /// The file of prices.
    var prices: String?
    var scorers: [ScorerSpec] = []
    /// Scorers of the command line, which need the directory to be read; they stand for all others.
    var scorerArguments: [String] = []
    var thresholds: [(threshold: Threshold, location: Diagnostic.Location)] = []
    var concurrency: Int?
    var rateLimit: CallRate?
    var timeout = Limits.attempt
    var rowTimeout = Limits.row
    var allowance = ErrorAllowance.none
    var pluginPolicy: PluginPolicy
    var isQuiet = false
    var targets: [ReportTarget] = []
    var store: String?

    /// Puts the parts together.
    ///
    /// - Throws: What is wrong with a flag, a variable or the suite.
    init(_ options: EvaluateOptions, suite: Suite?) throws(Diagnostic) {
        let suite = suite ?? Suite()
        pluginPolicy = try PluginPolicy(options.plugins, suite)
        experiment = options.experiment ?? Environment.value("EXPERIMENT") ?? suite.experiment ?? experiment
        runName = options.runName ?? Environment.value("RUN_NAME") ?? suite.runName
        tags = suite.tags.merging(try options.parsedTags()) { _, flag in flag }
        rows = try Rows(options.rows, suite)
        predict = try PredictSection(options.application, suite)
        judge = try JudgeSection(options.models, suite)
        judges = suite.judges.map(\.definition)
        maxCost = try Environment.dollars(options.models.maxCost, "MAX_COST", suite.maxCost)
        maxJudgeCalls = try Environment.count(options.models.maxJudgeCalls, "MAX_JUDGE_CALLS", suite.maxJudgeCalls)
        prices = options.models.prices ?? Environment.value("PRICES") ?? suite.prices
        runningFolders = options.plugins.given
        availableFolders = suite.plugins
        pluginsLocation = suite.places["plugins"]
        scorers = suite.scorers
        scorerArguments = options.scorers
        thresholds = suite.thresholds + (try options.parsedThresholds())
        let application = options.application
        concurrency = try Environment.count(options.concurrency, "CONCURRENCY", suite.concurrency)
        rateLimit = try Self.rate(application.rateLimit ?? Environment.value("RATE_LIMIT"), suite.rateLimit)
        if let attempt = try Environment.seconds(application.timeout, "TIMEOUT", suite.timeout) { timeout = attempt }
        if let row = try Environment.seconds(application.rowTimeout, "ROW_TIMEOUT", suite.rowTimeout) {
            rowTimeout = row
        }
        if let text = options.maxErrors ?? Environment.value("MAX_ERRORS") {
            allowance = try Self.allowance(text)
        } else if let text = suite.maxErrors {
            allowance = try suite.placed("max_errors") { () throws(Diagnostic) in try Self.allowance(text) }
        }
        isQuiet = options.console.isQuiet || suite.quiet ?? false
        targets = try Self.targets(options, suite)
        store = suite.store
    }

    private static func allowance(_ text: String) throws(Diagnostic) -> ErrorAllowance {
        if let allowance = ErrorAllowance(text) { return allowance }
        throw Diagnostic("the allowance of errors is a number such as 5, or a share such as 2%, not '\(text)'")
    }

    private static func rate(_ text: String?, _ suite: CallRate?) throws(Diagnostic) -> CallRate? {
        guard let text else { return suite }
        guard let rate = CallRate(text) else {
            throw Diagnostic("a rate is a number of calls in a time, such as 20/s or 600/m, not '\(text)'")
        }
        return rate
    }

    private static func targets(_ options: EvaluateOptions, _ suite: Suite) throws(Diagnostic) -> [ReportTarget] {
        if !options.format.isEmpty || !options.output.isEmpty {
            return try ReportTarget.pair(options.format, options.output)
        }
        let outputs = Environment.value("OUTPUT").map { [$0] } ?? suite.outputs
        if let word = Environment.value("FORMAT") { return try ReportTarget.pair([Self.format(word)], outputs) }
        let formats = try suite.placed("format") { () throws(Diagnostic) in
            try suite.formats.map { word throws(Diagnostic) in try Self.format(word) }
        }
        return try ReportTarget.pair(formats, outputs)
    }

    private static func format(_ word: String) throws(Diagnostic) -> ReportFormat {
        if let format = ReportFormat(rawValue: word) { return format }
        throw Diagnostic(
            "unknown format '\(word)'",
            didYouMean: nearestWord(to: word, among: ReportFormat.allCases.map(\.rawValue)),
            help: "There are: \(ReportFormat.words)."
        )
    }

    static func absolute(_ path: String) -> String {
        path == "-" || path.hasPrefix("/") || path.hasPrefix("traces:") || path.hasPrefix("dataset:")
            ? path : URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

extension EvaluationRequest.Rows {
    /// Which rows flags, environment and suite name.
    init(_ options: RowOptions, _ suite: Suite) throws(Diagnostic) {
        if let given = options.data ?? Environment.value("DATA") {
            data = given
        } else {
            data = suite.data
            location = suite.dataLocation
        }
        if let map = options.map.isEmpty ? Environment.list("MAP") : options.map {
            mapping = try RowMapping(map)
        } else {
            mapping = try suite.placed("map") { () throws(Diagnostic) in try RowMapping(suite.map) }
        }
        selection.filter = suite.filter
        if let source = options.filter ?? Environment.value("FILTER") { selection.filter = try RowFilter(source) }
        selection.sample = try Environment.count(options.sample, "SAMPLE", suite.sample)
        selection.limit = try Environment.count(options.limit, "LIMIT", suite.limit)
        let variable = try Environment.value("SEED", "a whole number from 0") { UInt64($0) }
        seed = options.seed ?? variable ?? suite.seed ?? 0
        selection.seed = seed
        repeats = try Environment.count(options.repeats, "REPEATS", suite.repeats) ?? 1
        guard repeats <= Aggregation.mostRepeats else {
            throw Diagnostic("a record can be repeated \(Aggregation.mostRepeats) times at most, not \(repeats)")
        }
        if let field = options.cluster ?? Environment.value("CLUSTER") {
            cluster = try Self.cluster(field)
        } else if let field = suite.cluster {
            cluster = try suite.placed("cluster") { () throws(Diagnostic) in try Self.cluster(field) }
        }
    }

    static func cluster(_ field: String) throws(Diagnostic) -> JSONPath {
        do throws(JSONError) {
            let path = try JSONPath(field)
            guard case .key(let first)? = path.steps.first, Record.keys.contains(String(first)) else {
                throw JSONError("it begins with one of \(Record.keys.joined(separator: ", "))")
            }
            return path
        } catch {
            throw Diagnostic(
                "the cluster '\(field)' is no field of a row: \(error.description)",
                help: "For example: --cluster inputs.document_id"
            )
        }
    }

    /// The condition of `traces:FILTER`; nil where the rows are no traces.
    var traceFilter: String? { data.flatMap { $0.hasPrefix("traces:") ? String($0.dropFirst(7)) : nil } }
}

extension JudgeSection {
    /// The judge model that flags, environment and suite name.
    init(_ options: ModelOptions, _ suite: Suite) throws(Diagnostic) {
        self = suite.judge
        let words = CacheMode.allCases.map(\.rawValue).joined(separator: ", ")
        let variable = try Environment.value("JUDGE_CACHE", "one of \(words)", CacheMode.init(rawValue:))
        cache = options.judgeCache ?? variable ?? cache
        if let named = options.judgeModel ?? Environment.value("JUDGE_MODEL"), named != model {
            // What the suite says of another model's endpoint is not about this one.
            if let old = model.flatMap({ try? ModelName($0) }), let new = try? ModelName(named),
                old.provider != new.provider || old.address != new.address
            {
                endpoint = .null
            }
            model = named
        }
        if let address = options.judgeBaseURL ?? Environment.value("JUDGE_BASE_URL") {
            let others = endpoint.members.map { (String($0.key), $0.value) }.filter { $0.0 != "base_url" }
            endpoint = .object([("base_url", JSON(address))] + others)
        }
        try check()
    }
}

extension PredictSection {
    /// The application that flags, environment and suite name: an application of the command line stands for another one
    /// of the suite.
    init(_ options: ApplicationOptions, _ suite: Suite) throws(Diagnostic) {
        self = suite.predict
        let command = options.predictCommand ?? Environment.value("PREDICT_COMMAND")
        let url = options.predictURL ?? Environment.value("PREDICT_URL")
        let model = options.model ?? Environment.value("MODEL")
        if command != nil || url != nil || model != nil {
            let speed = self
            self = PredictSection()
            self.command = command
            self.url = url
            self.model = model
            concurrency = speed.concurrency
            if let model, suite.predict.model != nil {
                (prompt, parameters) = (speed.prompt, speed.parameters)
                if model == speed.model { (endpoint, headers) = (speed.endpoint, speed.headers) }
            }
            if url != nil, url == suite.predict.url { headers = suite.predict.headers }
            if command != nil { (processes, inFlight) = (speed.processes, speed.inFlight) }
        }
        prompt = options.prompt ?? Environment.value("PROMPT") ?? prompt
        outputPath = options.predictOutputPath ?? Environment.value("PREDICT_OUTPUT_PATH") ?? outputPath
        concurrency = try Environment.count(options.predictConcurrency, "PREDICT_CONCURRENCY", concurrency)
        processes = try Environment.count(options.predictProcesses, "PREDICT_PROCESSES", processes)
        inFlight = try Environment.count(options.predictInFlight, "PREDICT_IN_FLIGHT", inFlight)
        try check()
    }
}
