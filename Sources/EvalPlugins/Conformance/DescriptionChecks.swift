// Checks of what a library says of itself, and of how it does that.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON
internal import Foundation

extension ConformanceCheck {
    static let loads = ConformanceCheck(
        "C10",
        "loads",
        .description,
        meaning: "It can be loaded in time, and its description keeps every bound.",
        reason: "A library that can't be read can't be used.",
        fix: "Constructors and the entry only describe; what a description may say stands in evalhost/scorer.h."
    ) { subject in
        if subject.fileProblem != nil { return .skipped("its file can't be used") }
        guard let problem = subject.loadProblem else { return .found([]) }
        if problem.isOfLoader { return .skipped("a library that it needs is missing") }
        return .found([ConformanceFinding(problem.message, help: problem.help)])
    }

    static let sameDescription = aboutLibrary(
        "C11",
        "same-description",
        meaning: "It describes itself the same way in every process.",
        reason: "What it says is kept: users would see scorers and settings that aren't there.",
        fix: "Make the description a constant; what depends on the machine belongs into create."
    ) { subject, library in
        // A manifest describes its function itself: no process is asked.
        guard library.bound == nil, let bench = subject.bench() else { return [] }
        var findings: [ConformanceFinding] = []
        do throws(Diagnostic) {
            let workers = try bench.catalog.workers(of: library)
            for _ in 0..<2 where findings.isEmpty {
                if try await workers.describe() != library.description {
                    findings.append(ConformanceFinding("in another process it describes itself otherwise"))
                }
            }
        } catch {
            findings.append(ConformanceFinding("in another process it can't be read: \(error.message)"))
        }
        await bench.end()
        return findings
    }

    static let quietLoading = aboutLibrary(
        "C12",
        "quiet-loading",
        meaning: "While it is loaded it prints nothing and starts no thread.",
        reason: "It is loaded also where nobody uses it, and a thread that runs beside the loader may hang it.",
        fix: "Put work into create, and lines for people into evalhost.log."
    ) { subject, library in
        var findings: [ConformanceFinding] = []
        guard let bench = subject.bench() else { return [] }
        var threads: Int?
        if let workers = try? bench.catalog.workers(of: library), (try? await workers.describe()) != nil {
            threads = await workers.measure()?.threads
        }
        let lines = await bench.end()
        if let line = (subject.loadingLines + lines).first(where: \.isPlugins) {
            findings.append(ConformanceFinding("it prints while it is loaded: \(line.text.prefix(80))"))
        }
        // The worker's own: the main one, one that serves, and one that watches.
        if let threads, threads > 3 {
            findings.append(ConformanceFinding("threads that it starts while it is loaded: \(threads - 3)"))
        }
        return findings
    }

    static let helpTexts = aboutLibrary(
        "C13",
        "help-texts",
        meaning: "Each scorer and setting has one line of help.",
        reason: "It is all that users see of it in `scorers list`, `scorers show` and in forms.",
        fix: "Set `.help` (in Swift the `help:` of About)."
    ) { _, library in
        var findings: [ConformanceFinding] = []
        for scorer in library.description.scorers {
            let texts = [("the scorer", scorer.value.help)] + scorer.settings.map { ("'\($0.key)'", $0.help) }
            for (what, help) in texts {
                if help.allSatisfy(\.isWhitespace) {
                    findings.append(ConformanceFinding(.note, scorer: scorer.name, "\(what) has no help"))
                } else if help.contains("\n") {
                    findings.append(
                        ConformanceFinding(.note, scorer: scorer.name, "the help of \(what) has more than a line")
                    )
                }
            }
        }
        return findings
    }

