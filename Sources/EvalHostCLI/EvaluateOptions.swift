// The options of `evalhost evaluate`.

internal import ArgumentParser
internal import EvalCore

/// What a person may say about an evaluation on the command line.
struct EvaluateOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The suite; ./evalhost.yaml where neither a suite nor --data is given.", valueName: "suite")
    )
    var suite: String?

    @OptionGroup(title: "Rows") var rows: RowOptions

    @OptionGroup(title: "Application") var application: ApplicationOptions

    @OptionGroup(title: "Models") var models: ModelOptions

    @OptionGroup var plugins: PluginFolderOptions

    @Option(
        name: .customLong("scorer"),
        help: ArgumentHelp(
            "A scorer, possibly with its configuration; may be given several times.",
            discussion: "With --scorer only those named run.",
            valueName: "name[:key=value,…]"
        )
    )
    var scorers: [String] = []

    @Option(
        help: ArgumentHelp("The experiment that the run belongs to.", discussion: "Default: Default", valueName: "name")
    )
    var experiment: String?

    @Option(help: ArgumentHelp("The run's name.", valueName: "name"))
    var runName: String?

    @Option(name: .customLong("tag"), help: ArgumentHelp("A word of your own about the run.", valueName: "key=value"))
    var tags: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many rows wait on something at once, or batches of rows where scorers only compute.",
            discussion: "Default: 64 rows, 8 batches",
            valueName: "n"
        )
    )
    var concurrency: Int?

    @Option(
        help: ArgumentHelp(
            "How many errors are allowed, as a number or a share of the rows.",
            discussion: "Default: 0",
            valueName: "n|p%"
        )
    )
    var maxErrors: String?

    @Option(
        name: .customLong("fail-under"),
        help: ArgumentHelp("Exit with 1 if the metric is less.", valueName: "metric=value")
    )
    var failUnder: [String] = []

    @Option(
        name: .customLong("fail-if"),
        help: ArgumentHelp(
            "Exit with 1 if the condition holds, such as 'latency/p90 > 800'.",
            valueName: "metric><bound"
        )
    )
    var failIf: [String] = []

    @Option(help: ArgumentHelp("Go on with an interrupted run.", valueName: "run"))
    var resume: String?

    @Option(help: ArgumentHelp("Do the rows of a run again that have errors.", valueName: "run"))
    var retryErrors: String?

    @Flag(help: "Resume although a scorer's library or version is another.")
    var allowChangedScorers = false

    @Flag(help: "Read all rows and check everything, but ask no application and no scorer, and store nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "The report's format: \(ReportFormat.words).",
            discussion: "Default: table",
            valueName: "format"
        )
    )
    var format: [ReportFormat] = []

    @Option(
        help: ArgumentHelp(
            "Where a report goes; its format is the --format at the same place, or the name's end.",
            valueName: "path"
        )
    )
    var output: [String] = []

    @OptionGroup var store: StoreOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        if let concurrency, !(1...65_536).contains(concurrency) {
            throw ValidationError("--concurrency must be from 1 to 65536")
        }
        if resume != nil, retryErrors != nil { throw ValidationError("--resume and --retry-errors exclude each other") }
        if dryRun, resume != nil || retryErrors != nil {
            throw ValidationError("--dry-run begins no run and resumes none")
        }
        if suite != nil, rows.data != nil, suite?.hasSuffix(".jsonl") == true {
            throw ValidationError("the rows are given twice: '\(suite ?? "")' and --data")
        }
    }

    /// `--tag` as key and value.
    func parsedTags() throws(Diagnostic) -> [String: String] {
        var result: [String: String] = [:]
        for tag in tags {
            guard let equals = tag.firstIndex(of: "="), equals != tag.startIndex else {
                throw Diagnostic("a tag is KEY=VALUE", at: .init(file: "--tag \(tag)"))
            }
            result[String(tag[..<equals])] = String(tag[tag.index(after: equals)...])
        }
        return result
    }

    /// `--fail-under` and `--fail-if` as thresholds.
    func parsedThresholds() throws(Diagnostic) -> [(threshold: Threshold, location: Diagnostic.Location)] {
        var result: [(Threshold, Diagnostic.Location)] = []
        for text in failUnder {
            let place = Diagnostic.Location(file: "--fail-under \(text)")
            guard let equals = text.lastIndex(of: "="), let value = Double(text[text.index(after: equals)...]),
                value.isFinite
            else {
                throw Diagnostic(
                    "a threshold is METRIC=VALUE",
                    at: place,
                    help: "For example: --fail-under exact_match/mean=0.8"
                )
            }
            result.append((Threshold(metric: String(text[..<equals]), bound: Bound(.atLeast, value)), place))
        }
        for text in failIf {
            let place = Diagnostic.Location(file: "--fail-if '\(text)'")
            guard let threshold = Threshold(failingIf: text) else {
                throw Diagnostic(
                    "a condition is a metric and a bound",
                    at: place,
                    help: "For example: --fail-if 'latency/p90 > 800'"
                )
            }
            result.append((threshold, place))
        }
        return result
    }
}
