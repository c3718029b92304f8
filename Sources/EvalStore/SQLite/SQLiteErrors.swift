// SQLite's result codes in words: what happened, to which file, and what to do.

internal import EvalCore
internal import EvalJSON
internal import GRDB

/// Turns what GRDB throws into what people read.
struct SQLiteFault {
    /// The database's file.
    let path: String

    /// The diagnostic of an error; one that is a diagnostic already stays what it is.
    func diagnostic(_ error: any Error) -> Diagnostic {
        if let own = error as? Diagnostic { return own }
        if let damage = error as? Damage { return damaged(damage.what) }
        if error is JSONError { return damaged("a value is not the JSON that it should be") }
        if error is CancellationError { return Diagnostic("the work was cancelled", category: .interrupted) }
        guard let fault = error as? DatabaseError else { return unavailable("the store failed: \(error)") }
        switch fault.resultCode {
        case .SQLITE_FULL:
            return unavailable(
                "the disk is full; nothing of this transaction was written",
                help: "Free some space, then go on with --resume."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return unavailable(
                "another process held the store locked for longer than \(Limits.storeBusy.components.seconds) s",
                help: "Wait for it or stop it, then try again."
            )
        case .SQLITE_READONLY, .SQLITE_PERM: return readOnly
        case .SQLITE_NOTADB:
            return unavailable(
                "this is not a SQLite database",
                help: "Name another file with --store, or move this one away."
            )
        case .SQLITE_CORRUPT:
            return unavailable(
                "the store is damaged (\(fault.message ?? "malformed"))",
                help: "Move the file away and restore a backup; `sqlite3 FILE .recover` saves what is readable."
            )
        case .SQLITE_CANTOPEN:
            return unavailable(
                "the store can't be opened",
                help: "Check that the folder is there and that you may read and write in it."
            )
        case .SQLITE_IOERR:
            return unavailable(
                "reading or writing the store failed (\(fault.extendedResultCode)); nothing of this transaction was written",
                help: "Check the disk, then go on with --resume."
            )
        case .SQLITE_INTERRUPT, .SQLITE_ABORT:
            return Diagnostic("the work was cancelled", category: .interrupted)
        default:
            // Not fault.description, which would show the statement's arguments: they are users' text.
            return unavailable(
                "the store failed: SQLite error \(fault.extendedResultCode.rawValue) (\(fault.message ?? "no message"))"
            )
        }
    }

    /// The store may not be written.
    var readOnly: Diagnostic {
        unavailable(
            "the store is read-only",
            help: "Make the file and its folder writable, or name another store with --store."
        )
    }

    /// The database is not ours.
    var foreign: Diagnostic {
        unavailable(
            "this SQLite database is not a store of evalhost",
            help: "Name another file with --store; nothing in this one was changed."
        )
    }

    /// The database was written by a later version.
    func newer(_ version: Int32) -> Diagnostic {
        unavailable(
            "the store has schema version \(version), this evalhost knows versions up to \(Migration.newest)",
            help: "Use the evalhost that wrote it, or a later one; nothing was changed."
        )
    }

    /// A value that the schema doesn't allow.
    func damaged(_ what: String) -> Diagnostic {
        unavailable("the store is damaged: \(what)", help: "Move the file away and restore a backup.")
    }

    private func unavailable(_ message: String, help: String? = nil) -> Diagnostic {
        Diagnostic(message, category: .unavailable, at: .init(file: path), help: help)
    }
}
