// Binding by hand for the statements that run for every row. GRDB prepares and caches them; its argument arrays would
// box every value and copy every text twice.

internal import GRDB
internal import GRDBSQLite

/// A prepared statement that is bound value by value and stepped once.
///
/// Texts and blobs are bound where they lie, so that they must stay there until `clear`.
struct HotStatement {
    private let prepared: Statement
    private let statement: OpaquePointer
    private let connection: OpaquePointer
    private let base: UnsafeRawPointer

    /// Takes the statement from GRDB's cache, so that it is prepared once for each connection; what is bound lies at
    /// `base` and after it.
    init(_ database: Database, _ sql: String, base: UnsafeRawPointer) throws {
        prepared = try database.cachedStatement(sql: sql)
        statement = prepared.sqliteStatement
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
        }
        self.connection = connection
        self.base = base
    }

    /// Binds the parameters in their order.
    struct Binder {
        private let statement: OpaquePointer
        private let base: UnsafeRawPointer
        private var column: Int32 = 0

        fileprivate init(_ statement: OpaquePointer, _ base: UnsafeRawPointer) {
            self.statement = statement
            self.base = base
        }

        /// Binds an integer.
        mutating func bind(_ value: Int64) {
            column += 1
            sqlite3_bind_int64(statement, column, value)
        }

        /// Binds an integer.
        mutating func bind(_ value: Int) { bind(Int64(value)) }

        /// Binds an integer, or NULL.
        mutating func bind(_ value: Int64?) {
            if let value { bind(value) } else { bindNull() }
        }

        /// Binds NULL.
        mutating func bindNull() {
            column += 1
            sqlite3_bind_null(statement, column)
        }

        /// Binds a text, or NULL.
        mutating func bind(text: EncodedRows.Bytes) {
            guard text.count >= 0 else { return bindNull() }
            column += 1
            let start = (base + text.start).assumingMemoryBound(to: CChar.self)
            // No destructor, which SQLite calls SQLITE_STATIC: the bytes stay where they are.
            sqlite3_bind_text64(statement, column, start, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
        }

        /// Binds a blob.
        mutating func bind(blob: EncodedRows.Bytes) {
            column += 1
            sqlite3_bind_blob64(statement, column, base + blob.start, UInt64(blob.count), nil)
        }

        /// Binds a value of any type.
        mutating func bind(_ cell: EncodedRows.Cell) {
            switch cell {
            case .null: bindNull()
            case .integer(let value): bind(value)
            case .number(let value):
                // Bit by bit; NaN becomes NULL, which is how SQLite has it.
                column += 1
                sqlite3_bind_double(statement, column, value)
            case .text(let bytes): bind(text: bytes)
            }
        }
    }

    /// Begins at the first parameter.
    var binder: Binder { Binder(statement, base) }

    /// Runs the statement with what is bound, and is ready to be bound again.
    ///
    /// - Returns: How many rows were written.
    @discardableResult
    func run() throws -> Int {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            let message = sqlite3_errmsg(connection).map { String(cString: $0) }
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: message
            )
        }
        return Int(sqlite3_changes(connection))
    }

    /// Drops the pointers that are bound.
    func clear() { sqlite3_clear_bindings(statement) }
}

/// An insertion in the sizes in which it is prepared: a statement of 64 rows costs a third less than 64 statements.
final class HotInsertion {
    private let database: Database
    private let insertion: Insertion
    private let base: UnsafeRawPointer
    private var statements: [HotStatement?]

    /// Makes the insertion; what is bound lies at `base` and after it.
    init(_ database: Database, _ insertion: Insertion, base: UnsafeRawPointer) {
        self.database = database
        self.insertion = insertion
        self.base = base
        statements = Array(repeating: nil, count: Insertion.sizes.count)
    }

    /// Inserts what `bind` binds for each of the indices, as few statements as there are sizes for.
    ///
    /// - Returns: How many rows were written.
    func insert(_ range: Range<Int>, bind: (inout HotStatement.Binder, Int) throws -> Void) throws -> Int {
        var written = 0
        var at = range.lowerBound
        for (place, size) in Insertion.sizes.enumerated() {
            while range.upperBound - at >= size {
                let statement = try statement(place)
                var binder = statement.binder
                for index in at..<at + size { try bind(&binder, index) }
                written += try statement.run()
                at += size
            }
        }
        return written
    }

    private func statement(_ place: Int) throws -> HotStatement {
        if let known = statements[place] { return known }
        let made = try HotStatement(database, insertion.statements[place], base: base)
        statements[place] = made
        return made
    }

    /// Drops the pointers that are bound.
    func clear() { for statement in statements { statement?.clear() } }
}
