// Every scorer of rows judges every row. A scorer's mistake is an error on its rows, never the end of the run.

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
            let verdicts: [Verdict?]
            if let failure = predicted.failure {
                verdicts = scorers.map { $0.judgesSessions ? nil : .errored(failure) }
            } else {
                verdicts = columns.map { $0?[position] }
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
                cluster: predicted.candidate.cluster,
                sessionID: record?.sessionID.map { String($0) },
                turnTime: predicted.candidate.trace?.requestTimeMilliseconds ?? 0
            )
        }
    }

    /// Each scorer's verdicts about all rows; nil for those that judge sessions.
    func columns(for rows: [Row]) async -> [[Verdict]?] {
        var columns: [[Verdict]?] = scorers.map { $0.judgesSessions ? nil : [] }
        if rows.isEmpty { return columns }
        let asked = scorers.enumerated().filter { !$0.element.judgesSessions }
        guard asked.contains(where: { $0.element.scorer.isSlow }) else {
            for (index, scorer) in asked {
                columns[index] = await timed(scorer, rows.count) { await scorer.verdicts(for: rows) }
            }
            return columns
        }
        if asked.count == 1, let (index, scorer) = asked.first {
            columns[index] = await timed(scorer, rows.count) { await verdicts(of: scorer, for: rows) }
            return columns
        }
        return await withTaskGroup(of: (Int, [Verdict]).self) { group in
            for (index, scorer) in asked {
                group.addTask {
                    (index, await timed(scorer, rows.count) { await verdicts(of: scorer, for: rows) })
                }
            }
            var columns = columns
            for await (index, column) in group { columns[index] = column }
            return columns
        }
    }

    private func timed(
        _ scorer: ScorerInstance,
        _ count: Int,
        _ judge: () async -> [Verdict]
    ) async -> [Verdict] {
        guard let progress else { return await judge() }
        let start = ContinuousClock.now
        let verdicts = await judge()
        progress.judged(count, by: scorer.name, in: .now - start)
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
        var verdicts = reads.isEmpty ? await scorer.score(rows) : await boundVerdicts(for: rows)
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

    /// The verdicts about rows whose fields stand elsewhere.
    private func boundVerdicts(for rows: [Row]) async -> [Verdict] {
        var bound: [Row] = []
        var refused: [Int: ScorerError] = [:]
        for (index, row) in rows.enumerated() {
            do throws(ScorerError) {
                bound.append(try row.bound(reads))
            } catch {
                refused[index] = error
            }
        }
        var given = (bound.isEmpty ? [] : await scorer.score(bound)).makeIterator()
        return rows.indices.compactMap { index in refused[index].map(Verdict.errored) ?? given.next() }
    }
}
