// The options of `evalhost evaluate`.

internal import ArgumentParser
internal import EvalCore

/// What a person may say about an evaluation on the command line.
struct EvaluateOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The suite; ./evalhost.yaml where neither a suite nor --data is given.", valueName: "suite")
    )
    var suite: String?

    @Option(help: ArgumentHelp("The rows: a JSON Lines or JSON file, or - for standard input.", valueName: "file"))
    var data: String?

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
        help: ArgumentHelp("How many batches of rows are scored at once.", discussion: "Default: 8", valueName: "n")
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

    @Option(help: ArgumentHelp("Go on with an interrupted run.", valueName: "run"))
    var resume: String?

    @Option(help: ArgumentHelp("Do the rows of a run again that have errors.", valueName: "run"))
    var retryErrors: String?

    @Flag(help: "Resume although a scorer's library or version is another.")
    var allowChangedScorers = false

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
        if suite != nil, data != nil, suite?.hasSuffix(".jsonl") == true {
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

    /// `--fail-under` as thresholds.
    func parsedThresholds() throws(Diagnostic) -> [Threshold] {
        var result: [Threshold] = []
        for text in failUnder {
            guard let equals = text.lastIndex(of: "="), let value = Double(text[text.index(after: equals)...]),
                value.isFinite
            else {
                throw Diagnostic(
                    "a threshold is METRIC=VALUE",
                    at: .init(file: "--fail-under \(text)"),
                    help: "For example: --fail-under exact_match/mean=0.8"
                )
            }
            result.append(Threshold(metric: String(text[..<equals]), bound: Bound(.atLeast, value)))
        }
        return result
    }
}

/// The formats of reports.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, jsonl

    static let words = allCases.map(\.rawValue).joined(separator: ", ")

    /// The format that a file's name asks for.
    init?(fileName: String) {
        switch fileName.split(separator: ".").last {
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "txt": self = .table
        default: return nil
        }
    }
}

/// One report and where it goes.
struct ReportTarget: Sendable, Equatable {
    let format: ReportFormat
    /// A path; nil for standard output.
    let path: String?

    /// Pairs formats with outputs: one format more than outputs goes to standard output, and it comes first.
    static func pair(_ formats: [ReportFormat], _ outputs: [String]) throws(Diagnostic) -> [ReportTarget] {
        if formats.count > outputs.count + 1 {
            throw Diagnostic("only one report can go to standard output; give --output for the others")
        }
        if formats.count == outputs.count, !formats.isEmpty {
            return zip(formats, outputs).map { ReportTarget(format: $0, path: $1) }
        }
        if formats.count == outputs.count + 1 {
            return [ReportTarget(format: formats[0], path: nil)]
                + zip(formats.dropFirst(), outputs).map { ReportTarget(format: $0, path: $1) }
        }
        // Fewer formats than outputs: names tell the others, and the table still goes to standard output.
        var targets = [ReportTarget(format: .table, path: nil)]
        for (index, path) in outputs.enumerated() {
            guard let format = index < formats.count ? formats[index] : ReportFormat(fileName: path) else {
                throw Diagnostic("the format of '\(path)' is unknown; give it with --format (\(ReportFormat.words))")
            }
            targets.append(ReportTarget(format: format, path: path))
        }
        return targets
    }
}
