// Which kind of file it is: by its name, or by its first byte where the name says nothing.

public import EvalCore
internal import Foundation

/// Opens files of rows.
public enum DataFile {
    /// Opens a file of rows.
    ///
    /// `.jsonl` and `.ndjson` have one row a line, `.json` is an array, `.csv` and `.tsv` have a header; `.gz` may follow
    /// each. A file of another name is an array when it begins with `[`. `-` is JSON Lines from standard input.
    /// Whatever is compressed with gzip is inflated.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - hashing: Whether the digest of what was read will be asked for.
    ///   - shape: How rows become records.
    ///   - selection: Which rows are wanted.
    /// - Returns: The rows.
    /// - Throws: Why it can't be read.
    public static func open(
        _ path: String,
        hashing: Bool = true,
        shape: RowShape = RowShape(),
        selection: RowSelection = RowSelection()
    ) async throws(Diagnostic) -> any RowSource {
        let source = try await open(path, hashing, shape)
        return selection.isEverything ? source : SelectedSource(source, selection)
    }

    private static func open(
        _ path: String,
        _ hashing: Bool,
        _ shape: RowShape
    ) async throws(Diagnostic) -> any RowSource {
        switch ending(of: path) {
        case "jsonl", "ndjson": return try JSONLinesSource(path: path, hashing: hashing, shape: shape)
        case "json": return try await JSONSource(path: path, shape: shape)
        case "csv": return try await DelimitedSource(path: path, format: .csv, hashing: hashing, shape: shape)
        case "tsv": return try await DelimitedSource(path: path, format: .tsv, hashing: hashing, shape: shape)
        default:
            // A pipe gives its bytes once, so that nobody may look ahead; it has a row a line.
            if isRegular(path), beginsWithBracket(path) { return try await JSONSource(path: path, shape: shape) }
            return try JSONLinesSource(path: path, hashing: hashing, shape: shape)
        }
    }

    /// The ending that tells the format, without `.gz`.
    private static func ending(of path: String) -> String {
        let name = path.lowercased()
        return ((name.hasSuffix(".gz") ? String(name.dropLast(3)) : name) as NSString).pathExtension
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
