// Logged models as MLflow's REST writes them.

internal import EvalCore
internal import EvalJSON

extension LoggedModel {
    static let shape = Shape.named(
        "LoggedModel",
        [
            Field(
                "info",
                .object([
                    Field("model_id", "`m-` and 32 digits"), Field("experiment_id", "The experiment"),
                    Field("name", "What people call it"), Field("artifact_uri", "Where its files are"),
                    Field("creation_timestamp_ms", .integer, "Milliseconds since 1970"),
                    Field("last_updated_timestamp_ms", .integer, "Milliseconds since 1970"),
                    Field("status", .choice(Status.allCases.map(\.wire)), "How far it is"),
                    Field("model_type", "What kind of model it is"), Field("source_run_id", "The run that made it"),
                    Field("tags", .keyedTexts, "Tags"),
                ])
            ),
            Field(
                "data",
                .object([
                    Field("params", .keyedTexts, "What it was made with"),
                    Field("metrics", .list(LoggedModelMetric.shape), "What was measured"),
                ])
            ),
        ]
    )

    /// Where the model's files are.
    var artifactURI: String { "mlflow-artifacts:/\(experiment)/models/\(publicID)/artifacts" }

    /// The model as a reply has it.
    var json: JSON {
        let info = JSON.object(present: [
            ("model_id", JSON(publicID)), ("experiment_id", JSON("\(experiment)")), ("name", JSON(name)),
            ("creation_timestamp_ms", JSON(createdMilliseconds)),
            ("last_updated_timestamp_ms", JSON(updatedMilliseconds)), ("artifact_uri", JSON(artifactURI)),
            ("status", JSON(status.wire)), ("model_type", JSON(kind ?? "")), ("source_run_id", JSON(run ?? "")),
            ("tags", .keyedTexts(tags)),
        ])
        let data = JSON.object(present: [
            ("params", .keyedTexts(parameters)),
            ("metrics", metrics.isEmpty ? nil : .array(metrics.map { $0.json(of: publicID) })),
        ])
        return .object([("info", info), ("data", data)])
    }
}

extension LoggedModel.Status {
    /// MLflow's name of the state.
    var wire: String {
        switch self {
        case .pending: "LOGGED_MODEL_PENDING"
        case .ready: "LOGGED_MODEL_READY"
        case .failed: "LOGGED_MODEL_UPLOAD_FAILED"
        }
    }
}

extension LoggedModelMetric {
    static let shape = Shape.named(
        "LoggedModelMetric",
        [
            Field("key", "The metric's name"), Field("value", .number, "The value"),
            Field("timestamp", .integer, "Milliseconds since 1970"), Field("step", .integer, "The step"),
            Field("model_id", "The model"), Field("run_id", "The run that measured it"),
            Field("dataset_name", "The data set that it was measured on"), Field("dataset_digest", "Its content"),
        ]
    )

    func json(of model: String) -> JSON {
        func text(_ text: String) -> JSON? { text.isEmpty ? nil : JSON(text) }
        let number: JSON =
            value.isFinite ? JSON(value) : JSON(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
        return .object(present: [
            ("key", JSON(key)), ("value", number), ("timestamp", JSON(timestampMilliseconds)), ("step", JSON(step)),
            ("model_id", JSON(model)), ("run_id", text(run)), ("dataset_name", text(datasetName)),
            ("dataset_digest", text(datasetDigest)),
        ])
    }
}
