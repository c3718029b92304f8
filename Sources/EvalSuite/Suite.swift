// evalhost.yaml: what to evaluate, with which scorers, and what must hold.

public import EvalCore
internal import EvalJSON
internal import Foundation

/// A suite as it is written; nothing in it is looked up yet.
public struct Suite: Sendable {
    /// The file that it comes from.
    public var file: String?
    /// The experiment's name.
    public var experiment: String?
    /// The run's name.
    public var runName: String?
    /// Words of the person's own.
    public var tags: [String: String] = [:]
    /// The rows, as a path from the working folder.
    public var data: String?
    /// Where `data` stands.
    public var dataLocation = Diagnostic.Location()
    /// Folders of plugins, as paths from the working folder.
    public var plugins: [String] = []
    /// The scorers.
    public var scorers: [ScorerSpec] = []
    /// What must hold, with where it stands.
    public var thresholds: [(threshold: Threshold, location: Diagnostic.Location)] = []
    /// How much goes on at once.
    public var concurrency: Int?
    /// How many errors are allowed, as it is written.
    public var maxErrors: String?
    /// How long a plugin may take for a row, in seconds.
    public var pluginTimeout: Double?
    /// Whether a library that can't be loaded is left out with a warning.
    public var skipBrokenPlugins: Bool?
    /// The reports' formats.
    public var formats: [String] = []
    /// Where the reports go.
    public var outputs: [String] = []
    /// The store's address.
    public var store: String?

    /// An empty suite.
    public init() {}

    /// The keys of a suite.
    public static let keys = [
        "experiment", "run_name", "tags", "data", "plugins", "scorers", "thresholds", "fail_under", "concurrency",
        "max_errors", "plugin_timeout", "skip_broken_plugins", "format", "output", "store",
    ]

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
            try suite.read(key, at, value)
        }
        return suite
    }

    private mutating func read(_ key: String, _ at: YAMLValue, _ value: YAMLValue) throws(Diagnostic) {
        switch key {
        case "experiment": experiment = try value.text("'experiment'")
        case "run_name": runName = try value.text("'run_name'")
        case "tags":
            for (name, _, value) in try value.entries(of: "'tags'") { tags[name] = try value.text("a tag") }
        case "data":
            data = try path(value, "'data'")
            dataLocation = value.location
        case "plugins":
            for element in value.list { plugins.append(try path(element, "'plugins'")) }
        case "scorers":
            for element in value.list { scorers.append(try Self.scorer(element)) }
        case "thresholds", "fail_under":
            for (metric, _, value) in try value.entries(of: "'\(key)'") {
                thresholds.append((try Self.threshold(metric, value), value.location))
            }
        case "concurrency":
            guard let count = try value.json().integer, count > 0, count <= 65_536 else {
                throw value.error("'concurrency' must be a whole number from 1 to 65536")
            }
            concurrency = Int(count)
        case "max_errors": maxErrors = try value.text("'max_errors'")
        case "plugin_timeout":
            guard let seconds = try value.json().number, seconds > 0 else {
                throw value.error("'plugin_timeout' must be a number of seconds above 0")
            }
            pluginTimeout = seconds
        case "skip_broken_plugins":
            guard let flag = try value.json().boolean else { throw value.error("'\(key)' must be true or false") }
            skipBrokenPlugins = flag
        case "format": for element in value.list { formats.append(try element.text("'format'")) }
        case "output": for element in value.list { outputs.append(try path(element, "'output'")) }
        case "store": store = try value.text("'store'")
        default:
            throw at.error(
                "unknown key '\(key)'",
                didYouMean: nearestWord(to: key, among: Self.keys),
                help: "A suite has: \(Self.keys.joined(separator: ", "))."
            )
        }
    }

    /// A path in the suite is relative to the suite.
    private func path(_ value: YAMLValue, _ what: String) throws(Diagnostic) -> String {
        let path = try value.text(what)
        guard !path.isEmpty else { throw value.error("\(what) must not be empty") }
        let folder = ((file ?? "") as NSString).deletingLastPathComponent
        if path == "-" || path.hasPrefix("/") || folder.isEmpty { return path }
        return folder + "/" + path
    }

    private static func scorer(_ value: YAMLValue) throws(Diagnostic) -> ScorerSpec {
        if value.isScalar { return try ScorerSpec(try value.text("a scorer"), at: value.location) }
        let entries = try value.entries(of: "a scorer")
        guard entries.count == 1, let entry = entries.first else {
            throw value.error(
                "a scorer is a name, or one name with its configuration",
                help: "For example: - contains: { value: refund, ignore_case: true }"
            )
        }
        let configuration = try entry.value.json()
        guard configuration.kind == .object || configuration.isNull else {
            throw entry.value.error("the configuration of '\(entry.key)' must be a mapping")
        }
        return try ScorerSpec(entry.key, entry: configuration, at: entry.at.location)
    }

    private static func threshold(_ metric: String, _ value: YAMLValue) throws(Diagnostic) -> Threshold {
        let source = try value.text("a threshold")
        guard let bound = Bound(source) else {
            throw value.error("a threshold is a number or a bound such as '>= 0.8'")
        }
        return Threshold(metric: metric, bound: bound)
    }
}
