// An evaluation that is looked up and checked, before its first row: for the command line and for the server.

internal import EvalCore
internal import EvalJSON
internal import EvalRunner
internal import EvalStore
internal import EvalSuite
internal import EvalWire
internal import Foundation

/// An evaluation that can begin.
struct PreparedEvaluation: Sendable {
    let request: EvaluationRequest
    let setup: EvaluationSetup
    let plan: RunPlan
    let evaluation: Evaluation
    let store: SQLiteStore
    /// Where the application's own spans come in; nil where it has no process of ours.
    let spans: ApplicationSpans?
    /// How many rows there will be; nil where nobody can know.
    let expectedRows: Int?

    /// Looks up all that a request names, and checks it; nothing is stored and nobody is asked.
    ///
    /// - Parameters:
    ///   - request: What is to be evaluated.
    ///   - id: The run's identifier.
    ///   - access: Where the run will be kept.
    ///   - console: Where notes go.
    /// - Throws: What is wrong, before any row is scored.
    init(
        _ request: EvaluationRequest,
        run id: PublicID,
        in access: LazyStore,
        console: OutputOptions
    ) async throws(Diagnostic) {
        var request = request
        let models = try RunModels(request.models, .init(run: id, journal: LazyJournal(store: access)))
        let judges = try await RegisteredJudges.of(request.experiment, in: access)
        setup = try await EvaluationSetup(request, models: models, registered: judges, console: console)
        spans = await ApplicationSpans.listen(for: request)
        let predictor = try await ApplicationUnderTest.predictor(of: request, models: models, spans: spans)
        // The rows first: where there are none, no store is made. Traces need one that is there.
        let rows = try await DataSource.open(request.rows) { () throws(Diagnostic) in try access.openExisting() }
        store = try access.open()
        expectedRows = (DataSource.expectedRows(request.rows, of: rows)).map { $0 * request.rows.repeats }
        // Whatever becomes of the data set meanwhile, the run is about this version.
        request.rows.data = rows.version ?? request.rows.data
        plan = setup.plan(id, for: request, lastTrace: rows.lastTrace)
        evaluation = Evaluation(
            plan,
            source: rows.source,
            predictor: predictor,
            store: store,
            traces: MLflowTraceReader(),
            options: request.loop(alarm: models.alarm)
        )
        self.request = request
    }
}

extension EvaluationRequest {
    /// How the loop goes.
    func loop(alarm: RunAlarm) -> Evaluation.Options {
        var loop = Evaluation.Options()
        loop.concurrency = concurrency ?? ApplicationUnderTest.defaultConcurrency
        if let lanes = concurrency { loop.lanes = lanes }
        loop.predictConcurrency = predict.concurrency
        // The calls of a model are counted where all models' calls are.
        if predict.model == nil { loop.callsPerSecond = rateLimit?.perSecond }
        loop.rowTimeout = rowTimeout
        loop.allowance = allowance
        loop.stops = { alarm.raised != nil }
        return loop
    }
}

extension Diagnostic {
    /// The error of a run that stopped and can go on.
    func resumable(_ run: PublicID) -> Diagnostic {
        var copy = self
        let next = "`evalhost evaluate --resume \(run.hexadecimal.prefix(12))` goes on from there."
        copy.help = help.map { "\($0)\n  \(next)" } ?? next
        return copy
    }
}
