// How often intervals hold what they should, as the table of Documentation/statistics.md: 2,000 data sets of each kind.
// EVALHOST_BENCHMARKS=1 swift run -c release coverage-bench

import EvalCore
import Foundation

/// A kind of data set: what is true of it, and the interval that one draw of it gives.
struct Case {
    let name: String
    let truth: Double
    let interval: (inout SeededGenerator) -> Interval?
}

func uniform(_ generator: inout SeededGenerator) -> Double { Double.random(in: 0..<1, using: &generator) }

func normal(_ generator: inout SeededGenerator) -> Double {
    (-2 * log(1 - uniform(&generator))).squareRoot() * cos(2 * Double.pi * uniform(&generator))
}

func sample(
    _ count: Int,
    cluster: ((Int) -> String)? = nil,
    quantiles: Bool = false,
    _ draw: (Int) -> Double
) -> UnitSample {
    var sample = UnitSample(isClustered: cluster != nil, keepsValues: quantiles)
    for index in 0..<count { sample.add(draw(index), cluster: cluster?(index)) }
    return sample
}

func shares() -> [Case] {
    [(0.5, 20), (0.8, 50), (0.95, 100), (0.95, 1_000)]
        .map { share, count in
            Case(name: "share \(share), n = \(count) (Wilson)", truth: share) { generator in
                .wilson(successes: Double((0..<count).count { _ in uniform(&generator) < share }), units: count)
            }
        }
}

func means() -> [Case] {
    let normals = [5, 30, 300]
        .map { count in
            Case(name: "mean of normal values, n = \(count) (t)", truth: 0) { generator in
                let values = sample(count) { _ in normal(&generator) }
                return values.meanInterval(isTwoValued: false, using: &generator)
            }
        }
    let skewed = [30, 300]
        .map { count in
            Case(name: "mean of exponential values, n = \(count) (t)", truth: 1) { generator in
                let values = sample(count) { _ in -log(1 - uniform(&generator)) }
                return values.meanInterval(isTwoValued: false, using: &generator)
            }
        }
    return normals + skewed
}

func quantiles() -> [Case] {
    [(0.5, 30), (0.5, 300), (0.9, 100), (0.9, 1_000)]
        .map { quantile, count in
            let truth = -log(1 - quantile)
            return Case(name: "quantile \(quantile) of exponential values, n = \(count) (bootstrap)", truth: truth) {
                generator in
                let values = sample(count, quantiles: true) { _ in -log(1 - uniform(&generator)) }
                return values.quantile(quantile, using: &generator)?.interval
            }
        }
}

func clusters() -> [Case] {
    let means = [10, 40]
        .map { groups in
            Case(name: "mean of \(groups) clusters of 5, half of the variance shared (t)", truth: 0) { generator in
                let shared = (0..<groups).map { _ in normal(&generator) }
                let values = sample(groups * 5, cluster: { "\($0 / 5)" }) { shared[$0 / 5] + normal(&generator) }
                return values.meanInterval(isTwoValued: false, using: &generator)
            }
        }
    let shares = [40, 100]
        .map { groups in
            Case(name: "share 0.7 of \(groups) clusters of 5 (cluster bootstrap)", truth: 0.7) { generator in
                // Beta(1.4, 0.6) has mean 0.7: clusters of their own difficulty, drawn by rejection.
                let chances = (0..<groups)
                    .map { _ -> Double in
                        while true {
                            let (x, y) = (pow(uniform(&generator), 1 / 1.4), pow(uniform(&generator), 1 / 0.6))
                            if x + y <= 1, x + y > 0 { return x / (x + y) }
                        }
                    }
                let values = sample(groups * 5, cluster: { "\($0 / 5)" }) {
                    uniform(&generator) < chances[$0 / 5] ? 1 : 0
                }
                return values.meanInterval(isTwoValued: true, using: &generator)
            }
        }
    return means + shares
}

let dataSets = 2_000
FileHandle.standardOutput.write(Data("| data | held |\n|---|---|\n".utf8))
for (index, kind) in (shares() + means() + quantiles() + clusters()).enumerated() {
    var generator = SeededGenerator(seed: UInt64(index + 1))
    var held = 0
    for _ in 0..<dataSets {
        if let interval = kind.interval(&generator), (interval.low...interval.high).contains(kind.truth) { held += 1 }
    }
    let share = String(format: "%.1f %%", 100 * Double(held) / Double(dataSets))
    FileHandle.standardOutput.write(Data("| \(kind.name) | \(share) |\n".utf8))
}
