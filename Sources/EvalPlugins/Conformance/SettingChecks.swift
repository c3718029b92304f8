// Checks of settings: what may be set is taken, what isn't is refused by name, and nothing of it crashes.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let settingEdges = aboutSettings(
        "C30",
        "setting-edges",
        meaning: "Each setting may be at its minimum, at its maximum, and each of its choices.",
        reason: "Bounds and choices are shown to users, and the host lets them through.",
        fix: "Narrow the bounds to what create takes, or take what they say."
    ) { trial in
        await trial.run { variant, outcome in
            switch outcome {
            case .refused(let words, _) where variant.isDeclared: "it refuses what it declares: \(words)"
            case .broken(let words) where variant.isDeclared: words
            default: nil
            }
        }
    }

    static let freeSettings = aboutSettings(
        "C31",
        "free-settings",
        meaning: "Settings without bounds are taken or refused, whatever they are, without a crash.",
        reason: "Users set texts that are empty, huge or have NUL in them, and numbers that are none of a kind.",
        fix: "Check settings in create, and refuse with evalhost_reject what you can't use."
    ) { trial in
        await trial.run { variant, outcome in
            guard !variant.isDeclared, case .broken(let words) = outcome else { return nil }
            return words
        }
    }

    static let namedSetting = aboutSettings(
        "C32",
        "named-setting",
        meaning: "A refusal says which setting is at fault.",
        reason: "The host then shows file, line and column of it.",
        fix: "Give evalhost_reject the setting's index, and -1 only where none is at fault."
    ) { trial in
        await trial.run { variant, outcome in
            guard case .refused(let words, let named) = outcome, named != variant.setting else { return nil }
            return named.map { "it blames '\($0)' for '\(variant.setting)': \(words)" }
                ?? "it refuses without naming a setting: \(words)"
        }
    }

    private static func aboutSettings(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ look: @escaping @Sendable (SettingTrial) async -> [ConformanceFinding]
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .settings, meaning: meaning, reason: reason, fix: fix) { subject in
            guard subject.library != nil else { return .skipped("it can't be loaded") }
            let scorers = subject.soundScorers.filter { !$0.scorer.settings.isEmpty }
            guard !scorers.isEmpty else { return .skipped("no scorer of it has settings, or none works at all") }
            var findings: [ConformanceFinding] = []
            for scorer in scorers { findings += await look(SettingTrial(scorer: scorer, subject: subject)) }
            return .found(findings)
        }
    }
}

/// Makes one scorer with each variant of its settings.
struct SettingTrial: Sendable {
    let scorer: ScorerUnderTest
    let subject: ConformanceSubject

    enum Outcome {
        case fine
        /// `create` refused, and the setting that it blamed.
        case refused(String, named: String?)
        /// It crashed, hung, or broke on a plain row.
        case broken(String)
        /// The host wouldn't have it.
        case notGiven
    }

    /// Tries the variants.
    ///
    /// - Parameter problem: What is wrong with an outcome, if anything is.
    /// - Returns: One finding for each setting at fault.
    func run(_ problem: (SettingVariant, Outcome) -> String?) async -> [ConformanceFinding] {
        await run(SettingVariants.all(scorer), problem)
    }

    func run(
        _ variants: [SettingVariant],
        _ problem: (SettingVariant, Outcome) -> String?
    ) async -> [ConformanceFinding] {
        var findings: [ConformanceFinding] = []
        var told: Set<String> = []
        var bench = subject.bench()
        for variant in variants where !told.contains(variant.setting) {
            guard let current = bench else { break }
            let outcome = await outcome(variant, current)
            if case .broken = outcome {
                await current.end()
                bench = subject.bench()
            }
            guard let words = problem(variant, outcome) else { continue }
            told.insert(variant.setting)
            var one = scorer.makeCase(scorer.given(RowMaker(scorer).plain))
            one.configuration = variant.configuration
            let value = ConformanceCase.shown(variant.configuration[variant.setting] ?? .null)
            findings.append(
                ConformanceFinding(scorer: scorer.name, "'\(variant.setting)' is \(value): \(words)", given: one)
            )
        }
        await bench?.end()
        return findings
    }

    private func outcome(_ variant: SettingVariant, _ bench: ConformanceBench) async -> Outcome {
        guard (try? scorer.descriptor.resolve(variant.configuration)) != nil else { return .notGiven }
        let made: any EvalCore.Scorer
        do throws(Diagnostic) {
            made = try await bench.make(scorer, variant.configuration)
        } catch {
            let isFault = error.message.contains(": making an instance failed: ")
            return isFault ? .broken(error.message) : .refused(error.message, named: error.setting)
        }
        let maker = RowMaker(scorer)
        let given = (0..<2).map { scorer.given(maker.made($0)) }
        let breach = await bench.score(given, with: made).lazy.compactMap { $0?.breach }.first
        return breach.map { .broken($0.description) } ?? .fine
    }
}

extension ConformanceCase {
    /// A value, short enough to be shown.
    static func shown(_ value: JSON) -> String {
        let text = value.serialized
        return text.utf8.count <= 80 ? text : "\(text.prefix(60))… (\(text.utf8.count) bytes)"
    }
}
