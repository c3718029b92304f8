// Reading by hand: GRDB takes a text to end at its first NUL, users' texts don't.

internal import EvalCore
internal import EvalJSON
internal import GRDB
internal import GRDBSQLite

/// A prepared query that is bound with integers and bytes and read row by row.
struct Query {
    private let statement: OpaquePointer
    private let connection: OpaquePointer
    /// What owns the statement.
    private let owner: Statement

    /// Takes the statement from GRDB's cache.
    init(_ database: Database, _ sql: String) throws {
        try self.init(database, database.cachedStatement(sql: sql))
    }

    /// Prepares a statement for this once: the cache keeps all that it ever had, and searches have many forms.
    init(_ database: Database, once sql: String) throws {
        try self.init(database, database.makeStatement(sql: sql))
    }

    private init(_ database: Database, _ owner: Statement) throws {
        self.owner = owner
        statement = owner.sqliteStatement
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
        }
        self.connection = connection
    }

    /// One argument of a query.
    enum Argument {
        case integer(Int64)
        case number(Double)
        case text(String)
        case blob([UInt8])
        case null

        /// An integer.
        static func int(_ value: Int) -> Argument { .integer(Int64(value)) }
        /// An identifier.
        static func id(_ id: PublicID) -> Argument { .blob(id.blob) }
        /// A text or NULL.
        static func optional(_ text: String?) -> Argument { text.map { .text($0) } ?? .null }
    }

    /// Gives each row to `body` until it returns false.
    func rows(_ arguments: Argument..., body: (QueryRow) throws -> Bool) throws {
        try rows(arguments, body: body)
    }

    /// Gives each row to `body` until it returns false.
    func rows(_ arguments: [Argument], body: (QueryRow) throws -> Bool) throws {
        bind(arguments)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                guard try body(QueryRow(statement: statement)) else { return }
            case SQLITE_DONE:
                return
            default:
                let message = sqlite3_errmsg(connection).map { String(cString: $0) }
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                    message: message
                )
            }
        }
    }

    private func bind(_ arguments: [Argument]) {
        // SQLITE_TRANSIENT: SQLite copies what it is given.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (position, argument) in arguments.enumerated() {
            let column = Int32(position + 1)
            switch argument {
            case .integer(let value): sqlite3_bind_int64(statement, column, value)
            case .number(let value): sqlite3_bind_double(statement, column, value)
            case .null: sqlite3_bind_null(statement, column)
            case .text(var text):
                text.withUTF8 { utf8 in
                    _ = utf8.withMemoryRebound(to: CChar.self) {
                        // An empty text may have no address, which would bind NULL.
                        sqlite3_bind_text64(
                            statement,
                            column,
                            $0.baseAddress ?? emptyText,
                            UInt64($0.count),
                            copied,
                            UInt8(SQLITE_UTF8)
                        )
                    }
                }
            case .blob(let bytes): sqlite3_bind_blob64(statement, column, bytes, UInt64(bytes.count), copied)
            }
        }
    }
}

private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.pointee = 0
    return UnsafePointer(byte)
}()

/// The row at which a query stands.
struct QueryRow {
    fileprivate let statement: OpaquePointer

    /// Whether a column is NULL.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// An integer; 0 for NULL.
    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// An integer; 0 for NULL.
    func int(_ column: Int32) -> Int { Int(int64(column)) }

    /// An integer; nil for NULL.
    func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

    /// A number; 0 for NULL.
    func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    /// The bytes of a text or blob, as long as the query stands at this row.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        // The address first: it may convert the value, which changes the number of bytes.
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return try body(UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// A text; empty for NULL.
    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    /// A text; nil for NULL.
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// JSON; nil for NULL.
    func json(_ column: Int32) throws -> JSON? {
        isNull(column) ? nil : try withBytes(column) { try JSON(parsing: $0) }
    }

    /// An identifier.
    ///
    /// - Throws: That the bytes are none.
    func publicID(_ column: Int32) throws -> PublicID {
        guard let id = withBytes(column, { PublicID(bytes: $0) }) else { throw Damage("an identifier is malformed") }
        return id
    }

    /// A digest; nil for NULL.
    func digest(_ column: Int32) -> Digest? { withBytes(column) { Digest(bytes: $0) } }
}

/// A value in the database that the schema doesn't allow.
struct Damage: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

extension PublicID {
    /// The 16 bytes that the tables keep.
    var blob: [UInt8] { withUnsafeBytes(of: bits.bigEndian) { Array($0) } }
}
