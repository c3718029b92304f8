// Everything that can go wrong with a plugin in its worker: one vocabulary for rows, tables, pages and messages.

public import EvalCore
internal import Foundation

/// How a plugin failed in its worker.
public enum PluginFault: Sendable, Equatable {
    /// A signal of its own making ended the process.
    case crash(Crash)
    /// It ended the process by `exit` or the like.
    case exited(status: Int32)
    /// It took longer than it may.
    case deadline(Duration)
    /// It stopped the process.
    case stopped(signal: Int32)
    /// It used more memory than it may, twice.
    case memory
    /// Somebody ended the process with a signal, twice.
    case killed(signal: Int32)
    /// It wrote where the host's words stand.
    case corrupt
    /// It called what the sandbox refuses, under `--sandbox strict`.
    case denied([String])
    /// The row doesn't fit into a worker's memory.
    case rowTooLarge
    /// There was no worker, or no instance in it.
    case unavailable(String)
    /// It failed on so many rows one after another that it gets no more.
    case retired(faults: Int)

    /// A crash as the worker saw it.
    public struct Crash: Sendable, Equatable {
        /// The signal.
        public var signal: Int32
        /// Whether the stack was used up.
        public var isStackOverflow = false
        /// The functions of the library that were under way, the innermost first.
        public var functions: [String] = []

        /// Describes a crash.
        public init(signal: Int32, isStackOverflow: Bool = false, functions: [String] = []) {
            self.signal = signal
            self.isStackOverflow = isStackOverflow
            self.functions = functions
        }
    }

    /// The stable word of the row's error.
    public var code: String {
        switch self {
        case .crash(let crash) where crash.isStackOverflow: "plugin_stack_overflow"
        case .crash(let crash) where crash.signal == SIGABRT: "plugin_abort"
        case .crash: "plugin_crash"
        case .exited: "plugin_exit"
        case .deadline: "deadline"
        case .stopped: "plugin_stopped"
        case .memory: "plugin_memory"
        case .killed: "plugin_killed"
        case .corrupt: "plugin_corrupt"
        case .denied: "sandbox_denied"
        case .rowTooLarge: "row_too_large"
        case .unavailable: "plugin_unavailable"
        case .retired: "plugin_retired"
        }
    }

    /// What happened, as the end of a sentence that begins with the plugin's name.
    public var words: String {
        switch self {
        case .crash(let crash):
            var words = "crashed with \(signalName(crash.signal))"
            if crash.isStackOverflow { words = "used up its stack (\(signalName(crash.signal)))" }
            if crash.signal == SIGABRT { words = "aborted (SIGABRT)" }
            return crash.functions.isEmpty ? words : words + " in " + crash.functions.joined(separator: ", called by ")
        case .exited(let status): return "ended its process with exit status \(status)"
        case .deadline(let limit): return "took longer than \(limit)"
        case .stopped(let signal): return "stopped its process with \(signalName(signal))"
        case .memory: return "used more memory than it may, also in a fresh worker"
        case .killed(let signal): return "had its process ended by \(signalName(signal)), also in a fresh worker"
        case .corrupt: return "overwrote memory of its worker that isn't its own"
        case .denied(let calls): return "called what the sandbox refuses: \(calls.joined(separator: ", "))"
        case .rowTooLarge: return "reads more of the row than a worker takes (\(Limits.rowBytes >> 20) MiB)"
        case .unavailable(let reason): return "couldn't be run: \(reason)"
        case .retired(let faults):
            return "failed on \(faults) rows in a row, and on rows from later in the source: it gets no more rows"
        }
    }

    /// The error of a row.
    ///
    /// - Parameter plugin: `scorer@library version`.
    /// - Returns: The error.
    public func error(of plugin: String) -> ScorerError { ScorerError(code: code, message: "\(plugin) \(words)") }
}

/// A signal as people write it.
func signalName(_ signal: Int32) -> String {
    let names: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1",
        SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
        SIGSTOP: "SIGSTOP", SIGTSTP: "SIGTSTP", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]
    return names[signal] ?? "signal \(signal)"
}
