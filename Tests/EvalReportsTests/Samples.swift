// A run such as people have: five scorers, errors, repetitions, long texts, three scripts, and texts that attack.

import EvalCore
import EvalJSON
import EvalReports
import Foundation

/// Texts that try to be more than text.
///
/// Tests take their numbers as arguments, since a test's arguments are printed.
enum Hostile {
    static let script = "<script>alert('row')</script><img src=x onerror=alert(1)>"
    static let markdown = "| a | b |\n```\n# not a title\n[link](https://evil.example) @octocat #12 www.evil.example ``"
    static let xml = "]]><!-- & --> <![CDATA[ \u{0} \u{B} \u{FFFE} \u{1B}[31m"
    static let workflow = "100 %\r\n::error title=x::injected\n::stop-commands::x"
    static let bidi = "safe \u{202E}gnp.exe\u{2066} text"
    static let all = [script, markdown, xml, workflow, bidi, "\u{7F}\u{85}\u{2028}", "a`b``c", "\\|", "--> -- ]]>"]
}

enum Samples {
    static let facts = [
        ScorerFacts(name: "correctness", version: "1", range: 0...1, lowerIsBetter: false, pass: .yes),
        ScorerFacts(
            name: "edit_similarity",
            scorer: "edit_similarity@edit_distance",
            version: "1.2.0",
            range: 0...1,
            lowerIsBetter: false,
            pass: .bound(Bound(.atLeast, 0.8))
        ),
        ScorerFacts(
            name: "latency",
            version: "1",
            unit: "ms",
            lowerIsBetter: true,
            pass: .bound(Bound(.atMost, 900))
        ),
        ScorerFacts(name: "tone", version: "3", pass: .labels(["friendly", "neutral"])),
        ScorerFacts(name: "summary_of_the_conversation", version: "1", isTextual: true),
    ]

    static let questions = [
        "What is the refund window for a yearly plan?", "どうすれば請求書を再発行できますか？支払い方法を変更したいです。",
        "كيف يمكنني تغيير عنوان البريد الإلكتروني الخاص بحسابي؟", "Can I move my workspace to another region?",
        "Is there a <script>alert(1)</script> limit on uploads?", "Wie kündige ich mein Abonnement?",
    ]

    static let answers = [
        "A yearly plan can be refunded in full within 30 days of the purchase. After that, the remaining months are "
            + "credited to your account.",
        "「設定」→「お支払い」から請求書を再発行できます。支払い方法は同じ画面で変更してください。",
        "يمكنك تغيير البريد الإلكتروني من صفحة الإعدادات، ثم تأكيد العنوان الجديد من الرسالة التي نرسلها إليك.",
        "Not yet. " + String(repeating: "We are working on it and will tell you when it is there. ", count: 30),
        "\(Hostile.script) is shown as text, and so is \(Hostile.bidi).",
        "Unter Einstellungen › Abrechnung › Abonnement kündigen.",
    ]

    static func digest(_ text: String) -> Digest { Digest(of: text.utf8) }

    /// A row with its verdicts.
    static func row(
        _ ordinal: Int,
        repetition: Int = 0,
        id: String? = nil,
        inputs: JSON = ["question": "?"],
        outputs: JSON? = "!",
        expectations: JSON? = nil,
        duration: Int64? = nil,
        failure: ScorerError? = nil,
        session: String? = nil,
        _ verdicts: [Verdict?]
    ) -> FinishedRow {
        let span = Span(id: 1, name: "row", type: .chain, startNanoseconds: 0, inputs: inputs, outputs: outputs)
        return FinishedRow(
            ordinal: ordinal,
            repetition: repetition,
            recordID: id.map { Text($0) },
            recordDigest: digest("\(ordinal)"),
            inputDigest: inputs.digest,
            expectations: expectations,
            trace: Trace(
                id: PublicID(bits: UInt128(ordinal)),
                requestTimeMilliseconds: 0,
                durationMilliseconds: duration,
                spans: [span]
            ),
            verdicts: verdicts,
            failure: failure,
            sessionID: session
        )
    }

