// How a program's evaluation is put together: the door chooses the implementations.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalJudges
internal import EvalModels
internal import EvalPlugins
internal import EvalRunner
internal import EvalStore
internal import EvalWire
internal import Foundation

/// An evaluation that is about to begin.
struct EvaluationStart {
    let data: EvaluationData
    let judge: JudgeSettings
    let store: String
    let experiment: String
    let runName: String?

    /// Evaluates.
    func run(
        _ scorers: [any Scorer],
        predictor: (any Predictor)?,
        concurrency: Int,
        repeats: Int
    ) async throws -> EvaluationResult {
        let source = try await source()
        try StoreFolder.prepare(for: store)
        let store = try SQLiteStore(path: store)
        let id = PublicID.make()
        let alarm = RunAlarm()
        let journal = SQLiteReplyJournal(store)
        let hub = judge.hub(run: id, journal: journal, concurrency: concurrency) { alarm.raise($0) }
        let instances = try await Self.instances(scorers, hub)
        let plan = plan(id, instances, source, repeats)
        var options = Evaluation.Options()
        options.concurrency = concurrency
        options.stops = { alarm.raised != nil }
        let evaluation = Evaluation(
            plan,
            source: source,
            predictor: predictor,
            store: store,
            traces: MLflowTraceReader(),
            options: options
        )
        let task = Task { try await evaluation.run() }
        alarm.whenRaised { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        await hub.shutdown()
        if case .failure = result, let why = alarm.raised { throw why }
        return EvaluationResult(id, try result.get())
    }

    /// Scorers as the run uses them: judges learn whom they ask.
    private static func instances(_ scorers: [any Scorer], _ models: ModelHub) async throws -> [ScorerInstance] {
        var instances: [ScorerInstance] = []
        for scorer in scorers {
            let instance: ScorerInstance
            if let plugin = scorer as? Plugin {
                instance = plugin.instance
            } else if let judge = scorer as? any UnboundJudge {
                instance = ScorerInstance(try await judge.bound(to: models))
            } else {
                instance = ScorerInstance(scorer)
            }
            if instances.contains(where: { $0.name == instance.name }) {
                throw Diagnostic("two scorers are called '\(instance.name)'")
            }
            instances.append(instance)
        }
        guard !instances.isEmpty else { throw Diagnostic("there is no scorer") }
        return instances
    }

    private func source() async throws -> any RowSource {
        let shape = RowShape(traces: MLflowTraceReader())
        switch data {
        case .jsonl(let path): return try JSONLinesSource(path: path, shape: shape)
        case .json(let path): return try await JSONSource(path: path, shape: shape)
        case .file(let path): return try await DataFile.open(path, shape: shape)
        case .records(let records): return RecordSource(records)
        }
    }

    private func plan(
        _ id: PublicID,
        _ instances: [ScorerInstance],
        _ source: any RowSource,
        _ repeats: Int
    ) -> RunPlan {
        RunPlan(
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
    }
}

extension EvaluationResult {
    /// The numbers of a run.
    fileprivate init(_ run: PublicID, _ summary: RunSummary) {
        func byName<Value>(_ value: (Metric) -> Value?) -> [String: Value] {
            let pairs = summary.metrics.compactMap { metric in value(metric).map { (metric.name, $0) } }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
        self.init(
            runID: run,
            rows: summary.rows,
            errors: summary.errors,
            metrics: byName(\.value),
            intervals: byName(\.interval),
            accounts: Dictionary(
                summary.accounts.map { ($0.scorer, $0.account) },
                uniquingKeysWith: { first, _ in first }
            ),
            judges: summary.judges
        )
    }
}
