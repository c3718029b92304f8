// How often intervals hold what they should: 2,000 data sets of each kind. Documentation/statistics.md has the table that
// `coverage-bench` makes with all draws; here the bootstrap draws less, so that the tests stay quick.

import EvalCore
import Testing

@Suite struct CoverageTests {
    private static let dataSets = 2_000

    /// The share of data sets whose interval holds the truth.
    private func coverage(of truth: Double, seed: UInt64, _ interval: (inout SeededGenerator) -> Interval?) -> Double {
        var generator = SeededGenerator(seed: seed)
        let held = (0..<Self.dataSets)
            .count { _ in
                interval(&generator).map { ($0.low...$0.high).contains(truth) } ?? false
            }
        return Double(held) / Double(Self.dataSets)
    }

    private func normal(_ generator: inout SeededGenerator) -> Double {
        // The sum of twelve uniform numbers is as normal as this needs.
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }

    @Test("Wilson's interval holds a share", arguments: [(0.8, 50), (0.5, 100), (0.95, 200)])
    func wilson(share: Double, count: Int) {
        let coverage = coverage(of: share, seed: 1) { generator in
            let successes = (0..<count).count { _ in Double.random(in: 0..<1, using: &generator) < share }
            return .wilson(successes: Double(successes), units: count)
        }
        #expect((0.93...0.97).contains(coverage), "\(coverage)")
    }

    @Test("Student's interval holds a mean", arguments: [5, 20, 200])
    func mean(count: Int) {
        let coverage = coverage(of: 0, seed: 2) { generator in
            var sample = UnitSample(isClustered: false)
            for _ in 0..<count { sample.add(normal(&generator), cluster: nil) }
            return sample.meanInterval(isTwoValued: false, using: &generator)
        }
        #expect((0.93...0.97).contains(coverage), "\(coverage)")
    }

    @Test("the cluster-robust interval holds the mean of records that come in groups")
    func clusters() {
        let coverage = coverage(of: 0, seed: 3) { generator in
            var sample = UnitSample(isClustered: true)
            for group in 0..<40 {
                let shared = normal(&generator)
                for _ in 0..<5 { sample.add(shared + normal(&generator), cluster: "\(group)") }
            }
            return sample.meanInterval(isTwoValued: false, using: &generator)
        }
        #expect((0.93...0.97).contains(coverage), "\(coverage)")
    }

    @Test("the bootstrap holds a median")
    func median() {
        let coverage = coverage(of: 0, seed: 4) { generator in
            let ordered = (0..<60).map { _ in normal(&generator) }.sorted()
            let ranks = Bootstrap.ranks(quantile: 0.5, count: ordered.count, draws: 200, using: &generator)
            return Bootstrap.interval(ranks.map { $0.value { ordered[$0] } }, method: .bootstrap, units: 60)
        }
        #expect((0.93...0.97).contains(coverage), "\(coverage)")
    }
}
