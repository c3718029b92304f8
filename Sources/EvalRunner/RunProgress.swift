// How far a run is, for whoever draws it.

internal import EvalCore
internal import Synchronization

/// The counts of a run that goes; safe to read from any task.
public final class RunProgress: Sendable {
    private let state = Mutex(RunCounts())
    private let restored = Mutex(0)
    private let scorers = Mutex<[String: (rows: Int, time: Duration)]>([:])

    /// A run that has not begun.
    public init() {}

    /// What is committed by now.
    public var counts: RunCounts { state.withLock { $0 } }

    /// Rows that an earlier part of the run had finished.
    public var restoredRows: Int { restored.withLock { $0 } }

    /// The scorer that takes the longest for a row or session, and how long that is; nil before any has judged.
    public var slowestScorer: (name: String, perRow: Duration)? {
        scorers.withLock { scorers in
            scorers.map { (name: $0.key, perRow: $0.value.time / max(1, $0.value.rows)) }
                .max { ($0.perRow, $1.name) < ($1.perRow, $0.name) }
        }
    }

    func started(with counts: RunCounts) {
        restored.withLock { $0 = counts.finished }
        committed(counts)
    }

    func committed(_ counts: RunCounts) {
        state.withLock {
            // Whoever counted earlier may come later.
            if (counts.finished, counts.sessions) >= ($0.finished, $0.sessions) { $0 = counts }
        }
    }

    func judged(_ rows: Int, by scorer: String, in time: Duration) {
        scorers.withLock { scorers in
            let before = scorers[scorer] ?? (0, .zero)
            scorers[scorer] = (before.rows + rows, before.time + time)
        }
    }
}
