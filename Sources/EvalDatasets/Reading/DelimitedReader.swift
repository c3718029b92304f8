// Cuts bytes into lines of cells. A line of CSV may go on over several lines of the file, inside quotes.

internal import EvalCore
internal import EvalJSON

/// The cells of one row as bytes, and where it begins.
struct DelimitedLine: Sendable {
    /// The line of the file, from 1.
    let number: Int
    fileprivate(set) var cells: [[UInt8]] = []

    /// Its bytes.
    var size: Int { cells.reduce(0) { $0 + $1.count } }

    /// The cells as texts.
    ///
    /// - Throws: Which cell is not valid UTF-8.
    func texts() throws(Diagnostic) -> [String] {
        var texts: [String] = []
        texts.reserveCapacity(cells.count)
        for (position, cell) in cells.enumerated() {
            guard let text = String(validating: cell, as: UTF8.self) else {
                throw Diagnostic("cell \(position + 1) is not valid UTF-8")
            }
            texts.append(text)
        }
        return texts
    }
}

/// Reads lines from a stream.
struct DelimitedReader: Sendable {
    private let separator: UInt8
    private let hasQuotes: Bool
    private let name: String
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var at = 0
    private var end = 0
    private var line = 1
    private var atEnd = false
    private var isFirst = true

    init(_ format: DelimitedSource.Format, name: String) {
        separator = format == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t")
        hasQuotes = format == .csv
        self.name = name
    }

    /// The next byte; nil at the end.
    private mutating func byte(_ stream: ByteStream, _ digest: inout DigestBuilder?) throws(Diagnostic) -> UInt8? {
        if at == end {
            if atEnd { return nil }
            at = 0
            end = try stream.read(into: &buffer, from: 0)
            buffer.withUnsafeBytes { digest?.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
            if isFirst {
                isFirst = false
                if buffer[..<end].starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
            }
            if at == end {
                atEnd = true
                return nil
            }
        }
        defer { at += 1 }
        return buffer[at]
    }

    /// The next line with a cell; nil at the end.
    ///
    /// - Throws: What is wrong with its quotes, or why the file can't be read.
    mutating func next(from stream: ByteStream, _ digest: inout DigestBuilder?) throws(Diagnostic) -> DelimitedLine? {
        while true {
            guard let cells = try cells(from: stream, &digest) else { return nil }
            // Empty lines are between rows, not rows.
            if cells.cells.count > 1 || cells.cells.first?.isEmpty == false { return cells }
        }
    }

    private mutating func cells(
        from stream: ByteStream,
        _ digest: inout DigestBuilder?
    ) throws(Diagnostic) -> DelimitedLine? {
        var result = DelimitedLine(number: line)
        var cell: [UInt8] = []
        var size = 0
        var isQuoted = false
        var wasQuoted = false
        var any = false
        while let byte = try byte(stream, &digest) {
            any = true
            size += 1
            if size > Limits.rowBytes {
                throw Diagnostic(
                    "a row is larger than \(Limits.rowBytes >> 20) MiB",
                    at: .init(file: name, line: result.number),
                    help: hasQuotes ? "Is a quote missing?" : nil
                )
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    cell.append(byte)
                    continue
                }
                isQuoted = false
                wasQuoted = true
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where hasQuotes && wasQuoted:
                // A quote in quotes is written twice.
                cell.append(byte)
                isQuoted = true
                wasQuoted = false
            case UInt8(ascii: "\"") where hasQuotes && cell.isEmpty:
                isQuoted = true
            case separator:
                result.cells.append(cell)
                cell.removeAll(keepingCapacity: true)
                wasQuoted = false
            case UInt8(ascii: "\n"):
                if cell.last == UInt8(ascii: "\r"), !wasQuoted { cell.removeLast() }
                result.cells.append(cell)
                return result
            case UInt8(ascii: "\r") where wasQuoted: break
            default:
                guard !wasQuoted else {
                    throw Diagnostic(
                        "something follows a quoted cell",
                        at: .init(file: name, line: result.number),
                        help: "A quote inside a quoted cell is written twice."
                    )
                }
                cell.append(byte)
            }
        }
        guard any else { return nil }
        if isQuoted {
            throw Diagnostic("a quoted cell does not end", at: .init(file: name, line: result.number))
        }
        if cell.last == UInt8(ascii: "\r"), !wasQuoted { cell.removeLast() }
        result.cells.append(cell)
        return result
    }
}
