// How far a run is, for whoever draws it.

internal import Synchronization

/// The counts of a run that goes; safe to read from any task.
public final class RunProgress: Sendable {
    private let state = Mutex(RunCounts())
    private let restored = Mutex(0)

    /// A run that has not begun.
    public init() {}

    /// What is committed by now.
    public var counts: RunCounts { state.withLock { $0 } }

    /// Rows that an earlier part of the run had finished.
    public var restoredRows: Int { restored.withLock { $0 } }

    func started(with counts: RunCounts) {
        restored.withLock { $0 = counts.rows }
        committed(counts)
    }

    func committed(_ counts: RunCounts) {
        state.withLock { if counts.rows >= $0.rows { $0 = counts } }
    }
}
