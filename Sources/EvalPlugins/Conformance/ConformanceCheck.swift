// One check of the validator of plugins: its number, what it means, and how it is made.

/// A check of a plugin's library.
public struct ConformanceCheck: Sendable {
    /// What checks have in common.
    public enum Group: String, Sendable, CaseIterable {
        case file, description, rows, settings, determinism, memory, time, threads, sessions, judge, fuzz
    }

    /// Its number, which never changes: `C03`.
    public let number: String
    /// A word or two.
    public let name: String
    /// What it belongs to.
    public let group: Group
    /// What holds if it passes.
    public let meaning: String
    /// Why that matters.
    public let reason: String
    /// What to do where it doesn't hold.
    public let fix: String
    /// Whether what it found is found again by giving it again: not what depends on threads, or on the clock.
    public var isReplayable: Bool { group != .threads && number != Self.growth.number }
    let run: @Sendable (ConformanceSubject) async -> ConformanceOutcome

    init(
        _ number: String,
        _ name: String,
        _ group: Group,
        meaning: String,
        reason: String,
        fix: String,
        run: @escaping @Sendable (ConformanceSubject) async -> ConformanceOutcome
    ) {
        self.number = number
        self.name = name
        self.group = group
        self.meaning = meaning
        self.reason = reason
        self.fix = fix
        self.run = run
    }

    /// Every check, in the order in which they are made.
    public static let all: [ConformanceCheck] = [
        file, swiftRuntime, searchPath, glibc, executableStack, textRelocations, exports, neededLibraries,
        loads, sameDescription, quietLoading, helpTexts, version, plausibleValues, defaults,
        ordinaryRows, emptyFields, missingFields, oddTexts, hugeFields, extremeNumbers, oddJSON, spans, systemCalls,
        settingEdges, freeSettings, namedSetting,
        sameAgain, sameOrder, sameProcess,
        rowLeak, instanceLeak, destroy,
        deadline, growth,
        sharedInstance,
        sessionLengths, sparseTurns,
        judgeReplies, judgeErrors, oddJudge,
        fuzzRows, fuzzSettings,
    ]

    /// The table of all checks in Markdown, as the documentation has it.
    public static var table: String {
        let rows = all.map {
            "| \($0.number) | \($0.name) | \($0.group.rawValue) | \($0.meaning) | \($0.reason) | \($0.fix) |"
        }
        let head = [
            "| number | check | group | what holds if it passes | why it matters | what to do where it doesn't |",
            "|---|---|---|---|---|---|",
        ]
        return (head + rows).joined(separator: "\n")
    }
}

/// What a check found.
public struct ConformanceFinding: Sendable {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// Worth knowing; a failure where strictness is asked for.
        case note
        /// The library breaks its contract.
        case failure
    }

    /// How much it matters.
    public var severity: Severity
    /// The scorer, if it is about one.
    public var scorer: String?
    /// What came.
    public var message: String
    /// What to do, where the check's own advice can be more exact.
    public var help: String?
    /// What was given, to be given again.
    public var given: ConformanceCase?
    /// What was given before, where that matters.
    public var before: [ConformanceCase] = []
    /// The file with what was given, once it is written.
    public var reproducer: String?

    init(
        _ severity: Severity,
        scorer: String? = nil,
        _ message: String,
        help: String? = nil,
        given: ConformanceCase? = nil
    ) {
        self.severity = severity
        self.scorer = scorer
        self.message = message
        self.help = help
        self.given = given
    }

    init(scorer: String? = nil, _ message: String, help: String? = nil, given: ConformanceCase? = nil) {
        self.init(.failure, scorer: scorer, message, help: help, given: given)
    }
}

/// How a check ended.
enum ConformanceOutcome: Sendable {
    /// It was made; nothing found is a pass.
    case found([ConformanceFinding])
    /// There was nothing to check, and why.
    case skipped(String)
}

/// What came of a check.
public struct ConformanceResult: Sendable {
    /// In one word.
    public enum Status: String, Sendable {
        case passed = "ok"
        case note
        case failed
        case skipped
    }

    /// The check.
    public let check: ConformanceCheck
    /// In one word.
    public let status: Status
    /// What it found.
    public var findings: [ConformanceFinding]
    /// Why it wasn't made.
    public let reason: String?
    /// How long it took.
    public let duration: Duration

    init(_ check: ConformanceCheck, _ outcome: ConformanceOutcome, duration: Duration) {
        self.check = check
        self.duration = duration
        switch outcome {
        case .found(let findings):
            self.findings = findings
            reason = nil
            status =
                findings.contains { $0.severity == .failure } ? .failed : findings.isEmpty ? .passed : .note
        case .skipped(let words):
            findings = []
            reason = words
            status = .skipped
        }
    }
}