    /// 60 records, each three times.
    static let rows: [FinishedRow] = (0..<180)
        .map { index in
            let (ordinal, repetition) = (index / 3, index % 3)
            let topic = ordinal % 6
            let inputs: JSON = [
                "question": JSON(questions[topic]), "customer": ["plan": "yearly", "seats": JSON(ordinal)],
            ]
            if ordinal == 17 {
                let failure = ScorerError.predictFailed(
                    "the application answered with status 503 (service unavailable)"
                )
                return row(
                    ordinal,
                    repetition: repetition,
                    id: "q\(ordinal)",
                    inputs: inputs,
                    outputs: nil,
                    failure: failure,
                    facts.map { _ in .errored(failure) }
                )
            }
            let wrong = ordinal % 9 == 0 || (ordinal % 13 == 5 && repetition == 1)
            let similarity = wrong ? 0.31 + Double(ordinal % 5) / 20 : min(1, 0.82 + Double(index * 7 % 19) / 100)
            let milliseconds = 300 + Int64(index * 7919 % 700) + (ordinal % 20 == 3 ? 900 : 0)
            let answer = ordinal == 27 ? String(repeating: "A very long answer. ", count: 60_000) : answers[topic]
            let tone = ["friendly", "neutral", "neutral", "curt"][(ordinal * 7) % 4]
            return row(
                ordinal,
                repetition: repetition,
                id: ordinal % 4 == 0 ? nil : "q\(ordinal)",
                inputs: inputs,
                outputs: JSON(answer),
                expectations: ["expected_response": JSON(answers[topic])],
                duration: milliseconds,
                [
                    .yesNo(
                        !wrong,
                        rationale: wrong
                            ? "The answer names another period than the policy does: it says 30 days, the policy 14."
                            : "The answer agrees with the expected response."
                    ),
                    ordinal % 29 == 4
                        ? .errored(ScorerError(code: "timeout", message: "no answer within 10 s"))
                        : .number(similarity, rationale: wrong ? Hostile.all.joined(separator: "\n") : nil),
                    .number(Double(milliseconds)),
                    ordinal % 11 == 0 ? .skipped("no values") : .feedback(Feedback(.text(tone))),
                    .feedback(Feedback(.text("The customer asks about topic \(topic)."))),
                ]
            )
        }

    /// The summary of ``rows``, counted plainly.
    static var summary: RunSummary {
        var accounts = [Account](repeating: Account(), count: facts.count)
        var numbers = [[Double]](repeating: [], count: facts.count)
        var passes = [Int](repeating: 0, count: facts.count)
        for row in rows {
            for (place, verdict) in row.verdicts.enumerated() {
                guard let verdict else { continue }
                accounts[place].count(verdict)
                for feedback in verdict.values {
                    if let number = feedback.value.numeric { numbers[place].append(number) }
                    if facts[place].pass?.passes(feedback.value) == true { passes[place] += 1 }
                }
            }
        }
        func mean(_ place: Int) -> Double { numbers[place].reduce(0, +) / Double(numbers[place].count) }
        func rate(_ place: Int) -> Double { Double(passes[place]) / Double(accounts[place].scored) }
        func around(_ value: Double, _ reach: Double, _ method: Interval.Method = .studentT) -> Interval {
            Interval(low: value - reach, high: value + reach, method: method, units: 60)
        }
        let p90 = numbers[2].sorted()[161]
        return RunSummary(
            status: .finished,
            rows: 180,
            errors: rows.count { $0.hasError },
            metrics: [
                Metric(name: "correctness/mean", value: mean(0), interval: around(mean(0), 0.061, .wilson)),
                Metric(name: "correctness/pass_rate", value: rate(0), interval: around(rate(0), 0.061, .wilson)),
                Metric(name: "correctness/pass^3", value: 0.8136, interval: around(0.8136, 0.09)),
                Metric(name: "edit_similarity/mean", value: mean(1), interval: around(mean(1), 0.043)),
                Metric(name: "edit_similarity/pass_rate", value: rate(1), interval: around(rate(1), 0.055)),
                Metric(name: "latency/mean", value: mean(2), interval: around(mean(2), 41.7)),
                Metric(name: "latency/p90", value: p90, interval: around(p90, 118, .bootstrap)),
                Metric(name: "tone/pass_rate", value: rate(3), interval: around(rate(3), 0.07)),
                Metric(name: "tone/share:curt", value: 1 - rate(3), interval: around(1 - rate(3), 0.07)),
                Metric(name: "summary_of_the_conversation/mean", value: nil),
            ],
            accounts: zip(facts, accounts).map { ($0.name, $1) },
            dataDigest: digest("data"),
            durationMilliseconds: 83_400,
            repeats: 3,
            flakyRecords: 5,
            tokens: TokenTotal(TokenUsage(inputTokens: 181_204, outputTokens: 40_377), isPartial: true),
            costUSD: CostTotal(1.2345, isPartial: true)
        )
    }

