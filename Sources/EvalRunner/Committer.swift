// Group commit: what finishes together, rows or sessions, is written in one transaction, and nobody hears of it before.

internal import EvalCore

/// Collects what is finished and writes it: 512 rows or 50 ms, whichever is first.
actor Committer<Item: Sendable> {
    typealias Write = @Sendable ([Item]) async throws(Diagnostic) -> Void

    private struct Submission {
        let rows: [Item]
        let continuation: CheckedContinuation<Result<Void, Diagnostic>, Never>
    }

    /// While one commit waits for the disk, the next one is made ready.
    private static var mostWrites: Int { 2 }

    private let save: Write
    private var waiting: [Submission] = []
    private var waitingRows = 0
    private var writing = 0
    private var hurries = false
    private var timer: Task<Void, Never>?

    init(_ save: @escaping Write) { self.save = save }

    /// Waits until the rows are durable.
    ///
    /// - Throws: Why they are not; none of them is then.
    func commit(_ rows: [Item]) async throws(Diagnostic) {
        if rows.isEmpty { return }
        let result = await withCheckedContinuation { continuation in
            waiting.append(Submission(rows: rows, continuation: continuation))
            waitingRows += rows.count
            wake()
        }
        try result.get()
    }

    /// Writes what waits without waiting for more: the run ends.
    func hurry() {
        hurries = true
        write()
    }

    private func wake() {
        if writing == Self.mostWrites { return }
        if hurries || waitingRows >= Limits.commitRows { return write() }
        if timer == nil {
            timer = Task {
                try? await Task.sleep(for: Limits.commitDelay)
                timer = nil
                write()
            }
        }
    }

    private func write() {
        guard writing < Self.mostWrites, !waiting.isEmpty else { return }
        timer?.cancel()
        timer = nil
        var batch: [Submission] = []
        var rows: [Item] = []
        for submission in waiting {
            if !rows.isEmpty, rows.count + submission.rows.count > Limits.commitRows { break }
            rows += submission.rows
            batch.append(submission)
        }
        waiting.removeFirst(batch.count)
        waitingRows -= rows.count
        writing += 1
        Task { [rows] in
            let result: Result<Void, Diagnostic>
            do throws(Diagnostic) {
                try await save(rows)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            for submission in batch { submission.continuation.resume(returning: result) }
            writing -= 1
            if !waiting.isEmpty { wake() }
        }
    }
}

/// Tells the store now and then that the run's owner lives.
enum Heartbeat {
    static func start(_ run: PublicID, in store: any RunStore) -> Task<Void, Never> {
        Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: Limits.heartbeat / 2)
                if Task.isCancelled { return }
                // A beat that fails is no reason to stop: the next commit says what is wrong with the store.
                try? await store.heartbeat(run)
            }
        }
    }
}
