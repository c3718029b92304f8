// An operating system's thread of one's own: create, score and destroy of an instance run on it and nowhere else.

internal import Foundation

/// Runs jobs one after another on a thread with a stack of its own.
///
/// Libraries may block, recurse deeply and keep thread-local state, so they never see Swift's cooperative threads.
final class PluginThread: Sendable {
    /// What the contract promises is 2 MiB; address space that isn't touched costs nothing.
    static let stackBytes = 8 << 20

    private final class Mailbox: @unchecked Sendable {
        // Guarded by `condition`.
        var jobs: [@Sendable () -> Void] = []
        var isStopped = false
        let condition = NSCondition()
    }
    private let mailbox = Mailbox()

    init(name: String) {
        let mailbox = mailbox
        let thread = Thread { Self.run(mailbox) }
        thread.stackSize = Self.stackBytes
        thread.name = String(name.prefix(15))
        thread.start()
    }

    deinit { stop() }

    /// Runs a job after those before it.
    func submit(_ job: @escaping @Sendable () -> Void) {
        mailbox.condition.lock()
        mailbox.jobs.append(job)
        mailbox.condition.signal()
        mailbox.condition.unlock()
    }

    /// Ends the thread after the jobs that it has.
    func stop() {
        mailbox.condition.lock()
        mailbox.isStopped = true
        mailbox.condition.signal()
        mailbox.condition.unlock()
    }

    private static func run(_ mailbox: Mailbox) {
        while true {
            mailbox.condition.lock()
            while mailbox.jobs.isEmpty && !mailbox.isStopped { mailbox.condition.wait() }
            let jobs = mailbox.jobs
            mailbox.jobs = []
            mailbox.condition.unlock()
            if jobs.isEmpty { return }
            for job in jobs { job() }
        }
    }

    /// How a piece of work ended.
    enum Outcome<Value: Sendable>: Sendable {
        case finished(Value)
        /// It was given up during this step, and this thread with it.
        case expired(step: Int)
    }

    /// Runs work on the thread and waits for it, or until one of its steps takes longer than `deadline`.
    ///
    /// - Parameters:
    ///   - deadline: Of each step.
    ///   - work: It ends each step with `end(_:)`, stops when that says so, and returns nil then; else a value with the
    ///     number of steps that it made.
    /// - Returns: The value, or the step at which the work was given up.
    func perform<Value: Sendable>(
        deadline: Duration,
        _ work: @escaping @Sendable (WatchedWork) -> (value: Value, steps: Int)?
    ) async -> Outcome<Value> {
        await withCheckedContinuation { continuation in
            let watched = WatchedWork(deadline: deadline) { step in
                // The thread may come back one day, or never: it gets no more work.
                self.stop()
                continuation.resume(returning: .expired(step: step))
            }
            submit {
                Watchdog.shared.watch(watched)
                guard let result = work(watched), watched.finish(after: result.steps) else { return }
                Watchdog.shared.forget(watched)
                continuation.resume(returning: .finished(result.value))
            }
        }
    }
}
