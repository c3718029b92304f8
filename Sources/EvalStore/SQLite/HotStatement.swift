// Binding by hand for the statements that run for every row. GRDB prepares and caches them; its argument arrays would
// box every value and copy every text twice. All raw pointers of this room are in this file.

internal import EvalCore
internal import EvalJSON
internal import GRDB
internal import GRDBSQLite

/// The texts and blobs of one row of a table, as bytes one after another, bound without a copy when the row is written.
struct BoundBytes {
    /// The bytes; whoever binds a text appends to them.
    var writer = JSONWriter()
    private var ranges: [(column: Int32, range: Range<Int>, isText: Bool)] = []

    init() {
        ranges.reserveCapacity(16)
        writer.bytes.reserveCapacity(64 << 10)
    }

    /// Forgets the last row.
    mutating func clear() {
        writer.bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
    }

    /// Notes that the bytes from `start` to the end belong to a column.
    mutating func add(_ column: Int32, from start: Int, isText: Bool) {
        ranges.append((column, start..<writer.bytes.count, isText))
    }

    /// Gives each column with its bytes to `body`; the pointers are valid until this returns.
    func withPointers<Result>(
        _ body: (_ bind: (_ each: (Int32, UnsafeRawPointer, Int, Bool) -> Void) -> Void) -> Result
    ) -> Result {
        writer.bytes.withUnsafeBytes { bytes in
            body { each in
                // The array has a capacity from the start, so that even an empty text has an address; without one
                // SQLite would store NULL.
                guard let base = bytes.baseAddress else { return }
                for entry in ranges {
                    each(entry.column, base + entry.range.lowerBound, entry.range.count, entry.isText)
                }
            }
        }
    }
}

/// A prepared statement that is bound column by column and stepped once for each row.
struct HotStatement {
    private let statement: OpaquePointer
    private let database: Database
    private let connection: OpaquePointer

    /// Takes the statement from GRDB's cache, so that it is prepared once for each connection.
    init(_ database: Database, _ sql: String) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql).sqliteStatement
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
        }
        self.connection = connection
    }

    /// Binds an integer, or NULL.
    func bind(_ column: Int32, _ value: Int64?) {
        if let value { sqlite3_bind_int64(statement, column, value) } else { sqlite3_bind_null(statement, column) }
    }

    /// Binds an integer.
    func bind(_ column: Int32, _ value: Int) { sqlite3_bind_int64(statement, column, Int64(value)) }

    /// Binds a number bit by bit; NaN becomes NULL, which is how SQLite has it.
    func bind(_ column: Int32, _ value: Double) { sqlite3_bind_double(statement, column, value) }

    /// Binds NULL.
    func bindNull(_ column: Int32) { sqlite3_bind_null(statement, column) }

    /// Binds a text, or NULL.
    func bind(_ column: Int32, _ text: String?, _ bytes: inout BoundBytes) {
        guard let text else { return bindNull(column) }
        let start = bytes.writer.bytes.count
        bytes.writer.bytes.append(contentsOf: text.utf8)
        bytes.add(column, from: start, isText: true)
    }

    /// Binds a text, or NULL.
    func bind(_ column: Int32, _ text: Text?, _ bytes: inout BoundBytes) {
        guard let text else { return bindNull(column) }
        let start = bytes.writer.bytes.count
        text.withUTF8 { bytes.writer.bytes.append(contentsOf: $0) }
        bytes.add(column, from: start, isText: true)
    }

    /// Binds a value as JSON text, or NULL.
    func bind(_ column: Int32, _ json: JSON?, _ bytes: inout BoundBytes) {
        guard let json else { return bindNull(column) }
        let start = bytes.writer.bytes.count
        bytes.writer.write(json)
        bytes.add(column, from: start, isText: true)
    }

    /// Binds an identifier's 16 bytes.
    func bind(_ column: Int32, _ id: PublicID, _ bytes: inout BoundBytes) {
        let start = bytes.writer.bytes.count
        withUnsafeBytes(of: id.bits.bigEndian) { bytes.writer.bytes.append(contentsOf: $0) }
        bytes.add(column, from: start, isText: false)
    }

    /// Binds a digest's 32 bytes.
    func bind(_ column: Int32, _ digest: Digest, _ bytes: inout BoundBytes) {
        let start = bytes.writer.bytes.count
        digest.withBytes { bytes.writer.bytes.append(contentsOf: $0) }
        bytes.add(column, from: start, isText: false)
    }

    /// Runs the statement with what is bound, and is ready for the next row.
    ///
    /// - Returns: Whether a row was written.
    @discardableResult
    func run(_ bytes: inout BoundBytes) throws -> Bool {
        let code = bytes.withPointers { bind in
            bind { column, start, count, isText in
                // No destructor, which SQLite calls SQLITE_STATIC: the bytes outlive the step, and are bound anew
                // before the next one.
                if isText {
                    sqlite3_bind_text64(
                        statement,
                        column,
                        start.assumingMemoryBound(to: CChar.self),
                        UInt64(count),
                        nil,
                        UInt8(SQLITE_UTF8)
                    )
                } else {
                    sqlite3_bind_blob64(statement, column, start, UInt64(count), nil)
                }
            }
            let code = sqlite3_step(statement)
            sqlite3_reset(statement)
            return code
        }
        bytes.clear()
        guard code == SQLITE_DONE else {
            let message = sqlite3_errmsg(connection).map { String(cString: $0) }
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: message
            )
        }
        return sqlite3_changes(connection) > 0
    }

    /// The row id that the last insertion made.
    var insertedRow: Int64 { sqlite3_last_insert_rowid(connection) }

    /// Drops the pointers that are bound.
    func clear() { sqlite3_clear_bindings(statement) }
}
