// A JSON file that is one array of rows.

public import EvalCore
public import EvalJSON
internal import Foundation
internal import Synchronization

/// The rows of a JSON array; the whole file is in memory while its rows are.
public final class JSONSource: RowSource {
    /// The file as the person named it.
    public let name: String
    private let rows: [JSON]
    private let shape: RowShape
    private let fileDigest: Digest
    private let position = Counter()

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard input.
    ///   - shape: How rows become records.
    /// - Throws: Why it can't be read, or what in it is no array.
    public init(path: String, shape: RowShape = RowShape()) async throws(Diagnostic) {
        self.shape = shape
        let stream = try ByteStream(path: path)
        name = stream.name
        let result: Result<[UInt8], Diagnostic> = await stream.perform {
            do throws(Diagnostic) {
                let help = "a JSON file may have 4 GiB; give its rows as JSON Lines"
                return .success(try stream.readAll(limit: JSONParser.maximumBytes, help: help))
            } catch {
                return .failure(error)
            }
        }
        let bytes = try result.get()
        fileDigest = Digest(of: bytes)
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: content)
        } catch {
            var location = Diagnostic.Location(file: name)
            if let offset = error.offset {
                let before = content.prefix(offset)
                location.line = before.count { $0 == 0x0A } + 1
                location.column = before.reversed().prefix { $0 != 0x0A }.count + 1
            }
            throw Diagnostic(error.description, at: location)
        }
        guard json.kind == .array else {
            throw Diagnostic(
                "a JSON file of rows is an array, this is \(json.kind.withArticle)",
                at: .init(file: name),
                help: "One row a line is JSON Lines: name the file .jsonl."
            )
        }
        rows = Array(json.elements)
    }

    /// The next rows.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let start = position.advance(by: limit)
        guard start < rows.count else { return nil }
        let end = min(start + limit, rows.count)
        return Batch(name: name, firstOrdinal: start, rows: rows[start..<end], shape: shape)
    }

    /// SHA-256 of the file.
    public func digest() async -> Digest? { fileDigest }

    private struct Batch: RowBatch {
        let name: String
        let firstOrdinal: Int
        let rows: ArraySlice<JSON>
        let shape: RowShape
        var count: Int { rows.count }

        func decode() -> [DecodedRow] {
            rows.enumerated()
                .map { position, row in
                    let place = Diagnostic.Location(file: "\(name)[\(firstOrdinal + position)]")
                    return shape.decoded(row, at: place, source: ArraySlice(row.serialized.utf8))
                }
        }
    }
}
