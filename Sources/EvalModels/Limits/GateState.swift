// All that decides when a call may go to an endpoint, as one value: concurrency, breaker, pace and final words.

internal import EvalCore

/// The right to make one attempt.
struct Permit: Sendable, Equatable {
    /// The limit under which it was given.
    fileprivate(set) var generation: Int
    /// Whether it asks for all others whether the endpoint works again.
    fileprivate(set) var isProbe: Bool
    /// The tokens that it was taken to need.
    fileprivate(set) var tokens: Int
}

/// Decides about the attempts of one endpoint.
struct GateState: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What becomes of an attempt.
    enum Entry: Equatable {
        case admitted(Permit)
        /// It may ask again then.
        case at(Instant)
        /// It may ask again when another one ended.
        case later
        /// It may not.
        case refused(CallFailure)
    }

    /// How an attempt ended.
    struct Ending: Sendable {
        var signal: CallFailure.Signal
        /// The tokens that it took; nil where that isn't known.
        var tokens: Int?
        /// How long the endpoint wants no further call, by its rate headers.
        var pause: Duration?
        /// Why there was no answer.
        var words: String?
    }

    private(set) var limit: ConcurrencyLimit
    private var breaker: CircuitBreaker
    private var pace: Pace
    private let patience: Duration
    private let newPatience: Duration
    private let endpoint: String
    private(set) var inFlight = 0
    private var refusals = 0
    /// Why nobody is let in; only an answer to a probe ends it.
    private(set) var outage: CallFailure?
    private var closed: CallFailure?

    /// - Parameters:
    ///   - endpoint: Its host, for messages.
    ///   - limit: The calls at a time.
    ///   - breaker: The breaker.
    ///   - pace: The rates.
    ///   - patience: How long an endpoint that worked may be silent before calls are refused.
    ///   - newPatience: The same for one that was never heard.
    init(
        endpoint: String,
        limit: ConcurrencyLimit,
        breaker: CircuitBreaker = CircuitBreaker(),
        pace: Pace = Pace(),
        patience: Duration = .seconds(120),
        newPatience: Duration = .seconds(20)
    ) {
        (self.endpoint, self.limit, self.breaker, self.pace) = (endpoint, limit, breaker, pace)
        (self.patience, self.newPatience) = (patience, newPatience)
    }

    /// An attempt wants in.
    mutating func enter(tokens: Int, now: Instant) -> Entry {
        if let closed { return .refused(closed) }
        var isProbe = false
        switch breaker.admission(now: now) {
        case .pass: break
        case .probe: isProbe = true
        case .wait(let until): return outage.map { .refused($0) } ?? .at(until)
        case .waitForProbe: return outage.map { .refused($0) } ?? .later
        }
        guard inFlight < limit.limit else { return .later }
        if let moment = pace.next(now: now) { return .at(moment) }
        pace.take(tokens: tokens, now: now)
        if isProbe { breaker.beginProbe() }
        inFlight += 1
        return .admitted(Permit(generation: limit.generation, isProbe: isProbe, tokens: tokens))
    }

    /// An attempt ended.
    ///
    /// - Returns: Why the endpoint is given up for now, where the attempt confirms that.
    mutating func leave(_ permit: Permit, _ ending: Ending, now: Instant) -> CallFailure? {
        inFlight -= 1
        if let tokens = ending.tokens { pace.correct(tokens: tokens - permit.tokens) }
        if let pause = ending.pause { pace.pause(for: pause, now: now) }
        switch ending.signal {
        case .answered:
            refusals = 0
            works()
            limit.ended(isFault: false, generation: permit.generation)
        case .overloaded(let wait):
            refusals += 1
            // One refused call waits by itself; when none comes through, all of them do.
            if let wait, refusals >= 3 { pace.pause(for: wait, now: now) }
            works()
            limit.ended(isFault: true, generation: permit.generation)
        case .late:
            limit.ended(isFault: true, generation: permit.generation)
            return fails(permit, ending, now)
        case .broken: return fails(permit, ending, now)
        case .silent: if permit.isProbe { breaker.abandonedProbe(now: now) }
        }
        return nil
    }

    /// Lets nobody in any more.
    ///
    /// - Returns: Whether that is new.
    mutating func close(_ failure: CallFailure) -> Bool {
        defer { closed = closed ?? failure }
        return closed == nil
    }

    private mutating func works() {
        breaker.answered()
        outage = nil
    }

    private mutating func fails(_ permit: Permit, _ ending: Ending, _ now: Instant) -> CallFailure? {
        breaker.failed(wasProbe: permit.isProbe, now: now)
        if let outage { return outage }
        guard let silent = breaker.outage(now: now),
            silent >= (breaker.wasHeard ? patience : newPatience)
        else { return nil }
        let words = breaker.wasHeard ? "has given no answer for" : "has given no answer in"
        let seconds = max(1, silent.components.seconds)
        let last = ending.words.map { "; the last attempt: \($0)" } ?? ""
        outage = CallFailure(
            "model_unavailable",
            "\(endpoint) \(words) \(seconds) s, and calls are refused until it does\(last)",
            reach: .endpoint,
            signal: .silent,
            reached: false
        )
        return outage
    }
}
