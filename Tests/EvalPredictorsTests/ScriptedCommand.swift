// Applications for tests: a few lines of Python that answer, or don't.

import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Synchronization
import Testing

/// Warnings, in their order.
final class Warnings: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ warning: String) { list.withLock { $0.append(warning) } }
}

/// A command that is a Python script, or a shell script where Python would start too slowly.
///
/// It finds `requests()`, which gives one request after another, `answer(...)`, which prints an object, and the modules
/// `json`, `os`, `signal`, `sys` and `time`.
struct ScriptedCommand {
    let predictor: CommandPredictor
    let warnings = Warnings()

    init(
        _ script: String,
        processes: Int = 1,
        inFlight: Int = 1,
        timeout: Duration = .seconds(30),
        _ change: (inout CommandPredictor.Options) -> Void = { _ in }
    ) throws {
        let prelude = """
            import json, os, signal, sys, time
            def requests():
                while line := sys.stdin.readline(): yield json.loads(line)
            def answer(**members): sys.stdout.write(json.dumps(members) + "\\n"); sys.stdout.flush()

            """
        try self.init(
            shell: #"exec python3 -c "$SCRIPT""#,
            script: prelude + script,
            processes: processes,
            inFlight: inFlight,
            timeout: timeout,
            change
        )
    }

    /// A command that is a shell script.
    init(
        shell: String,
        script: String = "",
        processes: Int = 1,
        inFlight: Int = 1,
        timeout: Duration = .seconds(30),
        _ change: (inout CommandPredictor.Options) -> Void = { _ in }
    ) throws {
        var environment = ProcessInfo.processInfo.environment
        environment["SCRIPT"] = script
        var options = CommandPredictor.Options(
            processes: processes,
            inFlight: inFlight,
            timeout: timeout,
            environment: environment,
            warn: { [warnings] in warnings.add($0) }
        )
        options.patience.leave = .milliseconds(100)
        options.patience.kill = .milliseconds(200)
        options.patience.close = .milliseconds(500)
        change(&options)
        predictor = try CommandPredictor(command: shell, options: options)
    }

    func predict(_ inputs: JSON) async throws -> Prediction {
        try await predictor.predict(PredictRequest(id: .make(), inputs: inputs))
    }

    /// The outputs, or the failure.
    func outcome(_ inputs: JSON) async -> Result<JSON, PredictFailure> {
        do {
            return .success(try await predict(inputs).outputs)
        } catch let failure as PredictFailure {
            return .failure(failure)
        } catch {
            return .failure(PredictFailure("\(error)"))
        }
    }

    /// The outcomes of calls that are made at the same time, in the order of `inputs`.
    func outcomes(_ inputs: [JSON]) async -> [Result<JSON, PredictFailure>] {
        await withTaskGroup { group in
            for (place, inputs) in inputs.enumerated() { group.addTask { (place, await outcome(inputs)) } }
            var results: [Int: Result<JSON, PredictFailure>] = [:]
            for await (place, result) in group { results[place] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}

extension Result<JSON, PredictFailure> {
    var failure: PredictFailure? { if case .failure(let failure) = self { failure } else { nil } }
    var outputs: JSON? { try? get() }
}

/// Whether a process with this number runs; what nobody reaped doesn't.
func isRunning(_ pid: Int64) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Whether there is a process with this number, be it a zombie.
func isThere(_ pid: Int64) -> Bool { kill(pid_t(pid), 0) == 0 }
