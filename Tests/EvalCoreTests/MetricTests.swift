import EvalCore
import EvalJSON
import Testing

@Suite struct MetricTests {
    @Test("a sum is exact and does not depend on the order")
    func exactSum() {
        let numbers = [1e100, 1.0, -1e100, 1e-20, 0.1, 0.2, 0.3, -0.6, 1e16, 3.0, -1e16]
        var forward = ExactSum()
        var backward = ExactSum()
        var (left, right) = (ExactSum(), ExactSum())
        for number in numbers { forward.add(number) }
        for number in numbers.reversed() { backward.add(number) }
        for (index, number) in numbers.enumerated() {
            if index.isMultiple(of: 2) { left.add(number) } else { right.add(number) }
        }
        left.add(right)
        // math.fsum of the same numbers.
        #expect(forward.value == 4.0)
        #expect(backward.value == 4.0)
        #expect(left.value == 4.0)
        var tenths = ExactSum()
        for _ in 0..<10 { tenths.add(0.1) }
        #expect(tenths.value == 1.0)
    }

    @Test("mean, variance, least and greatest are those of numpy, also far from 0")
    func tally() {
        var tally = Tally()
        for value in [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16] { tally.add([.number(value)], pass: nil) }
        #expect(tally.mean == 1e9 + 10)
        #expect(tally.variance == 22.5)
        #expect(tally.value(of: .min, account: Account()) == 1e9 + 4)
        #expect(tally.value(of: .max, account: Account()) == 1e9 + 16)
    }

    @Test("yes and no count as 1 and 0, other text is not aggregated, several values count as their mean")
    func values() {
        var tally = Tally()
        tally.add([.text("yes")], pass: .yes)
        tally.add([.text("no")], pass: .yes)
        tally.add([.boolean(true), .boolean(false)], pass: .yes)
        tally.add([.text("excellent")], pass: .yes, counting: ["excellent"])
        tally.add([], pass: .yes)
        #expect(tally.count == 3)
        #expect(tally.mean == 0.5)
        #expect(tally.scored == 4)
        #expect(tally.value(of: .passRate, account: Account()) == 0.25)
        #expect(tally.value(of: .share("excellent"), account: Account()) == 0.25)
    }

    @Test(
        "a pass rule is read as it is written",
        arguments: [
            (">= 0.8", ">= 0.8"), ("0.5", ">= 0.5"), ("<3", "< 3"), ("!= 2", "!= 2"), ("good|fair", "good|fair"),
        ]
    )
    func passRules(source: String, written: String) {
        #expect(PassRule(source)?.description == written)
    }

    @Test("what is no pass rule is refused", arguments: ["", ">= x", ">=", "a||b", "< "])
    func notPassRules(source: String) {
        #expect(PassRule(source) == nil)
    }

    @Test("aggregations are read as they are written")
    func aggregations() {
        for word in [
            "mean", "min", "max", "median", "variance", "p90", "pass_rate", "scored", "errors", "stderr", "share:good",
        ] {
            #expect(Aggregation(word)?.description == word)
        }
        #expect(Aggregation("average") == nil)
        #expect(Aggregation("share:") == nil)
    }
}
