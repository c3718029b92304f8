// Gives rows to the scorers of a library, and tells the first that breaks the contract.

internal import EvalCore
internal import EvalJSON

/// A check that makes rows for each scorer, and looks at what comes back.
struct RowTrial: Sendable {
    let number: String
    /// The codes of errors that are another check's.
    var ignored: Set<String> = ["deadline", "sandbox_denied"]
    /// The only codes that are this one's; nil: all others.
    var only: Set<String>?
    var sandbox: SandboxMode?
    /// What the judge does.
    var manner = ConformanceJudge.Manner.fitting

    /// What is wrong with a verdict.
    func breach(_ verdict: Verdict?) -> ScorerError? {
        guard let error = verdict?.breach else { return nil }
        if let only { return only.contains(error.code) ? error : nil }
        return ignored.contains(error.code) ? nil : error
    }

    /// Tries the rows of each scorer.
    func run(
        _ subject: ConformanceSubject,
        scorers: [ScorerUnderTest],
        rows: (ScorerUnderTest) -> [JSON]
    ) async -> ConformanceOutcome {
        await run(subject, scorers: scorers) { scorer in rows(scorer).map { scorer.given($0) } }
    }

    /// The same with sessions, or whatever else is given.
    func run(
        _ subject: ConformanceSubject,
        scorers: [ScorerUnderTest],
        given: (ScorerUnderTest) -> [ConformanceCase.Given]
    ) async -> ConformanceOutcome {
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        guard !scorers.isEmpty else { return .skipped("no scorer of it is concerned, or none works at all") }
        var findings: [ConformanceFinding] = []
        var count = 0
        for scorer in scorers {
            let given = given(scorer)
            count += given.count
            if let finding = await trial(scorer, given, subject) { findings.append(finding) }
        }
        return count == 0 ? .skipped("no field of its scorers is of that kind") : .found(findings)
    }

    /// Gives things to one scorer in a fresh worker.
    func trial(
        _ scorer: ScorerUnderTest,
        _ given: [ConformanceCase.Given],
        configuration: JSON? = nil,
        _ subject: ConformanceSubject
    ) async -> ConformanceFinding? {
        let judge = ConformanceJudge(manner)
        guard let bench = subject.bench(judge: judge, { if let sandbox { $0.sandbox = sandbox } }),
            let made = try? await bench.make(scorer, configuration)
        else { return nil }
        let verdicts = await bench.score(given, with: made) { verdicts in
            verdicts.contains { breach($0) != nil }
        }
        await bench.end()
        let breaches = verdicts.enumerated().compactMap { index, verdict in breach(verdict).map { (index, $0) } }
        guard let (index, error) = breaches.first else { return nil }
        var one = scorer.makeCase(given[index])
        if let configuration { one.configuration = configuration }
        if case .scripted(let reply) = manner { one.judge = reply }
        one.found = error.code
        one = await Shrinker(trial: self, subject: subject).shrunk(one, code: error.code)
        let more = breaches.count > 1 ? ", as on \(breaches.count - 1) more" : ""
        return ConformanceFinding(
            scorer: scorer.name,
            "\(error.description)\(more)",
            help: Self.advice(error.code),
            given: one
        )
    }

    /// What helps against an error.
    static func advice(_ code: String) -> String? {
        switch code {
        case "plugin_crash", "plugin_abort", "plugin_stack_overflow":
            "Replay it under a debugger or with -fsanitize=address; a text's length is `size`, not strlen's."
        case "invalid_value":
            "Answer what is declared, or widen `.value`; where there is no value, skip or say an error."
        case "no_result": "Give a value, or return EVALHOST_SKIP or EVALHOST_ERROR."
        case "scorer_fault": "Return one of EVALHOST_OK, EVALHOST_ERROR, EVALHOST_SKIP and EVALHOST_RETRY."
        case "deadline": "Bound the work for a row, or say an error where a text is longer than you mean to read."
        case "plugin_memory": "Bound what is allocated for a row; a worker has 1 GiB."
        case "sandbox_denied": "Do without the system call, or ask for a permission with a reason."
        case "plugin_exit": "Never end the process: return EVALHOST_ERROR."
        default: nil
        }
    }
}

