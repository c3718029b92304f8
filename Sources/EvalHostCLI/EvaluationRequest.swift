// What is to be evaluated, after flags, environment, suite and defaults are put together.

internal import EvalCore
internal import EvalJSON
internal import EvalRunner
internal import EvalSuite
internal import Foundation

/// An evaluation that is fully said, but for its scorers' libraries, which are not looked up yet.
struct EvaluationRequest: Sendable {
    var experiment = "Default"
    var runName: String?
    var tags: [String: String] = [:]
    var data: String?
    var dataLocation = Diagnostic.Location()
    /// Folders whose scorers all run.
    var runningFolders: [String] = []
    /// Folders whose scorers are only there to be named.
    var availableFolders: [String] = []
    var scorers: [ScorerSpec] = []
    /// Scorers of the command line, which need the directory to be read; they stand for all others.
    var scorerArguments: [String] = []
    var thresholds: [(threshold: Threshold, location: Diagnostic.Location)] = []
    var concurrency: Int?
    var allowance = ErrorAllowance.none
    var pluginTimeout: Duration?
    var skipsBrokenPlugins = false
    var targets: [ReportTarget] = []
    var store: String?

    /// Puts the parts together.
    ///
    /// - Throws: What is wrong with a flag, a variable or the suite.
    init(_ options: EvaluateOptions, suite: Suite?) throws(Diagnostic) {
        let suite = suite ?? Suite()
        experiment = options.experiment ?? Environment.value("EXPERIMENT") ?? suite.experiment ?? experiment
        runName = options.runName ?? Environment.value("RUN_NAME") ?? suite.runName
        tags = suite.tags.merging(try options.parsedTags()) { _, flag in flag }
        if let given = options.data ?? Environment.value("DATA") {
            data = given
        } else {
            data = suite.data
            dataLocation = suite.dataLocation
        }
        runningFolders = options.plugins.given
        availableFolders = suite.plugins
        scorers = suite.scorers
        scorerArguments = options.scorers
        thresholds = suite.thresholds
        for threshold in try options.parsedThresholds() {
            thresholds.append((threshold, .init(file: "--fail-under \(threshold.metric)")))
        }
        let concurrencyVariable = try Environment.value("CONCURRENCY", "a number above 0") {
            Int($0).flatMap { $0 > 0 ? $0 : nil }
        }
        concurrency = options.concurrency ?? concurrencyVariable ?? suite.concurrency
        if let text = options.maxErrors ?? Environment.value("MAX_ERRORS") ?? suite.maxErrors {
            guard let allowance = ErrorAllowance(text) else {
                throw Diagnostic("the allowance of errors is a number such as 5, or a share such as 2%, not '\(text)'")
            }
            self.allowance = allowance
        }
        let timeoutVariable = try Environment.value("PLUGIN_TIMEOUT", "a number of seconds") {
            Double($0).flatMap { $0 > 0 ? $0 : nil }
        }
        let timeout = options.plugins.pluginTimeout ?? timeoutVariable ?? suite.pluginTimeout
        pluginTimeout = timeout.map { .milliseconds(Int64($0 * 1000)) }
        skipsBrokenPlugins = options.plugins.skipsBroken || suite.skipBrokenPlugins ?? false
        targets = try Self.targets(options, suite)
        store = suite.store
    }

    /// Restores what a run stored, which `--resume` needs no suite for.
    ///
    /// - Throws: Which option was given again and differs, or that the stored configuration is damaged.
    init(restoring stored: JSON, options: EvaluateOptions) throws(Diagnostic) {
        // What may change comes from the flags.
        self = try EvaluationRequest(options, suite: nil)
        let given = self
        experiment = stored["experiment"]?.string ?? experiment
        runName = stored["run_name"]?.string ?? runName
        data = stored["data"]?.string
        availableFolders = stored["plugins"].map { $0.elements.compactMap(\.string) } ?? []
        runningFolders = []
        tags = Dictionary(
            (stored["tags"].map { Array($0.members) } ?? []).map { (String($0.key), $0.value.string ?? "") },
            uniquingKeysWith: { $1 }
        )
        skipsBrokenPlugins = given.skipsBrokenPlugins || stored["skip_broken_plugins"]?.boolean ?? false
        var specs: [ScorerSpec] = []
        for entry in stored["scorers"].map({ Array($0.elements) }) ?? [] { specs.append(try Self.spec(entry)) }
        scorers = specs
        thresholds = []
        for (metric, bound) in stored["thresholds"].map({ Array($0.members) }) ?? [] {
            guard let bound = bound.string.flatMap(Bound.init) else { continue }
            thresholds.append((Threshold(metric: String(metric), bound: bound), .init()))
        }
        if options.maxErrors == nil, let text = stored["max_errors"]?.string, let old = ErrorAllowance(text) {
            allowance = old
        }
        try compare(given, options)
    }

