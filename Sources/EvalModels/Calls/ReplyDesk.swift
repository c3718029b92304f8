// The journal as calls see it: what is looked up, and that nothing is used before it is written down.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// Looks replies up and writes them down.
final class ReplyDesk: Sendable {
    let mode: CacheMode
    let run: PublicID?
    private let journal: (any ReplyJournal)?
    private let resumes: Bool
    private let fences = Mutex<Fence?>(nil)
    private let probe = Mutex<Task<Result<Bool, Diagnostic>, Never>?>(nil)

    init(_ journal: (any ReplyJournal)?, run: PublicID?, resumes: Bool, mode: CacheMode) {
        (self.journal, self.run, self.resumes, self.mode) = (journal, run, resumes, mode)
    }

    /// Whether replies are kept at all.
    var hasJournal: Bool { journal != nil }

    /// Whether the same question, asked twice at once, is one call; a replay makes none.
    var sharesCalls: Bool { (mode == .record || mode == .refresh) && journal != nil }

    /// The journal's fence, which equal content has in every run; where nothing is kept, another one.
    func fence(or other: Fence) async throws(CallFailure) -> Fence {
        guard let journal else { return other }
        if let known = fences.withLock({ $0 }) { return known }
        do throws(Diagnostic) {
            let fence = try await journal.fence()
            fences.withLock { $0 = fence }
            return fence
        } catch {
            throw failure("the store's secret can't be read: \(error.message)")
        }
    }

    /// The answer that is known already; nil where there is none, or where none counts.
    func recall(_ key: Digest, for purpose: ModelPurpose) async throws(CallFailure) -> JournaledReply? {
        guard let journal else { return nil }
        do throws(Diagnostic) {
            // An application's answers are never taken from other runs, and asked for in a replay of its judges.
            switch purpose == .predict ? .off : mode {
            case .record, .replay: return try await journal.reply(to: key, in: .all)
            case .off, .refresh:
                guard let run, try await hasReplies(journal, run) else { return nil }
                return try await journal.reply(to: key, in: .run(run))
            }
        } catch {
            throw failure("the journal of replies can't be read: \(error.message)")
        }
    }

    /// Writes a reply down; only then may it be used.
    func keep(_ reply: JournaledReply) async throws(CallFailure) {
        guard let journal else { return }
        do throws(Diagnostic) {
            guard Task.isCancelled else { return try await journal.append(reply) }
            // It was paid for: it is kept, though nobody waits for it any more.
            let written = await Task { () -> Result<Void, Diagnostic> in
                do throws(Diagnostic) {
                    return .success(try await journal.append(reply))
                } catch {
                    return .failure(error)
                }
            }
            .value
            try written.get()
        } catch {
            throw failure("a reply can't be written to the journal, so it isn't used: \(error.message)")
        }
    }

    private func failure(_ words: String) -> CallFailure { CallFailure("journal_failed", words, reach: .everybody) }

    /// A run that begins has no replies: it is asked once, not for each question.
    private func hasReplies(_ journal: any ReplyJournal, _ run: PublicID) async throws(Diagnostic) -> Bool {
        if resumes { return true }
        let task = probe.withLock { probe in
            if let probe { return probe }
            let task = Task { () -> Result<Bool, Diagnostic> in
                do throws(Diagnostic) {
                    return .success(try await journal.hasReplies(of: run))
                } catch {
                    return .failure(error)
                }
            }
            probe = task
            return task
        }
        return try await task.value.get()
    }
}
