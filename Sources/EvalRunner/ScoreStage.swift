// Every scorer judges every row. A scorer's mistake is an error on its rows, never the end of the run.

public import EvalCore
internal import EvalJSON

/// Lets the scorers judge.
struct ScoreStage: Sendable {
    let scorers: [ScorerInstance]
    /// How long a scorer that waits on something may take for its rows.
    var timeout = Limits.row
    /// Told how long scorers take.
    var progress: RunProgress?

    func score(_ predicted: [PredictedRow]) async -> [FinishedRow] {
        let rows = predicted.compactMap(\.row)
        let columns = await columns(for: rows)
        var position = 0
        return predicted.map { predicted in
            let verdicts: [Verdict]
            if let failure = predicted.failure {
                verdicts = scorers.map { _ in .errored(failure) }
            } else {
                verdicts = columns.map { $0[position] }
                position += 1
            }
            let record = try? predicted.candidate.record.get()
            return FinishedRow(
                ordinal: predicted.candidate.ordinal,
                repetition: predicted.candidate.repetition,
                recordID: record?.id,
                recordDigest: predicted.candidate.recordDigest,
                inputDigest: predicted.candidate.inputDigest,
                expectations: record?.expectations,
                trace: predicted.trace,
                verdicts: verdicts,
                failure: predicted.failure,
                cluster: predicted.candidate.cluster
            )
        }
    }

    /// Each scorer's verdicts about all rows.
    func columns(for rows: [Row]) async -> [[Verdict]] {
        if rows.isEmpty { return scorers.map { _ in [] } }
        guard scorers.contains(where: { $0.scorer.isSlow }) else {
            var columns: [[Verdict]] = []
            for scorer in scorers { columns.append(await timed(scorer, rows) { await scorer.verdicts(for: rows) }) }
            return columns
        }
        return await withTaskGroup(of: (Int, [Verdict]).self) { group in
            for (index, scorer) in scorers.enumerated() {
                group.addTask {
                    (index, await timed(scorer, rows) { await verdicts(of: scorer, for: rows) })
                }
            }
            var columns = scorers.map { _ in [Verdict]() }
            for await (index, column) in group { columns[index] = column }
            return columns
        }
    }

    private func timed(
        _ scorer: ScorerInstance,
        _ rows: [Row],
        _ judge: () async -> [Verdict]
    ) async -> [Verdict] {
        guard let progress else { return await judge() }
        let start = ContinuousClock.now
        let verdicts = await judge()
        progress.judged(rows.count, by: scorer.name, in: .now - start)
        return verdicts
    }

    /// The verdicts of a scorer, or its rows' errors when it is still waiting at the deadline.
    private func verdicts(of scorer: ScorerInstance, for rows: [Row]) async -> [Verdict] {
        guard scorer.scorer.isSlow else { return await scorer.verdicts(for: rows) }
        do {
            return try await withDeadline(timeout) { await scorer.verdicts(for: rows) }
        } catch {
            let error = ScorerError(code: "deadline", message: "no answer within \(timeout)")
            return rows.map { _ in .errored(error) }
        }
    }
}

extension ScorerInstance {
    /// The verdicts about rows under this instance's rules: as many as rows, whatever the scorer gives.
    public func verdicts(for rows: [Row]) async -> [Verdict] {
        var verdicts = await scorer.score(rows)
        guard verdicts.count == rows.count else {
            let error = ScorerError(
                code: "scorer_fault",
                message: "the scorer gave \(verdicts.count) verdicts about \(rows.count) rows"
            )
            return rows.map { _ in .errored(error) }
        }
        guard onMissing == .skip else { return verdicts }
        for (index, verdict) in verdicts.enumerated() {
            if case .errored(let error) = verdict, error.code == "missing_field" {
                verdicts[index] = .skipped(error.message)
            }
        }
        return verdicts
    }
}
