// evalhost.yaml: what to evaluate, with which scorers, and what must hold.

public import EvalCore
internal import EvalJSON
internal import Foundation

/// A suite as it is written; nothing in it is looked up yet.
public struct Suite: Sendable {
    /// The file that it comes from.
    public var file: String?
    /// Where the values of its keys stand.
    public var places: [String: Diagnostic.Location] = [:]
    /// The experiment's name.
    public var experiment: String?
    /// The run's name.
    public var runName: String?
    /// Words of the person's own.
    public var tags: [String: String] = [:]
    /// The rows, as a path from the working folder, or `traces:` and `dataset:` with what is wanted.
    public var data: String?
    /// Where `data` stands.
    public var dataLocation = Diagnostic.Location()
    /// Which fields move, as they are written.
    public var map: [String] = []
    /// Which rows are wanted.
    public var filter: RowFilter?
    /// How many rows are drawn.
    public var sample: Int?
    /// The most rows.
    public var limit: Int?
    /// What random choices begin with.
    public var seed: UInt64?
    /// How often each record is evaluated.
    public var repeats: Int?
    /// The field whose equal values make records one unit.
    public var cluster: String?
    /// The application under test.
    public var predict = PredictSection()
    /// The judge model.
    public var judge = JudgeSection()
    /// Judges of the suite's own, with where each stands.
    public var judges: [(definition: JudgeDefinition, location: Diagnostic.Location)] = []
    /// The most that models may cost, in US dollars.
    public var maxCost: Double?
    /// The most calls of judge models.
    public var maxJudgeCalls: Int?
    /// The file of prices, as a path from the working folder.
    public var prices: String?
    /// Folders of plugins, as paths from the working folder.
    public var plugins: [String] = []
    /// The scorers.
    public var scorers: [ScorerSpec] = []
    /// What must hold, with where it stands.
    public var thresholds: [(threshold: Threshold, location: Diagnostic.Location)] = []
    /// How much goes on at once.
    public var concurrency: Int?
    /// How many calls of the application may begin in a time.
    public var rateLimit: CallRate?
    /// How long one attempt of a call may take, in seconds.
    public var timeout: Double?
    /// How long a row may take with all it waits on, in seconds.
    public var rowTimeout: Double?
    /// How many errors are allowed, as it is written.
    public var maxErrors: String?
    /// How long a plugin may take for a row, in seconds.
    public var pluginTimeout: Double?
    /// Whether a library that can't be loaded is left out with a warning.
    public var skipBrokenPlugins: Bool?
    /// Where plugins run that the lock says nothing else of: `process` or `inprocess`.
    public var isolation: String?
    /// How much of the sandbox must be there: `auto`, `require`, `strict` or `off`.
    public var sandbox: String?
    /// The file of the plugins that are trusted.
    public var lock: String?
    /// Whether only plugins of the lock may be used.
    public var requireTrusted: Bool?
    /// Whether progress and notes are unwanted.
    public var quiet: Bool?
    /// The reports' formats.
    public var formats: [String] = []
    /// Where the reports go.
    public var outputs: [String] = []
    /// The store's address.
    public var store: String?

    /// An empty suite.
    public init() {}

    /// Reads a suite from a file.
    ///
    /// - Parameters:
    ///   - path: The file; paths in it are relative to its folder.
    ///   - environment: What `${VAR}` stands for.
    /// - Returns: The suite.
    /// - Throws: What is wrong, with file, line and column.
    public static func read(_ path: String, environment: [String: String]) throws(Diagnostic) -> Suite {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Diagnostic(
                "the suite can't be read",
                at: .init(file: path),
                help: "Give a suite's path, or rows with --data FILE."
            )
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Diagnostic("the suite is not valid UTF-8", at: .init(file: path))
        }
        return try parse(text, file: path, environment: environment)
    }

    /// Reads a suite from its text.
    public static func parse(_ text: String, file: String, environment: [String: String]) throws(Diagnostic) -> Suite {
        var suite = Suite()
        suite.file = file
        guard let top = try YAMLValue.parse(text, file: file, environment: environment) else {
            throw Diagnostic("the suite is empty", at: .init(file: file))
        }
        for (key, at, value) in try top.entries(of: "a suite") {
            guard let known = SuiteKey.named(key) else {
                let keys = SuiteKey.all.map(\.name)
                throw at.error(
                    "unknown key '\(key)'",
                    didYouMean: nearestWord(to: key, among: keys),
                    help: "A suite has: \(keys.joined(separator: ", "))."
                )
            }
            suite.places[key] = value.location
            try known.read(value, into: &suite)
        }
        try suite.predict.check()
        return suite
    }

    /// Gives errors about a key's value the place where it stands.
    ///
    /// - Throws: What `body` throws, located.
    public func placed<Value>(_ key: String, _ body: () throws(Diagnostic) -> Value) throws(Diagnostic) -> Value {
        do throws(Diagnostic) {
            return try body()
        } catch {
            var error = error
            // What has a name on the command line has another one here.
            if let flag = error.location.file { error.message = "\(flag.drop { $0 == "-" }): \(error.message)" }
            error.location = places[key] ?? .init(file: file)
            throw error
        }
    }

    /// A path in the suite is relative to the suite.
    func path(_ value: YAMLValue, _ what: String) throws(Diagnostic) -> String {
        let path = try value.text(what)
        guard !path.isEmpty else { throw value.error("\(what) must not be empty") }
        let folder = ((file ?? "") as NSString).deletingLastPathComponent
        if path == "-" || path.hasPrefix("/") || folder.isEmpty { return path }
        if path.hasPrefix("traces:") || path.hasPrefix("dataset:") { return path }
        return folder + "/" + path
    }
}
