// Waiting with an end: what doesn't answer in time is left behind, also if it ignores its cancellation.

internal import Synchronization

/// The deadline passed first.
struct DeadlineExceeded: Error {}

/// Runs `body`, but waits no longer than `timeout`.
///
/// When the deadline passes first, or the caller is cancelled, `body` is cancelled and left behind: a group would
/// wait for it.
func withDeadline<Value: Sendable>(
    _ timeout: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task {
        do {
            race.finish(.success(try await body()))
        } catch {
            race.finish(.failure(error))
        }
    }
    let alarm = Alarms.shared.set(after: timeout) { race.finish(.failure(DeadlineExceeded())) }
    defer {
        Alarms.shared.clear(alarm)
        work.cancel()
    }
    return try await withTaskCancellationHandler {
        try await race.value()
    } onCancel: {
        race.finish(.failure(CancellationError()))
    }
}

/// One sleeper for all deadlines: a timer for each row would cost more than many a row does.
///
/// It looks around eight times within the shortest of the timeouts, and once a second at least; so late may an alarm be.
private final class Alarms: Sendable {
    static let shared = Alarms()

    private struct Alarm {
        let moment: ContinuousClock.Instant
        let ring: @Sendable () -> Void
    }
    private struct State {
        var alarms: [Int: Alarm] = [:]
        var next = 0
        var pace = Duration.seconds(1)
        var isWatching = false
    }
    private let state = Mutex(State())

    func set(after timeout: Duration, ring: @escaping @Sendable () -> Void) -> Int {
        let (id, begins) = state.withLock { state in
            let pace = max(.milliseconds(2), timeout / 8)
            let isQuicker = pace < state.pace
            if isQuicker { state.pace = pace }
            state.next += 1
            state.alarms[state.next] = Alarm(moment: .now + timeout, ring: ring)
            // A sleeper that is too slow for this one sleeps on beside a quicker one, and ends with the alarms.
            let begins = !state.isWatching || isQuicker
            state.isWatching = true
            return (state.next, begins)
        }
        if begins { Task { await watch() } }
        return id
    }

    func clear(_ id: Int) { state.withLock { $0.alarms[id] = nil } }

    private func watch() async {
        while true {
            try? await Task.sleep(for: state.withLock { $0.pace })
            let (due, isDone) = state.withLock { state in
                let now = ContinuousClock.now
                let due = state.alarms.filter { $0.value.moment <= now }
                for id in due.keys { state.alarms[id] = nil }
                if state.alarms.isEmpty {
                    state.isWatching = false
                    state.pace = .seconds(1)
                }
                return (due.values.map(\.ring), state.alarms.isEmpty)
            }
            for ring in due { ring() }
            if isDone { return }
        }
    }
}

/// The first of several results.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
    }
    private let state = Mutex(State.open)

    func finish(_ result: Result<Value, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .open:
                state = .finished(result)
                return nil
            case .waiting(let continuation):
                state = .finished(result)
                return continuation
            case .finished:
                return nil
            }
        }
        waiter?.resume(with: result)
    }

    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let early = state.withLock { state -> Result<Value, any Error>? in
                if case .finished(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(with: early) }
        }
    }
}

/// A bound on how many tasks are inside at once.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
        var next = 0
    }
    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: max(1, count))) }

    func acquire() async {
        await withCheckedContinuation { continuation in
            let enters = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if enters { continuation.resume() }
        }
    }

    func release() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.next < state.waiters.count else {
                state.free += 1
                return nil
            }
            defer {
                state.next += 1
                if state.next == state.waiters.count || state.next > 1024 {
                    state.waiters.removeFirst(state.next)
                    state.next = 0
                }
            }
            return state.waiters[state.next]
        }
        waiter?.resume()
    }
}
