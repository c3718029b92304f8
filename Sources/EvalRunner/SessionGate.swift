// Conversations: a turn waits until the turn before it is stored, and reads its history from the store.

internal import EvalCore
internal import Synchronization

/// Lets the turns of a conversation happen one after another, whatever else goes on at once.
///
/// It remembers only conversations with turns that are not finished, so that it does not grow with the data.
final class SessionGate: Sendable {
    fileprivate struct Key: Hashable {
        let session: String
        let repetition: Int
    }
    private let last = Mutex<[Key: Moment]>([:])

    /// A turn's place in its conversation.
    struct Turn: Sendable {
        fileprivate let key: Key
        fileprivate let previous: Moment?
        fileprivate let own: Moment
    }

    /// Takes the next place; called in the order of the rows.
    func enter(_ session: String, repetition: Int) -> Turn {
        let key = Key(session: session, repetition: repetition)
        let own = Moment()
        let previous = last.withLock { $0.updateValue(own, forKey: key) }
        return Turn(key: key, previous: previous, own: own)
    }

    /// Waits until the turn before is over.
    func wait(for turn: Turn) async { await turn.previous?.wait() }

    /// Says that a turn is over, whatever came of it.
    func leave(_ turn: Turn) {
        last.withLock { last in
            if last[turn.key] === turn.own { last[turn.key] = nil }
        }
        turn.own.happen()
    }
}

/// Something that happens once.
fileprivate final class Moment: Sendable {
    private enum State {
        case ahead([CheckedContinuation<Void, Never>])
        case past
    }
    private let state = Mutex(State.ahead([]))

    func happen() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .ahead(let waiters) = state else { return [] }
            state = .past
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isPast = state.withLock { state in
                guard case .ahead(let waiters) = state else { return true }
                state = .ahead(waiters + [continuation])
                return false
            }
            if isPast { continuation.resume() }
        }
    }
}
