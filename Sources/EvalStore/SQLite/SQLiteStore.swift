// The embedded store: one SQLite file in WAL mode. This file is the door; what goes through it is in its neighbours.
// It refuses to hide a failure: every error is a Diagnostic, and a transaction is there as a whole or not at all.

public import EvalCore
internal import GRDB

/// A store in one SQLite file.
///
///     let store = try SQLiteStore(path: ".evalhost/evalhost.db")
///     try await store.begin(plan)
///     try await store.commit(rows, to: plan.id)
///
/// Several processes may have the same file open. Work is done on the store's own threads, so that a task that waits
/// for the disk holds no thread of Swift's pool.
public final class SQLiteStore: RunStore, RunRecords {
    /// The file, or `:memory:`.
    public let path: String
    let options: SQLiteOptions
    let fault: SQLiteFault
    private let database: any DatabaseWriter
    /// Where writes gather that somebody waits for.
    let shared: Gathering<SharedWork, Result<any Sendable, any Error>>

    /// Opens the store, and makes it if the file is not there.
    ///
    /// - Parameter path: The file, or `:memory:` for a store that goes away with this object.
    /// - Throws: `unavailable`, if the file can't be used: it is damaged, read-only, locked, newer or not ours.
    public convenience init(path: String) throws(Diagnostic) {
        try self.init(path: path, options: SQLiteOptions())
    }

    /// Opens the store with options that tests need.
    package init(path: String, options: SQLiteOptions) throws(Diagnostic) {
        self.path = path
        self.options = options
        let opening = SQLiteOpening(path: path, options: options)
        fault = opening.fault
        database = try opening.open()
        shared = Self.sharing(database, fault)
    }

    /// Closes the file once nothing uses it; the last one out folds the write-ahead log into the file.
    public func close() throws(Diagnostic) {
        do {
            try database.close()
        } catch {
            throw fault.diagnostic(error)
        }
    }

    /// Runs `body` in a transaction that is committed when this returns, or rolled back when it throws.
    ///
    /// A task that is cancelled waits all the same: what is finished is written.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(Diagnostic) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            database.asyncWrite(body) { _, result in continuation.resume(returning: result) }
        }
        do {
            return try result.get()
        } catch {
            throw fault.diagnostic(error)
        }
    }

    /// Runs `body` on one unchanging view of the database.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(Diagnostic) -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw fault.diagnostic(error)
        }
    }

    /// The value of a pragma on the connection that writes, for tests.
    package func pragma(_ name: String) async throws(Diagnostic) -> String? {
        try await write { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }
}