    static let version = aboutLibrary(
        "C14",
        "version",
        meaning: "Its version is of the form 1.2.3, its licence, if it names one, an SPDX expression.",
        reason: "Runs are compared by the version of what scored them, and tools read licences.",
        fix: "Write `\"1.0.0\"`; a licence is spelled `MIT` or `Apache-2.0 OR MIT`."
    ) { _, library in
        var findings: [ConformanceFinding] = []
        let version = library.description.version
        let core = version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        if core.count != 3 || !core.allSatisfy({ Int($0) != nil && !$0.hasPrefix("+") }) {
            findings.append(ConformanceFinding(.note, "its version is '\(version)'"))
        }
        let licence = library.description.licence
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-.+() "))
        let words = licence.split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "()")) }
        // Two names need OR, AND or WITH between them.
        let isExpression =
            licence.unicodeScalars.allSatisfy(allowed.contains)
            && words.enumerated().allSatisfy { ["OR", "AND", "WITH"].contains($0.element) == ($0.offset % 2 == 1) }
        if !licence.isEmpty, !isExpression {
            findings.append(ConformanceFinding(.note, "its licence is '\(licence.prefix(60))'"))
        }
        return findings
    }

    static let plausibleValues = aboutLibrary(
        "C15",
        "plausible-values",
        meaning: "Range, rule of passing, direction and unit fit the kind of the value.",
        reason: "A rule that no value can meet, or that all meet, makes a pass rate that means nothing.",
        fix: "Compare `.pass`, `.direction` and `.unit` with `.value`."
    ) { _, library in
        library.description.scorers.flatMap { scorer in
            ([scorer.value] + scorer.feedbacks)
                .flatMap { value in
                    ValuePlausibility(value).problems
                        .map { ConformanceFinding(scorer: scorer.name, "\(value.name): \($0)") }
                }
        }
    }

    static let defaults = ConformanceCheck(
        "C16",
        "defaults",
        .description,
        meaning: "A scorer can be made with its defaults; where settings are required, with those of a case.",
        reason: "`--plugins DIR` runs every scorer whose settings have defaults.",
        fix: "Let create take every default, or give the setting none, which makes it required."
    ) { subject in
        guard let bench = subject.bench() else { return .skipped("it can't be loaded") }
        var findings: [ConformanceFinding] = []
        for scorer in subject.scorers {
            do throws(Diagnostic) {
                _ = try await bench.make(scorer)
            } catch {
                // With values of its own invention for required settings nobody can ask for more.
                let isInvented = !scorer.descriptor.hasDefaults && scorer.cases.isEmpty
                let words = "it can't be made with \(scorer.configuration.serialized): \(error.message)"
                findings.append(ConformanceFinding(isInvented ? .note : .failure, scorer: scorer.name, words))
            }
        }
        await bench.end()
        return .found(findings)
    }

    /// A check of a library that could be loaded.
    private static func aboutLibrary(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ look: @escaping @Sendable (ConformanceSubject, PluginLibrary) async -> [ConformanceFinding]
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .description, meaning: meaning, reason: reason, fix: fix) { subject in
            guard let library = subject.library else { return .skipped("it can't be loaded") }
            return .found(await look(subject, library))
        }
    }
}

/// Whether what is said of a value goes together.
private struct ValuePlausibility {
    let value: PluginDescription.Value
    let isNumeric: Bool

    init(_ value: PluginDescription.Value) {
        self.value = value
        isNumeric = [EVALHOST_KIND_NUMBER, EVALHOST_KIND_INTEGER].contains(value.kind)
    }

    var problems: [String] {
        var problems: [String] = []
        if let least = value.minimum, let greatest = value.maximum, least == greatest {
            problems.append("its range has one value, \(JSON(least))")
        }
        if !isNumeric, value.minimum != nil || value.maximum != nil {
            problems.append("it has a range, and is no number")
        }
        if !isNumeric, !value.unit.isEmpty { problems.append("it has the unit '\(value.unit)', and is no number") }
        let isOrdered = isNumeric || value.kind == EVALHOST_KIND_BOOLEAN || value.kind == EVALHOST_KIND_LABEL
        if !isOrdered, value.direction != EVALHOST_DIRECTION_NONE {
            problems.append("it has a direction, and no order")
        }
        return problems + passProblems
    }

    private var passProblems: [String] {
        guard !value.pass.isEmpty else { return [] }
        let rule = value.pass
        if rule == "yes" {
            return value.kind == EVALHOST_KIND_BOOLEAN || value.labels.contains("yes")
                ? [] : ["it passes at `yes`, which it never says"]
        }
        if let first = rule.first, "<>=!".contains(first) {
            guard isNumeric else { return ["it passes at `\(rule)`, and is no number"] }
            let bound = Double(rule.drop { "<>=! ".contains($0) }) ?? .nan
            if bound < value.minimum ?? -.infinity || bound > value.maximum ?? .infinity {
                return ["it passes at `\(rule)`, which lies outside of its range"]
            }
            return []
        }
        let unknown = rule.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !value.labels.contains($0) }
        return value.kind == EVALHOST_KIND_TEXT
            ? [] : unknown.map { "it passes at `\($0)`, which is none of its labels" }
    }
}
