// Files that tests write and read.

import EvalCore
import EvalDatasets
import EvalJSON
import Foundation
import Testing

/// The records and diagnostics of a file with this content, read in batches of `limit`.
func readRows(
    _ content: [UInt8],
    name: String = "rows.jsonl",
    limit: Int = 256,
    shape: RowShape = RowShape(),
    selection: RowSelection = RowSelection()
) async throws -> (rows: [DecodedRow], digest: Digest?) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(content).write(to: file)
    let source = try await DataFile.open(file.path, shape: shape, selection: selection)
    var rows: [DecodedRow] = []
    while let batch = try await source.next(limit: limit) {
        #expect(batch.firstOrdinal == rows.count)
        #expect(batch.count <= limit)
        let decoded = batch.decode()
        #expect(decoded.count == batch.count)
        rows += decoded
    }
    return (rows, await source.digest())
}
