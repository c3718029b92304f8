// An endpoint that doesn't work is left alone for a while, then asked by one call whether it works again.

/// Decides whether calls go to an endpoint.
struct CircuitBreaker: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What becomes of a call.
    enum Admission: Equatable {
        /// It goes.
        case pass
        /// It goes, and decides about the others.
        case probe
        /// It waits until then.
        case wait(until: Instant)
        /// It waits for the probe that is under way.
        case waitForProbe
    }

    private enum State {
        case closed
        case open(until: Instant)
        case halfOpen
    }

    /// The failures in a row after which an endpoint is left alone.
    static let failuresToOpen = 8
    /// How long it is left alone at first.
    let firstPause: Duration
    /// How long it is left alone at most.
    let longestPause: Duration
    private var state = State.closed
    private var failures = 0
    private var pause: Duration
    private var began: Instant?
    /// Whether the endpoint has ever answered.
    private(set) var wasHeard = false

    init(firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(20)) {
        (self.firstPause, self.longestPause, pause) = (firstPause, longestPause, firstPause)
    }

    /// How long there was no answer at all; nil while there are answers.
    func outage(now: Instant) -> Duration? {
        guard failures >= Self.failuresToOpen else { return nil }
        return began.map { now - $0 }
    }

    /// What a call would be told now.
    func admission(now: Instant) -> Admission {
        switch state {
        case .closed: .pass
        case .open(let until): until <= now ? .probe : .wait(until: until)
        case .halfOpen: .waitForProbe
        }
    }

    /// A probe goes out.
    mutating func beginProbe() { state = .halfOpen }

    /// There was a reply.
    mutating func answered() {
        wasHeard = true
        (state, failures, pause, began) = (.closed, 0, firstPause, nil)
    }

    /// There was none, or one that says that the endpoint doesn't work.
    mutating func failed(wasProbe: Bool, now: Instant) {
        failures += 1
        if began == nil { began = now }
        if wasProbe {
            pause = min(longestPause, pause * 2)
            state = .open(until: now + pause)
        } else if case .closed = state, failures >= Self.failuresToOpen {
            state = .open(until: now + pause)
        }
    }

    /// A probe was given up before it decided anything: the next call is one.
    mutating func abandonedProbe(now: Instant) { state = .open(until: now) }
}
