// Measures the predictors alone: how many rows a second they bring to an application and back.
//
//     predict-bench command COMMAND ROWS PROCESSES IN_FLIGHT CALLS     CALLS calls of predict at a time
//     predict-bench url URL ROWS CALLS
//     predict-bench requests ROWS                                      prints the requests as lines

import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Synchronization

let question = JSON(Array(repeating: "word", count: 30).joined(separator: " "))

/// Calls `predict` for `rows` rows, `calls` at a time, and checks each answer.
func measure(_ predictor: some Predictor, rows: Int, calls: Int) async throws {
    // The processes and connections are there before the clock runs.
    try await ask(predictor, rows: calls, calls: calls)
    let clock = ContinuousClock()
    let before = processorSeconds()
    let took = try await clock.measure { try await ask(predictor, rows: rows, calls: calls) } / .seconds(1)
    let own = (processorSeconds() - before) / Double(rows) * 1e6
    print("\(Int(Double(rows) / took)) rows/s, \(String(format: "%.1f", own)) us of our own processor time a row")
    await predictor.close()
}

/// Seconds that all threads of this process computed.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func ask(_ predictor: some Predictor, rows: Int, calls: Int) async throws {
    let next = Counter()
    try await withThrowingTaskGroup { group in
        for _ in 0..<calls {
            group.addTask {
                while next.take() < rows {
                    let inputs: JSON = ["question": question]
                    let prediction = try await predictor.predict(PredictRequest(id: .make(), inputs: inputs))
                    guard prediction.outputs == question else { throw Diagnostic("a wrong answer") }
                }
            }
        }
        try await group.waitForAll()
    }
}

final class Counter: Sendable {
    private let value = Atomic(0)
    func take() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(3).compactMap { Int($0) }
switch arguments.dropFirst().first {
case "command" where numbers.count == 4:
    let options = CommandPredictor.Options(processes: numbers[1], inFlight: numbers[2], warn: { print($0) })
    let predictor = try CommandPredictor(command: arguments[2], options: options)
    try await measure(predictor, rows: numbers[0], calls: numbers[3])
case "url" where numbers.count == 2:
    let predictor = try URLPredictor(url: arguments[2], options: URLPredictor.Options(connections: numbers[1]))
    try await measure(predictor, rows: numbers[0], calls: numbers[1])
case "requests" where arguments.count == 3:
    for _ in 0..<(Int(arguments[2]) ?? 0) {
        print(PredictRequest(id: .make(), inputs: ["question": question]).json.serialized)
    }
default:
    print("predict-bench command COMMAND ROWS PROCESSES IN_FLIGHT CALLS | url URL ROWS CALLS | requests ROWS")
}
