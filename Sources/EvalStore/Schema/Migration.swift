// The store's schema grows by numbered steps, forward only. A step that has been released never changes.

/// One step of the schema.
struct Migration: Sendable {
    /// The version of the database after the step.
    let number: Int32
    /// What the step is for.
    let title: String
    /// The statements, separated by semicolons.
    let sql: String

    /// All steps in their order.
    static let all = [first, second, third, fourth, fifth, sixth, seventh, eighth]

    /// The version that this program writes.
    static var newest: Int32 { Int32(all.count) }

    /// What tells our files from other SQLite databases: `EvHo` in ASCII.
    static let applicationID: Int32 = 0x4576_486F
}

/// The schema as this program makes it, for tools that measure or check it.
public enum StoreSchema {
    /// The version that this program reads and writes.
    public static var version: Int { Int(Migration.newest) }

    /// All statements that make an empty store.
    public static var sql: String { Migration.all.map(\.sql).joined(separator: "\n") }

    /// The statements that insert a commit's traces, links to the run and assessments, each in all its sizes.
    public static var commitStatements: [(rows: Int, sql: String)] {
        [Insertion.traces, .rows, .assessments].flatMap { zip(Insertion.sizes, $0.statements).map { ($0, $1) } }
    }

    /// The pragmas of a connection that writes, in their order; the page size counts before the first table only.
    public static var pragmas: [String] {
        ["PRAGMA page_size = \(Pragmas.pageBytes)", "PRAGMA journal_mode = WAL"] + Pragmas.connection + [
            Pragmas.durable
        ]
    }
}

/// How connections are set up; the figures behind the choices are in Documentation/store.md.
enum Pragmas {
    static let pageBytes = 8192
    static let durable = "PRAGMA synchronous = FULL"
    static let connection = [
        "PRAGMA cache_size = -16384",
        "PRAGMA wal_autocheckpoint = 1000",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA trusted_schema = OFF",
    ]
}
