// Experiments and runs as MLflow's REST has them.

public import EvalCore
public import EvalJSON

/// MLflow's forms of experiments and runs.
public enum MLflowRuns {
    /// MLflow's word for a run's status.
    public static func word(_ status: RunStatus) -> String { status == .interrupted ? "KILLED" : status.rawValue }

    /// The status that a word of MLflow means; nil for a word that is none.
    public static func status(_ word: String) -> RunStatus? {
        switch word {
        case "KILLED": .interrupted
        case "SCHEDULED": .running
        default: RunStatus(rawValue: word)
        }
    }

    /// A list of `{"key", "value"}`.
    public static func pairs(_ pairs: [(key: String, value: String)]) -> JSON {
        .array(pairs.map { .object([("key", JSON($0.key)), ("value", JSON($0.value))]) })
    }

    /// Reads a list of `{"key", "value"}`; a value that is absent is empty.
    public static func pairs(_ json: JSON?) -> [(key: String, value: String)] {
        (json?.elements)
            .map { elements in
                elements.compactMap { pair in
                    pair[key: "key"]?.string.map { (key: $0, value: pair[key: "value"]?.string ?? "") }
                }
            } ?? []
    }

    /// Where an experiment's artifacts are, for clients of MLflow.
    public static func artifactLocation(_ experiment: Int64) -> String { "mlflow-artifacts:/\(experiment)" }

    /// An experiment.
    public static func json(_ experiment: Experiment) -> JSON {
        var members: [(String, JSON)] = [
            ("experiment_id", JSON("\(experiment.id)")), ("name", JSON(experiment.name)),
            ("artifact_location", JSON(artifactLocation(experiment.id))),
            ("lifecycle_stage", JSON(stage(experiment.isDeleted))),
            ("last_update_time", JSON(experiment.updatedMilliseconds)),
            ("creation_time", JSON(experiment.createdMilliseconds)),
        ]
        if !experiment.tags.isEmpty { members.append(("tags", pairs(experiment.tags))) }
        return .object(members)
    }

    /// What is known of a run without what was logged.
    public static func info(_ run: TrackedRun) -> JSON {
        var members: [(String, JSON)] = [
            ("run_uuid", JSON(run.id.hexadecimal)), ("experiment_id", JSON("\(run.experimentID)")),
            ("run_name", JSON(run.name)), ("user_id", JSON(run.userID)), ("status", JSON(word(run.status))),
            ("start_time", JSON(run.startedMilliseconds)),
        ]
        if let ended = run.endedMilliseconds { members.append(("end_time", JSON(ended))) }
        members += [
            (
                "artifact_uri",
                JSON("\(artifactLocation(run.experimentID))/\(run.id.hexadecimal)/artifacts")
            ),
            ("lifecycle_stage", JSON(stage(run.isDeleted))), ("run_id", JSON(run.id.hexadecimal)),
        ]
        return .object(members)
    }

    /// A run with all that was logged.
    public static func json(_ run: TrackedRun) -> JSON {
        var data: [(String, JSON)] = []
        if !run.metrics.isEmpty { data.append(("metrics", .array(run.metrics.map(json)))) }
        if !run.parameters.isEmpty { data.append(("params", pairs(run.parameters))) }
        if !run.tags.isEmpty { data.append(("tags", pairs(run.tags))) }
        var inputs: [(String, JSON)] = []
        if !run.inputs.isEmpty { inputs.append(("dataset_inputs", .array(run.inputs.map(json)))) }
        let used = run.models.filter { $0.outputStep == nil }
        if !used.isEmpty {
            inputs.append(("model_inputs", .array(used.map { .object([("model_id", JSON($0.modelID))]) })))
        }
        var outputs: [(String, JSON)] = []
        let made = run.models.compactMap { model in model.outputStep.map { (model.modelID, $0) } }
        if !made.isEmpty {
            outputs.append(
                (
                    "model_outputs",
                    .array(made.map { .object([("model_id", JSON($0.0)), ("step", JSON($0.1))]) })
                )
            )
        }
        return .object([
            ("info", info(run)), ("data", .object(data)), ("inputs", .object(inputs)), ("outputs", .object(outputs)),
        ])
    }

    /// A point of a metric; what isn't finite is a text, as protobuf's JSON has it.
    public static func json(_ point: MetricPoint) -> JSON {
        .object([
            ("key", JSON(point.key)), ("value", number(point.value)),
            ("timestamp", JSON(point.timestampMilliseconds)), ("step", JSON(point.step)),
        ])
    }

    /// A number as protobuf's JSON has it.
    public static func number(_ value: Double) -> JSON {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return JSON(value)
    }

    private static func json(_ input: RunInput) -> JSON {
        var dataset: [(String, JSON)] = [
            ("name", JSON(input.name)), ("digest", JSON(input.digest)), ("source_type", JSON(input.sourceType)),
            ("source", JSON(input.source)),
        ]
        if let schema = input.schema { dataset.append(("schema", JSON(schema))) }
        if let profile = input.profile { dataset.append(("profile", JSON(profile))) }
        let tags = input.tags.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        return .object([("tags", pairs(tags)), ("dataset", .object(dataset))])
    }

    /// Reads a data set that a run used.
    public static func input(_ json: JSON) -> RunInput? {
        guard let dataset = json[key: "dataset"], let name = dataset[key: "name"]?.string,
            let digest = dataset[key: "digest"]?.string
        else { return nil }
        return RunInput(
            name: name,
            digest: digest,
            sourceType: dataset[key: "source_type"]?.string ?? "",
            source: dataset[key: "source"]?.string ?? "",
            schema: dataset[key: "schema"]?.string,
            profile: dataset[key: "profile"]?.string,
            tags: Dictionary(pairs(json[key: "tags"]).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        )
    }

    private static func stage(_ isDeleted: Bool) -> String { isDeleted ? "deleted" : "active" }
}
