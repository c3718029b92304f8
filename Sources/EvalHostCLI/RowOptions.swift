// The options that say which rows are evaluated, and which application answers them.

internal import ArgumentParser

/// Which rows are evaluated.
struct RowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rows: a file (.jsonl, .json, .csv, .tsv, each also .gz), - for standard input, dataset:NAME or traces:FILTER.",
            valueName: "file"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "A field that belongs elsewhere; may be given several times.",
            discussion: "For example question=inputs.question; `notes=` leaves a field out.",
            valueName: "from=to"
        )
    )
    var map: [String] = []

    @Option(help: ArgumentHelp("The rows that are wanted, such as \"tags.lang = 'en'\".", valueName: "condition"))
    var filter: String?

    @Option(help: ArgumentHelp("How many rows are drawn at random.", valueName: "n"))
    var sample: Int?

    @Option(help: ArgumentHelp("The most rows.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("What random choices begin with.", discussion: "Default: 0", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("How often each record is evaluated.", discussion: "Default: 1", valueName: "k"))
    var repeats: Int?

    @Option(
        help: ArgumentHelp(
            "The field whose equal values make records one unit of the intervals.",
            valueName: "field"
        )
    )
    var cluster: String?

    func validate() throws {
        for (name, value) in [("--sample", sample), ("--limit", limit), ("--repeats", repeats)] {
            if let value, value < 1 { throw ValidationError("\(name) must be 1 at least") }
        }
    }
}

/// Which application answers the rows, and how it is asked.
struct ApplicationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The application as a command that answers lines of JSON.",
            discussion: "evalhost_app.py makes one of a Python function.",
            valueName: "command"
        )
    )
    var predictCommand: String?

    @Option(help: ArgumentHelp("The application as an address that answers POST.", valueName: "url"))
    var predictURL: String?

    @Option(help: ArgumentHelp("The application as a model: openai:/NAME and others.", valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "The prompt of --model: a text or YAML messages, with {{ variables }} for the row's inputs.",
            valueName: "file"
        )
    )
    var prompt: String?

    @Option(
        help: ArgumentHelp(
            "Where the outputs are in the reply of --predict-url.",
            discussion: "Default: outputs",
            valueName: "path"
        )
    )
    var predictOutputPath: String?

    @Option(
        help: ArgumentHelp(
            "How many calls of the application are open at once.",
            discussion: "Default: --concurrency",
            valueName: "n"
        )
    )
    var predictConcurrency: Int?

    @Option(
        help: ArgumentHelp(
            "How many processes of the command there are.",
            discussion: "Default: a process a core",
            valueName: "n"
        )
    )
    var predictProcesses: Int?

    @Option(
        help: ArgumentHelp("How many requests a process has at once.", discussion: "Default: 1", valueName: "n")
    )
    var predictInFlight: Int?

    @Option(help: ArgumentHelp("How many calls may begin in a time.", valueName: "n/s"))
    var rateLimit: String?

    @Option(
        help: ArgumentHelp(
            "How long one attempt of a call may take, in seconds.",
            discussion: "Default: 60",
            valueName: "seconds"
        )
    )
    var timeout: Double?

    @Option(
        help: ArgumentHelp(
            "How long a row may take with all its retries, in seconds.",
            discussion: "Default: 600",
            valueName: "seconds"
        )
    )
    var rowTimeout: Double?

    func validate() throws {
        for (name, value) in [("--timeout", timeout), ("--row-timeout", rowTimeout)] {
            if let value, !(value > 0 && value <= 31_536_000) { throw ValidationError("\(name) must be above 0") }
        }
        let counts = [
            ("--predict-concurrency", predictConcurrency), ("--predict-processes", predictProcesses),
            ("--predict-in-flight", predictInFlight),
        ]
        for (name, value) in counts {
            if let value, !(1...65_536).contains(value) { throw ValidationError("\(name) must be from 1 to 65536") }
        }
    }
}
