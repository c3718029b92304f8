// Checks of scorers of sessions, and of those that ask the judge.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let sessionLengths = ConformanceCheck(
        "C65",
        "session-lengths",
        .sessions,
        meaning: "Sessions of one turn, of two, and of a thousand get a value, a skip or an error in words.",
        reason: "A conversation may be a single question, or go on for days.",
        fix: "Divide by no number of pairs without looking at it, and keep no array of fixed size."
    ) { subject in
        await aboutSessions("C65", subject) { scorer in
            let maker = RowMaker(scorer)
            let own = scorer.cases.map(\.given)
            return own + [1, 2, 3, 10, 1_000].map { count in .session((0..<count).map { maker.made($0) }) }
                + [.session(Array(repeating: maker.plain, count: 200))]
        }
    }

    static let sparseTurns = ConformanceCheck(
        "C66",
        "sparse-turns",
        .sessions,
        meaning: "Turns may lack every optional field, some of them or all.",
        reason: "Turns that failed have no outputs.",
        fix: "Look at the field's kind in every turn."
    ) { subject in
        await aboutSessions("C66", subject) { scorer in
            let maker = RowMaker(scorer)
            let optional = scorer.fields.filter(\.isOptional)
            guard !optional.isEmpty else { return [] }
            let bare = optional.reduce(maker.plain) { maker.set($1, nil, in: $0) }
            let null = optional.reduce(maker.plain) { maker.set($1, $1.steps == nil ? [] : .null, in: $0) }
            let empty = optional.filter { $0.form == .text && $0.steps != nil }
                .reduce(maker.plain) { maker.set($1, "", in: $0) }
            let (plain, other) = (maker.plain, maker.made(1))
            return [
                [bare, bare], [null, null], [empty, empty], [plain, bare], [bare, plain], [plain, bare, plain],
                [bare, plain, other, null, empty, plain], [empty, empty, plain, plain],
            ]
            .map { .session($0) }
        }
    }

    private static func aboutSessions(
        _ number: String,
        _ subject: ConformanceSubject,
        _ given: @Sendable (ScorerUnderTest) -> [ConformanceCase.Given]
    ) async -> ConformanceOutcome {
        let scorers = subject.soundScorers.filter(\.scoresSessions)
        if subject.library != nil, scorers.isEmpty { return .skipped("no scorer of it scores sessions") }
        return await RowTrial(number: number).run(subject, scorers: scorers, given: given)
    }
}

extension ConformanceCheck {
    static let judgeReplies = ConformanceCheck(
        "C70",
        "judge-questions",
        .judge,
        meaning: "What it asks the judge has a message and a schema of an object.",
        reason: "Models are held to the schema, and a question without one gets prose.",
        fix: "Ask with the JSON Schema of an object with `rationale` first."
    ) { subject in
        let scorers = subject.soundScorers.filter(\.asksJudge)
        if subject.library != nil, scorers.isEmpty { return .skipped("no scorer of it asks the judge") }
        var findings: [ConformanceFinding] = []
        for scorer in scorers {
            let judge = ConformanceJudge()
            guard let bench = subject.bench(judge: judge), let made = try? await bench.make(scorer) else { continue }
            _ = await bench.score(RowMaker(scorer).ordinary.map { scorer.given($0) }, with: made)
            await bench.end()
            let questions = judge.questions
            if questions.isEmpty {
                findings.append(ConformanceFinding(.note, scorer: scorer.name, "it asked nothing about any row"))
            } else if questions.contains(where: { $0.messages.allSatisfy { $0.content.isEmpty } }) {
                findings.append(ConformanceFinding(scorer: scorer.name, "it asked without a word"))
            } else if let odd = questions.first(where: { $0.schema["type"]?.string != "object" }) {
                let schema = ConformanceCase.shown(odd.schema)
                findings.append(ConformanceFinding(scorer: scorer.name, "its schema is of no object: \(schema)"))
            }
        }
        return subject.library == nil ? .skipped("it can't be loaded") : .found(findings)
    }

    static let judgeErrors = ConformanceCheck(
        "C71",
        "judge-errors",
        .judge,
        meaning: "A judge that doesn't answer makes an error of the row, not a value.",
        reason: "A value that nobody judged counts like one that somebody did.",
        fix: "Return EVALHOST_ERROR where `ask` did; the host remembers why."
    ) { subject in
        let scorers = subject.soundScorers.filter(\.asksJudge)
        if subject.library != nil, scorers.isEmpty { return .skipped("no scorer of it asks the judge") }
        var trial = RowTrial(number: "C71")
        trial.manner = .failing("judge_refused")
        let outcome = await trial.run(subject, scorers: scorers) { RowMaker($0).ordinary }
        guard case .found(var findings) = outcome, findings.isEmpty else { return outcome }
        for scorer in scorers {
            let judge = ConformanceJudge(.failing("judge_refused"))
            guard let bench = subject.bench(judge: judge), let made = try? await bench.make(scorer) else { continue }
            for row in RowMaker(scorer).ordinary where findings.isEmpty {
                let asked = judge.questions.count
                let given = scorer.given(row)
                let verdict = await bench.score([given], with: made).first ?? nil
                guard judge.questions.count > asked, let verdict, !verdict.values.isEmpty else { continue }
                var one = scorer.makeCase(given)
                one.found = verdict.words
                findings.append(
                    ConformanceFinding(
                        scorer: scorer.name,
                        "the judge refused, and it says \(verdict.words)",
                        given: one
                    )
                )
            }
            await bench.end()
        }
        return .found(findings)
    }

    static let oddJudge = ConformanceCheck(
        "C72",
        "odd-judge",
        .judge,
        meaning: "Replies of any shape do no harm.",
        reason: "Models are held to a schema, but not every endpoint holds them.",
        fix: "Look for each member and its type; say an error where it isn't what was asked for."
    ) { subject in
        let scorers = subject.soundScorers.filter(\.asksJudge)
        guard subject.library != nil else { return .skipped("it can't be loaded") }
        guard !scorers.isEmpty else { return .skipped("no scorer of it asks the judge") }
        var findings: [ConformanceFinding] = []
        for scorer in scorers {
            let given = RowMaker(scorer).ordinary.prefix(3).map { scorer.given($0) }
            let replies = ConformanceJudge.oddReplies + spoilt(scorer)
            for reply in replies {
                var trial = RowTrial(number: "C72")
                trial.manner = .scripted(reply)
                guard let finding = await trial.trial(scorer, given, subject) else { continue }
                findings.append(finding)
                break
            }
        }
        return .found(findings)
    }

    /// Replies of its own cases with each member of another type.
    private static func spoilt(_ scorer: ScorerUnderTest) -> [JSON] {
        let reply = scorer.cases.compactMap(\.judge).first ?? ["rationale": "So it is.", "result": "yes"]
        return reply.members.flatMap { key, _ in
            [JSON.null, 7, [], [:], "\u{0}", ""].map { reply.replacing([.key(key)], with: $0) ?? reply }
        }
    }
}
