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
            // A pipe gives its bytes once, so that nobody may look ahead; it has a row a line.
            if isRegular(path), beginsWithBracket(path) { return try await JSONSource(path: path) }
            return try JSONLinesSource(path: path, hashing: hashing)
        }
    }

    /// Whether a path is a file that can be read again, not a pipe or a device.
    ///
    /// - Parameter path: The path.
    /// - Returns: Whether it is one.
    public static func isRegular(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        )
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    private static func beginsWithBracket(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let start = (try? handle.read(upToCount: 4096)) ?? Data()
        return start.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF } == UInt8(ascii: "[")
    }
}
