// Opening: is the file ours, is it one that we understand, and is it up to date?

internal import EvalCore
internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// What a store can be opened with; tests use what people never set.
package struct SQLiteOptions: Sendable {
    /// How long to wait for another process that writes.
    package var busyTimeout = Limits.storeBusy
    /// The time in milliseconds since 1970.
    package var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    /// The most pages that the database may have, which is how tests fill a disk; nil for no bound.
    package var maximumPages: Int?

    /// The ordinary options.
    package init() {}
}

/// Makes a database usable.
struct SQLiteOpening {
    let path: String
    let options: SQLiteOptions
    let fault: SQLiteFault

    init(path: String, options: SQLiteOptions) {
        self.path = path
        self.options = options
        fault = SQLiteFault(path: path)
    }

    /// Opens, checks and migrates the database.
    func open() throws(Diagnostic) -> any DatabaseWriter {
        do {
            if path == ":memory:" {
                let queue = try DatabaseQueue(configuration: configuration)
                try queue.inDatabase { try prepare($0) }
                return queue
            }
            try StoreFolder.prepare(for: path)
            // A look with one plain connection first: a pool would write to a file that may not be ours.
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { try prepare($0) }
            // GRDB's pool sets synchronous = NORMAL when it opens; a row that was counted must survive a power cut.
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { try $0.execute(sql: Pragmas.durable) }
            try queue.close()
            return pool
        } catch {
            throw fault.diagnostic(error)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "evalhost.store"
        configuration.foreignKeysEnabled = false
        let wait = options.busyTimeout.components
        configuration.busyMode = .timeout(Double(wait.seconds) + Double(wait.attoseconds) / 1e18)
        let maximumPages = options.maximumPages
        configuration.prepareDatabase { db in
            for pragma in Pragmas.connection { try db.execute(sql: pragma) }
            if let maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
            SearchFunctions.add(to: db)
        }
        return configuration
    }

    private func prepare(_ db: Database) throws {
        let found = try inspect(db)
        guard found < Migration.newest else { return try refuseReadOnly(db) }
        try refuseReadOnly(db)
        if found == 0 {
            try db.execute(sql: "PRAGMA page_size = \(Pragmas.pageBytes)")
            try switchToWAL(db)
        }
        try db.inTransaction(.immediate) {
            // Another process may have been faster.
            let current = try inspect(db)
            for migration in Migration.all where migration.number > current {
                try db.execute(sql: migration.sql)
                try db.execute(sql: "PRAGMA user_version = \(migration.number)")
            }
            try db.execute(sql: "PRAGMA application_id = \(Migration.applicationID)")
            return .commit
        }
    }

    /// The schema's version, 0 for an empty file.
    private func inspect(_ db: Database) throws -> Int32 {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == Migration.applicationID {
            guard version <= Migration.newest else { throw fault.newer(version) }
            guard version > 0 else { throw fault.foreign }
            return version
        }
        let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == 0, version == 0, objects == 0 else { throw fault.foreign }
        return 0
    }

    private func refuseReadOnly(_ db: Database) throws {
        if sqlite3_db_readonly(db.sqliteConnection, "main") != 0 { throw fault.readOnly }
    }

    /// SQLite doesn't wait by itself when two processes make a file a WAL database at the same time.
    private func switchToWAL(_ db: Database) throws {
        let deadline = ContinuousClock.now + options.busyTimeout
        while true {
            do {
                return try db.execute(sql: "PRAGMA journal_mode = WAL")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                guard ContinuousClock.now < deadline else { throw error }
                Thread.sleep(forTimeInterval: 0.005)
            }
        }
    }
}
