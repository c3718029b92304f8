// When a call is made again, and when calls are made at all: decisions without clocks, and the one clock they need.

internal import EvalCore
internal import Synchronization

/// Decides about the attempts of one call.
///
/// Delays have full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015): any time up to a bound that doubles.
struct RetryPolicy: Sendable {
    /// The most attempts, but for those that an endpoint postponed.
    var attempts = Limits.attempts
    /// The bound of the first delay.
    var base = Duration.milliseconds(500)
    /// The bound of all delays.
    var longest = Duration.seconds(30)

    /// What comes after a failed attempt.
    enum Decision: Equatable {
        case giveUp
        case again(after: Duration)
    }

    /// How one call went so far.
    struct Record: Sendable {
        /// Attempts that count.
        fileprivate(set) var failures = 0
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - failure: What happened.
    ///   - record: The call so far.
    ///   - random: A number from 0 to 1.
    /// - Returns: Whether and when to try again.
    func decide(after failure: PredictFailure, _ record: inout Record, random: Double) -> Decision {
        guard failure.isRetryable else { return .giveUp }
        if let wait = failure.retryAfter { return .again(after: wait) }
        record.failures += 1
        guard record.failures < attempts else { return .giveUp }
        let bound = min(longest, base * (1 << min(record.failures - 1, 20)))
        return .again(after: bound * random)
    }
}

/// A bound on calls a second: each call takes the next free moment (the generic cell rate algorithm with no burst).
final class RateLimiter: Sendable {
    private let interval: Duration
    private let next = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter rate: Calls a second, above 0.
    init(callsPerSecond rate: Double) { interval = .seconds(1 / rate) }

    /// Takes the next moment.
    func reserve(now: ContinuousClock.Instant = .now) -> ContinuousClock.Instant {
        next.withLock { next in
            let moment = max(now, next ?? now)
            next = moment + interval
            return moment
        }
    }

    /// Waits for the next moment.
    func wait() async throws {
        let moment = reserve()
        if moment > .now { try await Task.sleep(until: moment, clock: .continuous) }
    }
}
