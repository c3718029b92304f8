// Why an attempt brought no answer, and all that follows from it: for the row, for the call, for the endpoint.

internal import EvalCore

/// An attempt that failed.
struct CallFailure: Error, Sendable, Equatable {
    /// Whom the failure concerns.
    enum Reach: Sendable {
        /// This call alone.
        case call
        /// Every call of this model at this endpoint.
        case model
        /// Every call with this key at this endpoint.
        case endpoint
        /// Every call of the run.
        case everybody
    }

    /// What the call does next.
    enum Remedy: Sendable, Equatable {
        /// It ends.
        case none
        /// Another attempt after a delay.
        case again
        /// Another attempt after a delay, not before the endpoint wants it.
        case againAfter(Duration)
        /// Another attempt when the endpoint wants it; it isn't counted.
        case postponed(Duration)
        /// Another attempt at once, asked in another way that the endpoint knows; it isn't counted.
        case otherwise
        /// Another attempt at once with the reply and what is wrong with it, if that wasn't tried.
        case repair(reply: String, fault: String)
    }

    /// What an attempt says of its endpoint.
    enum Signal: Sendable, Equatable {
        /// It lives and takes calls.
        case answered
        /// It has too much to do; how long it wants to be left alone, where it says that.
        case overloaded(Duration?)
        /// It doesn't work, or can't be reached.
        case broken
        /// It took too long.
        case late
        /// Nothing: the attempt was given up.
        case silent
    }

    /// The stable word of the row's error.
    var code: String
    /// What happened, without keys.
    var message: String
    /// What the call does next.
    var remedy: Remedy
    /// Whom it concerns.
    var reach: Reach
    /// What it says of the endpoint.
    var signal: Signal
    /// Whether the request may have reached the endpoint.
    var reached: Bool

    init(
        _ code: String,
        _ message: String,
        remedy: Remedy = .none,
        reach: Reach = .call,
        signal: Signal = .answered,
        reached: Bool = true
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.reach = reach
        self.signal = signal
        self.reached = reached
    }

    /// The task was cancelled.
    static let cancelled = CallFailure("cancelled", "the call was given up", signal: .silent)

    /// The failure as a row's error.
    var scorerError: ScorerError { ScorerError(code: code, message: message) }
}
