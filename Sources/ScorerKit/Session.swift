// The conversation that is judged.

import CEvalHost

/// A session: its turns in time order, each a row with the declared fields.
///
/// It is valid during the call only; the compiler refuses to keep it, or a row or text of it, for longer.
public struct Session: ~Escapable {
    private let session: UnsafePointer<evalhost_session>
    private let declared: UnsafePointer<UInt64>
    private let tables: UnsafePointer<HostTables>

    @_lifetime(immortal)
    init(
        _ session: UnsafePointer<evalhost_session>,
        declared: UnsafePointer<UInt64>,
        tables: UnsafePointer<HostTables>
    ) {
        unsafe self.session = session
        unsafe self.declared = declared
        unsafe self.tables = tables
    }

    /// The session's own name.
    public var id: Text {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Text(session.pointee.id), copying: self) }
    }

    /// The turns, at least one.
    public var turns: Turns {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Turns(session, declared: declared, tables: tables), copying: self) }
    }

    /// What the host offers while this session is scored: the judge, the log, the library's files.
    public var context: ScoringContext {
        @_lifetime(copy self)
        get { turns[0].context }
    }
}

/// The turns of a session, in time order.
///
///     for index in 0..<session.turns.count { use(session.turns[index][.outputs]) }
public struct Turns: ~Escapable {
    private let session: UnsafePointer<evalhost_session>
    private let declared: UnsafePointer<UInt64>
    private let tables: UnsafePointer<HostTables>

    @_lifetime(immortal)
    init(
        _ session: UnsafePointer<evalhost_session>,
        declared: UnsafePointer<UInt64>,
        tables: UnsafePointer<HostTables>
    ) {
        unsafe self.session = session
        unsafe self.declared = declared
        unsafe self.tables = tables
    }

    /// How many there are.
    public var count: Int { unsafe Int(session.pointee.turn_count) }

    /// A turn.
    ///
    /// - Parameter index: From 0 to ``count`` - 1.
    public subscript(index: Int) -> Row {
        @_lifetime(copy self)
        get {
            guard index >= 0, index < count, let record = unsafe session.pointee.turns[index] else {
                preconditionFailure("no such turn")
            }
            return unsafe _overrideLifetime(Row(record, declared: declared, tables: tables), copying: self)
        }
    }

    /// When a turn began.
    ///
    /// - Parameter index: From 0 to ``count`` - 1.
    /// - Returns: Unix nanoseconds; nil where the source doesn't say.
    public func startNanoseconds(_ index: Int) -> Int64? {
        precondition(index >= 0 && index < count, "no such turn")
        let start = unsafe session.pointee.start_ns[index]
        return start == 0 ? nil : start
    }
}
