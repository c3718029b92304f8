// Measures how many rows a second the store takes, beside Benchmarks/sqlite-floor, which does the same in C.
//
//     store-bench schema                     prints the schema, pragmas and statements for floor.c
//     store-bench commit PATH ROWS           makes a run of ROWS rows in transactions of 512
//     store-bench read PATH                  reads the newest run back in every way

import EvalCore
import EvalJSON
import EvalStore
import Foundation

struct Nothing: Scorer {
    let descriptor: ScorerDescriptor
    func score(_ rows: [Row]) async -> [Verdict] { [] }
}

func words(_ count: Int, seed: Int) -> String {
    let vocabulary = ["capital", "of", "the", "answer", "is", "a", "model", "which", "says", "river", "été", "large"]
    var state = UInt64(seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return (0..<count)
        .map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return vocabulary[Int(state >> 33) % vocabulary.count]
        }
        .joined(separator: " ")
}

func rows(_ range: Range<Int>, templates: [JSON]) throws -> [FinishedRow] {
    var writer = JSONWriter()
    return try range.map { ordinal in
        let record = try Record(row: templates[ordinal % templates.count])
        let digests = record.digests(using: &writer)
        return FinishedRow(
            ordinal: ordinal,
            recordDigest: digests.record,
            inputDigest: digests.inputs,
            expectations: record.expectations,
            trace: .pregenerated(record, outputs: record.outputs, nowMilliseconds: 1_800_000_000_000 + Int64(ordinal)),
            verdicts: [
                .yesNo(ordinal % 3 == 0, rationale: "the answer differs from the expected one at byte 17"),
                .number(Double(ordinal % 1000) / 1000),
                .boolean(ordinal % 2 == 0),
            ]
        )
    }
}

/// Seconds that all threads of this process computed.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "schema":
    print((StoreSchema.pragmas.map { $0 + ";" } + [StoreSchema.sql]).joined(separator: "\n"))
case "statements":
    for (rows, sql) in StoreSchema.commitStatements { print(rows, sql) }
case "commit" where arguments.count == 4:
    guard let count = Int(arguments[3]) else { fatalError("ROWS is a number") }
    let templates = try (0..<64)
        .map { seed in
            try JSON(
                parsing: ([
                    "inputs": ["question": JSON(words(30, seed: seed))], "outputs": JSON(words(60, seed: seed + 100)),
                    "expectations": ["expected_response": JSON(words(60, seed: seed + 200))],
                ] as JSON)
                .serialized
            )
        }
    let store = try SQLiteStore(path: arguments[2])
    let scorers = ["exact_match", "similarity", "is_json"]
        .map {
            ScorerInstance(Nothing(descriptor: ScorerDescriptor($0, help: "", reads: [], value: .number)))
        }
    let plan = RunPlan(
        name: "bench",
        experiment: "Default",
        hostVersion: "0",
        configuration: [:],
        dataSource: "bench",
        machine: "bench",
        owner: .current,
        startedMilliseconds: 0,
        scorers: scorers
    )
    try await store.begin(plan)
    var spent = Duration.zero
    var slowest = Duration.zero
    var cpu = 0.0
    for start in stride(from: 0, to: count, by: 512) {
        let batch = try rows(start..<min(start + 512, count), templates: templates)
        let clock = ContinuousClock()
        let before = cpuSeconds()
        let took = try await clock.measure { try await store.commit(batch, to: plan.id) }
        cpu += cpuSeconds() - before
        spent += took
        slowest = max(slowest, took)
    }
    let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
    print(
        "commit: \(count) rows in \(seconds) s (CPU \(cpu) s), \(Int(Double(count) / seconds)) rows/s, slowest \(slowest)"
    )
    try store.close()
case "read" where arguments.count == 3:
    let store = try SQLiteStore(path: arguments[2])
    let run = try await store.run(named: "latest")
    let clock = ContinuousClock()
    var count = 0
    print(
        "marks:",
        try await clock.measure {
            while true {
                let page = try await store.finishedMarks(of: run, from: count, limit: 4096)
                if page.isEmpty { break }
                count += page.count
            }
        },
        count
    )
    count = 0
    print(
        "verdicts:",
        try await clock.measure {
            while true {
                let page = try await store.finishedVerdicts(of: run, from: count, limit: 4096)
                if page.isEmpty { break }
                count += page.count
            }
        },
        count
    )
    print(
        "median:",
        try await clock.measure {
            _ = try await store.orderedValues(of: run, scorer: 1, feedback: nil, ranks: [count / 2])
        }
    )
    count = 0
    print("rows:", try await clock.measure { try await store.forEachRow(of: run) { _ in count += 1 } }, count)
    print("list:", try await clock.measure { _ = try await store.runs() })
default:
    print("store-bench schema | statements | commit PATH ROWS | read PATH")
}
