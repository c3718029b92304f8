// What several of MLflow's calls hold.

extension Shape {
    static let pair = Shape.named("Pair", [Field("key", required: true), Field("value")])
    static let pairs = Shape.list(.pair)

    static let experiment = Shape.named(
        "Experiment",
        [
            Field("experiment_id"), Field("name"), Field("artifact_location"), Field("lifecycle_stage"),
            Field("creation_time", .integer, "Milliseconds since 1970"),
            Field("last_update_time", .integer, "Milliseconds since 1970"), Field("tags", .pairs),
            Field("workspace", .string, "Absent: there are no workspaces"),
        ]
    )

    static let metric = Shape.named(
        "Metric",
        [
            Field("key", required: true), Field("value", .number, required: true),
            Field("timestamp", .integer, required: true, "Milliseconds since 1970"), Field("step", .integer),
            Field("model_id"), Field("dataset_name"), Field("dataset_digest"),
            Field("run_id", .string, "Ignored: the call says which run is meant"),
        ]
    )

    static let runInfo = Shape.named(
        "RunInfo",
        [
            Field("run_id"), Field("run_uuid"), Field("run_name"), Field("experiment_id"), Field("user_id"),
            Field("status", .runStatus), Field("start_time", .integer), Field("end_time", .integer),
            Field("artifact_uri"), Field("lifecycle_stage"),
        ]
    )

    static let runStatus = Shape.choice(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"])

    static let datasetInput = Shape.named(
        "DatasetInput",
        [
            Field("tags", .pairs),
            Field(
                "dataset",
                .named(
                    "Dataset",
                    [
                        Field("name", required: true), Field("digest", required: true), Field("source_type"),
                        Field("source"), Field("schema"), Field("profile"),
                    ]
                ),
                required: true
            ),
        ]
    )

    static let run = Shape.named(
        "Run",
        [
            Field("info", .runInfo),
            Field("data", .object([Field("metrics", .list(.metric)), Field("params", .pairs), Field("tags", .pairs)])),
            Field(
                "inputs",
                .object([
                    Field("dataset_inputs", .list(.datasetInput)),
                    Field("model_inputs", .list(.object([Field("model_id")]))),
                ])
            ),
            Field(
                "outputs",
                .object([Field("model_outputs", .list(.object([Field("model_id"), Field("step", .integer)])))])
            ),
        ]
    )

    static let view = Shape.choice(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"])
}
