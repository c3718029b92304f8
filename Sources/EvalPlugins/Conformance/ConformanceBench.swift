// A fresh worker with the library in it, for one check: no damage of another check reaches this one.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// Makes scorers of one library, and gives them rows.
final class ConformanceBench: Sendable {
    let catalog: PluginCatalog
    let library: PluginLibrary
    let judge: ConformanceJudge

    private final class Lines: Sendable {
        let all = Mutex<[PluginLine]>([])
    }
    private let lines: Lines

    init(_ library: PluginLibrary, options: PluginOptions, judge: ConformanceJudge) {
        let lines = Lines()
        var options = options
        options.hear = { line in lines.all.withLock { $0.append(line) } }
        self.lines = lines
        self.library = library
        self.judge = judge
        catalog = PluginCatalog.fresh(of: library, options: options)
    }

    /// Makes a scorer.
    ///
    /// - Throws: Why it can't be made.
    func make(_ scorer: ScorerUnderTest, _ configuration: JSON? = nil) async throws(Diagnostic) -> any Scorer {
        let resolved = try scorer.descriptor.resolve(configuration ?? scorer.configuration)
        return try await catalog.make(scorer.descriptor, configuration: resolved, timeout: nil)
    }

    /// Scores rows or sessions, in batches as the loop makes them.
    ///
    /// - Parameters:
    ///   - given: Rows, or sessions.
    ///   - scorer: The scorer.
    ///   - isOver: Asked after each batch whether that is enough; the rest then has no verdict.
    /// - Returns: The verdicts, in order; nil for what a record can't have.
    func score(
        _ given: [ConformanceCase.Given],
        with scorer: any Scorer,
        until isOver: ([Verdict?]) -> Bool = { _ in false }
    ) async -> [Verdict?] {
        var verdicts: [Verdict?] = []
        var rows: [Row] = []
        var places: [Int] = []
        var bytes = 0
        for (index, one) in given.enumerated() {
            verdicts.append(nil)
            if let sessions = scorer as? any SessionScorer {
                guard let turns = try? one.rows.map(Row.init(case:)) else { continue }
                verdicts[index] = await sessions.score(session: EvalCore.Session(id: "session", turns: turns))
                if isOver(verdicts) { return verdicts }
                continue
            }
            guard let first = one.rows.first, let row = try? Row(case: first) else { continue }
            rows.append(row)
            places.append(index)
            bytes += one.byteCount
            guard rows.count == Limits.batchRows || bytes >= Limits.batchBytes || index == given.count - 1 else {
                continue
            }
            for (place, verdict) in zip(places, await scorer.score(rows)) { verdicts[place] = verdict }
            (rows, places, bytes) = ([], [], 0)
            if isOver(verdicts) { return verdicts }
        }
        if !rows.isEmpty {
            for (place, verdict) in zip(places, await scorer.score(rows)) { verdicts[place] = verdict }
        }
        return verdicts
    }

    /// Ends the workers.
    ///
    /// - Returns: What was printed, and what happened to workers.
    @discardableResult
    func end() async -> [PluginLine] {
        await catalog.endWorkers()
        return lines.all.withLock { $0 }
    }
}

extension ConformanceSubject {
    /// Gives one thing to a scorer in a fresh worker.
    ///
    /// - Returns: The verdict; nil where it can't be given.
    func verdict(_ one: ConformanceCase, sandbox: SandboxMode? = nil) async -> Verdict? {
        let judge = ConformanceJudge(one.judge.map { .scripted($0) } ?? .fitting)
        guard let scorer = scorers.first(where: { $0.name == one.scorer }),
            let bench = bench(judge: judge, { if let sandbox { $0.sandbox = sandbox } }),
            let made = try? await bench.make(scorer, one.configuration)
        else { return nil }
        let verdict = await bench.score([one.given], with: made).first ?? nil
        await bench.end()
        return verdict
    }
}

extension Verdict {
    /// What is wrong with the plugin that gave this; nil where it may say so.
    ///
    /// That it has no value for a row, and says why, is its right.
    var breach: ScorerError? {
        guard case .errored(let error) = self else { return nil }
        let fine = [
            "missing_field", "field_type", "row_too_large", "scorer_error", "judge_unscripted", "judge_refused",
            "judge_unavailable", "judge_question",
        ]
        return fine.contains(error.code) ? nil : error
    }

    /// The verdict in words.
    var words: String {
        switch self {
        case .errored(let error): return "the error \(error)"
        case .skipped(let reason): return "a skip (\(reason))"
        case .feedback, .feedbacks:
            return values.map { "\($0.name ?? "value") \($0.value.json)" }.joined(separator: ", ")
        }
    }
}
