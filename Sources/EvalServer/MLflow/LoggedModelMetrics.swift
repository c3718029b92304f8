// Metrics of runs that name a logged model are kept with the model too.

internal import EvalCore
internal import EvalJSON

enum LoggedModelMetrics {
    /// Keeps the metrics that name a model.
    ///
    /// - Parameters:
    ///   - metrics: Metrics as a run gets them.
    ///   - run: The run.
    ///   - store: Where models are kept.
    /// - Throws: `missing`, if there is no such model.
    static func log(_ metrics: [JSON], run: PublicID, _ store: any LoggedModelStore) async throws {
        var byModel: [(id: PublicID, metrics: [LoggedModelMetric])] = []
        for metric in metrics {
            guard let text = metric[key: "model_id"]?.string, !text.isEmpty else { continue }
            guard text.hasPrefix("m-"), let id = PublicID(hexadecimal: String(text.dropFirst(2))) else {
                throw APIError.missing("There is no logged model with the id '\(text.prefix(100))'.")
            }
            let one = LoggedModelMetric(
                key: metric[key: "key"]?.string ?? "",
                value: metric[key: "value"]?.wireNumber ?? .nan,
                timestampMilliseconds: metric[key: "timestamp"]?.wireInteger ?? 0,
                step: metric[key: "step"]?.wireInteger ?? 0,
                run: run.hexadecimal,
                datasetName: metric[key: "dataset_name"]?.string ?? "",
                datasetDigest: metric[key: "dataset_digest"]?.string ?? ""
            )
            if let place = byModel.firstIndex(where: { $0.id == id }) {
                byModel[place].metrics.append(one)
            } else {
                byModel.append((id, [one]))
            }
        }
        for (id, metrics) in byModel { try await store.log(metrics, toModel: id) }
    }
}