    static var provenance: RunProvenance {
        var provenance = RunProvenance()
        provenance.hostVersion = "0.1.0"
        provenance.dataDigest = digest("data")
        provenance.gitCommit = "0f3c1d2b4a5968778695a4b3c2d1e0f123456789"
        provenance.gitDirty = true
        provenance.machine = "ci-runner-7"
        provenance.seed = 42
        provenance.startedMilliseconds = 1_772_357_400_000
        provenance.tags = ["branch": "shorter-prompts", "team": "support"]
        provenance.configuration = [
            "experiment": "support-bot", "data": "data/questions.jsonl", "repeats": 3,
            "thresholds": ["correctness/mean": ">= 0.8", "latency/p90": "<= 800"], "tags": [:],
        ]
        return provenance
    }

    static var report: Report {
        let summary = summary
        let outcomes = [
            Threshold(metric: "correctness/mean", bound: Bound(.atLeast, 0.8)),
            Threshold(metric: "correctness/mean.lower", bound: Bound(.atLeast, 0.9)),
            Threshold(metric: "latency/p90", bound: Bound(.atMost, 800)),
            Threshold(metric: "tone/share:curt", bound: Bound(.below, 0.4)),
        ]
        .map { $0.judged(by: summary, allows: { $0 * 10 < $1 }, skips: ["tone"]) }
        return Report(
            runID: PublicID(bits: 0x0199_0A0B_0C0D_0E0F_1011_1213_1415_1617),
            runName: "shorter-prompts-2",
            experimentID: 3,
            experiment: "support-bot",
            dataSource: "data/questions.jsonl",
            summary: summary,
            outcomes: outcomes,
            notes: ["the library toxicity.so could not be loaded and was left out"],
            scorers: facts,
            provenance: provenance
        )
    }

    static var highlights: RowHighlights { highlights(of: rows, report) }

    static func highlights(of rows: [FinishedRow], _ report: Report) -> RowHighlights {
        var highlights = RowHighlights(report.scorers, repeats: report.summary.repeats)
        for row in rows { highlights.add(row) }
        highlights.finish()
        return highlights
    }

    /// A report of one scorer and few rows, as a test needs it.
    static func small(
        _ facts: [ScorerFacts] = [ScorerFacts(name: "exact", range: 0...1, lowerIsBetter: false, pass: .yes)],
        metrics: [Metric] = [],
        rows: [FinishedRow] = [],
        outcomes: [ThresholdOutcome] = [],
        name: String = "run",
        notes: [String] = []
    ) -> Report {
        var accounts = facts.map { ($0.name, Account(of: $0.scope)) }
        for row in rows {
            for (place, verdict) in row.verdicts.enumerated() { if let verdict { accounts[place].1.count(verdict) } }
        }
        return Report(
            runID: PublicID(bits: 1),
            runName: name,
            experimentID: 0,
            experiment: "Default",
            dataSource: "rows.jsonl",
            summary: RunSummary(
                status: .finished,
                rows: rows.count,
                errors: rows.count { $0.hasError },
                metrics: metrics,
                accounts: accounts.map { ($0.0, $0.1) },
                dataDigest: nil,
                durationMilliseconds: 1_500
            ),
            outcomes: outcomes,
            notes: notes,
            scorers: facts
        )
    }
}
