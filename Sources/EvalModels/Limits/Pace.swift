// When the next call may begin: a person's rates, and what the endpoint's replies ask for.

internal import EvalCore

/// Spaces calls and tokens evenly (the generic cell rate algorithm without a burst), and keeps the pauses that an
/// endpoint asks for.
struct Pace: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let callInterval: Duration?
    private let tokenInterval: Duration?
    private var nextCall: Instant?
    private var nextToken: Instant?
    private var pausedUntil: Instant?

    /// The longest pause that an endpoint's word is taken for.
    static let longestPause = Duration.seconds(600)

    /// - Parameters:
    ///   - callsPerSecond: The rates of calls that hold, of which the lowest counts.
    ///   - tokensPerSecond: The rate of tokens; nil for any.
    init(callsPerSecond: [Double] = [], tokensPerSecond: Double? = nil) {
        callInterval = callsPerSecond.min().map { .seconds(1 / $0) }
        tokenInterval = tokensPerSecond.map { .seconds(1 / $0) }
    }

    /// When the next call may begin; nil for now.
    func next(now: Instant) -> Instant? {
        var moment = now
        if let nextCall { moment = max(moment, nextCall) }
        if let nextToken { moment = max(moment, nextToken) }
        if let pausedUntil { moment = max(moment, pausedUntil) }
        return moment > now ? moment : nil
    }

    /// A call of about so many tokens begins.
    mutating func take(tokens: Int, now: Instant) {
        if let callInterval { nextCall = max(now, nextCall ?? now) + callInterval }
        if let tokenInterval { nextToken = max(now, nextToken ?? now) + tokenInterval * tokens }
    }

    /// A call took more or fewer tokens than was thought.
    mutating func correct(tokens: Int) {
        if let tokenInterval, let next = nextToken { nextToken = next + tokenInterval * tokens }
    }

    /// The endpoint wants to be left alone.
    mutating func pause(for duration: Duration, now: Instant) {
        let end = now + min(duration, Self.longestPause)
        pausedUntil = max(end, pausedUntil ?? end)
    }
}
