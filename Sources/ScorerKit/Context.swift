// What the host offers an instance beside rows: the run's judge, a log, the files that came with the library.
//
// Each is an extension of the contract, asked for once, when an instance is made. Nothing here can be kept for longer
// than the call that it was handed to, which the compiler checks, so an author can't hold what the host takes back.

import CEvalHost

/// The tables of the extensions, as one instance got them; null where the host doesn't offer one.
struct HostTables {
    let host: UnsafePointer<evalhost_host>
    let judge: UnsafePointer<evalhost_judge>?
    let log: UnsafePointer<evalhost_log>?
    let assets: UnsafePointer<evalhost_assets>?

    init(_ host: UnsafePointer<evalhost_host>, callsJudge: Bool) {
        unsafe self.host = host
        let judge = unsafe callsJudge ? evalhost_extension(host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION) : nil
        let log = unsafe evalhost_extension(host, EVALHOST_EXT_LOG, EVALHOST_EXT_LOG_REVISION)
        let assets = unsafe evalhost_extension(host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION)
        unsafe self.judge = unsafe judge?.assumingMemoryBound(to: evalhost_judge.self)
        unsafe self.log = unsafe log?.assumingMemoryBound(to: evalhost_log.self)
        unsafe self.assets = unsafe assets?.assumingMemoryBound(to: evalhost_assets.self)
    }
}

/// What the host offers while an instance is prepared.
public struct SetupContext: ~Escapable {
    private let tables: UnsafePointer<HostTables>

    @_lifetime(immortal)
    init(_ tables: UnsafePointer<HostTables>) { unsafe self.tables = tables }

    /// Lines for the people who run the evaluation.
    public var log: Log {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Log(tables, nil), copying: self) }
    }

    /// The files that came with the library.
    public var assets: Assets {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Assets(tables), copying: self) }
    }
}

/// What the host offers while a row, or a session, is scored.
public struct ScoringContext: ~Escapable {
    private let tables: UnsafePointer<HostTables>
    private let record: UnsafePointer<evalhost_record>

    @_lifetime(immortal)
    init(_ tables: UnsafePointer<HostTables>, _ record: UnsafePointer<evalhost_record>) {
        unsafe self.tables = tables
        unsafe self.record = record
    }

    /// The run's judge, for a scorer with the trait ``About/Traits/callsJudge``.
    public var judge: Judge {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Judge(tables, record), copying: self) }
    }

    /// Lines for the people who run the evaluation; each names the row.
    public var log: Log {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Log(tables, record), copying: self) }
    }

    /// The files that came with the library.
    public var assets: Assets {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Assets(tables), copying: self) }
    }
}
