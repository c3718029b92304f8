// `evalhost evaluate`, which is also what `evalhost` does without a word.

internal import ArgumentParser
internal import EvalCore
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import EvalSuite
internal import EvalWire
internal import Foundation

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score the rows of a data set and keep the run.",
        discussion: """
            Example:
              evalhost evaluate --data questions.jsonl --scorer exact_match --scorer contains:value=refund
              evalhost evaluate --data questions.csv --predict-command "python3 app.py" --scorer exact_match --repeats 3
            """
    )

    @OptionGroup var options: EvaluateOptions

    func run() async throws {
        if let word = options.resume ?? options.retryErrors { return try await resume(word) }
        guard var request = try SuiteFile.request(options) else { return try await ScorersFound.list(options.plugins) }
        guard request.rows.data != nil else {
            throw Diagnostic(
                "there are no rows to evaluate",
                at: .init(file: options.suite),
                help: "Give them with --data FILE, or with `data:` in the suite."
            )
        }
        if options.dryRun { return try await DryRun(request, options).run() }
        let id = PublicID.make()
        let access = LazyStore(options.store, suite: request.store)
        let models = try RunModels(request.models, .init(run: id, journal: LazyJournal(store: access)))
        let judges = try await RegisteredJudges.of(request.experiment, in: access)
        let setup = try await EvaluationSetup(request, models: models, registered: judges, console: options.console)
        let spans = await ApplicationSpans.listen(for: request)
        let predictor = try await ApplicationUnderTest.predictor(of: request, models: models, spans: spans)
        // The rows first: where there are none, no store is made. Traces need one that is there.
        let rows = try await DataSource.open(request.rows) { () throws(Diagnostic) in try access.openExisting() }
        let store = try access.open()
        // Whatever becomes of the data set meanwhile, the run is about this version.
        request.rows.data = rows.version ?? request.rows.data
        let plan = setup.plan(id, for: request, lastTrace: rows.lastTrace)
        let evaluation = evaluation(plan, rows.source, predictor, request, store, models, resumes: false)
        try await evaluate(evaluation, setup, plan, request, store, spans)
    }

    private func resume(_ word: String) async throws {
        let access = LazyStore(options.store)
        let store = try access.openExisting()
        let run = try await store.run(named: word)
        let record = try await store.record(of: run)
        let request = try EvaluationRequest(restoring: record.configuration, options: options)
        let models = try RunModels(request.models, .init(run: run, resumes: true, journal: LazyJournal(store: access)))
        let judges = try await RegisteredJudges.of(request.experiment, in: access)
        let setup = try await EvaluationSetup(request, models: models, registered: judges, console: options.console)
        if !options.allowChangedScorers { try setup.check(against: record.scorers) }
        let plan = setup.plan(run, for: request, lastTrace: request.rows.lastTrace, resuming: record)
        if record.listing.status == .finished, options.retryErrors == nil {
            let report = setup.report(
                of: record.summary,
                plan,
                request,
                experimentID: record.listing.experimentID
            )
            try await Reporter(request: request, store: store).publish(report)
            return
        }
        let spans = await ApplicationSpans.listen(for: request)
        let predictor = try await ApplicationUnderTest.predictor(of: request, models: models, spans: spans)
        let rows = try await DataSource.open(request.rows) { store }
        let evaluation = evaluation(plan, rows.source, predictor, request, store, models, resumes: true)
        try await evaluate(evaluation, setup, plan, request, store, spans)
    }

    private func evaluation(
        _ plan: RunPlan,
        _ source: any RowSource,
        _ predictor: (any Predictor)?,
        _ request: EvaluationRequest,
        _ store: SQLiteStore,
        _ models: RunModels,
        resumes: Bool
    ) -> Evaluation {
        var loop = Evaluation.Options()
        loop.concurrency = request.concurrency ?? ApplicationUnderTest.defaultConcurrency
        if let lanes = request.concurrency { loop.lanes = lanes }
        loop.predictConcurrency = request.predict.concurrency
        // The calls of a model are counted where all models' calls are.
        if request.predict.model == nil { loop.callsPerSecond = request.rateLimit?.perSecond }
        loop.rowTimeout = request.rowTimeout
        loop.allowance = request.allowance
        loop.resumes = resumes
        loop.retriesErrors = options.retryErrors != nil
        loop.stops = { [alarm = models.alarm] in alarm.raised != nil }
        return Evaluation(
            plan,
            source: source,
            predictor: predictor,
            store: store,
            traces: MLflowTraceReader(),
            options: loop
        )
    }

    /// Runs the loop, tells the reports and decides the exit status.
    private func evaluate(
        _ evaluation: Evaluation,
        _ setup: EvaluationSetup,
        _ plan: RunPlan,
        _ request: EvaluationRequest,
        _ store: SQLiteStore,
        _ spans: ApplicationSpans?
    ) async throws {
        let progress = RunProgress()
        let expected = DataSource.expectedRows(request.rows).map { $0 * request.rows.repeats }
        let bar = ProgressBar(progress, expectedRows: expected)
        let drawing = request.isQuiet ? nil : Task { await bar.draw() }
        let work = Task { () async -> Result<RunSummary, Diagnostic> in
            do throws(Diagnostic) {
                return .success(try await evaluation.run(progress: progress))
            } catch {
                return .failure(error)
            }
        }
        let signals = Signals { work.cancel() }
        setup.models.alarm.whenRaised { work.cancel() }
        let result = await work.value
        signals.stop()
        await setup.models.shutdown()
        await spans?.finish(plan.id, store)
        drawing?.cancel()
        await drawing?.value
        if case .failure(let error) = result, error.category == .interrupted {
            var error = error
            if let why = setup.models.alarm.raised { throw why.resumable(plan.id) }
            error.help = "`evalhost evaluate --resume \(plan.id.hexadecimal.prefix(12))` goes on from there."
            throw error
        }
        let summary = try result.get()
        let record = try? await store.record(of: plan.id)
        let report = setup.report(
            of: summary,
            plan,
            request,
            experimentID: record?.listing.experimentID ?? 0
        )
        try await Reporter(request: request, store: store).publish(report)
    }
}

extension Diagnostic {
    /// The error of a run that stopped and can go on.
    fileprivate func resumable(_ run: PublicID) -> Diagnostic {
        var copy = self
        let next = "`evalhost evaluate --resume \(run.hexadecimal.prefix(12))` goes on from there."
        copy.help = help.map { "\($0)\n  \(next)" } ?? next
        return copy
    }
}

/// Where the suite of a command is, and what it says together with the flags.
enum SuiteFile {
    /// The suite of the working folder.
    static let usual = "evalhost.yaml"

    /// The request of the flags and the suite; nil where there is nothing to evaluate, only plugins to look at.
    ///
    /// - Throws: What is wrong with the suite, a variable or a flag.
    static func request(_ options: EvaluateOptions) throws(Diagnostic) -> EvaluationRequest? {
        var path = options.suite
        if path == nil, options.rows.data == nil, Environment.value("DATA") == nil {
            path = FileManager.default.fileExists(atPath: usual) ? usual : nil
            if path == nil { return nil }
        }
        var suite: Suite?
        if let path { suite = try Suite.read(path, environment: ProcessInfo.processInfo.environment) }
        return try EvaluationRequest(options, suite: suite)
    }
}

/// Turns the first SIGINT or SIGTERM into a call, the second into the end.
final class Signals {
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "evalhost.signals")
        sources = [SIGINT, SIGTERM]
            .map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler {
                    signal(number, SIG_DFL)
                    handler()
                }
                source.resume()
                return source
            }
    }

    func stop() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
