// Why a worker ended, from what the system says and what its signal handler wrote.

internal import CEvalTransport
internal import EvalCore
internal import Foundation

/// A worker that has ended, and what it left.
struct Obituary {
    private let state: ceval_state
    /// The library's path.
    private let path: String
    /// Names of the library's functions at some places.
    private let names: ([UInt64]) -> [String?]

    init(_ process: WorkerProcess, _ library: CheckedLibrary) {
        self.init(state: process.state, path: library.path) { places in
            library.withBytes { ELFSymbols($0).names(of: places) } ?? []
        }
    }

    init(state: ceval_state, path: String, names: @escaping ([UInt64]) -> [String?]) {
        self.state = state
        self.path = path
        self.names = names
    }

    /// How it ended.
    ///
    /// - Parameters:
    ///   - status: Its exit status; nil if a signal ended it.
    ///   - signal: That signal.
    /// - Returns: The cause, and the scoring thread where it is known.
    func death(status: Int32?, signal: Int32?) -> WorkerFleet.Death {
        if let status {
            if state.phase == CEVAL_PHASE_FAILED { return .init(cause: .failedStart(failureWords)) }
            return .init(cause: .fault(.exited(status: status)))
        }
        let signal = signal ?? SIGKILL
        switch signal {
        case SIGKILL, SIGTERM, SIGHUP, SIGINT, SIGQUIT: return .init(cause: .signal(signal))
        default: break
        }
        let record = state.fault
        guard record.set == 1, record.signal == signal else {
            return .init(cause: .fault(.crash(.init(signal: signal))))
        }
        if record.flags & CEVAL_FAULT_NO_MEMORY != 0 { return .init(cause: .memory) }
        let crash = PluginFault.crash(
            .init(
                signal: record.signal,
                isStackOverflow: record.flags & CEVAL_FAULT_STACK_OVERFLOW != 0,
                functions: functions(of: record)
            )
        )
        if record.thread == 0, state.phase == CEVAL_PHASE_READY { return .init(cause: .otherThread(crash)) }
        return .init(cause: .fault(crash), lane: record.thread > 0 ? Int(record.thread) - 1 : nil)
    }

    /// The library's functions that were under way, by its own table of symbols; at most three.
    private func functions(of record: ceval_fault) -> [String] {
        let count = Int(min(record.frame_count, CEVAL_MAX_FRAMES))
        let range = state.library_start..<max(state.library_start, state.library_end)
        let frames = withUnsafeBytes(of: record.frames) { Array($0.bindMemory(to: UInt64.self).prefix(count)) }
        // All but the innermost are addresses of return: behind the call, which may be the function's last word.
        let calls = frames.enumerated().map { $0.offset > 0 && $0.element > 0 ? $0.element - 1 : $0.element }
        let places = calls.filter(range.contains).map { $0 - state.library_start }
        guard !places.isEmpty else { return [] }
        let symbols = self.names(Array(places.prefix(8)))
        var names: [String] = []
        for name in symbols.compactMap({ $0 }) where names.last != name { names.append(name) }
        return Array(names.prefix(3))
    }

    private var failureWords: String {
        let words = withUnsafeBytes(of: state.words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch state.failure {
        case CEVAL_FAILURE_VERSION:
            return "evalhost-worker is of another version (\(words)): install both together, or set EVALHOST_WORKER"
        case CEVAL_FAILURE_SANDBOX: return "the sandbox can't be set up: \(words)"
        default: return refusal()?.message ?? (words.isEmpty ? "it failed without a word" : words)
        }
    }

    /// Why the library is refused, where the worker could say so.
    func refusal() -> Diagnostic? {
        guard state.phase == CEVAL_PHASE_FAILED else { return nil }
        let words = withUnsafeBytes(of: state.words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch state.failure {
        case CEVAL_FAILURE_LOADER: return Refusal.loader(path, words)
        case CEVAL_FAILURE_NO_ENTRY: return Refusal.noEntry(path)
        case CEVAL_FAILURE_NULL_ENTRY: return Refusal.nullEntry(path)
        case CEVAL_FAILURE_SYMBOL: return Refusal.noSymbol(path, words)
        case CEVAL_FAILURE_ABI: return Refusal.image(path, .otherABI(UInt32(words) ?? 0))
        case CEVAL_FAILURE_PROBLEM:
            let parts = words.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return Refusal.problem(path, library: parts[0], parts.count > 1 ? parts[1] : "")
        default: return nil
        }
    }
}
