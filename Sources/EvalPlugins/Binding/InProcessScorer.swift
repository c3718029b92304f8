// A plugin's scorer in this process: batches go to instances, each on a thread of its own.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// A scorer of a library that runs in this process.
///
/// A row that takes longer than its time is an error; its thread is left behind, with its memory, since it can't be
/// interrupted. The rows after it go to a fresh instance. A crash isn't survived here: that is what workers are for.
final class InProcessScorer: EvalCore.Scorer {
    let descriptor: ScorerDescriptor
    let isSlow: Bool
    private let recipe: InstanceRecipe
    private let pool: InstancePool
    /// Rows given up one after another; at `retirement` the scorer gets no more rows, or threads would pile up.
    private let faults = Atomic<Int>(0)
    private static let retirement = 5

    /// Makes a scorer with its first instance, so that a wrong setting is told before any row.
    init(_ descriptor: ScorerDescriptor, _ recipe: InstanceRecipe, instances: Int) async throws(Diagnostic) {
        self.descriptor = descriptor
        self.recipe = recipe
        isSlow = recipe.scorer.flags & EVALHOST_CALLS_JUDGE != 0
        pool = InstancePool(limit: instances, first: try await PluginInstance.make(recipe))
    }

    func score(_ rows: [Row]) async -> [Verdict] {
        var verdicts = [Verdict?](repeating: nil, count: rows.count)
        var remaining = Array(rows.indices)
        while !remaining.isEmpty {
            if faults.load(ordering: .relaxed) >= Self.retirement {
                let error = ScorerError(
                    code: "plugin_retired",
                    message: "\(descriptor.name) missed its deadline \(Self.retirement) times in a row"
                )
                for index in remaining { verdicts[index] = .errored(error) }
                break
            }
            remaining = await score(remaining, of: rows, into: &verdicts)
        }
        return verdicts.map { $0 ?? .errored(ScorerError(code: "no_result", message: "the row has no verdict")) }
    }

    /// Scores some rows with one instance.
    ///
    /// - Returns: The rows that are still to be scored, because the instance was given up.
    private func score(_ indices: [Int], of rows: [Row], into verdicts: inout [Verdict?]) async -> [Int] {
        let instance: PluginInstance
        do throws(Diagnostic) {
            instance = try await pool.take(recipe)
        } catch {
            for index in indices {
                verdicts[index] = .errored(ScorerError(code: "scorer_fault", message: error.message))
            }
            return []
        }
        let isAll = indices.count == rows.count
        let (column, expiredAt) = await instance.score(isAll ? rows : indices.map { rows[$0] })
        guard let step = expiredAt else {
            pool.giveBack(instance)
            faults.store(0, ordering: .relaxed)
            for (place, index) in indices.enumerated() { verdicts[index] = column[place] }
            return []
        }
        pool.discard()
        let isFirstTry = step < indices.count
        let culprit = isFirstTry ? step : column.retries[step - indices.count]
        if step == 0 { faults.add(1, ordering: .relaxed) } else { faults.store(1, ordering: .relaxed) }
        // Rows before the one that hung have their verdict, unless they wait for another try.
        for place in 0..<(isFirstTry ? step : indices.count) { verdicts[indices[place]] = column[place] }
        verdicts[indices[culprit]] = .errored(
            ScorerError(
                code: "deadline",
                message: "\(descriptor.name) took longer than \(recipe.rowDeadline) for the row"
            )
        )
        return indices.filter { verdicts[$0] == nil }
    }
}

/// The same for a scorer of sessions.
final class InProcessSessionScorer: SessionScorer {
    let descriptor: ScorerDescriptor
    let isSlow: Bool
    private let recipe: InstanceRecipe
    private let pool: InstancePool

    /// Makes a scorer with its first instance.
    init(_ descriptor: ScorerDescriptor, _ recipe: InstanceRecipe, instances: Int) async throws(Diagnostic) {
        self.descriptor = descriptor
        self.recipe = recipe
        isSlow = recipe.scorer.flags & EVALHOST_CALLS_JUDGE != 0
        pool = InstancePool(limit: instances, first: try await PluginInstance.make(recipe))
    }

    func score(session: EvalCore.Session) async -> Verdict {
        let instance: PluginInstance
        do throws(Diagnostic) {
            instance = try await pool.take(recipe)
        } catch {
            return .errored(ScorerError(code: "scorer_fault", message: error.message))
        }
        if let verdict = await instance.score(session) {
            pool.giveBack(instance)
            return verdict
        }
        pool.discard()
        return .errored(
            ScorerError(
                code: "deadline",
                message: "\(descriptor.name) took longer than \(recipe.rowDeadline) for the session"
            )
        )
    }
}

/// The instances of a scorer that nobody uses at the moment.
private final class InstancePool: Sendable {
    private struct State {
        var idle: [PluginInstance]
        var count: Int
        var waiters: [CheckedContinuation<PluginInstance?, Never>] = []
    }
    private let limit: Int
    private let state: Mutex<State>

    init(limit: Int, first: PluginInstance) {
        self.limit = limit
        state = Mutex(State(idle: [first], count: 1))
    }

    /// An instance that is free, a new one, or the next that gets free.
    func take(_ recipe: InstanceRecipe) async throws(Diagnostic) -> PluginInstance {
        let instance = await withCheckedContinuation { (continuation: CheckedContinuation<PluginInstance?, Never>) in
            let answer: PluginInstance?? = state.withLock { state in
                if let idle = state.idle.popLast() { return .some(idle) }
                if state.count < limit {
                    state.count += 1
                    return .some(nil)
                }
                state.waiters.append(continuation)
                return .none
            }
            if let answer { continuation.resume(returning: answer) }
        }
        if let instance { return instance }
        do throws(Diagnostic) {
            return try await PluginInstance.make(recipe)
        } catch {
            discard()
            throw error
        }
    }

    func giveBack(_ instance: PluginInstance) {
        let waiter = state.withLock { state -> CheckedContinuation<PluginInstance?, Never>? in
            guard !state.waiters.isEmpty else {
                state.idle.append(instance)
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.resume(returning: instance)
    }

    /// An instance is gone; whoever waits may make one in its place.
    func discard() {
        let waiter = state.withLock { state -> CheckedContinuation<PluginInstance?, Never>? in
            guard !state.waiters.isEmpty else {
                state.count -= 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.resume(returning: nil)
    }
}
