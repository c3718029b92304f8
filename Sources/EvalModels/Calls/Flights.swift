// The same question, asked twice at once, is one call.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// Lets those who ask the same wait for the first of them.
final class Flights<Value: Sendable>: Sendable {
    private typealias Outcome = Result<Value, ScorerError>?

    private struct State {
        var waiting: [Digest: [Int: CheckedContinuation<Outcome, Never>]] = [:]
        var cancelled: Set<Int> = []
        var next = 0
    }
    private let state = Mutex(State())

    /// Runs `body`, unless somebody does so for the same key: then what comes of that.
    ///
    /// When the first is cancelled, the next one takes its place.
    ///
    /// - Returns: What came of it, and whether it was somebody else's.
    func share(
        _ key: Digest,
        _ body: () async throws(ScorerError) -> Value
    ) async throws(ScorerError) -> (value: Value, isOthers: Bool) {
        while true {
            let isFirst = state.withLock { state in
                guard state.waiting[key] == nil else { return false }
                state.waiting[key] = [:]
                return true
            }
            if isFirst { return (try await lead(key, body), false) }
            if let result = await follow(key) { return (try result.get(), true) }
            if Task.isCancelled { throw CallFailure.cancelled.scorerError }
        }
    }

    private func lead(
        _ key: Digest,
        _ body: () async throws(ScorerError) -> Value
    ) async throws(ScorerError) -> Value {
        let result: Result<Value, ScorerError>
        do throws(ScorerError) {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        var outcome: Outcome = result
        if case .failure(let error) = result, error.code == CallFailure.cancelled.code { outcome = nil }
        let waiters = state.withLock { $0.waiting.removeValue(forKey: key) ?? [:] }
        for waiter in waiters.values { waiter.resume(returning: outcome) }
        return try result.get()
    }

    /// Waits for the first; nil when it was cancelled, when this one is, or when it is over already.
    private func follow(_ key: Digest) async -> Outcome {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                let isOver = state.withLock { state in
                    if state.cancelled.contains(id) || state.waiting[key] == nil { return true }
                    state.waiting[key]?[id] = continuation
                    return false
                }
                if isOver { continuation.resume(returning: nil) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
                if let waiter = state.waiting[key]?.removeValue(forKey: id) { return waiter }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.resume(returning: nil)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
        return outcome
    }
}
