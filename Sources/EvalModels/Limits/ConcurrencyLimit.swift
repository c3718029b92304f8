// How many calls may be under way at an endpoint: a number that falls when the endpoint has too much, and recovers.

/// A number of calls that adapts.
///
/// It is watched in windows of as many calls as may be under way, but of 24 at least: chance makes no overload of a few
/// calls. When more than a fifth of a window was refused or late it falls to half, once for all calls that were under way
/// then; faults that are fewer have nothing to do with the load. After any other window it doubles up to where it last fell,
/// and grows by an eighth from there.
struct ConcurrencyLimit: Sendable, Equatable {
    /// The most that it grows to.
    let ceiling: Int
    /// The calls that may be under way.
    private(set) var limit: Int
    /// Which limit a call began under.
    private(set) var generation = 0
    private var threshold: Int
    private var clean = 0
    private var faults = 0

    /// Begins at a person's number, or carefully where nobody named one.
    init(explicit: Int?) {
        ceiling = max(1, explicit ?? Self.standard)
        limit = min(ceiling, explicit ?? 16)
        threshold = ceiling
    }

    /// The calls that are under way at most where nobody names a number.
    static let standard = 64

    /// A call ended.
    ///
    /// - Parameters:
    ///   - isFault: Whether the endpoint had too much to do.
    ///   - generation: What ``generation`` was when the call began.
    mutating func ended(isFault: Bool, generation: Int) {
        if isFault {
            guard generation == self.generation else { return }
            faults += 1
            if faults * 5 > window { return fall() }
        } else {
            clean += 1
        }
        if clean + faults >= window { grow() }
    }

    private var window: Int { max(Self.leastWindow, limit) }
    private static let leastWindow = 24

    private mutating func fall() {
        limit = max(1, limit / 2)
        threshold = limit
        generation += 1
        (clean, faults) = (0, 0)
    }

    private mutating func grow() {
        limit = min(ceiling, limit < threshold ? min(threshold, limit * 2) : limit + max(1, limit / 8))
        (clean, faults) = (0, 0)
    }
}
