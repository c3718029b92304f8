// What clients log of a run beside metrics and tags: parameters, data sets and models.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

/// Parameters, data sets and models of a run.
enum LoggedRun {
    /// For people; nothing where nobody logged any.
    static func lines(_ run: TrackedRun) -> [String] {
        run.parameters.sorted { $0.key < $1.key }
            .map { "parameter   \(Printable.line($0.key))=\(Printable.line($0.value))" }
            + run.inputs.map { input in
                let context = input.tags["mlflow.data.context"].map { ", for \(Printable.line($0))" } ?? ""
                return "data set    \(Printable.line(input.name)) (\(Printable.line(input.digest)))\(context)"
            }
            + run.models.map { model in
                let step = model.outputStep.map { ", made at step \($0)" } ?? ", used"
                return "model       \(Printable.line(model.modelID))\(step)"
            }
    }

    /// For programs.
    static func members(_ run: TrackedRun) -> [(String, JSON)] {
        let inputs = run.inputs.map { input -> JSON in
            [
                "name": JSON(input.name), "digest": JSON(input.digest), "source_type": JSON(input.sourceType),
                "source": JSON(input.source),
                "tags": .object(input.tags.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
            ]
        }
        let models = run.models.map { model -> JSON in
            ["model_id": JSON(model.modelID), "output_step": model.outputStep.map { JSON($0) } ?? .null]
        }
        return [
            ("user", JSON(run.userID)),
            ("params", .object(run.parameters.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            ("inputs", .array(inputs)), ("models", .array(models)),
        ]
    }
}
