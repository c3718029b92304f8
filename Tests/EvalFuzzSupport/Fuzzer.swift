// Feeds the host's readers what is made from a corpus: the same for the same seed, each execution by itself, so that any
// of them can be made again.

import EvalCore
package import EvalPlugins
import Foundation

/// Executions over a corpus.
package struct Fuzzer: Sendable {
    /// What came of the executions of a reader.
    package struct Tally: Sendable {
        /// How many inputs were taken for what they should be.
        package var accepted = 0
        /// How many weren't.
        package var refused = 0
        /// The longest execution, in nanoseconds.
        package var slowest: UInt64 = 0
        /// Its number.
        package var slowestExecution = 0

        /// Nothing so far.
        package init() {}
    }

    /// Of the sheets of the corpus, see `corpus.c`.
    package static let sheetSeed: UInt64 = 0x6576_616C_686F_7374

    private let inputs: [HostileReading: [[UInt8]]]

    /// Reads a corpus: each file is named after its reader.
    ///
    /// - Throws: What can't be read, or which reader has nothing.
    package init(corpus folder: String) throws {
        var inputs: [HostileReading: [[UInt8]]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            guard let reading = HostileReading(rawValue: String(name.prefix { $0 != "-" })) else { continue }
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            if reading == .image, bytes.count > 20 {
                bytes[18] = UInt8(truncatingIfNeeded: HostileReading.machine)
                bytes[19] = UInt8(truncatingIfNeeded: HostileReading.machine >> 8)
            }
            inputs[reading, default: []].append(bytes)
        }
        if let missing = HostileReading.allCases.first(where: { inputs[$0] == nil }) {
            throw Diagnostic("\(folder) has no input for \(missing)")
        }
        self.inputs = inputs
    }

    /// The inputs of the corpus that their readers refuse; there should be none.
    package var refusedInputs: [HostileReading] {
        HostileReading.allCases.filter { reading in
            (inputs[reading] ?? []).contains { !reading.accepts($0, seed: Self.sheetSeed) }
        }
    }

    /// The bytes of an execution.
    package func input(_ execution: Int, seed: UInt64) -> (HostileReading, [UInt8]) {
        let reading = HostileReading.allCases[execution % HostileReading.allCases.count]
        var mutator = Mutator(seed: seed ^ (UInt64(execution) &* 0xD134_2543_DE82_EF95))
        let corpus = inputs[reading] ?? []
        var bytes = corpus[mutator.below(corpus.count)]
        mutator.mutate(&bytes, with: corpus[mutator.below(corpus.count)])
        // Half of the sheets get a right check again, so that readers come past it.
        if mutator.coin(), reading == .sheets || reading == .slot {
            var at = reading == .slot ? 128 : 0
            while let size = HostileReading.mendCheck(&bytes, at: at, seed: Self.sheetSeed) { at += size }
        }
        return (reading, bytes)
    }

    /// Runs executions.
    ///
    /// - Parameters:
    ///   - executions: Their numbers.
    ///   - seed: Decides what they read.
    ///   - tallies: Is added to.
    package func run(_ executions: Range<Int>, seed: UInt64, into tallies: inout [HostileReading: Tally]) {
        for execution in executions {
            let (reading, bytes) = input(execution, seed: seed)
            let start = DispatchTime.now().uptimeNanoseconds
            let isAccepted = reading.accepts(bytes, seed: Self.sheetSeed)
            let took = DispatchTime.now().uptimeNanoseconds - start
            var tally = tallies[reading] ?? Tally()
            if isAccepted { tally.accepted += 1 } else { tally.refused += 1 }
            if took > tally.slowest { (tally.slowest, tally.slowestExecution) = (took, execution) }
            tallies[reading] = tally
        }
    }
}
