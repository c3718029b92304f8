// Checks of how long a row takes.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let deadline = ConformanceCheck(
        "C55",
        "deadline",
        .time,
        meaning: "Every row so far, and one with a field of 1 MiB, is scored in time.",
        reason: "A row that takes longer than its deadline is an error, and costs its worker.",
        fix: "Bound the work for a row, or say an error where a text is longer than you mean to read."
    ) { subject in
        var trial = RowTrial(number: "C55")
        trial.only = ["deadline"]
        return await trial.run(subject, scorers: subject.soundScorers) { scorer in
            let maker = RowMaker(scorer)
            let text = scorer.fields.first { $0.form == .text && $0.steps != nil }
            let odd = text.map { field in OddValues.texts.map { maker.set(field, JSON($0), in: maker.plain) } } ?? []
            return odd + HugeRows.rows(scorer, one: 1 << 20, all: 64 << 10)
        }
    }

    static let growth = ConformanceCheck(
        "C56",
        "growth",
        .time,
        meaning: "A field eight times as long takes not much more than eight times as long.",
        reason: "What grows with the square of one text is quick in tests and hangs on the first long answer.",
        fix: "Look for strlen, realloc or a search from the front inside of a loop."
    ) { subject in
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        var findings: [ConformanceFinding] = []
        for scorer in subject.scorers(passing: .time) where !scorer.asksJudge {
            if let finding = await Growth(scorer: scorer, subject: subject).finding() { findings.append(finding) }
        }
        return .found(findings)
    }
}

/// Measures one scorer with one field of different lengths.
private struct Growth {
    let scorer: ScorerUnderTest
    let subject: ConformanceSubject
    private static let sizes = (64 << 10, 512 << 10)
    /// What is done sooner is too quick to be measured.
    private static let floor = Duration.milliseconds(100)
    /// Eight times as long, three times over.
    private static let factor = 24.0

    func finding() async -> ConformanceFinding? {
        guard let bench = subject.bench(), let made = try? await bench.make(scorer) else { return nil }
        let finding = await finding(bench, made)
        await bench.end()
        return finding
    }

    private func finding(_ bench: ConformanceBench, _ made: any EvalCore.Scorer) async -> ConformanceFinding? {
        let maker = RowMaker(scorer)
        for field in scorer.fields where field.form == .text && field.steps != nil {
            for (short, long) in zip(OddValues.large(Self.sizes.0), OddValues.large(Self.sizes.1)) {
                let given = scorer.given(maker.set(field, JSON(long), in: maker.plain))
                let slow = await least(given, bench, made, times: 1)
                guard slow > Self.floor else { continue }
                let quick = await least(
                    scorer.given(maker.set(field, JSON(short), in: maker.plain)),
                    bench,
                    made,
                    times: 3
                )
                // Again, since other programs run as well.
                guard slow / quick > Self.factor, await least(given, bench, made, times: 3) / quick > Self.factor else {
                    continue
                }
                let words =
                    "with 64 KiB in '\(field.path)' a row takes \(Self.words(quick)), with 512 KiB \(Self.words(slow))"
                return ConformanceFinding(.note, scorer: scorer.name, words, given: scorer.makeCase(given))
            }
        }
        return nil
    }

    private func least(
        _ given: ConformanceCase.Given,
        _ bench: ConformanceBench,
        _ made: any EvalCore.Scorer,
        times: Int
    ) async -> Duration {
        var least = Duration.seconds(3600)
        for _ in 0..<times {
            let begin = ContinuousClock.now
            _ = await bench.score([given], with: made)
            least = min(least, ContinuousClock.now - begin)
        }
        return least
    }

    private static func words(_ duration: Duration) -> String {
        duration < .seconds(1) ? "\(duration / .milliseconds(1)) ms".rounded : "\(duration / .seconds(1)) s".rounded
    }
}

extension String {
    /// The same with the number in front cut to three digits.
    fileprivate var rounded: String {
        let parts = split(separator: " ")
        guard parts.count == 2, let number = Double(parts[0]) else { return self }
        return number >= 10 ? "\(Int(number)) \(parts[1])" : "\((number * 10).rounded() / 10) \(parts[1])"
    }
}
