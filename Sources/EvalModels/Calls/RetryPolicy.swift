// What comes after a failed attempt: a decision without clocks.

internal import EvalCore

/// Decides about the attempts of one call.
///
/// Delays have full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015): any time up to a bound that doubles.
struct RetryPolicy: Sendable {
    /// The most attempts that count.
    var attempts = Limits.attempts
    /// The bound of the first delay.
    var base = Duration.milliseconds(500)
    /// The bound of all delays.
    var longest = Duration.seconds(30)
    /// The most times that a question is put in another way.
    var steps = 10
    /// The most times that an endpoint postpones a call.
    var postponements = 200

    /// What the call does next.
    enum Action: Equatable {
        case giveUp
        /// The question is put again.
        case again(after: Duration)
        /// The reply goes back with what is wrong with it.
        case repair(reply: String, fault: String)
    }

    /// How one call went so far.
    struct Record: Sendable, Equatable {
        /// Attempts that failed and count.
        fileprivate(set) var failures = 0
        fileprivate(set) var steps = 0
        fileprivate(set) var postponements = 0
        fileprivate(set) var hasRepaired = false
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - remedy: What the failure asks for.
    ///   - record: The call so far.
    ///   - random: A number from 0 to 1.
    /// - Returns: What the call does next.
    func next(after remedy: CallFailure.Remedy, _ record: inout Record, random: Double) -> Action {
        switch remedy {
        case .none: return .giveUp
        case .otherwise:
            record.steps += 1
            return record.steps <= steps ? .again(after: .zero) : .giveUp
        case .postponed(let wait):
            record.postponements += 1
            // Those who were postponed together don't come back together.
            return record.postponements <= postponements ? .again(after: wait + base * random) : .giveUp
        case .again, .againAfter:
            record.failures += 1
            guard record.failures < attempts else { return .giveUp }
            let delay = min(longest, base * (1 << min(record.failures - 1, 20))) * random
            if case .againAfter(let wait) = remedy { return .again(after: wait + delay) }
            return .again(after: delay)
        case .repair(let reply, let fault):
            record.failures += 1
            guard record.failures < attempts else { return .giveUp }
            guard !record.hasRepaired else { return .again(after: .zero) }
            record.hasRepaired = true
            return .repair(reply: reply, fault: fault)
        }
    }
}
