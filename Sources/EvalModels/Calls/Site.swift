// What calls of one endpoint share, and what calls of one model there share.

internal import AsyncHTTPClient
internal import EvalCore
internal import Synchronization

/// An endpoint with its gate and its connections.
final class Site: Sendable {
    let gate: Gate
    let transport: Transport
    let name: String

    init(gate: Gate, transport: Transport, name: String) {
        (self.gate, self.transport, self.name) = (gate, transport, name)
    }
}

/// A model at an endpoint: how it is asked, and whether it still is.
final class ModelState: Sendable {
    private struct State {
        var closed: CallFailure?
        var wasAnswered = false
        var strikes = 0
    }
    let manner: LearnedManner
    private let state = Mutex(State())
    /// A key that worked may be refused once by a gateway's slip; then not before so many refusals in a row count.
    private static let strikesToClose = 3

    init(_ manner: LearnedManner) { self.manner = manner }

    /// Why the model isn't asked any more.
    var closed: CallFailure? { state.withLock { $0.closed } }

    func answered() {
        state.withLock { state in
            state.wasAnswered = true
            state.strikes = 0
        }
    }

    /// A failure that concerns every call.
    ///
    /// - Returns: Whether the model isn't asked any more from now on.
    func strike(_ failure: CallFailure) -> Bool {
        state.withLock { state in
            state.strikes += 1
            guard state.closed == nil, !state.wasAnswered || state.strikes >= Self.strikesToClose else { return false }
            state.closed = failure
            return true
        }
    }
}

/// What all clients of a hub share.
final class HubCore: Sendable {
    let desk: ReplyDesk
    let budget: BudgetLedger
    let meter = UsageMeter()
    let bell: AlarmBell
    let fence: Fence
    let policy: RetryPolicy
    let timeout: Duration
    let replies = Flights<ModelReply>()
    let vectors = Flights<(ModelEmbeddings, Bool)>()
    let underWay = UnderWay()

    init(_ options: ModelHubOptions) {
        desk = ReplyDesk(options.journal, run: options.run, resumes: options.resumes, mode: options.cache)
        budget = BudgetLedger(options.budget)
        bell = AlarmBell(options.alarm)
        fence = options.fence
        timeout = options.timeout
        var policy = RetryPolicy()
        policy.attempts = max(1, options.attempts)
        policy.base = options.tuning.retryBase
        self.policy = policy
    }
}
