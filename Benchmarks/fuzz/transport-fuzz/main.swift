// Feeds everything that a worker or a library can write to the host's readers, changed at random: they may refuse it,
// they must not crash or hang. Usage: transport-fuzz CORPUS [EXECUTIONS] [SEED] [FIRST]
//
// Ends with 1 where a reader took or refused everything, or took longer than a second. A crash names no execution, but the
// last line tells where to begin with a smaller number of them.

import EvalFuzzSupport
import EvalPlugins
import Foundation

let arguments = CommandLine.arguments
func number(_ index: Int, _ standard: Int) -> Int {
    index < arguments.count ? Int(arguments[index]) ?? standard : standard
}
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

guard arguments.count > 1 else {
    say("usage: transport-fuzz CORPUS [EXECUTIONS] [SEED] [FIRST]")
    exit(2)
}
let count = number(2, 1_000_000)
let seed = UInt64(number(3, 1))
let first = number(4, 0)
let fuzzer = try Fuzzer(corpus: arguments[1])
if let refused = fuzzer.refusedInputs.first {
    say("an input of the corpus is refused as \(refused)")
    exit(1)
}

var tallies: [HostileReading: Fuzzer.Tally] = [:]
let clock = ContinuousClock()
let start = clock.now
let step = count < 50_000 ? max(1, count / 50) : 10_000
for from in stride(from: first, to: first + count, by: step) {
    // A reader that doesn't end is ended by the signal.
    alarm(60)
    if (from - first) % (100 * step) == 0 { say("from \(from)") }
    fuzzer.run(from..<min(from + step, first + count), seed: seed, into: &tallies)
}
alarm(0)
let seconds = (clock.now - start) / .seconds(1)
say("\(count) executions of seed \(seed) in \(Int(seconds)) s, \(Int(Double(count) / seconds)) a second")
var isGood = true
for reading in HostileReading.allCases {
    let tally = tallies[reading] ?? Fuzzer.Tally()
    let slowest = "slowest \(tally.slowest / 1000) us (\(tally.slowestExecution))"
    say("\(reading): \(tally.accepted) accepted, \(tally.refused) refused, \(slowest)")
    isGood = isGood && tally.accepted > 0 && tally.refused > 0 && tally.slowest < 1_000_000_000
}
exit(isGood ? 0 : 1)
