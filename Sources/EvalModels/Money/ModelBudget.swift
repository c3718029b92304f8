// What a run may spend: an estimate is set aside before a call, and what it cost takes its place.

internal import EvalCore
internal import Synchronization

/// What calls of models may cost.
public struct ModelBudget: Sendable, Equatable {
    /// The most that they may cost, in US dollars; nil for any sum.
    public var maxCostUSD: Double?
    /// The most attempts that reach an endpoint; nil for any number.
    public var maxCalls: Int?

    /// Makes a budget.
    public init(maxCostUSD: Double? = nil, maxCalls: Int? = nil) {
        self.maxCostUSD = maxCostUSD
        self.maxCalls = maxCalls
    }
}

/// The budget's decisions, without waiting.
struct BudgetState: Sendable {
    let budget: ModelBudget
    private(set) var spentUSD = 0.0
    private(set) var calls = 0
    private(set) var heldUSD = 0.0
    private(set) var held = 0
    private var heldCalls = 0

    /// What becomes of a call.
    enum Decision: Equatable {
        /// It goes out, and its estimate is held back.
        case granted
        /// Calls under way may leave enough for it.
        case wait
        /// Nothing is left.
        case spent
    }

    init(_ budget: ModelBudget) { self.budget = budget }

    /// Asks for a call that costs `estimate`.
    ///
    /// - Parameters:
    ///   - estimate: US dollars.
    ///   - purpose: Only calls of judges are counted; the money is everybody's.
    /// - Returns: What becomes of the call.
    mutating func reserve(_ estimate: Double, for purpose: ModelPurpose = .judge) -> Decision {
        if purpose == .judge, let most = budget.maxCalls, calls + heldCalls >= most {
            return calls >= most ? .spent : .wait
        }
        if let most = budget.maxCostUSD, spentUSD + heldUSD + estimate > most {
            return held == 0 || spentUSD >= most ? .spent : .wait
        }
        heldUSD += estimate
        held += 1
        if purpose == .judge { heldCalls += 1 }
        return .granted
    }

    /// Puts what a call cost in the place of its estimate.
    ///
    /// - Parameters:
    ///   - estimate: What was set aside.
    ///   - cost: What it cost; nil where the endpoint didn't tell.
    ///   - reached: Whether it reached the endpoint.
    ///   - purpose: What it was for.
    mutating func settle(_ estimate: Double, cost: Double?, reached: Bool, for purpose: ModelPurpose = .judge) {
        held -= 1
        if purpose == .judge { heldCalls -= 1 }
        heldUSD = held == 0 ? 0 : max(0, heldUSD - estimate)
        spentUSD += cost ?? 0
        if reached, purpose == .judge { calls += 1 }
    }
}

/// The budget of all models of a hub.
final class BudgetLedger: Sendable {
    private struct State {
        var budget: BudgetState
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var next = 0
    }
    private let state: Mutex<State>
    /// Whether there is anything to watch.
    let isLimited: Bool

    init(_ budget: ModelBudget) {
        state = Mutex(State(budget: BudgetState(budget)))
        isLimited = budget.maxCalls != nil || budget.maxCostUSD != nil
    }

    /// Sets an estimate aside; waits while calls under way may leave enough.
    ///
    /// - Throws: That nothing is left, or that the task was cancelled.
    func reserve(_ estimate: Double, for purpose: ModelPurpose) async throws(CallFailure) {
        guard isLimited else { return }
        while true {
            if Task.isCancelled { throw .cancelled }
            switch state.withLock({ $0.budget.reserve(estimate, for: purpose) }) {
            case .granted: return
            case .spent: throw spent
            case .wait: await change()
            }
        }
    }

    /// Ends a reservation.
    func settle(_ estimate: Double, cost: Double?, reached: Bool, for purpose: ModelPurpose) {
        guard isLimited else { return }
        let waiters = state.withLock { state in
            state.budget.settle(estimate, cost: cost, reached: reached, for: purpose)
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }

    private func change() async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.remove(id) != nil || state.budget.held == 0 { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    private var spent: CallFailure {
        let (budget, state) = state.withLock { ($0.budget.budget, $0.budget) }
        if let most = budget.maxCalls, state.calls >= most {
            return CallFailure("budget", "the budget of \(most) calls of models is spent", reach: .everybody)
        }
        let most = budget.maxCostUSD ?? 0
        return CallFailure("budget", "the budget of \(most) US dollars is spent", reach: .everybody)
    }
}
