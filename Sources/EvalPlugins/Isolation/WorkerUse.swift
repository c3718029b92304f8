// What a worker uses of the machine, for those who look for leaks.

internal import Foundation

/// What workers use at a moment.
struct WorkerUse: Sendable {
    /// Memory of their own, in bytes.
    var memory = 0
    /// Their threads.
    var threads = 0
}

extension WorkerProcess {
    /// What it uses now; nil if it has ended.
    var use: WorkerUse? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        func number(_ key: String) -> Int? {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(key):") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        guard let kibibytes = number("RssAnon"), let threads = number("Threads") else { return nil }
        return WorkerUse(memory: kibibytes << 10, threads: threads)
    }
}

extension WorkerLibrary {
    /// Makes an instance again in the place of one: that one is destroyed.
    ///
    /// - Returns: Whether it was made.
    func remake(_ instance: Int) async -> Bool {
        let result = await submit(.create, instance: instance)
        guard result.faults.isEmpty, let answer = result.answers.first else { return false }
        return answer.1.withSheet(0) { CreateAnswer($0).refusal == nil } ?? false
    }

    /// What its workers use now; nil if there is none.
    func measure() async -> WorkerUse? {
        await withCheckedContinuation { continuation in
            perform { driver in
                let uses = driver.uses
                continuation.resume(
                    returning: uses.isEmpty
                        ? nil
                        : uses.reduce(into: WorkerUse()) { sum, use in
                            sum.memory += use.memory
                            sum.threads += use.threads
                        }
                )
            }
        }
    }
}
