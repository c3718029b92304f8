// Where the worker's program is.

internal import EvalCore
internal import Foundation

enum WorkerLocator {
    /// The program: `EVALHOST_WORKER`, beside this program, in PREFIX/libexec/evalhost, or where an evalhost on the
    /// `PATH` has it.
    ///
    /// - Throws: Where it was looked for. Plugins never run in this process only because there is no worker.
    static func find(_ given: String?) throws(Diagnostic) -> String {
        let asked = given ?? ProcessInfo.processInfo.environment["EVALHOST_WORKER"].flatMap { $0.isEmpty ? nil : $0 }
        if let asked {
            guard isProgram(asked) else {
                throw Diagnostic(
                    "there is no program evalhost-worker",
                    category: .unavailable,
                    at: .init(file: asked),
                    help: "EVALHOST_WORKER must name it."
                )
            }
            return asked
        }
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = (executable as NSString).deletingLastPathComponent
        let places = ["\(folder)/evalhost-worker", "\(folder)/../libexec/evalhost/evalhost-worker"]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let installed = path.split(separator: ":").map { "\($0)/../libexec/evalhost/evalhost-worker" }
        if let found = (places + installed).first(where: isProgram) { return found }
        throw Diagnostic(
            "there is no program evalhost-worker, in which plugins run",
            category: .unavailable,
            help: "Looked in \(places.joined(separator: " and ")). Set EVALHOST_WORKER, or install evalhost again."
        )
    }

    private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }
}
