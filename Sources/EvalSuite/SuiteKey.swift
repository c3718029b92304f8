// The one table of a suite's keys: how each is read, what the schema for editors says of it, and what its flag is.

internal import EvalCore
internal import EvalJSON

/// A key of a suite.
struct SuiteKey: Sendable {
    /// The key.
    let name: String
    /// What it means, in one line.
    let help: String
    /// Its JSON Schema without the description.
    let schema: JSON
    /// Takes its value; closures without a signature can't say that they throw nothing but diagnostics.
    private let take: @Sendable (inout Suite, YAMLValue) throws -> Void

    init(
        _ name: String,
        _ schema: JSON,
        _ help: String,
        take: @escaping @Sendable (inout Suite, YAMLValue) throws -> Void
    ) {
        self.name = name
        self.schema = schema
        self.help = help
        self.take = take
    }

    /// Takes the key's value into a suite.
    func read(_ value: YAMLValue, into suite: inout Suite) throws(Diagnostic) {
        do {
            try take(&suite, value)
        } catch {
            throw error as? Diagnostic ?? value.error("'\(name)' can't be read")
        }
    }

    static func named(_ name: String) -> SuiteKey? { all.first { $0.name == name } }

    private static let text: JSON = ["type": "string"]
    private static let flag: JSON = ["type": "boolean"]
    private static let texts: JSON = ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]]
    private static let seconds: JSON = ["type": "number", "exclusiveMinimum": 0]
    private static let textOrNumber: JSON = ["anyOf": [["type": "number"], ["type": "string"]]]
    private static let repeats = 1...Aggregation.mostRepeats
    private static let isolations = ["process", "inprocess"]
    private static let sandboxes = ["auto", "require", "strict", "off"]
    private static func choice(_ words: [String]) -> JSON { ["enum": .array(words.map { JSON($0) })] }
    private static func count(_ range: ClosedRange<Int>) -> JSON {
        if range.upperBound == .max { return ["type": "integer", "minimum": JSON(range.lowerBound)] }
        return ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
    }
    static let anyObject: JSON = ["type": "object"]
    static let bounds: JSON = [
        "type": "object", "additionalProperties": ["anyOf": [["type": "number"], ["type": "string"]]],
    ]

    static let all: [SuiteKey] = [
        SuiteKey("experiment", text, "The experiment that the run belongs to.") {
            $0.experiment = try $1.text("'experiment'")
        },
        SuiteKey("run_name", text, "The run's name.") { $0.runName = try $1.text("'run_name'") },
        SuiteKey("tags", anyObject, "Words of your own.") {
            for (name, _, value) in try $1.entries(of: "'tags'") { $0.tags[name] = try value.text("a tag") }
        },
        SuiteKey(
            "data",
            text,
            "The rows: a file (.jsonl, .json, .csv, .tsv, each also .gz), - for standard input, or traces:FILTER."
        ) {
            $0.data = try $0.path($1, "'data'")
            $0.dataLocation = $1.location
        },
        SuiteKey("map", texts, "Fields that belong elsewhere: question=inputs.question.") {
            $0.map = try $1.texts("'map'")
        },
        SuiteKey("filter", text, "The rows that are wanted: tags.lang = 'en'.") {
            $0.filter = try $1.filter("'filter'")
        },
        SuiteKey("sample", count(1...10_000_000), "How many rows are drawn at random.") {
            $0.sample = try $1.count("'sample'", 1...10_000_000)
        },
        SuiteKey("limit", count(1...Int.max), "The most rows.") { $0.limit = try $1.count("'limit'", 1...Int.max) },
        SuiteKey("seed", count(0...Int.max), "What random choices begin with.") {
            $0.seed = UInt64(try $1.count("'seed'", 0...Int.max))
        },
        SuiteKey("repeats", count(repeats), "How often each record is evaluated.") {
            $0.repeats = try $1.count("'repeats'", repeats)
        },
        SuiteKey("cluster", text, "The field whose equal values make records one unit of the intervals.") {
            $0.cluster = try $1.text("'cluster'")
        },
        SuiteKey("predict", SuiteSchema.predict, "The application under test.") {
            let suite = $0
            $0.predict = try PredictSection($1) { value, what throws(Diagnostic) in try suite.path(value, what) }
        },
        SuiteKey("judge", SuiteSchema.judge, "The model that judges.") {
            let suite = $0
            $0.judge = try JudgeSection($1) { value, what throws(Diagnostic) in try suite.path(value, what) }
        },
        SuiteKey("judges", SuiteSchema.judges, "Judges of your own: definitions, or files of them.") {
            try $0.addJudges($1)
        },
        SuiteKey("plugins", texts, "Folders of plugins, whose scorers become available.") {
            for element in $1.list { $0.plugins.append(try $0.path(element, "'plugins'")) }
        },
        SuiteKey("scorers", SuiteSchema.anyScorers, "What judges each row.") {
            for element in $1.list { $0.scorers.append(try ScorerSpec(element)) }
        },
        SuiteKey("thresholds", bounds, "What must hold: metrics and their bounds.") {
            try $0.addBounds($1, "'thresholds'")
        },
        SuiteKey("fail_under", bounds, "Metrics and what they must reach at least.") {
            try $0.addBounds($1, "'fail_under'")
        },
        SuiteKey("fail_if", texts, "Conditions that must not hold: latency/p90 > 800.") { try $0.addFailures($1) },
        SuiteKey("concurrency", count(1...65_536), "How much goes on at once.") {
            $0.concurrency = try $1.count("'concurrency'", 1...65_536)
        },
        SuiteKey("rate_limit", textOrNumber, "How many calls of an endpoint may begin in a time: 20/s.") {
            $0.rateLimit = try $1.rate("'rate_limit'")
        },
        SuiteKey("timeout", seconds, "Seconds that one attempt of a call may take.") {
            $0.timeout = try $1.seconds("'timeout'")
        },
        SuiteKey("row_timeout", seconds, "Seconds that a row may take with all its retries.") {
            $0.rowTimeout = try $1.seconds("'row_timeout'")
        },
        SuiteKey("max_errors", textOrNumber, "How many errors are allowed: a number, or a share such as 2%.") {
            $0.maxErrors = try $1.text("'max_errors'")
        },
        SuiteKey(
            "max_cost",
            ["type": "number", "exclusiveMinimum": 0],
            "The most that models may cost, in US dollars."
        ) {
            $0.maxCost = try $1.amount("'max_cost'")
        },
        SuiteKey("max_judge_calls", count(1...Int.max), "The most calls of judge models.") {
            $0.maxJudgeCalls = try $1.count("'max_judge_calls'", 1...Int.max)
        },
        SuiteKey("prices", text, "A JSON file of what models cost, beside the prices that are known.") {
            $0.prices = try $0.path($1, "'prices'")
        },
        SuiteKey("plugin_timeout", seconds, "Seconds that a plugin may take for one row.") {
            $0.pluginTimeout = try $1.seconds("'plugin_timeout'")
        },
        SuiteKey("skip_broken_plugins", flag, "Leave out a library that can't be loaded.") {
            $0.skipBrokenPlugins = try $1.flag("'skip_broken_plugins'")
        },
        SuiteKey("isolation", choice(isolations), "Where plugins run that the lock doesn't name.") {
            $0.isolation = try $1.choice("'isolation'", isolations)
        },
        SuiteKey("sandbox", choice(sandboxes), "How much of the sandbox must be there.") {
            $0.sandbox = try $1.choice("'sandbox'", sandboxes)
        },
        SuiteKey("lock", text, "The plugins that are trusted; plugins.lock beside the suite where nothing is said.") {
            $0.lock = try $0.path($1, "'lock'")
        },
        SuiteKey("require_trusted", flag, "Use only plugins of the lock.") {
            $0.requireTrusted = try $1.flag("'require_trusted'")
        },
        SuiteKey("quiet", flag, "No progress and no notes.") { $0.quiet = try $1.flag("'quiet'") },
        SuiteKey("format", texts, "The reports' formats.") { $0.formats = try $1.texts("'format'") },
        SuiteKey("output", texts, "Where the reports go.") {
            for element in $1.list { $0.outputs.append(try $0.path(element, "'output'")) }
        },
        SuiteKey("store", text, "Where runs are kept: sqlite:PATH.") { $0.store = try $1.text("'store'") },
    ]
}
