// The read-only files that came with the library.

import CEvalHost

/// The files in the folder `assets` beside the library: word lists, models, tables.
///
///     mutating func prepare(_ context: SetupContext) throws {
///         let list = try context.assets.text("stop_words.txt")
///         words = Set(String(list).split(separator: "\n"))
///     }
///
/// A file is mapped once for all instances, so reading it again in `score` costs a look-up and no copy.
public struct Assets: ~Escapable {
    private let tables: UnsafePointer<HostTables>

    @_lifetime(immortal)
    init(_ tables: UnsafePointer<HostTables>) { unsafe self.tables = tables }

    /// Whether there is such a file.
    ///
    /// - Parameter path: Its path below `assets`, such as `words/en.txt`; never with `..`.
    /// - Returns: False too where the host offers no files.
    public func has(_ path: String) -> Bool { unsafe find(path) != nil }

    /// The bytes of a file that must be there.
    ///
    /// - Parameter path: Its path below `assets`.
    /// - Returns: The bytes, at a multiple of 16 in memory.
    /// - Throws: ``ScoringError`` if there is no such file.
    @_lifetime(copy self)
    public func bytes(_ path: String) throws -> Span<UInt8> {
        let text = unsafe Text(try found(path))
        return unsafe _overrideLifetime(text.utf8, copying: self)
    }

    /// The text of a file that must be there.
    ///
    /// - Parameter path: Its path below `assets`.
    /// - Returns: The text.
    /// - Throws: ``ScoringError`` if there is no such file, or it isn't UTF-8.
    @_lifetime(copy self)
    public func text(_ path: String) throws -> Text {
        let text = unsafe Text(try found(path))
        do {
            _ = try UTF8Span(validating: text.utf8)
        } catch {
            throw ScoringError("the file assets/\(path) isn't UTF-8")
        }
        return unsafe _overrideLifetime(text, copying: self)
    }

    private func found(_ path: String) throws -> evalhost_text {
        guard let bytes = unsafe find(path) else { throw ScoringError("the file assets/\(path) is missing") }
        return unsafe bytes
    }

    private func find(_ path: String) -> evalhost_text? {
        guard let assets = unsafe tables.pointee.assets, !path.utf8.contains(0) else { return nil }
        var bytes = unsafe evalhost_text(data: nil, size: 0)
        let status = unsafe path.withCString { unsafe assets.pointee.find(tables.pointee.host, $0, &bytes) }
        return unsafe status == EVALHOST_OK ? bytes : nil
    }
}
