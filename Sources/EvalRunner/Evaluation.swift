// The loop: source → predict → score → commit, a file a stage. Here is only how the stages hang together.

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
        /// How long a row may take with all that it waits on.
        public var rowTimeout = Limits.row
        /// Whether the run exists and goes on.
        public var resumes = false
        /// Whether finished rows that have an error are done again.
        public var retriesErrors = false

        /// The defaults.
        public init() {}
    }

    private let plan: RunPlan
    private let source: any RowSource
    private let predictor: (any Predictor)?
    private let store: any RunStore
    private let options: Options

    /// Puts an evaluation together.
    ///
    /// - Parameters:
    ///   - plan: What is known of the run before its first row.
    ///   - source: Where the rows come from.
    ///   - predictor: The application; nil where the rows bring their outputs.
    ///   - store: Where the run is kept.
    ///   - options: How the loop goes.
    public init(
        _ plan: RunPlan,
        source: any RowSource,
        predictor: (any Predictor)? = nil,
        store: any RunStore,
        options: Options = Options()
    ) {
        self.plan = plan
        self.source = source
        self.predictor = predictor
        self.store = store
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
        let ledger = Ledger(plan.scorers)
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
        let elapsed = (clock.now - start) / .milliseconds(1)
        let status: RunStatus =
            switch outcome {
            case .success: .finished
            case .failure(let error): error.category == .interrupted ? .interrupted : .failed
            }
        do throws(Diagnostic) {
            let summary = try await ledger.summary(
                of: plan.id,
                status: status,
                dataDigest: await source.digest(),
                durationMilliseconds: Int64(elapsed),
                ordered: store
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
        let committer = Committer(store: store, run: plan.id)
        let heart = Heartbeat.start(plan.id, in: store)
        defer { heart.cancel() }
        let waits = predictor != nil || plan.scorers.contains { $0.scorer.isSlow }
        let stages = Stages(
            scoring: ScoreStage(scorers: plan.scorers, timeout: options.rowTimeout),
            predicting: PredictStage(
                predictor: predictor,
                concurrency: options.concurrency,
                timeout: options.rowTimeout
            ),
            resuming: options.resumes
                ? ResumeStage(run: plan.id, store: store, retriesErrors: options.retriesErrors) : nil
        )
        let gate = ErrorGate(allowance: options.allowance)
        // Where rows wait on something, each travels alone and finishes on its own.
        let unit = waits ? 1 : Limits.batchRows
        let width = waits ? max(2 * options.concurrency, 256) : options.lanes
        let source = self.source
        let result: Result<Void, Diagnostic> = await withTaskGroup(of: Result<Void, Diagnostic>.self) { group in
            var inFlight = 0
            var failure: Diagnostic?
            func settle(_ result: Result<Void, Diagnostic>?) {
                inFlight -= 1
                if case .failure(let error)? = result { failure = Self.worse(failure, error) }
            }
            do throws(Diagnostic) {
                while failure == nil {
                    if Task.isCancelled { throw Self.interrupted }
                    if inFlight == width {
                        settle(await group.next())
                        continue
                    }
                    guard let batch = try await source.next(limit: unit) else { break }
                    inFlight += 1
                    group.addTask {
                        do throws(Diagnostic) {
                            let tally = try await stages.pass(batch, gate: gate, to: committer, scorers: plan.scorers)
                            ledger.add(tally)
                            progress.committed(ledger.counts)
                            return .success(())
                        } catch {
                            return .failure(error)
                        }
                    }
                }
            } catch {
                failure = Self.worse(failure, error)
            }
            if failure != nil { await committer.hurry() }
            while inFlight > 0 { settle(await group.next()) }
            return failure.map { .failure($0) } ?? .success(())
        }
        try result.get()
        if let resuming = stages.resuming { try await resuming.checkEnd(rows: ledger.counts.read) }
        guard ledger.counts.rows > 0 else {
            throw Diagnostic("the data set has no record", at: .init(file: source.name))
        }
    }

    private static let interrupted = Diagnostic(
        "interrupted; what is finished is kept",
        category: .interrupted,
        help: "`evalhost evaluate --resume latest` goes on from there."
    )

    /// Of two failures the one to tell: the earlier line of a file, and bad data rather than an interruption.
    private static func worse(_ first: Diagnostic?, _ second: Diagnostic) -> Diagnostic {
        guard let first else { return second }
        if first.location.file == second.location.file, let a = first.location.line, let b = second.location.line {
            return a <= b ? first : second
        }
        return first
    }
}

/// How many errors a run may have.
public struct ErrorAllowance: Sendable, Equatable {
    /// The number or the share.
    public enum Bound: Sendable, Equatable {
        case count(Int)
        /// A share of the rows, in percent.
        case percent(Double)
    }

    /// The number or the share.
    public let bound: Bound

    /// No error is allowed.
    public static let none = ErrorAllowance(.count(0))

    /// Makes an allowance.
    public init(_ bound: Bound) { self.bound = bound }

    /// Reads `5` or `2%`.
    public init?(_ source: String) {
        if source.hasSuffix("%"), let percent = Double(source.dropLast()), percent >= 0, percent <= 100 {
            self.init(.percent(percent))
        } else if let count = Int(source), count >= 0 {
            self.init(.count(count))
        } else {
            return nil
        }
    }

    /// Whether that many errors of so many rows are within the allowance.
    public func allows(_ errors: Int, of rows: Int) -> Bool {
        switch bound {
        case .count(let count): errors <= count
        case .percent(let percent): Double(errors) * 100 <= percent * Double(rows)
        }
    }
}

extension ErrorAllowance: CustomStringConvertible {
    /// The allowance as it is written.
    public var description: String {
        switch bound {
        case .count(let count): String(count)
        case .percent(let percent): (Int64(exactly: percent).map(String.init) ?? percent.description) + "%"
        }
    }
}
