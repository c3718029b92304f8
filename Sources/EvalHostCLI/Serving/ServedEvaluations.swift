// Evaluations in the server's process: some run, others wait for their turn, and all can be watched and stopped.

internal import EvalCore
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import Foundation

/// Starts evaluations of the suites that the server's command line names.
actor ServedEvaluations: EvaluationStarter {
    private struct Entry {
        var shown: StartedEvaluation
        /// What waits or runs; gone at the end, with its connections and workers.
        var prepared: PreparedEvaluation?
        var progress: RunProgress?
        var began: ContinuousClock.Instant?
        var work: Task<Void, Never>?
    }

    private let suitesByName: [StartableSuite]
    private let store: SQLiteStore
    private let access: LazyStore
    private let console: OutputOptions
    private let mostAtOnce: Int
    private var entries: [PublicID: Entry] = [:]
    /// All of them, the oldest first.
    private var order: [PublicID] = []
    private var waiting: [PublicID] = []
    private var running = 0
    private var preparing = 0

    /// How many may wait, and how many that ended are remembered.
    private static let mostWaiting = 100
    private static let mostRemembered = 1000

    /// - Parameters:
    ///   - suites: The suites that may be started.
    ///   - store: Where runs are kept.
    ///   - mostAtOnce: How many run at once; others wait.
    ///   - console: Where notes go.
    init(_ suites: [StartableSuite], in store: SQLiteStore, mostAtOnce: Int, console: OutputOptions) {
        suitesByName = suites
        self.store = store
        access = LazyStore(opened: store)
        self.mostAtOnce = mostAtOnce
        self.console = console
    }

    func suites() -> [SuiteListing] { suitesByName.map(\.listing) }

    func start(_ wanted: EvaluationOrder) async throws -> StartedEvaluation {
        guard let suite = suitesByName.first(where: { $0.name == wanted.suite }) else {
            let names = suitesByName.map(\.name)
            let error = Diagnostic(
                "there is no suite '\(wanted.suite.prefix(100))'",
                didYouMean: nearestWord(to: wanted.suite, among: names),
                help: names.isEmpty
                    ? "The server was started without one: `evalhost server --suite FILE`."
                    : "There are: \(names.joined(separator: ", "))."
            )
            throw Refusal.missing(error.description)
        }
        guard waiting.count + preparing < Self.mostWaiting else {
            throw Diagnostic(
                "\(Self.mostWaiting) evaluations wait already",
                category: .unavailable,
                help: "Order it again when some have ended."
            )
        }
        preparing += 1
        defer { preparing -= 1 }
        let id = PublicID.make()
        let prepared = try await PreparedEvaluation(suite.request(wanted), run: id, in: access, console: console)
        let shown = StartedEvaluation(
            run: id,
            runName: prepared.plan.name,
            suite: suite.name,
            data: prepared.request.rows.data ?? "",
            expectedRows: prepared.expectedRows,
            orderedMilliseconds: Self.now
        )
        entries[id] = Entry(shown: shown, prepared: prepared)
        order.append(id)
        waiting.append(id)
        forget()
        advance()
        return entries[id]?.shown ?? shown
    }

    func evaluations() -> [StartedEvaluation] { order.reversed().compactMap { evaluation($0) } }

    func evaluation(_ run: PublicID) -> StartedEvaluation? {
        guard let entry = entries[run] else { return nil }
        var shown = entry.shown
        guard let progress = entry.progress, let began = entry.began, !shown.state.isEnd else { return shown }
        Self.count(&shown, progress, since: began)
        return shown
    }

    func stop(_ run: PublicID) async -> StartedEvaluation? {
        guard let entry = entries[run] else { return nil }
        if let work = entry.work {
            work.cancel()
            await work.value
        } else if entry.shown.state == .waiting {
            waiting.removeAll { $0 == run }
            await end(run, .interrupted, reason: "It was stopped before it began.")
        }
        return evaluation(run)
    }

    /// Stops all, and waits until they have.
    func shutdown() async {
        waiting = []
        for run in order where entries[run]?.shown.state.isEnd == false { _ = await stop(run) }
    }

    private func advance() {
        while running < mostAtOnce, !waiting.isEmpty {
            let run = waiting.removeFirst()
            guard let prepared = entries[run]?.prepared else { continue }
            running += 1
            let progress = RunProgress()
            entries[run]?.shown.state = .running
            entries[run]?.progress = progress
            entries[run]?.began = .now
            entries[run]?.work = Task { await perform(run, prepared, progress) }
        }
    }

    private func perform(_ run: PublicID, _ prepared: PreparedEvaluation, _ progress: RunProgress) async {
        let loop = Task { () async -> Result<RunSummary, Diagnostic> in
            do throws(Diagnostic) {
                return .success(try await prepared.evaluation.run(progress: progress))
            } catch {
                return .failure(error)
            }
        }
        prepared.setup.models.alarm.whenRaised { loop.cancel() }
        let result = await withTaskCancellationHandler {
            await loop.value
        } onCancel: {
            loop.cancel()
        }
        if var shown = entries[run]?.shown, let began = entries[run]?.began {
            Self.count(&shown, progress, since: began)
            entries[run]?.shown = shown
        }
        switch result {
        case .success(let summary):
            entries[run]?.shown.metrics = summary.metrics
            entries[run]?.shown.missed = Self.missed(summary, prepared)
            await end(run, .finished)
        case .failure(let error) where error.category == .interrupted:
            let why = prepared.setup.models.alarm.raised ?? Diagnostic("it was stopped", category: .interrupted)
            await end(run, .interrupted, reason: why.resumable(run).description)
        case .failure(let error): await end(run, .failed, reason: error.description)
        }
        running -= 1
        advance()
    }

    private func end(_ run: PublicID, _ state: StartedEvaluation.State, reason: String? = nil) async {
        let prepared = entries[run]?.prepared
        entries[run]?.shown.state = state
        entries[run]?.shown.reason = reason
        entries[run]?.shown.endedMilliseconds = Self.now
        entries[run]?.prepared = nil
        entries[run]?.progress = nil
        entries[run]?.work = nil
        await prepared?.setup.models.shutdown()
        if let prepared { await prepared.spans?.finish(run, prepared.store) }
    }

    /// Forgets the oldest of those that ended.
    private func forget() {
        while order.count > Self.mostRemembered,
            let old = order.firstIndex(where: { entries[$0]?.shown.state.isEnd != false })
        {
            entries[order.remove(at: old)] = nil
        }
    }

    private static func missed(_ summary: RunSummary, _ prepared: PreparedEvaluation) -> [String] {
        let request = prepared.request
        var lines = prepared.setup.report(of: summary, prepared.plan, request, experimentID: 0)
            .outcomes.compactMap(\.missedLine)
        if !request.allowance.allows(summary.errors, of: summary.rows * summary.repeats) {
            let allowed = request.allowance == .none ? "none is allowed" : "\(request.allowance) are allowed"
            lines.append("errors: \(summary.errors) of \(summary.rows) rows have an error, \(allowed)")
        }
        return lines
    }

    private static func count(
        _ shown: inout StartedEvaluation,
        _ progress: RunProgress,
        since began: ContinuousClock.Instant
    ) {
        let counts = progress.counts
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        shown.rows = counts.finished
        shown.errors = counts.errors
        shown.rowsPerSecond = seconds > 0 ? (Double(counts.finished) / seconds * 10).rounded() / 10 : 0
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
