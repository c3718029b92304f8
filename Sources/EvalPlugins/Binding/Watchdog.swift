// Deadlines of calls into libraries. A call can't be interrupted: one that takes too long is given up with its thread.

internal import Foundation
internal import Synchronization

/// The steps of a piece of work, one after another; each has the deadline.
///
/// Either the worker ends a step in time, or the watchdog gives the work up: an atomic exchange decides between the
/// two.
final class WatchedWork: Sendable {
    private static let givenUp = UInt64.max
    private static let finished = UInt64.max - 1

    private let step = Atomic<UInt64>(0)
    private let pauses = Atomic<Int>(0)
    let deadline: Duration
    private let onExpiry: @Sendable (_ step: Int) -> Void

    init(deadline: Duration, onExpiry: @escaping @Sendable (_ step: Int) -> Void) {
        self.deadline = deadline
        self.onExpiry = onExpiry
    }

    /// Ends a step, on the worker's thread.
    ///
    /// - Returns: Whether the work still belongs to the worker. If not, it stops and touches nothing of it any more.
    func end(_ number: Int) -> Bool {
        let (exchanged, _) = step.compareExchange(
            expected: UInt64(number),
            desired: UInt64(number) + 1,
            ordering: .acquiringAndReleasing
        )
        return exchanged
    }

    /// Ends the work after its last step, on the worker's thread; like `end(_:)`.
    func finish(after count: Int) -> Bool {
        let (exchanged, _) = step.compareExchange(
            expected: UInt64(count),
            desired: Self.finished,
            ordering: .acquiringAndReleasing
        )
        return exchanged
    }

    /// Stops the deadline's clock, while the host itself is at work for the step.
    func pause() { pauses.add(1, ordering: .relaxed) }

    /// Starts it again, from the beginning.
    func resume() { pauses.subtract(1, ordering: .relaxed) }

    fileprivate var isPaused: Bool { pauses.load(ordering: .relaxed) > 0 }

    /// The step that the work is at; nil when it has ended either way.
    fileprivate var current: UInt64? {
        let value = step.load(ordering: .acquiring)
        return value >= Self.finished ? nil : value
    }

    fileprivate func giveUp(at number: UInt64) {
        let (exchanged, _) = step.compareExchange(
            expected: number,
            desired: Self.givenUp,
            ordering: .acquiringAndReleasing
        )
        if exchanged { onExpiry(Int(number)) }
    }
}

/// One thread that looks after all work that is under way.
///
/// It sleeps while there is none.
final class Watchdog: Sendable {
    static let shared = Watchdog()

    private struct Entry {
        let work: WatchedWork
        var step: UInt64
        var since: ContinuousClock.Instant
    }

    private final class State: @unchecked Sendable {
        // Guarded by `condition`.
        var entries: [ObjectIdentifier: Entry] = [:]
        /// How long the thread sleeps between two looks; nil while it sleeps until it is woken.
        var pause: Duration?
        let condition = NSCondition()
    }
    private let state = State()

    private init() {
        let state = state
        let thread = Thread { Self.run(state) }
        thread.name = "evalhost-watch"
        thread.start()
    }

    /// Looks after work from now on.
    func watch(_ work: WatchedWork) {
        state.condition.lock()
        state.entries[ObjectIdentifier(work)] = Entry(work: work, step: work.current ?? 0, since: .now)
        // Not for every batch: the next look comes soon enough unless this deadline is a short one.
        if state.pause.map({ $0 > Self.pause(for: work.deadline) }) ?? true { state.condition.signal() }
        state.condition.unlock()
    }

    /// Forgets work that has ended.
    func forget(_ work: WatchedWork) {
        state.condition.lock()
        state.entries[ObjectIdentifier(work)] = nil
        state.condition.unlock()
    }

    // A look is due eight times in a deadline, so that none is late by more than an eighth of it.
    private static func pause(for deadline: Duration) -> Duration {
        min(max(deadline / 8, .milliseconds(1)), .milliseconds(250))
    }

    private static func run(_ state: State) {
        state.condition.lock()
        while true {
            guard let shortest = state.entries.values.map(\.work.deadline).min() else {
                state.pause = nil
                state.condition.wait()
                continue
            }
            let pause = pause(for: shortest)
            state.pause = pause
            _ = state.condition.wait(until: Date(timeIntervalSinceNow: pause / .seconds(1)))
            let expired = look(state)
            state.condition.unlock()
            for (work, step) in expired { work.giveUp(at: step) }
            state.condition.lock()
        }
    }

    /// Notes progress; returns the work that has none since its deadline.
    private static func look(_ state: State) -> [(WatchedWork, UInt64)] {
        let now = ContinuousClock.now
        var expired: [(WatchedWork, UInt64)] = []
        for (key, entry) in state.entries {
            guard let step = entry.work.current else {
                state.entries[key] = nil
                continue
            }
            if step != entry.step || entry.work.isPaused {
                state.entries[key]?.step = step
                state.entries[key]?.since = now
            } else if now - entry.since >= entry.work.deadline {
                expired.append((entry.work, step))
            }
        }
        return expired
    }
}