    /// The configuration that the run stores: everything that decides its values, nothing that is secret.
    func stored(scorers: [ScorerInstance]) -> JSON {
        [
            "experiment": JSON(experiment),
            "run_name": runName.map { JSON($0) } ?? .null,
            "data": data.map { JSON(Self.absolute($0)) } ?? .null,
            "plugins": .array((runningFolders + availableFolders).map { JSON(Self.absolute($0)) }),
            "scorers": .array(scorers.map(\.provenance)),
            "thresholds": .object(thresholds.map { ($0.threshold.metric, JSON($0.threshold.bound.description)) }),
            "max_errors": JSON(allowance.description),
            "tags": .object(tags.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
            "skip_broken_plugins": JSON(skipsBrokenPlugins),
        ]
    }

    /// What was given again must be what it was.
    private func compare(_ given: EvaluationRequest, _ options: EvaluateOptions) throws(Diagnostic) {
        func differs(_ key: String, _ old: String, _ new: String) -> Diagnostic {
            Diagnostic(
                "the run was begun with \(key) \(old), not \(new)",
                help: "A resumed run keeps its configuration; leave the option out, or begin a new run."
            )
        }
        if options.suite != nil { throw Diagnostic("--resume restores the suite; give none") }
        if let name = options.experiment, name != experiment { throw differs("the experiment", experiment, name) }
        if let name = options.runName, name != runName { throw differs("the run name", runName ?? "of its own", name) }
        if let new = options.data, Self.absolute(new) != data { throw differs("the data", data ?? "none", new) }
        let folders = options.plugins.folders.map(Self.absolute)
        if !folders.isEmpty, folders != availableFolders {
            throw differs("the plugins", availableFolders.joined(separator: ", "), folders.joined(separator: ", "))
        }
        if !options.tags.isEmpty, given.tags != tags { throw Diagnostic("the run was begun with other tags") }
        for (threshold, _) in given.thresholds where !thresholds.contains(where: { $0.threshold == threshold }) {
            throw Diagnostic("the run was begun without the threshold '\(threshold)'")
        }
    }

    private static func spec(_ entry: JSON) throws(Diagnostic) -> ScorerSpec {
        guard let scorer = entry["scorer"]?.string else { throw Diagnostic("the stored configuration is damaged") }
        var spec = try ScorerSpec(scorer)
        spec.name = entry["name"]?.string
        spec.configuration = entry["configuration"] ?? [:]
        if let pass = entry["pass"]?.string { spec.pass = pass == "yes" ? .yes : PassRule(pass) }
        spec.aggregations = entry["aggregations"].map { $0.elements.compactMap { $0.string.flatMap(Aggregation.init) } }
        spec.onMissing = entry["on_missing"]?.string.flatMap(ScorerInstance.OnMissing.init) ?? .error
        return spec
    }

    private static func targets(_ options: EvaluateOptions, _ suite: Suite) throws(Diagnostic) -> [ReportTarget] {
        if !options.format.isEmpty || !options.output.isEmpty {
            return try ReportTarget.pair(options.format, options.output)
        }
        var formats: [ReportFormat] = []
        for word in Environment.value("FORMAT").map({ [$0] }) ?? suite.formats {
            guard let format = ReportFormat(rawValue: word) else {
                throw Diagnostic(
                    "unknown format '\(word)'",
                    at: .init(file: suite.file),
                    didYouMean: nearestWord(to: word, among: ReportFormat.allCases.map(\.rawValue)),
                    help: "There are: \(ReportFormat.words)."
                )
            }
            formats.append(format)
        }
        return try ReportTarget.pair(formats, Environment.value("OUTPUT").map { [$0] } ?? suite.outputs)
    }

    static func absolute(_ path: String) -> String {
        path == "-" || path.hasPrefix("/")
            ? path : URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
