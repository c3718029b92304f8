// The store of a command, opened when it is first needed: what only checks makes none.

internal import EvalCore
internal import EvalJSON
internal import EvalStore
internal import Foundation
internal import Synchronization

/// Opens a store once.
final class LazyStore: Sendable {
    private let options: StoreOptions?
    private let suite: String?
    private let opened = Mutex<(store: SQLiteStore, journal: SQLiteReplyJournal)?>(nil)

    /// - Parameters:
    ///   - options: What the flags say.
    ///   - suite: What the suite says.
    init(_ options: StoreOptions, suite: String? = nil) {
        self.options = options
        self.suite = suite
    }

    /// A store that is open already.
    init(opened store: SQLiteStore) {
        options = nil
        suite = nil
        opened.withLock { $0 = (store, SQLiteReplyJournal(store)) }
    }

    /// The store; it is made if it isn't there.
    ///
    /// - Throws: Why it can't be used.
    func open() throws(Diagnostic) -> SQLiteStore {
        try once { () throws(Diagnostic) in try need().open(suite: suite) }
    }

    /// The store, which must be there: reading makes none.
    ///
    /// - Throws: That there is none, or why it can't be used.
    func openExisting() throws(Diagnostic) -> SQLiteStore {
        try once { () throws(Diagnostic) in try need().openExisting(suite: suite) }
    }

    /// The store where there is one.
    ///
    /// - Throws: Why it can't be used.
    func existing() throws(Diagnostic) -> SQLiteStore? {
        if let store = opened.withLock({ $0?.store }) { return store }
        guard FileManager.default.fileExists(atPath: try need().path(suite: suite)) else { return nil }
        return try openExisting()
    }

    private func need() throws(Diagnostic) -> StoreOptions {
        if let options { return options }
        throw Diagnostic("the store is closed", category: .unavailable)
    }

    /// The store's journal of replies: one for all, so that replies are written together.
    ///
    /// - Throws: Why the store can't be used.
    func journal() throws(Diagnostic) -> SQLiteReplyJournal {
        let store = try open()
        return opened.withLock { $0?.journal } ?? SQLiteReplyJournal(store)
    }

    private func once(_ open: () throws(Diagnostic) -> SQLiteStore) throws(Diagnostic) -> SQLiteStore {
        let result = opened.withLock { opened -> Result<SQLiteStore, Diagnostic> in
            if let opened { return .success(opened.store) }
            do throws(Diagnostic) {
                let store = try open()
                opened = (store, SQLiteReplyJournal(store))
                return .success(store)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// The journal of a store that is opened with the first reply.
struct LazyJournal: ReplyJournal {
    let store: LazyStore

    private func journal() throws(Diagnostic) -> SQLiteReplyJournal { try store.journal() }

    func append(_ reply: JournaledReply) async throws(Diagnostic) { try await journal().append(reply) }

    func reply(to key: Digest, in scope: ReplyScope) async throws(Diagnostic) -> JournaledReply? {
        try await journal().reply(to: key, in: scope)
    }

    func fence() async throws(Diagnostic) -> Fence { try await journal().fence() }

    func hasReplies(of run: PublicID) async throws(Diagnostic) -> Bool { try await journal().hasReplies(of: run) }
}
