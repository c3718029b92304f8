// Takes new traces into the index of words while the server runs, a little at a time.

internal import EvalCore

/// Indexes in the background.
struct WordIndexing: Sendable {
    let store: any TraceStore
    private static let atOnce = 50
    private static let pause = Duration.seconds(1)
    /// Of the time, at most one part in so many is spent on it: those who write come first.
    private static let share = 10

    init(store: any TraceStore) { self.store = store }

    /// Runs until the task is cancelled.
    ///
    /// A store that can't be used is tried again: searches tell of it.
    func run() async {
        let clock = ContinuousClock()
        while !Task.isCancelled {
            let begun = clock.now
            let taken = (try? await store.indexTraceWords(limit: Self.atOnce)) ?? 0
            let pause = taken == 0 ? Self.pause : (clock.now - begun) * (Self.share - 1)
            do {
                try await Task.sleep(for: pause)
            } catch {
                return
            }
        }
    }
}
