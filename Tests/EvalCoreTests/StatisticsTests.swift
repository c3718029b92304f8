// Intervals against SciPy; reference/statistics.py made the values.

import EvalCore
import EvalJSON
import Foundation
import Testing

@Suite struct StatisticsTests {
    private static let reference: JSON? = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/statistics.json")
        return try? JSON(parsing: Data(contentsOf: url))
    }()

    private func cases(_ name: String) throws -> [JSON] {
        let cases = try #require(Self.reference?[name])
        return cases.kind == .array ? Array(cases.elements) : [cases]
    }

    private func number(_ json: JSON, _ key: String) throws -> Double { try #require(json[key]?.number) }

    private func isNear(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        left.map { abs($0 - right) <= tolerance * max(1, abs(right)) } ?? false
    }

    private func values(_ json: JSON) -> [Double] { json["values"]?.elements.compactMap(\.number) ?? [] }

    @Test("Student's quantiles and distribution are SciPy's")
    func student() throws {
        let cases = try cases("t")
        #expect(cases.count == 72)
        for row in cases {
            let df = try number(row, "df")
            let quantile = try StudentT.quantile(number(row, "p"), degrees: df)
            let expected = try number(row, "quantile")
            #expect(isNear(quantile, expected, 1e-8), "\(quantile) \(expected) \(df)")
            #expect(try isNear(StudentT.cumulative(1.7, degrees: df), number(row, "cdf"), 1e-9), "\(df)")
            #expect(try isNear(StudentT.quantile(1 - number(row, "p"), degrees: df), -expected, 1e-7))
        }
    }

    @Test("Wilson's intervals are SciPy's")
    func wilson() throws {
        for row in try cases("wilson") {
            let interval = try Interval.wilson(successes: number(row, "k"), units: Int(number(row, "n")))
            #expect(try isNear(interval?.low, number(row, "low"), 1e-12))
            #expect(try isNear(interval?.high, number(row, "high"), 1e-12))
        }
    }

    @Test("mean, variance, standard error and t interval are SciPy's, for rows and for records")
    func means() throws {
        for row in try cases("mean") {
            var tally = Tally()
            var sample = UnitSample(isClustered: false, keepsValues: true)
            for value in values(row) {
                tally.add(CollectionOfOne(.number(value)), pass: nil)
                sample.add(value, cluster: nil)
            }
            var generator = SeededGenerator(seed: 1)
            let intervals = [
                tally.interval(of: .mean), sample.meanInterval(isTwoValued: true, using: &generator),
            ]
            for interval in intervals {
                #expect(try isNear(interval?.low, number(row, "low")))
                #expect(try isNear(interval?.high, number(row, "high")))
                #expect(interval?.method == .studentT)
            }
            #expect(try isNear(tally.standardError, number(row, "stderr")))
            #expect(try isNear(sample.standardError, number(row, "stderr")))
            #expect(try isNear(tally.variance, number(row, "variance")))
            #expect(try isNear(sample.quantile(0.5, using: &generator)?.value, number(row, "median"), 1e-14))
            #expect(try isNear(sample.quantile(0.9, using: &generator)?.value, number(row, "p90"), 1e-14))
        }
    }

    @Test("the cluster-robust interval is that of the formula")
    func clusters() throws {
        let row = try #require(try cases("cluster").first)
        let groups = row["groups"]?.elements.compactMap(\.integer) ?? []
        var sample = UnitSample(isClustered: true)
        for (value, group) in zip(values(row), groups) { sample.add(value, cluster: "\(group)") }
        var generator = SeededGenerator(seed: 1)
        let interval = sample.meanInterval(isTwoValued: false, using: &generator)
        #expect(try isNear(sample.mean, number(row, "mean"), 1e-12))
        #expect(try isNear(sample.standardError, number(row, "stderr"), 1e-12))
        #expect(try isNear(interval?.low, number(row, "low")))
        #expect(try isNear(interval?.high, number(row, "high")))
        #expect(interval?.units == 12)
    }

    @Test("the bootstrap of a quantile is near SciPy's, which draws whole samples")
    func bootstrap() throws {
        for row in try cases("bootstrap") {
            let ordered = values(row).sorted()
            var generator = SeededGenerator(seed: 3)
            let ranks = try Bootstrap.ranks(
                quantile: number(row, "quantile"),
                count: ordered.count,
                draws: 50_000,
                using: &generator
            )
            let interval = Bootstrap.interval(
                ranks.map { $0.value { ordered[$0] } },
                method: .bootstrap,
                units: ordered.count
            )
            let spread = try number(row, "spread")
            #expect(abs(try number(row, "low") - (interval?.low ?? .nan)) < 0.03 * spread)
            #expect(abs(try number(row, "high") - (interval?.high ?? .nan)) < 0.03 * spread)
        }
    }

    @Test("pass@k and pass^k are those of the formulas with binomial coefficients")
    func repetitions() throws {
        for row in try cases("pass") {
            let (n, c, k) = try (Int(number(row, "n")), Int(number(row, "c")), Int(number(row, "k")))
            #expect(try isNear(Repetitions.passAtLeastOnce(k, passed: c, of: n), number(row, "once"), 1e-12))
            #expect(try isNear(Repetitions.passAlways(k, passed: c, of: n), number(row, "always"), 1e-12))
        }
        #expect(Repetitions.passAtLeastOnce(3, passed: 1, of: 2) == nil)
    }

    @Test("fewer than five units have no interval")
    func few() {
        var tally = Tally()
        for _ in 0..<4 { tally.add(CollectionOfOne(.boolean(true)), pass: .yes) }
        #expect(tally.interval(of: .mean) == nil)
        #expect(tally.interval(of: .passRate) == nil)
        tally.add(CollectionOfOne(.boolean(false)), pass: .yes)
        #expect(tally.interval(of: .mean)?.method == .wilson)
        #expect(tally.interval(of: .passRate)?.units == 5)
    }
}
