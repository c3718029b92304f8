// Work that gathers while the database is busy and is done together as soon as it is free: somebody waits for each piece,
// so that no timer delays it.

internal import EvalCore
internal import Synchronization

/// Does what has gathered, all at once, whenever nothing is being done.
final class Gathering<Item: Sendable, Output: Sendable>: Sendable {
    /// As many results as items, in their order.
    typealias Work = @Sendable ([Item]) async throws(Diagnostic) -> [Output]

    private struct Piece {
        let item: Item
        let continuation: CheckedContinuation<Result<Output, Diagnostic>, Never>
    }
    private struct State {
        var waiting: [Piece] = []
        var isBusy = false
    }
    private let state = Mutex(State())
    private let most: Int
    private let work: Work

    /// Gathers for `work`.
    ///
    /// - Parameters:
    ///   - most: How many items are done together.
    ///   - work: Does them.
    init(most: Int, _ work: @escaping Work) {
        self.most = most
        self.work = work
    }

    /// Waits until an item is done.
    func perform(_ item: Item) async throws(Diagnostic) -> Output {
        let result = await withCheckedContinuation { continuation in
            let begins = state.withLock { state in
                state.waiting.append(Piece(item: item, continuation: continuation))
                defer { state.isBusy = true }
                return !state.isBusy
            }
            if begins { Task { await run() } }
        }
        return try result.get()
    }

    private func run() async {
        while let batch = next() {
            do throws(Diagnostic) {
                let outputs = try await work(batch.map(\.item))
                for (piece, output) in zip(batch, outputs) { piece.continuation.resume(returning: .success(output)) }
            } catch {
                for piece in batch { piece.continuation.resume(returning: .failure(error)) }
            }
        }
    }

    private func next() -> [Piece]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            let batch = Array(state.waiting.prefix(most))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }
}
