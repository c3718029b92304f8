import EvalCore
import EvalJSON
import Testing

@testable import EvalReports

@Suite struct RowHighlightsTests {
    private let pass = ScorerFacts(name: "exact", range: 0...1, lowerIsBetter: false, pass: .yes)

    private func look(
        _ facts: [ScorerFacts],
        _ rows: [FinishedRow],
        repeats: Int = 1,
        _ limits: RowHighlights.Limits = .init()
    ) -> RowHighlights {
        var highlights = RowHighlights(facts, repeats: repeats, limits: limits)
        for row in rows { highlights.add(row) }
        highlights.finish()
        return highlights
    }

    @Test("rows that fail more rules come first, then the ones further from the best value, then the first ones")
    func order() {
        let cost = ScorerFacts(name: "cost", range: 0...10, lowerIsBetter: true)
        let rows = [
            Samples.row(0, id: "perfect", [.boolean(true), .number(0)]),
            Samples.row(1, id: "dear", [.boolean(true), .number(9)]),
            Samples.row(2, id: "wrong", [.boolean(false), .number(0)]),
            Samples.row(3, id: "cheap", [.boolean(true), .number(1)]),
            Samples.row(4, id: "wrong too", [.boolean(false), .number(0)]),
        ]
        let highlights = look([pass, cost], rows)
        #expect(highlights.worst.map(\.name) == ["wrong", "wrong too", "dear", "cheap"])
        #expect(highlights.failing == 2)
        #expect(highlights.imperfect == 4)
    }

    @Test("without ranges and rules the order of the values tells")
    func anyValue() {
        let rows = [3.0, -1, 7].enumerated().map { Samples.row($0, [.number($1)]) }
        #expect(look([ScorerFacts(name: "x")], rows).worst.map(\.name) == ["row 2", "row 1", "row 3"])
        let lower = ScorerFacts(name: "x", lowerIsBetter: true)
        #expect(look([lower], rows).worst.map(\.name) == ["row 3", "row 1", "row 2"])
    }

    @Test("what is kept has a bound, what is counted has none")
    func bounded() {
        let text = String(repeating: "x", count: 5_000)
        let rows = (0..<20_000)
            .map { place in
                Samples.row(
                    place,
                    outputs: JSON(text),
                    [
                        place % 2 == 0
                            ? .boolean(false, rationale: text)
                            : .errored(ScorerError(code: "code", message: "message \(place % 97)"))
                    ]
                )
            }
        var limits = RowHighlights.Limits()
        limits.rows = 5
        limits.textBytes = 100
        limits.errors = 10
        let highlights = look([pass], rows, limits)
        #expect(highlights.worst.count == 5)
        #expect(highlights.worst[0].outputs?.omittedBytes == 4_900)
        #expect(highlights.worst[0].judgements[0].rationale?.omittedBytes == 4_950)
        #expect(highlights.failing == 10_000)
        #expect(highlights.errors.count == 10)
        #expect(highlights.errors.reduce(0) { $0 + $1.rows } + highlights.otherErrors == 10_000)
    }

    @Test("an error of the row and of all its scorers is one error of one row")
    func errors() {
        let failure = ScorerError.predictFailed("no reply")
        let facts = [pass, ScorerFacts(name: "other")]
        let rows = [
            Samples.row(0, id: "a", failure: failure, [.errored(failure), .errored(failure)]),
            Samples.row(1, id: "b", failure: failure, []),
            Samples.row(2, id: "c", [.boolean(true), .errored(ScorerError(code: "timeout", message: "late"))]),
        ]
        let highlights = look(facts, rows)
        #expect(highlights.errors.map(\.code) == ["predict_failed", "timeout"])
        #expect(highlights.errors.map(\.rows) == [2, 1])
        #expect(highlights.errors[0].scorers == ["exact", "other"])
        #expect(highlights.errors[0].examples == ["a", "b"])
        #expect(highlights.errors[1].scorers == ["other"])
    }

    @Test("a record is flaky if of its repetitions some pass and some fail")
    func flaky() {
        let passes = [[true, true], [true, false], [false, false], [false, true]]
        let rows = passes.enumerated()
            .flatMap { ordinal, list in
                list.enumerated().map { Samples.row(ordinal, repetition: $0, [.boolean($1)]) }
            }
        let highlights = look([pass], rows, repeats: 2)
        #expect(highlights.flakyCount == 2)
        #expect(highlights.flaky.map(\.name) == ["row 2", "row 4"])
        #expect(highlights.flaky[0].passes[0].passed == 1)
        #expect(highlights.flaky[0].passes[0].of == 2)
        #expect(look([pass], rows).flakyCount == 0)
    }

    @Test("values are counted by label, numbers in bins")
    func distributions() {
        let rows = (0..<100)
            .map { place in
                Samples.row(
                    place,
                    [.boolean(place < 30), .feedback(Feedback(.text(place % 4 == 0 ? "rare" : "usual")))]
                )
            }
        let highlights = look([pass, ScorerFacts(name: "tone")], rows)
        #expect(highlights.distributions[0].top(5).labels.map(\.label) == ["false", "true"])
        #expect(highlights.distributions[0].top(5).labels.map(\.count) == [70, 30])
        let (labels, others) = highlights.distributions[1].top(1)
        #expect(labels.map(\.label) == ["usual"])
        #expect(others == 25)
    }

    private static let values: [[Double]] = {
        var lists: [[Double]] = [[0.1, 0.2, 0.3], [1e300, -1e300, 0, 1], [5, 5, 5], [1e-300, 2e-300], [-1], []]
        lists.append([1e9, 1e9 + 1, 1e9 + 2])
        lists.append((0..<5_000).map { (place: Int) -> Double in Double(place * 7919 % 5_003) })
        lists.append((0..<1_000).map { (place: Int) -> Double in 1 / Double(place + 1) })
        return lists
    }()

    @Test("a histogram loses no value, whatever the values are", arguments: values.indices)
    func histogram(index: Int) {
        let values = Self.values[index]
        let ranges: [ClosedRange<Double>?] = [nil, 0...1, -10...10]
        for range in ranges {
            var histogram = Histogram(range: range)
            for value in values { histogram.add(value) }
            histogram.add(.nan)
            histogram.add(.infinity)
            let bars = histogram.bars
            #expect(bars.count <= 24)
            #expect(bars.reduce(0) { $0 + $1.count } == values.count)
            guard range == nil else { continue }
            for bar in bars { #expect(bar.count == values.count { $0 >= bar.low && $0 < bar.high }) }
        }
    }

    @Test("a text is cut between characters, and it is known how much is left out")
    func excerpt() {
        let cut = Excerpt("aé日本", limit: 5)
        #expect(cut.text == "aé")
        #expect(cut.omittedBytes == 6)
        #expect(cut.cut(to: 1).text == "a")
        #expect(cut.cut(to: 1).omittedBytes == 8)
        #expect(Excerpt("", limit: 0).note == nil)
        #expect(Excerpt("ab", limit: 1).note == "… and 1 more byte, left out of this report")
        #expect(Excerpt(Text("日"), limit: 2).text.isEmpty)
    }
}
