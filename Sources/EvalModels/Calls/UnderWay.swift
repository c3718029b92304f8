// What is under way, so that whoever closes the door can wait for it: a reply on its way may be paid for already.

internal import Synchronization

/// Counts attempts, and lets somebody wait until there is none.
final class UnderWay: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// An attempt begins.
    func begin() { state.withLock { $0.count += 1 } }

    /// An attempt has ended, and what it brought is written down.
    func end() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until nothing is under way.
    func over() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
