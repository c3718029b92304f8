// CSV (RFC 4180) and TSV (IANA's text/tab-separated-values, which has no quotes): a header of paths, then a row a line.
// Cells are texts, an empty one is a missing field, and a header that ends in `:json` holds JSON.

public import EvalCore
public import EvalJSON
internal import Synchronization

/// The rows of a CSV or TSV file or stream.
public final class DelimitedSource: RowSource {
    /// How cells are separated.
    public enum Format: Sendable {
        case csv
        case tsv
    }

    /// The file as the person named it.
    public var name: String { stream.name }

    private let stream: ByteStream
    private let header: DelimitedHeader
    private let shape: RowShape
    private let state: Mutex<State>

    private struct State {
        var reader: DelimitedReader
        var ordinal = 0
        var digest: DigestBuilder?
    }

    /// Opens a file and reads its header; `-` is standard input.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - format: How cells are separated.
    ///   - hashing: Whether ``digest()`` will be asked for.
    ///   - shape: How rows become records.
    /// - Throws: Why it can't be read, or what is wrong with its header.
    public init(
        path: String,
        format: Format,
        hashing: Bool = true,
        shape: RowShape = RowShape()
    ) async throws(Diagnostic) {
        let stream = try ByteStream(path: path)
        let result: Result<(DelimitedReader, DigestBuilder?, DelimitedHeader), Diagnostic> = await stream.perform {
            do throws(Diagnostic) {
                var reader = DelimitedReader(format, name: stream.name)
                var digest = hashing ? DigestBuilder() : nil
                guard let line = try reader.next(from: stream, &digest) else {
                    throw Diagnostic("the file is empty; a header of field paths comes first", at: .init(file: path))
                }
                return .success((reader, digest, try DelimitedHeader(line, shape.mapping, file: stream.name)))
            } catch {
                return .failure(error)
            }
        }
        let (reader, digest, header) = try result.get()
        self.stream = stream
        self.header = header
        self.shape = shape
        state = Mutex(State(reader: reader, digest: digest))
    }

    /// The next rows.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let result: Result<Batch?, Diagnostic> = await stream.perform { [self] in
            state.withLock { state in
                do throws(Diagnostic) {
                    var lines: [DelimitedLine] = []
                    var bytes = 0
                    while lines.count < limit, bytes < Limits.batchBytes {
                        guard let line = try state.reader.next(from: stream, &state.digest) else { break }
                        bytes += line.size
                        lines.append(line)
                    }
                    if lines.isEmpty { return .success(nil) }
                    defer { state.ordinal += lines.count }
                    let batch = Batch(
                        firstOrdinal: state.ordinal,
                        lines: lines,
                        header: header,
                        shape: shape,
                        name: name
                    )
                    return .success(batch)
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get()
    }

    /// SHA-256 of the bytes that were read.
    public func digest() async -> Digest? {
        state.withLock { $0.digest?.finish() }
    }

    private struct Batch: RowBatch {
        let firstOrdinal: Int
        let lines: [DelimitedLine]
        let header: DelimitedHeader
        let shape: RowShape
        let name: String
        var count: Int { lines.count }

        func decode() -> [DecodedRow] {
            lines.map { line in
                let location = Diagnostic.Location(file: name, line: line.number)
                do throws(Diagnostic) {
                    let row = try header.row(of: line)
                    return shape.decoded(row, at: location, source: ArraySlice(row.serialized.utf8))
                } catch {
                    return DecodedRow(record: .failure(error.located(location)))
                }
            }
        }
    }
}

/// What the cells of a file are.
struct DelimitedHeader: Sendable {
    private struct Column {
        let path: JSONPath
        let isJSON: Bool
    }
    private let columns: [Column]

    init(_ line: DelimitedLine, _ mapping: RowMapping, file: String) throws(Diagnostic) {
        var columns: [Column] = []
        for cell in try line.texts() {
            let isJSON = cell.hasSuffix(":json")
            let source = isJSON ? String(cell.dropLast(5)) : cell
            let path: JSONPath
            do throws(JSONError) {
                path = try JSONPath(source)
            } catch {
                throw Diagnostic(
                    "the header '\(source.prefix(64))' is no path: \(error.description)",
                    at: .init(file: file, line: 1)
                )
            }
            guard !columns.contains(where: { $0.path == path }) else {
                throw Diagnostic("the header '\(source)' stands twice", at: .init(file: file, line: 1))
            }
            try Self.check(path, source, mapping, file)
            columns.append(Column(path: path, isJSON: isJSON))
        }
        self.columns = columns
    }

    /// A header that no row has is told at once, not with each of its rows.
    private static func check(
        _ path: JSONPath,
        _ source: String,
        _ mapping: RowMapping,
        _ file: String
    ) throws(Diagnostic) {
        let isMapped = mapping.dropsUnknown || mapping.moves.contains { $0.from == path }
        guard !isMapped, case .key(let first)? = path.steps.first, !Record.keys.contains(String(first)) else { return }
        throw Diagnostic(
            "unknown header '\(source.prefix(64))'",
            at: .init(file: file, line: 1),
            didYouMean: nearestWord(to: source, among: Record.keys),
            help: "Say where it belongs: --map \(source)=inputs.\(source) (or --map \(source)= to leave it out)."
        )
    }

    /// A line as a row.
    ///
    /// - Throws: Which cell can't be read.
    func row(of line: DelimitedLine) throws(Diagnostic) -> JSON {
        let cells = try line.texts()
        guard cells.count == columns.count else {
            throw Diagnostic("the row has \(cells.count) cells, the header has \(columns.count)")
        }
        var tree = MutableObject()
        for (column, cell) in zip(columns, cells) where !cell.isEmpty {
            var value = JSON(cell)
            if column.isJSON {
                do throws(JSONError) {
                    value = try JSON(parsing: cell)
                } catch {
                    throw Diagnostic("the cell under '\(column.path)' is no JSON: \(error.description)")
                }
            }
            guard tree.put(value, at: column.path.steps[...]) else {
                throw Diagnostic("the headers put one value into another at '\(column.path)'")
            }
        }
        return tree.json
    }
}
