// What evalhost's own calls hold, which is what its command line prints as JSON.

extension Shape {
    static let numbers = Shape.map(.any)

    static let library = Shape.named(
        "Plugin",
        [
            Field("name", required: true), Field("version", required: true), Field("file", required: true),
            Field("sha256", required: true), Field("scorers", .list(.string), required: true),
            Field("runs_in_process", .boolean, required: true, "Whether it runs inside the server's process"),
            Field("trusted", .boolean, required: true, "Whether the lock has it"),
            Field("permissions", .list(.string), required: true, "What the lock grants it"),
            Field(
                "binds",
                .object([
                    Field("function", required: true), Field("library", required: true),
                    Field("sha256", required: true),
                ])
            ),
        ]
    )

    static let scorerDescription = Shape.named(
        "ScorerDescription",
        [
            Field("name", required: true), Field("qualified_name", required: true), Field("version", required: true),
            Field("origin", .choice(["built-in", "judge", "plugin"]), required: true),
            Field("scope", .choice(["row", "session"]), required: true), Field("help", required: true),
            Field("reads", .list(.string), required: true), Field("value", required: true), Field("unit"),
            Field("range", .list(.number)), Field("lower_is_better", .boolean, required: true), Field("pass"),
            Field("library"), Field("sha256"),
            Field(
                "feedbacks",
                .list(.object([Field("name", required: true), Field("value", required: true)])),
                required: true
            ),
            Field(
                "settings",
                .list(
                    .object([
                        Field("key", required: true), Field("type", required: true),
                        Field("required", .boolean, required: true), Field("default", .any),
                        Field("help", required: true),
                    ])
                ),
                required: true
            ),
        ]
    )

    static let judge = Shape.named(
        "Judge",
        [
            Field("name", required: true), Field("experiment", required: true),
            Field("version", .integer, required: true), Field("created", required: true),
            Field("definition", .any, required: true, "The judge, as a file of judges has it"),
        ]
    )

    private static let listing = [
        Field("run_id", required: true), Field("name", required: true),
        Field("experiment_id", .integer, required: true),
        Field("experiment", required: true),
        Field("status", .choice(["RUNNING", "FINISHED", "FAILED", "INTERRUPTED"]), required: true),
        Field("rows", .integer, required: true), Field("errors", .integer, required: true),
        Field("metrics", .numbers, required: true, "Numbers by metric; null where there is none"),
        Field("started", required: true), Field("ended"), Field("duration_s", .number),
    ]

    static let evaluatedRun = Shape.named("EvaluatedRun", listing)

    static let wholeRun = Shape.named(
        "WholeRun",
        listing + [
            Field("tags", .map(.string), required: true), Field("notes", .list(.string), required: true),
            Field("evalhost_version", required: true), Field("data_source", required: true), Field("data_sha256"),
            Field("git_commit"), Field("git_dirty", .boolean), Field("machine", required: true),
            Field("configuration", .any), Field("configuration_sha256", required: true),
            Field("scorers", .list(.any), required: true), Field("intervals", .numbers, required: true),
            Field("judges", .any), Field("tokens", .any), Field("cost", .any),
            Field("repeats", .integer, required: true), Field("flaky_records", .integer, required: true),
            Field("accounts", .map(.map(.integer)), required: true),
        ]
    )

    static let row = Shape.named(
        "Row",
        [
            Field("id", .any), Field("ordinal", .integer, required: true), Field("repeat", .integer, required: true),
            Field("inputs", .any), Field("outputs", .any), Field("expectations", .any),
            Field("trace_id", required: true), Field("feedback", .map(.any), required: true),
            Field("error", .object([Field("code", required: true), Field("message", required: true)])),
        ]
    )

    static let datasetVersion = Shape.named(
        "DatasetVersion",
        [
            Field("version", .integer, required: true), Field("digest", required: true),
            Field("records", .integer, required: true), Field("change", required: true),
            Field("created", required: true),
        ]
    )

    static let suite = Shape.named(
        "Suite",
        [
            Field("name", required: true), Field("experiment", required: true), Field("data"),
            Field("scorers", .list(.string), required: true), Field("fault", "Why it can't be started as it is now"),
        ]
    )

    static let startedEvaluation = Shape.named(
        "Evaluation",
        [
            Field("run_id", required: true), Field("run_name", required: true), Field("suite", required: true),
            Field("data", required: true),
            Field("state", .choice(["WAITING", "RUNNING", "FINISHED", "FAILED", "INTERRUPTED"]), required: true),
            Field("rows", .integer, required: true), Field("expected_rows", .integer),
            Field("errors", .integer, required: true), Field("rows_per_second", .number, required: true),
            Field("metrics", .numbers, required: true), Field("intervals", .numbers, required: true),
            Field("missed", .list(.string), required: true, "The thresholds that it missed"),
            Field("reason", "Why it failed or was interrupted"),
            Field("ordered", required: true), Field("ended"),
        ]
    )
}
