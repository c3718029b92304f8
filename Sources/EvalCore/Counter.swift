// A number that several tasks count up.

internal import Synchronization

/// A counter that is safe to share.
package final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    /// Adds `step` and gives the value from before.
    package func advance(by step: Int) -> Int {
        value.add(step, ordering: .relaxed).oldValue
    }

    /// The value now.
    package var current: Int { value.load(ordering: .relaxed) }
}
