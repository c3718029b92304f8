// Which kind of file it is: by its name, or by its first byte where the name says nothing.

public import EvalCore
internal import Foundation

/// Opens files of rows.
public enum DataFile {
    /// Opens a file of rows.
    ///
    /// `.jsonl` and `.ndjson` have one row a line, `.json` is an array; a file of another name is an array when it begins
    /// with `[`. `-` is JSON Lines from standard input.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - hashing: Whether the digest of what was read will be asked for.
    /// - Returns: The rows.
    /// - Throws: Why it can't be read.
    public static func open(_ path: String, hashing: Bool = true) async throws(Diagnostic) -> any RowSource {
        switch (path as NSString).pathExtension.lowercased() {
        case "jsonl", "ndjson": return try JSONLinesSource(path: path, hashing: hashing)
        case "json": return try await JSONSource(path: path)
        default:
            if path != "-", beginsWithBracket(path) { return try await JSONSource(path: path) }
            return try JSONLinesSource(path: path, hashing: hashing)
        }
    }

    private static func beginsWithBracket(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let start = (try? handle.read(upToCount: 4096)) ?? Data()
        return start.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF } == UInt8(ascii: "[")
    }
}
