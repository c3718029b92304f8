// `evalhost evaluate`, which is also what `evalhost` does without a word.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import EvalSuite
internal import Foundation

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score the rows of a data set and keep the run.",
        discussion: """
            Example:
              evalhost evaluate --data questions.jsonl --scorer exact_match --scorer contains:value=refund
            """
    )

    @OptionGroup var options: EvaluateOptions

    func run() async throws {
        if let word = options.resume ?? options.retryErrors { return try await resume(word) }
        guard let request = try request() else { return try await ScorersFound.list(options.plugins) }
        guard request.data != nil else {
            throw Diagnostic(
                "there are no rows to evaluate",
                at: .init(file: options.suite),
                help: "Give them with --data FILE, or with `data:` in the suite."
            )
        }
        let store = try options.store.open(suite: request.store)
        let setup = try await EvaluationSetup(request, console: options.console)
        let plan = setup.plan(for: request)
        try await evaluate(setup, plan, request, store, resumes: false)
    }

    /// The request of the flags and the suite; nil where there is nothing to evaluate, only plugins to look at.
    private func request() throws(Diagnostic) -> EvaluationRequest? {
        var suitePath = options.suite
        if suitePath == nil, options.data == nil, Environment.value("DATA") == nil {
            suitePath = FileManager.default.fileExists(atPath: "evalhost.yaml") ? "evalhost.yaml" : nil
            if suitePath == nil { return nil }
        }
        let environment = ProcessInfo.processInfo.environment
        var suite: Suite?
        if let suitePath { suite = try Suite.read(suitePath, environment: environment) }
        return try EvaluationRequest(options, suite: suite)
    }

    private func resume(_ word: String) async throws {
        let store = try options.store.openExisting()
        let run = try await store.run(named: word)
        let record = try await store.record(of: run)
        let request = try EvaluationRequest(restoring: record.configuration, options: options)
        let setup = try await EvaluationSetup(request, console: options.console)
        if !options.allowChangedScorers { try setup.check(against: record.scorers) }
        let plan = setup.plan(for: request, resuming: record)
        if record.listing.status == .finished, options.retryErrors == nil {
            let report = setup.report(of: record, request, plan)
            try await Reporter(options: options, store: store).publish(report, request, setup)
            return
        }
        try await evaluate(setup, plan, request, store, resumes: true)
    }

    /// Runs the loop, tells the reports and decides the exit status.
    private func evaluate(
        _ setup: EvaluationSetup,
        _ plan: RunPlan,
        _ request: EvaluationRequest,
        _ store: SQLiteStore,
        resumes: Bool
    ) async throws {
        let source = try await setup.source(request)
        var loop = Evaluation.Options()
        if let concurrency = request.concurrency {
            loop.concurrency = concurrency
            loop.lanes = concurrency
        }
        loop.allowance = request.allowance
        loop.resumes = resumes
        loop.retriesErrors = options.retryErrors != nil
        let progress = RunProgress()
        let bar = ProgressBar(progress, expectedRows: setup.expectedRows(request))
        let drawing = options.console.isQuiet ? nil : Task { await bar.draw() }
        let evaluation = Evaluation(plan, source: source, store: store, options: loop)
        let work = Task { () async -> Result<RunSummary, Diagnostic> in
            do throws(Diagnostic) {
                return .success(try await evaluation.run(progress: progress))
            } catch {
                return .failure(error)
            }
        }
        let signals = Signals { work.cancel() }
        let result = await work.value
        signals.stop()
        drawing?.cancel()
        await drawing?.value
        if case .failure(let error) = result, error.category == .interrupted {
            var error = error
            error.help = "`evalhost evaluate --resume \(plan.id.hexadecimal.prefix(12))` goes on from there."
            throw error
        }
        let summary = try result.get()
        let report = await setup.report(of: summary, plan, request, store)
        try await Reporter(options: options, store: store).publish(report, request, setup)
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