/// Makes what breaks a contract smaller, as long as it breaks it in the same way.
struct Shrinker {
    let trial: RowTrial
    let subject: ConformanceSubject
    /// The number of tries is the bound, so that a busy machine ends where an idle one does; the time is for what hangs.
    private static let attempts = 80
    private static let time = Duration.seconds(30)

    func shrunk(_ found: ConformanceCase, code: String) async -> ConformanceCase {
        var best = found
        if ["deadline", "plugin_stopped", "plugin_memory"].contains(code) { return best }
        let begin = ContinuousClock.now
        var attempts = 0
        var isSmaller = true
        while isSmaller, attempts < Self.attempts {
            isSmaller = false
            for candidate in Self.candidates(best) {
                attempts += 1
                guard attempts < Self.attempts, ContinuousClock.now - begin < Self.time else { return best }
                let verdict = await subject.verdict(candidate, sandbox: trial.sandbox)
                guard trial.breach(verdict)?.code == code else { continue }
                best = candidate
                isSmaller = true
                break
            }
        }
        return best
    }

    /// Smaller ones, the smallest first.
    static func candidates(_ one: ConformanceCase) -> [ConformanceCase] {
        func with(_ given: ConformanceCase.Given) -> ConformanceCase {
            var copy = one
            copy.given = given
            return copy
        }
        switch one.given {
        case .row(let row): return smaller(row).map { with(.row($0)) }
        case .session(let turns):
            var all: [ConformanceCase] = []
            if turns.count > 1 {
                all += [Array(turns.prefix(turns.count / 2)), Array(turns.suffix(turns.count / 2))]
                    .map { with(.session($0)) }
                all += turns.indices.prefix(4)
                    .map { index in
                        with(.session(turns.enumerated().filter { $0.offset != index }.map(\.element)))
                    }
            }
            for (index, turn) in turns.enumerated().prefix(4) {
                all += smaller(turn)
                    .map { small in
                        var copy = turns
                        copy[index] = small
                        return with(.session(copy))
                    }
            }
            return all
        }
    }

    /// Smaller values than a value.
    static func smaller(_ json: JSON) -> [JSON] {
        switch json.kind {
        case .string:
            let scalars = Array((json.string ?? "").unicodeScalars)
            guard !scalars.isEmpty else { return [] }
            func text(_ part: some Sequence<Unicode.Scalar>) -> JSON {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: part)
                return JSON(String(view))
            }
            let half = scalars.count / 2
            var all = [JSON("")]
            if scalars.count > 1 { all += [text(scalars.prefix(half)), text(scalars.suffix(scalars.count - half))] }
            if scalars.count > 2 { all += [text(scalars.dropLast()), text(scalars.dropFirst())] }
            return all
        case .array:
            let elements = Array(json.elements)
            guard !elements.isEmpty else { return [] }
            let half = elements.count / 2
            var all: [JSON] = [[]]
            if elements.count > 1 {
                all += [.array(elements.prefix(half)), .array(elements.suffix(elements.count - half))]
            }
            for (index, element) in elements.enumerated().prefix(4) {
                all += smaller(element)
                    .map { small in
                        var copy = elements
                        copy[index] = small
                        return .array(copy)
                    }
            }
            return all
        case .object:
            let members = json.members.map { (String($0.key), $0.value) }
            var all: [JSON] = members.indices.map { place in
                .object(members.enumerated().filter { $0.offset != place }.map(\.element))
            }
            for (index, member) in members.enumerated() {
                all += smaller(member.1)
                    .map { small in
                        var copy = members
                        copy[index].1 = small
                        return .object(copy)
                    }
            }
            return all
        case .null, .boolean, .integer, .number: return []
        }
    }
}
