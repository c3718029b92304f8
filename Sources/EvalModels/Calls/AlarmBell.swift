// Tells the owner of a hub what no row alone can: that nobody is answered any more. Each cause is told once.

internal import EvalCore
internal import Synchronization

/// Rings once for each cause.
final class AlarmBell: Sendable {
    private let ring: @Sendable (Diagnostic) -> Void
    private let causes = Mutex<Set<String>>([])

    init(_ ring: @escaping @Sendable (Diagnostic) -> Void) { self.ring = ring }

    /// Tells a failure that concerns more than one call.
    ///
    /// - Parameters:
    ///   - failure: What happened.
    ///   - cause: What tells it from others.
    func tell(_ failure: CallFailure, cause: String) {
        guard causes.withLock({ $0.insert(cause).inserted }) else { return }
        ring(Diagnostic(failure.message, category: .unavailable, help: help(failure)))
    }

    private func help(_ failure: CallFailure) -> String? {
        switch failure.code {
        case "model_key": "Check the key, and that it belongs to this endpoint."
        case "model_unknown": "Check the model's name and the base URL."
        case "budget": "Raise the budget, and go on with --resume: no reply that was received is paid for twice."
        case "model_unavailable": "Check that the endpoint runs, and go on with --resume."
        default: nil
        }
    }
}
