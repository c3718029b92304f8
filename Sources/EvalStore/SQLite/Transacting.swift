// Writes that somebody waits for: all that gathered while the disk was busy are one transaction, and each of them is
// there as a whole or not at all.

internal import EvalCore
internal import GRDB

/// A piece of work in a transaction that others share.
typealias SharedWork = @Sendable (Database) throws -> any Sendable

extension SQLiteStore {
    /// How many pieces share a transaction at most, so that none holds the file for long.
    static let mostShared = 16

    /// Gathers pieces of work into transactions.
    static func sharing(_ database: any DatabaseWriter, _ fault: SQLiteFault) -> Gathering<
        SharedWork, Result<any Sendable, any Error>
    > {
        Gathering(most: mostShared) { pieces throws(Diagnostic) in
            let result: Result<[Result<any Sendable, any Error>], any Error> = await withCheckedContinuation {
                continuation in
                database.asyncWrite { db in
                    try pieces.map { piece in try share(db, piece) }
                } completion: { _, result in
                    continuation.resume(returning: result)
                }
            }
            do {
                return try result.get()
            } catch {
                throw fault.diagnostic(error)
            }
        }
    }

    private static func share(_ db: Database, _ piece: SharedWork) throws -> Result<any Sendable, any Error> {
        var value: Result<any Sendable, any Error> = .failure(CancellationError())
        do {
            try db.inSavepoint {
                value = .success(try piece(db))
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
            // The disk or the file: it isn't this piece alone that failed.
            throw error
        } catch {
            value = .failure(error)
        }
        return value
    }

    /// Does a piece of work in a transaction that it may share with others.
    ///
    /// - Parameter body: The work; what it throws undoes it and nothing else.
    /// - Returns: What the work returns, once it is on the disk.
    /// - Throws: The work's own refusal, or a diagnostic of the store.
    func transact<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        switch try await shared.perform({ db in try body(db) }) {
        case .success(let value):
            guard let value = value as? Value else { throw fault.damaged("a result is of another type") }
            return value
        case .failure(let refusal as Refusal): throw refusal
        case .failure(let error): throw fault.diagnostic(error)
        }
    }

    /// Reads on one unchanging view of the database.
    ///
    /// - Parameter body: The queries.
    /// - Returns: What they return.
    /// - Throws: The queries' own refusal, or a diagnostic of the store.
    func look<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let result: Result<Value, Refusal> = try await read { db in
            do {
                return .success(try body(db))
            } catch let refusal as Refusal {
                return .failure(refusal)
            }
        }
        return try result.get()
    }
}

extension Database {
    /// Runs a statement that returns nothing.
    func run(_ sql: String, _ arguments: Query.Argument...) throws {
        try Query(self, sql).rows(arguments) { _ in true }
    }

    /// The first row of a query as `body` reads it; nil if there is none.
    func first<Value>(_ sql: String, _ arguments: Query.Argument..., body: (QueryRow) throws -> Value) throws -> Value?
    {
        var value: Value?
        try Query(self, sql)
            .rows(arguments) {
                value = try body($0)
                return false
            }
        return value
    }

    /// All rows of a query as `body` reads them.
    func all<Value>(_ sql: String, _ arguments: [Query.Argument] = [], body: (QueryRow) throws -> Value) throws
        -> [Value]
    {
        var values: [Value] = []
        try Query(self, sql)
            .rows(arguments) {
                values.append(try body($0))
                return true
            }
        return values
    }
}
