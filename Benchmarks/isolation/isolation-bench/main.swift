// What isolation costs: the same rows scored in process, in a worker, and by a Python subprocess over pipes; crashes;
// how soon a worker serves; and calls of a judge.
// Usage: isolation-bench FOLDER-WITH-compared.so WORKER PIPE.PY FOLDER-WITH-second_opinion.so [ROWS]

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation

let arguments = CommandLine.arguments
let (folder, worker, script, judging) = (arguments[1], arguments[2], arguments[3], arguments[4])
let rowCount = arguments.count > 5 ? Int(arguments[5]) ?? 100_000 : 100_000
let clock = ContinuousClock()

func row(_ index: Int, crashes: Bool = false) throws -> Row {
    let answer = "Größe \(index % 2 == 0 ? index : 0) " + String(repeating: "lorem ipsum dolor ", count: 19)
    let expected = "Größe \(index) " + String(repeating: "lorem ipsum dolor ", count: 19)
    let crash = crashes ? #","crash":"now""# : ""
    let question = String(repeating: "a question of some length? ", count: 11)
    let text = """
        {"inputs":{"question":"\(question)"\(crash)},"outputs":"\(answer)","expectations":{"expected_response":"\(expected)"}}
        """
    let record = try Record(row: JSON(parsing: text))
    return Row(record: record, outputs: record.outputs, trace: Trace(requestTimeMilliseconds: 0))
}

func scorer(_ isolation: PluginIsolation, workers: Int) async throws -> any Scorer {
    var options = PluginOptions(hostVersion: HostVersion.current, instances: workers)
    options.isolation = isolation
    options.worker = worker
    let catalog = await PluginCatalog.open([folder], options: options)
    if let refusal = catalog.refusals.first { throw refusal }
    guard let descriptor = catalog.descriptors.first else { throw Diagnostic("no plugin in \(folder)") }
    return try await catalog.make(descriptor, configuration: [:])
}

func microseconds(_ duration: Duration, per count: Int) -> Double { duration / .microseconds(1) / Double(count) }
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
func shown(_ number: Double) -> String { String(format: "%.3f", number) }

/// Scores all batches, `width` of them at once.
func pass(_ scorer: any Scorer, _ batches: [[Row]], width: Int) async -> (Duration, errors: Int) {
    let start = clock.now
    let errors = await withTaskGroup(of: Int.self) { group in
        var next = 0
        var errors = 0
        func add() {
            guard next < batches.count else { return }
            let batch = batches[next]
            next += 1
            group.addTask {
                await scorer.score(batch).count { if case .errored = $0 { true } else { false } }
            }
        }
        for _ in 0..<width { add() }
        while let count = await group.next() {
            errors += count
            add()
        }
        return errors
    }
    return (clock.now - start, errors)
}

/// The same by a Python process, a batch at a time.
func pipePass(_ lines: [String]) throws -> Duration {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let start = clock.now
    for first in stride(from: 0, to: lines.count, by: 256) {
        let batch = lines[first..<min(first + 256, lines.count)]
        input.fileHandleForWriting.write(Data((batch.joined(separator: "\n") + "\n\n").utf8))
        var seen = 0
        while seen < batch.count {
            let data = output.fileHandleForReading.availableData
            for line in data.split(separator: UInt8(ascii: "\n")) {
                _ = try? JSON(parsing: line)
                seen += 1
            }
            if data.isEmpty { throw Diagnostic("the subprocess ended") }
        }
    }
    let elapsed = clock.now - start
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return elapsed
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

let rows = try (0..<rowCount).map { try row($0) }
let batches = stride(from: 0, to: rowCount, by: 256).map { Array(rows[$0..<min($0 + 256, rowCount)]) }
let inProcess = try await scorer(.inprocess, workers: 1)
let isolated = try await scorer(.process, workers: 1)
for width in [1, 4] {
    var (plain, apart): ([Double], [Double]) = ([], [])
    for _ in 0..<9 {
        plain.append(microseconds(await pass(inProcess, batches, width: width).0, per: rowCount))
        apart.append(microseconds(await pass(isolated, batches, width: width).0, per: rowCount))
    }
    let (a, b) = (median(plain), median(apart))
    say(
        "\(width) batches at once: in process \(shown(a)) us/row, isolated \(shown(b)), over it \(shown(b - a)), \(shown(b / a)) times"
    )
}
let lines = rows.prefix(20_000).map { $0.record.row.serialized }
say("pipe with JSON to Python: \(shown(microseconds(try pipePass(lines), per: lines.count))) us/row")

let (good, bad) = (try row(0), try row(1, crashes: true))
var (pairs, singles): ([Double], [Double]) = ([], [])
for _ in 0..<41 {
    let start = clock.now
    _ = await isolated.score([bad, good])
    pairs.append((clock.now - start) / .milliseconds(1))
    let again = clock.now
    _ = await isolated.score([good, good])
    singles.append((clock.now - again) / .milliseconds(1))
}
say(
    "from a crash to the next row scored: \(shown(median(pairs) - median(singles))) ms (least \(shown(pairs.min() ?? 0)))"
)

var starts: [Double] = []
for _ in 0..<21 {
    await PluginCatalog.endWorkers()
    let fresh = try await scorer(.process, workers: 1)
    await PluginCatalog.endWorkers()
    let start = clock.now
    _ = await fresh.score([good])
    starts.append((clock.now - start) / .milliseconds(1))
}
say(
    "a worker started, an instance made and a row scored: \(shown(median(starts))) ms (least \(shown(starts.min() ?? 0)))"
)

let crashing = try (0..<rowCount).map { try row($0, crashes: $0 % 100 == 50) }
let crashingBatches = stride(from: 0, to: rowCount, by: 256).map { Array(crashing[$0..<min($0 + 256, rowCount)]) }
let two = try await scorer(.process, workers: 2)
let (without, _) = await pass(two, batches, width: 8)
let (with, errors) = await pass(two, crashingBatches, width: 8)
say("\(rowCount) rows, 1 % of them crash: \(errors) errors, \(shown((with - without) / .seconds(1))) s more")
await PluginCatalog.endWorkers()

let (took, most) = try await judgeCalls(Array(rows.prefix(200)), folder: judging, worker: worker)
say("200 rows that ask a judge of 1 s, 50 at once: \(shown(took / .seconds(1))) s, at most \(most) questions under way")
await PluginCatalog.endWorkers()
