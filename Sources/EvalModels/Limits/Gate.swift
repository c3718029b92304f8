// The shell around a gate's decisions: who waits, in which order, and the one timer for the moment when the first may go.

internal import EvalCore
internal import NIOCore
internal import Synchronization

/// Lets attempts through to one endpoint, in the order in which they came.
final class Gate: Sendable {
    private typealias Outcome = Result<Permit, CallFailure>

    private struct Waiter {
        let tokens: Int
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var gate: GateState
        var waiters: [Int: Waiter] = [:]
        /// The ids of those who wait, in their order; some may have left.
        var queue: [Int] = []
        var head = 0
        var next = 0
        var cancelled: Set<Int> = []
        var timer: Scheduled<Void>?
        var timerMoment: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let eventLoop: any EventLoop

    init(_ gate: GateState, eventLoop: any EventLoop) {
        state = Mutex(State(gate: gate))
        self.eventLoop = eventLoop
    }

    /// Waits until an attempt may go.
    ///
    /// - Parameter tokens: About how many tokens it needs.
    /// - Returns: The permit, to be given back.
    /// - Throws: Why it may not go.
    func enter(tokens: Int) async throws(CallFailure) -> Permit {
        if Task.isCancelled { throw .cancelled }
        let (id, early) = state.withLock { state -> (Int, Outcome?) in
            if state.waiters.isEmpty {
                switch state.gate.enter(tokens: tokens, now: .now) {
                case .admitted(let permit): return (0, .success(permit))
                case .refused(let failure): return (0, .failure(failure))
                case .at, .later: break
                }
            }
            state.next += 1
            return (state.next, nil)
        }
        if let early { return try early.get() }
        return try await wait(id, tokens).get()
    }

    /// Gives a permit back.
    ///
    /// - Returns: Why the endpoint is given up for now, where the attempt confirms that.
    func leave(_ permit: Permit, _ ending: GateState.Ending) -> CallFailure? {
        let (outage, ready) = state.withLock { state in
            let outage = state.gate.leave(permit, ending, now: .now)
            return (outage, pump(&state))
        }
        resume(ready)
        return outage
    }

    /// Lets nobody in any more, those who wait neither.
    ///
    /// - Returns: Whether that is new.
    func close(_ failure: CallFailure) -> Bool {
        let (isNew, ready) = state.withLock { state in
            (state.gate.close(failure), pump(&state))
        }
        resume(ready)
        return isNew
    }

    private func wait(_ id: Int, _ tokens: Int) async -> Outcome {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                let ready = state.withLock { state -> [(CheckedContinuation<Outcome, Never>, Outcome)] in
                    if state.cancelled.contains(id) { return [(continuation, .failure(.cancelled))] }
                    state.waiters[id] = Waiter(tokens: tokens, continuation: continuation)
                    state.queue.append(id)
                    return pump(&state)
                }
                resume(ready)
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.continuation.resume(returning: .failure(.cancelled))
        }
        // A cancellation that came when the permit was given already leaves its mark, which nobody needs.
        state.withLock { _ = $0.cancelled.remove(id) }
        return outcome
    }

    /// Lets in those who may go, and sets the timer for the first who may not yet.
    private func pump(_ state: inout State) -> [(CheckedContinuation<Outcome, Never>, Outcome)] {
        var ready: [(CheckedContinuation<Outcome, Never>, Outcome)] = []
        loop: while state.head < state.queue.count {
            let id = state.queue[state.head]
            guard let waiter = state.waiters[id] else {
                state.head += 1
                continue
            }
            switch state.gate.enter(tokens: waiter.tokens, now: .now) {
            case .admitted(let permit): ready.append((waiter.continuation, .success(permit)))
            case .refused(let failure): ready.append((waiter.continuation, .failure(failure)))
            case .at(let moment):
                setTimer(&state, moment)
                break loop
            case .later: break loop
            }
            state.waiters[id] = nil
            state.head += 1
        }
        if state.head == state.queue.count || state.head > 1024 {
            state.queue.removeFirst(state.head)
            state.head = 0
        }
        return ready
    }

    private func setTimer(_ state: inout State, _ moment: ContinuousClock.Instant) {
        if let set = state.timerMoment, set <= moment { return }
        state.timer?.cancel()
        state.timerMoment = moment
        let delay = max(.zero, ContinuousClock.now.duration(to: moment))
        state.timer = eventLoop.scheduleTask(in: TimeAmount(rounded: delay)) { [weak self] in self?.ring() }
    }

    private func ring() {
        let ready = state.withLock { state in
            (state.timer, state.timerMoment) = (nil, nil)
            return pump(&state)
        }
        resume(ready)
    }

    private func resume(_ ready: [(CheckedContinuation<Outcome, Never>, Outcome)]) {
        for (continuation, outcome) in ready { continuation.resume(returning: outcome) }
    }
}

extension TimeAmount {
    /// A duration up to the next microsecond, so that a timer never rings before its moment.
    init(rounded duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let bounded = min(seconds, 1 << 31)
        self = .nanoseconds(bounded * 1_000_000_000 + attoseconds / 1_000_000_000 + 1000)
    }
}
