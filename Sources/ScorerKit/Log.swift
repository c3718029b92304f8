// Lines for the people who run the evaluation.

import CEvalHost

/// The host's log.
///
/// It is for what went wrong or was decided; what belongs to a row goes into its rationale or metadata. Don't write users'
/// text into it: logs are kept longer, and read by more people, than rows. Writing never waits: lines beyond the host's
/// rate are counted and dropped, and where the host keeps no such line, it isn't even phrased.
public struct Log: ~Escapable {
    private let tables: UnsafePointer<HostTables>
    private let record: UnsafePointer<evalhost_record>?

    @_lifetime(immortal)
    init(_ tables: UnsafePointer<HostTables>, _ record: UnsafePointer<evalhost_record>?) {
        unsafe self.tables = tables
        unsafe self.record = record
    }

    /// For who debugs the scorer.
    ///
    /// - Parameter line: The line, without a newline.
    public func debug(_ line: @autoclosure () -> String) { write(line, EVALHOST_LOG_DEBUG) }

    /// What was decided.
    ///
    /// - Parameter line: The line, without a newline.
    public func info(_ line: @autoclosure () -> String) { write(line, EVALHOST_LOG_INFO) }

    /// What may be wrong.
    ///
    /// - Parameter line: The line, without a newline.
    public func warning(_ line: @autoclosure () -> String) { write(line, EVALHOST_LOG_WARNING) }

    /// What is wrong.
    ///
    /// - Parameter line: The line, without a newline.
    public func error(_ line: @autoclosure () -> String) { write(line, EVALHOST_LOG_ERROR) }

    private func write(_ line: () -> String, _ level: UInt32) {
        guard let log = unsafe tables.pointee.log, unsafe level >= log.pointee.minimum_level else { return }
        withText(line()) { text in unsafe log.pointee.write(tables.pointee.host, record, level, text) }
    }
}
