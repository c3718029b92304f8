// What ends a run that is no row's fault; the doors ring and listen, the loop asks whether it rang.

package import EvalCore
internal import Synchronization

/// Rings once, when going on makes no sense: the key is refused, the endpoint is gone, the money is spent.
package final class RunAlarm: Sendable {
    private struct State {
        var raised: Diagnostic?
        var handler: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    /// An alarm that is silent.
    package init() {}

    /// Why nothing can be asked any more; nil while all is well.
    package var raised: Diagnostic? { state.withLock { $0.raised } }

    /// Rings; only the first reason counts.
    package func raise(_ why: Diagnostic) {
        let handler = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.raised == nil else { return nil }
            state.raised = why
            return state.handler
        }
        handler?()
    }

    /// Calls `handler` when it rings, or at once where it has rung.
    package func whenRaised(_ handler: @escaping @Sendable () -> Void) {
        let hasRung = state.withLock { state in
            state.handler = handler
            return state.raised != nil
        }
        if hasRung { handler() }
    }
}
