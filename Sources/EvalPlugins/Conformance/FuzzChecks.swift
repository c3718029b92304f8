// Checks with rows and settings that are made up from a seed.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let fuzzRows = ConformanceCheck(
        "C80",
        "made-up-rows",
        .fuzz,
        meaning: "Rows that are made up from a seed do no harm; `--fuzz SECONDS` makes more of them.",
        reason: "Nobody thinks of everything.",
        fix: "Replay the row, which was made as small as possible."
    ) { subject in
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        let scorers = untold(subject)
        guard !scorers.isEmpty else { return .skipped("no scorer of it has passed the checks of rows") }
        var findings: [ConformanceFinding] = []
        var trial = RowTrial(number: "C80")
        trial.ignored = ["sandbox_denied"]
        for scorer in scorers {
            var mutator = Mutator(scorer, subject.generator("C80", scorer.name))
            let end = ContinuousClock.now + subject.options.fuzz / 2 / scorers.count
            repeat {
                let given = (0..<(scorer.scoresSessions ? 60 : 250)).map { _ in mutator.given() }
                guard let finding = await trial.trial(scorer, given, subject) else { continue }
                findings.append(finding)
                break
            } while ContinuousClock.now < end
        }
        return .found(findings)
    }

    static let fuzzSettings = ConformanceCheck(
        "C81",
        "made-up-settings",
        .fuzz,
        meaning: "Settings that are made up from a seed, within what is declared, do no harm.",
        reason: "Two settings may do together what neither does alone.",
        fix: "Refuse in create what doesn't go together."
    ) { subject in
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        let passing = Set(subject.scorers(passing: .settings).map(\.name))
        let scorers = untold(subject).filter { !$0.scorer.settings.isEmpty && passing.contains($0.name) }
        guard !scorers.isEmpty else { return .skipped("no scorer of it has settings and passed the checks of them") }
        var findings: [ConformanceFinding] = []
        for scorer in scorers {
            var mutator = Mutator(scorer, subject.generator("C81", scorer.name))
            let end = ContinuousClock.now + subject.options.fuzz / 2 / scorers.count
            repeat {
                let variants = (0..<40)
                    .map { _ in
                        SettingVariant(
                            setting: "configuration",
                            configuration: mutator.configuration(),
                            isDeclared: false
                        )
                    }
                findings += await SettingTrial(scorer: scorer, subject: subject)
                    .run(variants) { _, outcome in
                        if case .broken(let words) = outcome { words } else { nil }
                    }
            } while ContinuousClock.now < end && findings.isEmpty
        }
        return .found(findings)
    }

    /// The scorers of which the other checks have nothing to tell.
    private static func untold(_ subject: ConformanceSubject) -> [ScorerUnderTest] {
        let groups: [Group] = [.rows, .time, .sessions, .judge]
        let names = groups.map { Set(subject.scorers(passing: $0).map(\.name)) }
        return subject.soundScorers.filter { scorer in names.allSatisfy { $0.contains(scorer.name) } }
    }
}
