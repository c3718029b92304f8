// From rows of assessments back to what the scorers said, in the order of the run's scorers.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// Reads the verdicts of one run's rows, one after another.
struct VerdictReader {
    private let context: RunContext
    private let query: Query

    init(_ db: Database, _ context: RunContext) throws {
        self.context = context
        query = try Query(
            db,
            """
            SELECT a.scorer, a.kind, a.value, a.rationale, a.error_code, a.error_message, a.span, a.metadata, a.name,
                n.name
            FROM assessments a JOIN names n ON n.id = a.name
            WHERE a.trace = ? AND a.scorer BETWEEN ? AND ? AND a.n >= ? AND a.n < ?
            ORDER BY a.scorer, a.n
            """
        )
    }

    /// The verdicts of a row.
    ///
    /// - Parameters:
    ///   - trace: The row's trace.
    ///   - repetition: The row's repetition.
    ///   - skipped: What the row's link has of skipped verdicts.
    ///   - failed: Whether the row could not be read or predicted, so that it may have no verdict at all.
    /// - Returns: A verdict of each scorer, nil of those that judge sessions unless one said something here; or none.
    /// - Throws: What the database has that the schema does not allow.
    func verdicts(trace: Int64, repetition: Int, skipped: JSON?, failed: Bool) throws -> [Verdict?] {
        let verdicts = try said(trace: trace, repetition: repetition, skipped: skipped)
        let missing = context.scorers.indices.count { verdicts[$0] == nil && !context.scorers[$0].judgesSessions }
        guard missing > 0 else { return verdicts }
        guard failed, verdicts.allSatisfy({ $0 == nil }) else {
            throw Damage("a row has no verdict of one of its scorers")
        }
        return []
    }

    /// What scorers of sessions said of a session's first row; nil for those that have not, and for scorers of rows.
    func sessionVerdicts(trace: Int64, repetition: Int, skipped: JSON?) throws -> [Verdict?] {
        let verdicts = try said(trace: trace, repetition: repetition, skipped: skipped)
        return zip(verdicts, context.scorers).map { $1.judgesSessions ? $0 : nil }
    }

    private func said(trace: Int64, repetition: Int, skipped: JSON?) throws -> [Verdict?] {
        var verdicts = [Verdict?](repeating: nil, count: context.scorers.count)
        try query.rows(
            .integer(trace),
            .integer(context.scorerRange.lowerBound),
            .integer(context.scorerRange.upperBound),
            .integer(RunContext.firstNumber(of: repetition)),
            .integer(RunContext.firstNumber(of: repetition + 1))
        ) { row in
            let position = Int(row.int64(0) - context.scorerRange.lowerBound)
            guard verdicts.indices.contains(position) else { throw Damage("an assessment is of no scorer of its run") }
            verdicts[position] = try adding(row, of: context.scorers[position], to: verdicts[position])
            return true
        }
        for (key, reason) in skipped?.members ?? JSON.null.members {
            guard let position = Int(String(key)), verdicts.indices.contains(position) else {
                throw Damage("a skipped verdict is of no scorer of its run")
            }
            verdicts[position] = .skipped(reason.string ?? "")
        }
        return verdicts
    }

    private func adding(_ row: QueryRow, of scorer: RunContext.Scorer, to verdict: Verdict?) throws -> Verdict {
        if !row.isNull(4) { return .errored(ScorerError(code: row.text(4), message: row.text(5))) }
        guard let value = try row.feedbackValue(kind: 1, value: 2) else { throw Damage("a feedback has no value") }
        let feedback = Feedback(
            value,
            name: row.int64(8) == scorer.nameID ? nil : String(row.text(9).dropFirst(scorer.name.count + 1)),
            rationale: row.optionalText(3),
            metadata: try row.json(7),
            spanID: row.optionalInt64(6).map { UInt64(bitPattern: $0) }
        )
        switch verdict {
        case nil: return .feedback(feedback)
        case .feedback(let first): return .feedbacks([first, feedback])
        case .feedbacks(let all): return .feedbacks(all + [feedback])
        case .errored, .skipped: throw Damage("a scorer has both a value and none")
        }
    }
}
