// evalhost as a library: what a Swift program imports to evaluate its own application.

@_exported public import EvalCore
internal import EvalDatasets
@_exported public import EvalJSON
internal import EvalPlugins
internal import EvalRunner
@_exported public import EvalScorers
internal import EvalStore
internal import EvalWire
internal import Foundation

/// Where the rows of an evaluation come from.
public enum EvaluationData: Sendable {
    /// A file with one row a line.
    case jsonl(String)
    /// A file that is an array of rows.
    case json(String)
    /// A file whose ending tells what it is: `.jsonl`, `.json`, `.csv` or `.tsv`, each possibly with `.gz`.
    case file(String)
    /// Rows in memory.
    case records([Record])
}

/// What an application may answer: JSON, or a string.
public protocol ApplicationOutput: Sendable {
    /// The answer as JSON.
    var json: JSON { get }
}

extension JSON: ApplicationOutput {
    /// The value itself.
    public var json: JSON { self }
}

extension String: ApplicationOutput {
    /// The text as a JSON string.
    public var json: JSON { JSON(self) }
}

/// What an evaluation came to.
public struct EvaluationResult: Sendable {
    /// The run, for `evalhost runs show`.
    public let runID: PublicID
    /// Records that were read.
    public let rows: Int
    /// Rows with a predict or scorer error.
    public let errors: Int
    /// The metrics by their names, `exact_match/mean`; undefined ones are left out.
    public let metrics: [String: Double]
    /// How sure the metrics are, by their names; those without an interval are left out.
    public let intervals: [String: Interval]
    /// How often each scorer was asked, and what came of it.
    public let accounts: [String: Account]
}

/// Evaluates an application: asks it every row, lets the scorers judge, and keeps the run.
///
///     let result = try await evaluate(
///         data: .jsonl("questions.jsonl"),
///         scorers: [ExactMatch(), try await Plugin("edit_similarity")],
///         predict: { inputs in try await app.answer(inputs["question"]) })
///
/// It is MLflow's `mlflow.genai.evaluate`.
/// - Parameters:
///   - data: The rows.
///   - scorers: What judges; their names must differ.
///   - store: The file in which the run is kept.
///   - experiment: The experiment that the run belongs to.
///   - runName: The run's name.
///   - concurrency: How many calls of the application are open at once.
///   - repeats: How often each record is evaluated.
///   - predict: The application: from a row's inputs to its answer. An error it throws is its row's.
/// - Returns: The run's numbers.
/// - Throws: A ``Diagnostic`` if the data, a scorer or the store can't be used.
public func evaluate(
    data: EvaluationData,
    scorers: [any Scorer],
    store: String = ".evalhost/evalhost.db",
    experiment: String = "Default",
    runName: String? = nil,
    concurrency: Int = 64,
    repeats: Int = 1,
    predict: @escaping @Sendable (JSON) async throws -> some ApplicationOutput
) async throws -> EvaluationResult {
    let predictor = ClosurePredictor { inputs in try await predict(inputs).json }
    return try await run(data, scorers, store, experiment, runName, concurrency, repeats, predictor)
}

/// Evaluates outputs that the rows bring.
///
/// - Parameters:
///   - data: The rows with their `outputs`.
///   - scorers: What judges; their names must differ.
///   - store: The file in which the run is kept.
///   - experiment: The experiment that the run belongs to.
///   - runName: The run's name.
/// - Returns: The run's numbers.
/// - Throws: A ``Diagnostic`` if the data, a scorer or the store can't be used.
public func evaluate(
    data: EvaluationData,
    scorers: [any Scorer],
    store: String = ".evalhost/evalhost.db",
    experiment: String = "Default",
    runName: String? = nil
) async throws -> EvaluationResult {
    try await run(data, scorers, store, experiment, runName, 64, 1, nil)
}

private func run(
    _ data: EvaluationData,
    _ scorers: [any Scorer],
    _ path: String,
    _ experiment: String,
    _ runName: String?,
    _ concurrency: Int,
    _ repeats: Int,
    _ predictor: (any Predictor)?
) async throws -> EvaluationResult {
    let instances = scorers.map { ($0 as? Plugin)?.instance ?? ScorerInstance($0) }
    for (index, instance) in instances.enumerated()
    where instances[..<index].contains(where: { $0.name == instance.name }) {
        throw Diagnostic("two scorers are called '\(instance.name)'")
    }
    guard !instances.isEmpty else { throw Diagnostic("there is no scorer") }
    let source: any RowSource
    switch data {
    case .jsonl(let path): source = try JSONLinesSource(path: path, shape: RowShape(traces: MLflowTraceReader()))
    case .json(let path): source = try await JSONSource(path: path, shape: RowShape(traces: MLflowTraceReader()))
    case .file(let path): source = try await DataFile.open(path, shape: RowShape(traces: MLflowTraceReader()))
    case .records(let records): source = RecordSource(records)
    }
    try StoreFolder.prepare(for: path)
    let store = try SQLiteStore(path: path)
    let id = PublicID.make()
    let plan = RunPlan(
        id: id,
        name: runName ?? "run-\(id.hexadecimal.prefix(12))",
        experiment: experiment,
        hostVersion: HostVersion.current,
        configuration: ["experiment": JSON(experiment), "scorers": .array(instances.map(\.provenance))],
        dataSource: source.name,
        machine: ProcessInfo.processInfo.hostName,
        owner: .current,
        startedMilliseconds: Int64(Date().timeIntervalSince1970 * 1000),
        scorers: instances,
        repeats: max(1, min(repeats, Aggregation.mostRepeats))
    )
    var options = Evaluation.Options()
    options.concurrency = concurrency
    let evaluation = Evaluation(
        plan,
        source: source,
        predictor: predictor,
        store: store,
        traces: MLflowTraceReader(),
        options: options
    )
    let summary = try await evaluation.run()
    return EvaluationResult(
        runID: id,
        rows: summary.rows,
        errors: summary.errors,
        metrics: Dictionary(
            summary.metrics.compactMap { metric in metric.value.map { (metric.name, $0) } },
            uniquingKeysWith: { first, _ in first }
        ),
        intervals: Dictionary(
            summary.metrics.compactMap { metric in metric.interval.map { (metric.name, $0) } },
            uniquingKeysWith: { first, _ in first }
        ),
        accounts: Dictionary(summary.accounts.map { ($0.scorer, $0.account) }, uniquingKeysWith: { first, _ in first })
    )
}
