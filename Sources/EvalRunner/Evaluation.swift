// The loop: source → predict → score → commit, a file a stage, then sessions. Here is only how the stages hang together.

public import EvalCore
internal import Foundation

/// One evaluation: rows flow from a source through an application and scorers into a store.
///
/// Memory does not grow with the number of rows: each stage has a bound. A row is finished, with its trace and all
/// its verdicts in one transaction, or it has not happened.
public struct Evaluation: Sendable {
    /// How the loop goes.
    public struct Options: Sendable {
        /// How many rows wait on the application or on slow scorers at once.
        public var concurrency = 64
        /// How many batches of rows are in the loop at once, where nothing is slow.
        public var lanes = 8
        /// How many errors are allowed.
        public var allowance = ErrorAllowance.none
        /// How many calls of the application are open at once; nil for ``concurrency``.
        public var predictConcurrency: Int?
        /// How many calls of the application begin in a second at most; nil for no bound.
        public var callsPerSecond: Double?
        /// The most attempts of one call of the application.
        public var attempts = Limits.attempts
        /// How long a row may take with all that it waits on.
        public var rowTimeout = Limits.row
        /// Whether the run exists and goes on.
        public var resumes = false
        /// Whether finished rows that have an error are done again.
        public var retriesErrors = false
        /// Whether something ends the run that is no row's fault: rows that fail from then on have not happened.
        public var stops: @Sendable () -> Bool = { false }
        /// Whether nothing is to be begun any more.
        var isOver: Bool { Task.isCancelled || stops() }

        /// The defaults.
        public init() {}
    }

    private let plan: RunPlan
    private let source: any RowSource
    private let predictor: (any Predictor)?
    private let store: any RunStore
    private let traces: (any TraceReader)?
    private let options: Options

    /// Puts an evaluation together.
    ///
    /// - Parameters:
    ///   - plan: What is known of the run before its first row.
    ///   - source: Where the rows come from.
    ///   - predictor: The application; nil where the rows bring their outputs.
    ///   - store: Where the run is kept.
    ///   - traces: What reads the traces that the application gives.
    ///   - options: How the loop goes.
    public init(
        _ plan: RunPlan,
        source: any RowSource,
        predictor: (any Predictor)? = nil,
        store: any RunStore,
        traces: (any TraceReader)? = nil,
        options: Options = Options()
    ) {
        self.plan = plan
        self.source = source
        self.predictor = predictor
        self.store = store
        self.traces = traces
        self.options = options
    }

    /// Runs to the end, or until the task is cancelled, which interrupts the run: it can be resumed.
    ///
    /// - Parameter progress: Told now and then how far it is, from any task.
    /// - Returns: What the run came to.
    /// - Throws: Why the run could not go on; what was committed stays, and the run can be resumed.
    public func run(progress: RunProgress = RunProgress()) async throws(Diagnostic) -> RunSummary {
        let clock = ContinuousClock()
        let start = clock.now
        if options.resumes {
            try await store.reopen(plan.id, owner: plan.owner)
        } else {
            try await store.begin(plan)
        }
        let ledger = Ledger(plan)
        let outcome: Result<Void, Diagnostic>
        do throws(Diagnostic) {
            if options.resumes {
                try await ledger.restore(plan.id, from: store, withoutErrors: options.retriesErrors)
                progress.started(with: ledger.counts)
            }
            try await pump(into: ledger, progress: progress)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await predictor?.close()
        let elapsed = (clock.now - start) / .milliseconds(1)
        let status: RunStatus =
            switch outcome {
            case .success: .finished
            case .failure(let error): error.category == .interrupted ? .interrupted : .failed
            }
        do throws(Diagnostic) {
            let summary = try await ledger.summary(
                status: status,
                dataDigest: await source.digest(),
                durationMilliseconds: Int64(elapsed),
                resumed: options.resumes,
                store: store
            )
            try await store.finish(plan.id, summary)
            try outcome.get()
            return summary
        } catch {
            // What stopped the rows is what the person must hear of, not that closing the run failed after it.
            if case .failure(let first) = outcome { throw first }
            throw error
        }
    }

    /// Moves all rows through the loop.
    private func pump(into ledger: Ledger, progress: RunProgress) async throws(Diagnostic) {
        let (store, run) = (self.store, plan.id)
        let committer = Committer<FinishedRow> { (rows) async throws(Diagnostic) in
            try await store.commit(rows, to: run)
        }
        let heart = Heartbeat.start(plan.id, in: store)
        defer { heart.cancel() }
        let flow = Flow(
            source: source,
            stages: stages(progress),
            committer: committer,
            ledger: ledger,
            progress: progress,
            options: options
        )
        let waits = predictor != nil || plan.scorers.contains { $0.scorer.isSlow && !$0.judgesSessions }
        if waits {
            try await flow.rowByRow(width: max(2 * options.concurrency, 256))
        } else {
            try await flow.batchByBatch(lanes: options.lanes, rows: max(1, Limits.batchRows / plan.repeats))
        }
        if let resuming = flow.stages.resuming { try await resuming.checkEnd(rows: ledger.counts.read) }
        guard ledger.counts.rows > 0 else {
            throw Diagnostic("the data set has no record", at: .init(file: source.name))
        }
        guard plan.scorers.contains(where: \.judgesSessions) else { return }
        let pass = SessionPass(plan: plan, store: store, ledger: ledger, progress: progress, options: options)
        try await pass.run()
    }

    private func stages(_ progress: RunProgress) -> Stages {
        let calls = predictor.map { predictor in
            PredictStage.Calls(
                predictor: predictor,
                slots: AsyncSemaphore(options.predictConcurrency ?? options.concurrency),
                limiter: options.callsPerSecond.map { RateLimiter(callsPerSecond: $0) },
                retry: RetryPolicy(attempts: options.attempts),
                timeout: options.rowTimeout,
                traces: traces,
                store: store,
                run: plan.id
            )
        }
        return Stages(
            options: options,
            scoring: ScoreStage(scorers: plan.scorers, timeout: options.rowTimeout, progress: progress),
            predicting: PredictStage(calls: calls),
            resuming: options.resumes
                ? ResumeStage(run: plan.id, store: store, retriesErrors: options.retriesErrors) : nil,
            reading: ReadStage(
                gate: ErrorGate(allowance: options.allowance),
                repeats: plan.repeats,
                cluster: plan.cluster
            )
        )
    }
}
