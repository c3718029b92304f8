// Checks of scorers that say that the same row gives the same answer.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let sameAgain = aboutAnswers(
        "C40",
        "same-again",
        meaning: "An instance that is given a row twice, one right after the other, answers the same.",
        reason: "It says EVALHOST_DETERMINISTIC.",
        fix: "Draw no random numbers and look at no clock, or don't say that it is deterministic."
    ) { trial in
        let rows = trial.rows
        let twice = await trial.answers(rows.flatMap { [$0, $0] })
        return trial.difference(
            stride(from: 0, to: twice.count - 1, by: 2).map { twice[$0] },
            stride(from: 1, to: twice.count, by: 2).map { twice[$0] },
            "given once more, it answers",
            before: { [rows[$0]] }
        )
    }

    static let sameOrder = aboutAnswers(
        "C41",
        "same-order",
        meaning: "What came before a row doesn't change its answer.",
        reason: "Rows come in any order, to any instance; a resumed run begins in the middle.",
        fix: "Keep nothing of a row in the instance or in statics; clear buffers before each."
    ) { trial in
        let rows = trial.rows
        let forward = await trial.answers(rows)
        let backward = Array(await trial.answers(rows.reversed()).reversed())
        let inOtherOrder = trial.difference(forward, backward, "in another order it answers") { place in
            Array(rows[(place + 1)...].reversed())
        }
        if let inOtherOrder { return inOtherOrder }
        let odd = trial.oddRows
        guard !odd.isEmpty else { return nil }
        let mixed = await trial.answers(rows.enumerated().flatMap { [odd[$0.offset % odd.count], $0.element] })
        let after = stride(from: 1, to: mixed.count, by: 2).map { mixed[$0] }
        return trial.difference(forward, after, "after other rows it answers") { place in
            (0..<place).flatMap { [odd[$0 % odd.count], rows[$0]] } + [odd[place % odd.count]]
        }
    }

    static let sameProcess = aboutAnswers(
        "C42",
        "same-process",
        meaning: "Another instance in another process answers the same.",
        reason: "Runs are compared with each other, and addresses, hashes and times differ between processes.",
        fix: "Order by content, never by address or by a hash with a seed."
    ) { trial in
        let rows = trial.rows
        let first = await trial.answers(rows)
        for _ in 0..<2 {
            if let found = trial.difference(first, await trial.answers(rows), "in another process it answers") {
                return found
            }
        }
        return nil
    }

    private static func aboutAnswers(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ look: @escaping @Sendable (AnswerTrial) async -> ConformanceFinding?
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .determinism, meaning: meaning, reason: reason, fix: fix) { subject in
            guard subject.library != nil else { return .skipped("it can't be loaded") }
            let scorers = subject.soundScorers.filter(\.isDeterministic)
            guard !scorers.isEmpty else { return .skipped("no scorer of it says that it is deterministic") }
            var findings: [ConformanceFinding] = []
            for scorer in scorers {
                if let finding = await look(AnswerTrial(scorer: scorer, subject: subject)) { findings.append(finding) }
            }
            return .found(findings)
        }
    }
}

/// Compares the answers of one scorer.
struct AnswerTrial: Sendable {
    let scorer: ScorerUnderTest
    let subject: ConformanceSubject

    var rows: [JSON] { RowMaker(scorer).ordinary }

    var oddRows: [JSON] {
        let maker = RowMaker(scorer)
        let field = scorer.fields.first { $0.form == .text && $0.steps != nil }
        return field.map { field in OddValues.texts.map { maker.set(field, JSON($0), in: maker.plain) } } ?? []
    }

    /// The answers of a fresh instance in a fresh process.
    func answers(_ rows: [JSON]) async -> [Verdict?] {
        guard let bench = subject.bench(), let made = try? await bench.make(scorer) else { return [] }
        let verdicts = await bench.score(rows.map { scorer.given($0) }, with: made)
        await bench.end()
        return verdicts
    }

    /// The first difference of answers to the rows.
    ///
    /// - Parameters:
    ///   - one: The answers as they should be.
    ///   - other: The answers that came otherwise.
    ///   - words: How they came.
    ///   - before: The rows that were given before a place.
    /// - Returns: The finding; nil if there is no difference.
    func difference(
        _ one: [Verdict?],
        _ other: [Verdict?],
        _ words: String,
        before: (Int) -> [JSON] = { _ in [] }
    ) -> ConformanceFinding? {
        for (index, (left, right)) in zip(one, other).enumerated() {
            // What fails is another check's.
            guard let left, let right, left.breach == nil, right.breach == nil, left != right else { continue }
            var given = scorer.makeCase(scorer.given(rows[index]))
            given.found = "first \(left.words), then \(right.words)"
            let message = "\(words) \(right.words) instead of \(left.words)"
            var finding = ConformanceFinding(scorer: scorer.name, message, given: given)
            finding.before = before(index).suffix(100).map { scorer.makeCase(scorer.given($0)) }
            return finding
        }
        return nil
    }
}
