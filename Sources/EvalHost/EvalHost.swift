// evalhost as a library: what a Swift program imports to evaluate its own application.

@_exported public import EvalCore
@_exported public import EvalJSON
@_exported public import EvalJudges
@_exported public import EvalScorers

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
    /// What the judges took of their models; nil where none was asked.
    public let judges: JudgeUsage?
}

/// Evaluates an application: asks it every row, lets the scorers judge, and keeps the run.
///
///     let result = try await evaluate(
///         data: .jsonl("questions.jsonl"),
///         scorers: [Correctness(), ExactMatch(), try await Plugin("edit_similarity")],
///         judge: JudgeSettings(model: "openai:/gpt-5-mini"),
///         predict: { inputs in try await app.answer(inputs["question"]) })
///
/// It is MLflow's `mlflow.genai.evaluate`.
/// - Parameters:
///   - data: The rows.
///   - scorers: What judges; their names must differ.
///   - judge: The model that LLM judges ask, and what they may cost.
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
    judge: JudgeSettings = JudgeSettings(),
    store: String = ".evalhost/evalhost.db",
    experiment: String = "Default",
    runName: String? = nil,
    concurrency: Int = 64,
    repeats: Int = 1,
    predict: @escaping @Sendable (JSON) async throws -> some ApplicationOutput
) async throws -> EvaluationResult {
    let predictor = ClosurePredictor { inputs in try await predict(inputs).json }
    let start = EvaluationStart(data: data, judge: judge, store: store, experiment: experiment, runName: runName)
    return try await start.run(scorers, predictor: predictor, concurrency: concurrency, repeats: repeats)
}

/// Evaluates outputs that the rows bring.
///
/// - Parameters:
///   - data: The rows with their `outputs`.
///   - scorers: What judges; their names must differ.
///   - judge: The model that LLM judges ask, and what they may cost.
///   - store: The file in which the run is kept.
///   - experiment: The experiment that the run belongs to.
///   - runName: The run's name.
/// - Returns: The run's numbers.
/// - Throws: A ``Diagnostic`` if the data, a scorer or the store can't be used.
public func evaluate(
    data: EvaluationData,
    scorers: [any Scorer],
    judge: JudgeSettings = JudgeSettings(),
    store: String = ".evalhost/evalhost.db",
    experiment: String = "Default",
    runName: String? = nil
) async throws -> EvaluationResult {
    let start = EvaluationStart(data: data, judge: judge, store: store, experiment: experiment, runName: runName)
    return try await start.run(scorers, predictor: nil, concurrency: 64, repeats: 1)
}
