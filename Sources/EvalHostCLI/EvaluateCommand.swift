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
        guard let request = try SuiteFile.request(options) else { return try await ScorersFound.list(options.plugins) }
        guard request.rows.data != nil else {
            throw Diagnostic(
                "there are no rows to evaluate",
                at: .init(file: options.suite),
                help: "Give them with --data FILE, or with `data:` in the suite."
            )
        }
        if options.dryRun { return try await DryRun(request, options).run() }
        let access = LazyStore(options.store, suite: request.store)
        let prepared = try await PreparedEvaluation(
            request,
            run: .make(),
            in: access,
            console: options.console
        )
        try await evaluate(
            prepared.evaluation,
            prepared.setup,
            prepared.plan,
            prepared.request,
            prepared.store,
            expecting: prepared.expectedRows,
            prepared.spans
        )
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
        var loop = request.loop(alarm: models.alarm)
        loop.resumes = true
        loop.retriesErrors = options.retryErrors != nil
        let evaluation = Evaluation(
            plan,
            source: rows.source,
            predictor: predictor,
            store: store,
            traces: MLflowTraceReader(),
            options: loop
        )
        try await evaluate(
            evaluation,
            setup,
            plan,
            request,
            store,
            expecting: DataSource.expectedRows(request.rows, of: rows).map { $0 * request.rows.repeats },
            spans
        )
    }

    /// Runs the loop, tells the reports and decides the exit status.
    private func evaluate(
        _ evaluation: Evaluation,
        _ setup: EvaluationSetup,
        _ plan: RunPlan,
        _ request: EvaluationRequest,
        _ store: SQLiteStore,
        expecting expected: Int?,
        _ spans: ApplicationSpans?
    ) async throws {
        let progress = RunProgress()
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
